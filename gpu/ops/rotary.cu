#include "gpu/kernels/launch.h"
#include "gpu/kernels/rotary.cuh"
#include "gpu/ops/rotary.h"

namespace bs::gpu {

Result<void> rotateAndKeep(const ModelConfig& config, const HeadVectors& vectors,
                           const float* frequencies, std::size_t layer,
                           const DeviceSequence* sequences, std::size_t sequenceCount,
                           std::size_t each, float* q, const float* k, const float* v,
                           const Stream& stream)
{
    BS_CHECK(checkHeads(config));
    const std::size_t n = sequenceCount * each;
    if (n == 0) return {};
    RotaryArguments of{};
    of.qBias = vectors.qBias;
    of.kBias = vectors.kBias;
    of.vBias = vectors.vBias;
    of.qNorm = vectors.qNorm;
    of.kNorm = vectors.kNorm;
    of.frequencies = frequencies;
    of.sequences = sequences;
    of.q = q;
    of.k = k;
    of.v = v;
    of.each = static_cast<std::uint32_t>(each);
    of.layer = static_cast<std::uint32_t>(layer);
    of.heads = config.heads;
    of.kvHeads = config.kvHeads;
    of.headDim = config.headDim;
    of.epsilon = config.normEpsilon;
    const std::uint32_t heads = config.heads + 2 * config.kvHeads;
    const Grid grid{dim3(static_cast<unsigned>(n), (heads + kRotaryWarps - 1) / kRotaryWarps),
                    dim3(kRotaryWarps * 32)};
    return launchBehind(rotateAndKeepKernel, grid, stream, of);
}

} // namespace bs::gpu
