#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace bs {

/// How far a long job is. `done` of `total` in the unit of the phase; `secondsLeft` < 0: unknown.
struct Progress
{
    std::string phase;
    double done = 0;
    double total = 0;
    double secondsLeft = -1;
    std::string detail; ///< for people: "layer 3 of 30", may be empty
};

/// What a long-running function is given besides its request: where to report and when to stop.
/// Jobs look at `stop` at least every 0.2 s of work.
struct JobContext
{
    std::stop_token stop;
    std::function<void(const Progress&)> onProgress; ///< may be empty; called on the job's thread

    void report(const Progress& progress) const
    {
        if (onProgress)
            onProgress(progress);
    }
    Result<void> checkStop() const
    {
        if (stop.stop_requested())
            return Error{ErrorCode::Canceled, "stopped by the user"};
        return {};
    }
};

} // namespace bs
