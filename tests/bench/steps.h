#pragma once

// What benchmarks have in common.
#include "core/base/result.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace bs {

/// The value, or the program ends with the error's message.
template <typename T> T orExit(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, result.error().message.c_str());
        std::exit(1);
    }
    return std::move(result).value();
}

inline void orExit(const Result<void>& result)
{
    if (result) return;
    std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, result.error().message.c_str());
    std::exit(1);
}

/// The upper one of two in the middle. Values must not be empty.
inline double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace bs
