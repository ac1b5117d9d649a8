#pragma once

#include "core/base/result.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace bs::test {

/// The value of a result that must be one; the test ends with its message if it is not.
template <class T>
T got(Result<T> result)
{
    REQUIRE_MESSAGE(result, (result ? std::string() : result.error().message));
    return std::move(result).value();
}

/// The test ends with the message of what must have gone well and has not.
inline void check(const Result<void>& result)
{
    REQUIRE_MESSAGE(result, (result ? std::string() : result.error().message));
}

} // namespace bs::test
