#pragma once

#include "core/model/config.h"
#include "gpu/device/runtime.h"
#include "gpu/ops/sequence.h"

#include <cstddef>

namespace bs::gpu {

/// A layer's vectors for queries, keys and values, on the device; nullptr: the model has none.
struct HeadVectors
{
    const float* qBias = nullptr; ///< [qWidth]
    const float* kBias = nullptr; ///< [kvWidth]
    const float* vBias = nullptr; ///< [kvWidth]
    const float* qNorm = nullptr; ///< [headDim]
    const float* kNorm = nullptr; ///< [headDim]
};

/// Adds biases, norms heads, turns queries and keys to their rows' positions (pairs (i, i + headDim
/// / 2), as core/infer's Rope), and puts keys and values into the caches as f16.
/// q [n, qWidth] is changed in place; k, v [n, kvWidth] are only read; n = sequenceCount * each
/// rows, `each` neighbours of a sequence at its firstPosition and on, all below its capacity.
/// `frequencies` [headDim / 2]: the angle is position * frequency. Errors: Unsupported
/// (checkHeads).
Result<void> rotateAndKeep(const ModelConfig& config, const HeadVectors& vectors,
                           const float* frequencies, std::size_t layer,
                           const DeviceSequence* sequences, std::size_t sequenceCount,
                           std::size_t each, float* q, const float* k, const float* v,
                           const Stream& stream);

} // namespace bs::gpu
