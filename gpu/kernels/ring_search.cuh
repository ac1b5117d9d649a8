#pragma once

#include "core/linalg/cpu/ring_costs.h"
#include "gpu/kernels/nested_visit_layout.h"

// The search of a ring of 64 signs (core/linalg/cpu/ring_search*), by a block of 64 threads, one for
// each row. Costs are made by all; the sixteen states are lanes of the first warp, whose steps wait
// for nothing but two shuffles; the way back is walked by all its lanes alike.

namespace bs::gpu {

inline constexpr unsigned kRingRows = 64;
inline constexpr unsigned kRingSeamSteps = 48; ///< before and after the seam
inline constexpr unsigned kRingTies = 4;       ///< bits of a state beside its costs

struct RingRoom
{
    uint16_t cost[kRingRows][kClasses];
    uint16_t chosen[2 * kRingSeamSteps]; ///< bit s: state s was reached by window s + 16
    uint8_t ofRow[kRingRows];            ///< class of every row
};

/// Bit 0: s is -1; bit 1: the product of its four signs is; bit 2: p is.
struct RingSigns
{
    unsigned bits;
    __device__ bool own() const { return (bits & 1U) != 0; }
    __device__ bool product() const { return (bits & 2U) != 0; }
    __device__ bool plain() const { return (bits & 4U) != 0; }
};

/// What squared errors are multiplied by to become costs, beside a row's weight: ringCostScale.
__device__ inline float ringCostScale(const RingLevels& levels, float mostWeight)
{
    const float level = levels.minor + levels.major;
    const float range = 6 * level * level * mostWeight;
    return range > 1e-30F ? static_cast<float>(kMostCost) / range : 0;
}

/// Costs of a row that is to become `rest`; bit c of the result: p is -1 in class c.
__device__ inline unsigned ringRowCosts(RingRoom& room, const RingLevels& levels, float rest,
                                        float factor)
{
    float error[kClasses];
    unsigned negative = 0;
#pragma unroll
    for (unsigned c = 0; c < kClasses; ++c) {
        const float level = ((c & 1U) != 0 ? -levels.minor : levels.minor) +
                            ((c & 2U) != 0 ? -levels.major : levels.major);
        const float left = rest - level;
        const float plus = (left - levels.plain) * (left - levels.plain);
        const float minus = (left + levels.plain) * (left + levels.plain);
        if (minus < plus) negative |= 1U << c;
        error[c] = fminf(plus, minus);
    }
    const float least = fminf(fminf(error[0], error[1]), fminf(error[2], error[3]));
#pragma unroll
    for (unsigned c = 0; c < kClasses; ++c)
        room.cost[threadIdx.x][c] = static_cast<uint16_t>(
            rintf(fminf((error[c] - least) * factor, static_cast<float>(kMostCost))));
    return negative;
}

/// `count` steps from row `first` on; `cost`: of the lane's state, before and after.
__device__ inline void ringSteps(RingRoom& room, unsigned first, unsigned count, int& cost)
{
    const unsigned state = threadIdx.x % kStates;
    const unsigned low = ringClass(state);
    const unsigned high = ringClass(state + kStates);
#pragma unroll 4
    for (unsigned i = 0; i < count; ++i) {
        const unsigned row = (first + i + kRingRows - kRowBehind) % kRingRows;
        const int viaLow = __shfl_sync(~0U, cost, state / 2) + room.cost[row][low];
        const int viaHigh =
            __shfl_sync(~0U, cost, state / 2 + kStates / 2) + room.cost[row][high];
        const bool useHigh = viaHigh < viaLow;
        cost = useHigh ? viaHigh : viaLow;
        const unsigned chosen = __ballot_sync(~0U, useHigh);
        if (threadIdx.x == 0) room.chosen[i] = static_cast<uint16_t>(chosen);
    }
    __syncwarp();
}

/// The window of a step, given the state behind it.
__device__ inline unsigned ringWindow(const RingRoom& room, unsigned step, unsigned state)
{
    return state | ((uint32_t{room.chosen[step]} >> state) & 1U) << 4;
}

/// The state before step `to`, given the one behind step `from` - 1. All lanes have it.
__device__ inline unsigned ringBack(const RingRoom& room, unsigned from, unsigned to,
                                    unsigned state)
{
#pragma unroll 8
    for (unsigned i = from; i-- > to;)
        state = ringWindow(room, i, state) >> 1;
    __syncwarp(); // others still read what the next steps write over
    return state;
}

/// The state of least cost, of those the lowest.
__device__ inline unsigned leastState(int cost)
{
    int least = cost << kRingTies | static_cast<int>(threadIdx.x % kStates);
    for (unsigned lanes = kStates / 2; lanes > 0; lanes /= 2)
        least = min(least, __shfl_xor_sync(~0U, least, lanes));
    return static_cast<unsigned>(least) % kStates;
}

/// All steps around the ring from row `first` on, with the states at both ends held.
__device__ inline void closedRing(RingRoom& room, unsigned first, unsigned held)
{
    int cost = threadIdx.x % kStates == held ? 0 : kNotHeld;
    ringSteps(room, first, kRingRows, cost);
}

/// The first warp: from costs to the class of every row.
__device__ inline void searchByStates(RingRoom& room)
{
    constexpr unsigned kHalf = kRingRows / 2;
    int cost = 0;
    ringSteps(room, kRingRows - kRingSeamSteps, 2 * kRingSeamSteps, cost);
    unsigned held = ringBack(room, 2 * kRingSeamSteps, kRingSeamSteps, leastState(cost));
    closedRing(room, 0, held);
    // Once more with the state across the ring held: no worse, and free where the seam was.
    held = ringBack(room, kRingRows, kHalf, held);
    closedRing(room, kHalf, held);
    unsigned state = held;
#pragma unroll 8
    for (unsigned i = kRingRows; i-- > 0;) {
        const unsigned window = ringWindow(room, i, state);
        const unsigned row = (i + kHalf + kRingRows - kRowBehind) % kRingRows;
        if (threadIdx.x == 0) room.ofRow[row] = static_cast<uint8_t>(ringClass(window));
        state = window >> 1;
    }
}

/// The signs of the thread's row, which is to become `rest` and whose squared error counts `weight`;
/// no row's counts more than `mostWeight`. All 64 threads of the block call it.
__device__ inline RingSigns searchRing(RingRoom& room, const RingLevels& levels, float rest,
                                       float weight, float mostWeight)
{
    const unsigned negative =
        ringRowCosts(room, levels, rest, ringCostScale(levels, mostWeight) * weight);
    __syncthreads();
    if (threadIdx.x < 32) searchByStates(room);
    __syncthreads();
    const unsigned found = room.ofRow[threadIdx.x];
    return {found | ((negative >> found) & 1U) << 2};
}

} // namespace bs::gpu
