#pragma once

#include "core/model/config.h"
#include "gpu/kernels/cuda.h"

#include <cstdint>

namespace bs::gpu {

/// One sequence's cache and where its new tokens begin. An array of these lies in device memory, so
/// that a recorded graph can be repeated at other positions.
///
/// Layer l has its keys at cache + 2 * l * capacity * kvWidth, and its values capacity * kvWidth
/// behind; position t of key-value head h at (h * capacity + t) * headDim. `cache` is aligned to 16
/// bytes, as buffers are.
struct DeviceSequence
{
    Half* cache;
    std::uint32_t capacity; ///< positions there is room for
    std::uint32_t firstPosition;
};

inline constexpr std::uint32_t kMostHeadDim = 256; ///< what a warp's registers hold

/// Whether heads are of a size that rotateAndKeep and attention take. Errors: Unsupported.
inline Result<void> checkHeads(const ModelConfig& config)
{
    if (config.headDim % 2 != 0 || config.headDim == 0 || config.headDim > kMostHeadDim)
        return Error{ErrorCode::Unsupported, "heads of " + std::to_string(config.headDim) +
                                                 " numbers; cards take even " + "ones of up to " +
                                                 std::to_string(kMostHeadDim)};
    return {};
}

} // namespace bs::gpu
