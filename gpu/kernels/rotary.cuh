#pragma once

#include "gpu/kernels/cuda.h"
#include "gpu/ops/sequence.h"

// Queries, keys and values between their products and the attention. A warp for each head of each
// row; lane l has pairs (i, i + headDim / 2) with i = l, l + 32, ..

namespace bs::gpu {

inline constexpr unsigned kRotaryWarps = 4;
inline constexpr unsigned kRotaryPairs = kMostHeadDim / 64; ///< of a lane

struct RotaryArguments
{
    const float *qBias, *kBias, *vBias, *qNorm, *kNorm; ///< HeadVectors
    const float* frequencies;
    const DeviceSequence* sequences;
    float* q;
    const float *k, *v;
    uint32_t each, layer, heads, kvHeads, headDim;
    float epsilon;
};

/// A head's numbers as a lane has them.
struct HeadPairs
{
    float low[kRotaryPairs], high[kRotaryPairs];
};

/// Reads a head and adds its bias, if there is one. What a lane has too many is 0.
__device__ inline HeadPairs loadHead(const float* head, const float* bias, uint32_t half)
{
    HeadPairs pairs;
#pragma unroll
    for (unsigned j = 0; j < kRotaryPairs; ++j) {
        const uint32_t i = threadIdx.x % 32 + 32 * j;
        pairs.low[j] = i < half ? head[i] : 0.0F;
        pairs.high[j] = i < half ? head[i + half] : 0.0F;
        if (bias == nullptr || i >= half) continue;
        pairs.low[j] += bias[i];
        pairs.high[j] += bias[i + half];
    }
    return pairs;
}

/// RMS norm of a head times `weight`.
__device__ inline void normHead(HeadPairs& pairs, const float* weight, uint32_t half, float epsilon)
{
    float sum = 0;
#pragma unroll
    for (unsigned j = 0; j < kRotaryPairs; ++j)
        sum += pairs.low[j] * pairs.low[j] + pairs.high[j] * pairs.high[j];
    for (int lanes = 16; lanes > 0; lanes /= 2)
        sum += __shfl_xor_sync(~0U, sum, lanes);
    const float scale = 1.0F / sqrtf(sum / static_cast<float>(2 * half) + epsilon);
#pragma unroll
    for (unsigned j = 0; j < kRotaryPairs; ++j) {
        const uint32_t i = threadIdx.x % 32 + 32 * j;
        if (i >= half) continue;
        pairs.low[j] = pairs.low[j] * scale * weight[i];
        pairs.high[j] = pairs.high[j] * scale * weight[i + half];
    }
}

/// Turns a head to a position. The angle is rounded to f32 as on the CPU: positions go to 10^5, so
/// another rounding would be another angle, and the fast sine knows no angles of that size.
__device__ inline void turnHead(HeadPairs& pairs, const float* frequencies, uint32_t half,
                                uint32_t position)
{
#pragma unroll
    for (unsigned j = 0; j < kRotaryPairs; ++j) {
        const uint32_t i = threadIdx.x % 32 + 32 * j;
        if (i >= half) continue;
        const float angle = static_cast<float>(position) * frequencies[i];
        const float c = cosf(angle);
        const float s = sinf(angle);
        const float a = pairs.low[j];
        const float b = pairs.high[j];
        pairs.low[j] = a * c - b * s;
        pairs.high[j] = b * c + a * s;
    }
}

template <class T, class Convert>
__device__ inline void storeHead(const HeadPairs& pairs, T* head, uint32_t half,
                                 const Convert& convert)
{
#pragma unroll
    for (unsigned j = 0; j < kRotaryPairs; ++j) {
        const uint32_t i = threadIdx.x % 32 + 32 * j;
        if (i >= half) continue;
        head[i] = convert(pairs.low[j]);
        head[i + half] = convert(pairs.high[j]);
    }
}

/// Blocks: (row, heads / kRotaryWarps), heads being all of q, k and v one behind the other.
__global__ void __launch_bounds__(kRotaryWarps * 32) rotateAndKeepKernel(RotaryArguments of)
{
    letFollowersStart();
    waitForEarlier();
    uint32_t head = blockIdx.y * kRotaryWarps + threadIdx.x / 32;
    if (head >= of.heads + 2 * of.kvHeads) return;
    const std::size_t row = blockIdx.x;
    const uint32_t half = of.headDim / 2;
    const DeviceSequence sequence = of.sequences[row / of.each];
    const uint32_t position = sequence.firstPosition + static_cast<uint32_t>(row % of.each);

    const auto offset = [](const float* at, std::size_t by) {
        return at != nullptr ? at + by : nullptr;
    };
    if (head < of.heads) {
        const std::size_t at = std::size_t{head} * of.headDim;
        float* const q = of.q + row * of.heads * of.headDim + at;
        HeadPairs pairs = loadHead(q, offset(of.qBias, at), half);
        if (of.qNorm != nullptr) normHead(pairs, of.qNorm, half, of.epsilon);
        turnHead(pairs, of.frequencies, half, position);
        storeHead(pairs, q, half, [](float value) { return value; });
        return;
    }
    head -= of.heads;
    const bool isKey = head < of.kvHeads;
    if (!isKey) head -= of.kvHeads;
    const std::size_t at = std::size_t{head} * of.headDim;
    const std::size_t kvWidth = std::size_t{of.kvHeads} * of.headDim;
    HeadPairs pairs = loadHead((isKey ? of.k : of.v) + row * kvWidth + at,
                               offset(isKey ? of.kBias : of.vBias, at), half);
    if (isKey && of.kNorm != nullptr) normHead(pairs, of.kNorm, half, of.epsilon);
    if (isKey) turnHead(pairs, of.frequencies, half, position);
    const std::size_t rows =
        (2 * std::size_t{of.layer} + (isKey ? 0 : 1)) * of.kvHeads + head; // of all positions each
    storeHead(pairs, sequence.cache + (rows * sequence.capacity + position) * of.headDim, half,
              [](float value) { return toHalf(value); });
}

} // namespace bs::gpu
