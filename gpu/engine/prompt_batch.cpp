#include "gpu/engine/prompt_batch.h"

#include "core/infer/engine.h"
#include "gpu/kernels/cuda.h"

#include <algorithm>

namespace bs::gpu {

namespace {

constexpr std::size_t kMostTokens = 4 * Engine::kBatchTokens;
constexpr std::uint64_t kShareOfFree = 32; ///< the rest is for weights that a slide may add

} // namespace

std::uint64_t batchBytes(const ModelConfig& c, std::size_t tokens)
{
    const std::uint64_t numbers =
        3ULL * c.width + 2ULL * c.qWidth() + 2ULL * c.kvWidth() + 2ULL * c.mlpWidth;
    const std::uint64_t widest = std::max(c.width, c.mlpWidth);
    return tokens * (numbers * sizeof(float) + widest * sizeof(Half)); // and x of a product in f16
}

std::size_t promptBatch(const ModelConfig& config, std::uint64_t freeBytes)
{
    std::size_t tokens = Engine::kBatchTokens;
    while (tokens < kMostTokens && batchBytes(config, 2 * tokens) <= freeBytes / kShareOfFree)
        tokens *= 2;
    return tokens;
}

} // namespace bs::gpu
