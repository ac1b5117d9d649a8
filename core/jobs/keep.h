#pragma once

#include "core/base/progress.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/size_choice.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// An answer that shall stay the same while its model gets smaller.
struct KeepRequest
{
    std::string model; ///< a stack
    std::vector<std::int32_t> prompt;
    std::vector<std::int32_t> answer; ///< as a model wrote it that always took the likeliest token
    std::size_t tokens = 0;           ///< only the first so many of the answer; 0: all
    SizeChoice from;                  ///< the search goes down from here
    EngineOptions engine;
};

/// A size that was tried.
struct KeepProbe
{
    std::uint64_t fileBytes = 0;
    std::size_t kept = 0; ///< tokens before the first that is another; all of them: it keeps it
};

struct KeepResult
{
    std::size_t tokens = 0;         ///< that had to stay
    std::optional<ChosenSize> size; ///< the smallest that keeps them; empty: not even `from` does
    std::optional<KeepProbe> below; ///< one block less, which does not; empty: there is none less
    std::size_t written = 0; ///< that come out the same at `size` when written one after another
    std::vector<KeepProbe> probes; ///< in the order they were tried
};

/// The smallest prefix of a stack's loading order that keeps an answer, by bisection between the
/// smallest plan and the longest prefix that is not larger than `from`. A size keeps it if the
/// likeliest token is the given one at every place of the answer; the size found is also made to
/// write it, see `written`. Whether an answer stays is not monotone in the size: below the
/// one found there may be others that keep it too, and sizes above that do not. Errors: Usage (no
/// stack, an empty prompt or answer, more tokens than it has), Memory, Canceled, and as openModel.
Result<KeepResult> smallestThatKeeps(const KeepRequest& request, const JobContext& context);

} // namespace bs
