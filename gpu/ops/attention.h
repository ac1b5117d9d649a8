#pragma once

#include "core/model/config.h"
#include "gpu/device/runtime.h"
#include "gpu/ops/sequence.h"

#include <cstddef>

namespace bs::gpu {

/// Where blocks that share a tile's keys leave what they found. One for all layers of a stream.
class AttentionScratch
{
public:
    AttentionScratch() = default;
    /// For at most so many rows at once, on a card with so many multiprocessors. Errors: Memory.
    static Result<AttentionScratch> create(const ModelConfig& config, std::size_t mostRows,
                                           std::size_t multiprocessors, const Stream& stream);

    /// In how many parts the keys of `tiles` tiles are read, if none has more than `mostLength`.
    std::size_t parts(std::size_t tiles, std::size_t mostLength) const;

    float* partial() const { return m_partial.as<float>(); }
    unsigned* arrived() const { return m_arrived.as<unsigned>(); }
    std::size_t bytes() const { return m_partial.bytes() + m_arrived.bytes(); }

private:
    Buffer m_partial, m_arrived;
    std::size_t m_blocks =
        0; ///< that keep the card busy: no more than these are made of fewer tiles
};

/// Causal attention of q [n, qWidth] over layer `layer` of the sequences' caches, which hold the
/// rows' own keys and values already; out [n, qWidth]. n = sequenceCount * each rows, as in
/// rotateAndKeep. A query sees the last config.slidingWindow positions, or all.
/// `mostLength`: no row has more keys; the caches' capacity will do. It decides only in how many
/// parts keys are read at most: how many really is found on the device.
/// Queries (times 1 / sqrt(headDim)) and softmax weights are rounded to f16, sums are in f32. A NaN
/// in a row of q gives NaN in that row's head and nowhere else. Errors: Unsupported (checkHeads).
Result<void> attention(const ModelConfig& config, std::size_t layer,
                       const DeviceSequence* sequences, std::size_t sequenceCount, std::size_t each,
                       std::size_t mostLength, const float* q, float* out,
                       const AttentionScratch& scratch, const Stream& stream);

} // namespace bs::gpu
