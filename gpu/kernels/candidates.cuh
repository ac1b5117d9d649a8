#pragma once

#include "core/infer/candidates.h"
#include "gpu/kernels/cuda.h"

// The best candidates of a token's logits. Warps keep a sorted list of 64 keys in registers and
// take over the best of another one in seven steps, of 64 numbers that are not sorted yet behind
// the 21 that sort them; all steps are the same whatever the numbers are. First each block makes a
// list of its share of the logits, then one block a list of these.

namespace bs::gpu {

inline constexpr unsigned kCandidateWarps = 16;
/// Blocks that share the logits: with 128k logits each of their warps has one list to sort.
inline constexpr unsigned kCandidateBlocks = 128;
inline constexpr unsigned kListKeys = 64;
static_assert(kMostCandidates == kListKeys);

/// What a candidate is sorted by, the best first: its logit's rank, and behind it the id from
/// above. No two are the same, so the order of threads cannot matter. 0: nobody's.
using CandidateKey = unsigned long long;

/// Rises with the logit; the same for both zeros, 0 for what is not a number.
__device__ inline std::uint32_t rankOf(float logit)
{
    const std::uint32_t bits = __float_as_uint(logit);
    const std::uint32_t size = bits & 0x7FFFFFFFU;
    if (size > 0x7F800000U) return 0;
    return bits == size ? 0x80000000U + size : 0x80000000U - size;
}

__device__ inline CandidateKey keyOf(float logit, std::uint32_t id)
{
    return CandidateKey{rankOf(logit)} << 32 | ~id;
}

__device__ inline std::uint32_t idOf(CandidateKey key)
{
    return ~static_cast<std::uint32_t>(key);
}

/// A warp's keys: key i is number i / 32 of lane i % 32.
struct KeyList
{
    CandidateKey keys[2];
};

__device__ inline CandidateKey larger(CandidateKey a, CandidateKey b)
{
    return a > b ? a : b;
}

__device__ inline CandidateKey smaller(CandidateKey a, CandidateKey b)
{
    return a > b ? b : a;
}

/// A step of a bitonic network: of keys `stride` apart the larger one comes first where their place
/// has no bit `size`, the smaller one elsewhere.
__device__ inline void exchangeKeys(KeyList& list, unsigned stride, unsigned size)
{
    if (stride == 32) { // both are the lane's own, and size is 64: larger ones first everywhere
        const CandidateKey first = larger(list.keys[0], list.keys[1]);
        list.keys[1] = smaller(list.keys[0], list.keys[1]);
        list.keys[0] = first;
        return;
    }
#pragma unroll
    for (unsigned i = 0; i < 2; ++i) {
        const unsigned place = 32 * i + threadIdx.x % 32;
        const CandidateKey mine = list.keys[i];
        const CandidateKey other = __shfl_xor_sync(~0U, mine, static_cast<int>(stride));
        const bool takesLarger = ((place & stride) == 0) == ((place & size) == 0);
        list.keys[i] = takesLarger ? larger(mine, other) : smaller(mine, other);
    }
}

/// The larger ones first.
__device__ inline void sortKeys(KeyList& list)
{
#pragma unroll
    for (unsigned size = 2; size <= kListKeys; size *= 2)
#pragma unroll
        for (unsigned stride = size / 2; stride > 0; stride /= 2)
            exchangeKeys(list, stride, size);
}

/// The best of two sorted lists. `reversed` has the worst key of the other one first, so that each
/// key meets the one it could be driven out by; what stays rises and falls once, and the network's
/// last steps sort it.
__device__ inline void takeBest(KeyList& list, const KeyList& reversed)
{
    list.keys[0] = larger(list.keys[0], reversed.keys[0]);
    list.keys[1] = larger(list.keys[1], reversed.keys[1]);
#pragma unroll
    for (unsigned stride = kListKeys / 2; stride > 0; stride /= 2)
        exchangeKeys(list, stride, kListKeys);
}

/// The lane's keys of a sorted list in memory, from its other end.
__device__ inline KeyList reversedFrom(const CandidateKey* list)
{
    const unsigned lane = threadIdx.x % 32;
    return {{list[kListKeys - 1 - lane], list[kListKeys - 1 - 32 - lane]}};
}

__device__ inline void storeKeys(CandidateKey* at, const KeyList& list)
{
    at[threadIdx.x % 32] = list.keys[0];
    at[32 + threadIdx.x % 32] = list.keys[1];
}

/// The best of all warps' lists, in the first warp.
__device__ inline void takeBestOfWarps(KeyList& list)
{
    __shared__ CandidateKey lists[kCandidateWarps][kListKeys]; // the first one stays empty
    const unsigned warp = threadIdx.x / 32;
#pragma unroll
    for (unsigned half = kCandidateWarps / 2; half > 0; half /= 2) {
        if (warp >= half && warp < 2 * half) storeKeys(lists[warp], list);
        __syncthreads();
        if (warp < half) takeBest(list, reversedFrom(lists[warp + half]));
    }
}

/// Key `id` of the logits; behind `count`: nobody's.
__device__ inline CandidateKey keyAt(const float* logits, std::uint32_t count, std::uint32_t id)
{
    return id < count ? keyOf(logits[id], id) : 0;
}

/// lists [blocks, 64]: the best keys of logits [count]; warps take turns at 64 of them.
__global__ void __launch_bounds__(kCandidateWarps * 32)
    bestOfLogitsKernel(const float* logits, std::uint32_t count, CandidateKey* lists)
{
    letFollowersStart();
    waitForEarlier();
    const unsigned lane = threadIdx.x % 32;
    const std::uint32_t warps = gridDim.x * kCandidateWarps;
    KeyList best{};
    for (std::uint32_t group = blockIdx.x * kCandidateWarps + threadIdx.x / 32;
         group * kListKeys < count; group += warps) {
        const std::uint32_t first = group * kListKeys + lane;
        KeyList fresh{{keyAt(logits, count, first), keyAt(logits, count, first + 32)}};
        sortKeys(fresh);
        takeBest(best, {{__shfl_xor_sync(~0U, fresh.keys[1], 31),
                         __shfl_xor_sync(~0U, fresh.keys[0], 31)}});
    }
    takeBestOfWarps(best);
    if (threadIdx.x < 32) storeKeys(lists + std::size_t{blockIdx.x} * kListKeys, best);
}

/// best [most]: candidates of the best keys of lists [count <= kCandidateBlocks, 64]. One block;
/// there must be `most`.
__global__ void __launch_bounds__(kCandidateWarps * 32)
    bestOfListsKernel(const CandidateKey* lists, std::uint32_t count, const float* logits,
                      std::uint32_t most, Candidate* best)
{
    letFollowersStart();
    waitForEarlier();
    const unsigned warp = threadIdx.x / 32;
    // All at once: a fetch takes longer than what is done with a list.
    KeyList fetched[kCandidateBlocks / kCandidateWarps];
#pragma unroll
    for (unsigned i = 0; i < kCandidateBlocks / kCandidateWarps; ++i)
        if (i * kCandidateWarps + warp < count)
            fetched[i] = reversedFrom(lists + (i * kCandidateWarps + warp) * kListKeys);
    KeyList list{};
#pragma unroll
    for (unsigned i = 0; i < kCandidateBlocks / kCandidateWarps; ++i)
        if (i * kCandidateWarps + warp < count) takeBest(list, fetched[i]);
    takeBestOfWarps(list);
    if (threadIdx.x >= 32) return;
#pragma unroll
    for (unsigned i = 0; i < 2; ++i)
        if (32 * i + threadIdx.x < most) {
            const std::uint32_t id = idOf(list.keys[i]);
            best[32 * i + threadIdx.x] = {logits[id], static_cast<std::int32_t>(id)};
        }
}

} // namespace bs::gpu
