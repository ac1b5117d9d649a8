#pragma once

#include "core/base/result.h"

#include <exception>
#include <new>

namespace bs {

/// Calls `job` and turns what libraries may still throw into errors: out of memory is Memory,
/// anything else a bug. Every job runs inside one of these, in the command line and in the worker.
template <class Job>
auto atJobBoundary(Job&& job) -> decltype(job())
{
    try {
        return job();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::Memory, "there is not enough memory for this"};
    } catch (const std::exception& bug) {
        return Error{ErrorCode::Internal, std::string("unexpected failure: ") + bug.what()};
    }
}

} // namespace bs
