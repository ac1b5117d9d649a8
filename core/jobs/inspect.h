#pragma once

#include "core/jobs/identity.h"
#include "core/model/source.h"

#include <optional>
#include <string>
#include <vector>

namespace bs {

/// What a model is; no weight is loaded.
struct ModelCard
{
    struct StackCard
    {
        std::size_t matrices = 0;
        std::size_t blocks = 0;
        std::uint64_t smallestBytes = 0;
        std::uint64_t largestBytes = 0;
    };

    std::string path;
    std::string format;
    ModelConfig config;
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0;
    std::optional<std::string> dtype; ///< of most of the weights; empty for a stack
    bool truncated = false;
    std::optional<std::string> tokenizer; ///< "bpe (smollm)"
    std::uint64_t kvBytesPerToken = 0;
    ModelIdentity identity;
    std::optional<std::string> codec;
    std::optional<StackCard> stack;
    std::string sourcePath; ///< of a stack: the model it was made from, as it says; or ""
    std::vector<PredictedRise> predicted; ///< of a stack that was measured
};

/// Errors: as identify.
Result<ModelCard> describeModel(const ModelSource& source);

/// A prefix of the order as the slider needs it.
struct SizePoint
{
    std::uint64_t fileBytes = 0;
    std::uint64_t weightBytes = 0;
    std::uint32_t depthMin = 0; ///< over the linear matrices
    std::uint32_t depthMax = 0;
    std::uint64_t nextBytes = 0; ///< of the next block of the order; 0 at the largest size
    double nextGain = 0;         ///< expected loss it saves
};

/// That many prefixes (at least 2, at most one for every block), smallest and largest included.
std::vector<SizePoint> sizePoints(const ModelSource& source, std::size_t points);

/// Smallest and largest depth of the linear matrices.
std::pair<std::uint32_t, std::uint32_t> depthRange(const Stack& stack, const Plan& plan);

} // namespace bs
