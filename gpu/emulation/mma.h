#pragma once

#include "core/tensor/float16.h"
#include "gpu/emulation/block.h"

#include <bit>
#include <cstdint>

// The matrix instructions of gpu/kernels/mma.h, lane by lane from what all lanes hold, as the
// documentation there says.

namespace bs::gpu {

namespace emulation {

/// Calls sum(row, column, register of sums) for the four sums of the lane.
template <class Sum>
void eachSum(const Sum& sum)
{
    const unsigned g = place().lane / 4;
    const unsigned t = place().lane % 4;
    for (unsigned i = 0; i < 4; ++i)
        sum(g + i / 2 * 8, 2 * t + i % 2, i);
}

/// The word of a [16, K] that holds row `row` and the K / 8 columns from `part` * K / 8 on, part
/// < 8.
inline std::uint32_t wordOfA(const WarpWords& all, unsigned row, unsigned part)
{
    return all[row % 8 * 4 + part % 4][row / 8 + part / 4 * 2];
}
/// The word of b [K, 8] with those rows of column `column`.
inline std::uint32_t wordOfB(const WarpWords& all, unsigned column, unsigned part)
{
    return all[column * 4 + part % 4][4 + part / 4];
}

} // namespace emulation

inline void mmaU8S8(int* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t b0,
                    uint32_t b1)
{
    const emulation::WarpWords& all = emulation::exchange("mma.m16n8k32", {a0, a1, a2, a3, b0, b1});
    emulation::eachSum([&](unsigned row, unsigned column, unsigned i) {
        for (unsigned part = 0; part < 8; ++part)
            for (unsigned byte = 0; byte < 4; ++byte) {
                const auto a =
                    static_cast<std::uint8_t>(emulation::wordOfA(all, row, part) >> (8 * byte));
                const auto b =
                    static_cast<std::int8_t>(emulation::wordOfB(all, column, part) >> (8 * byte));
                sums[i] += int{a} * int{b};
            }
    });
}

inline void mmaBits(int* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t b0,
                    uint32_t b1)
{
    const emulation::WarpWords& all =
        emulation::exchange("mma.m16n8k256", {a0, a1, a2, a3, b0, b1});
    emulation::eachSum([&](unsigned row, unsigned column, unsigned i) {
        for (unsigned part = 0; part < 8; ++part)
            sums[i] += std::popcount(emulation::wordOfA(all, row, part) &
                                     emulation::wordOfB(all, column, part));
    });
}

inline void mmaF16(float* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t b0,
                   uint32_t b1)
{
    const emulation::WarpWords& all = emulation::exchange("mma.m16n8k16", {a0, a1, a2, a3, b0, b1});
    emulation::eachSum([&](unsigned row, unsigned column, unsigned i) {
        for (unsigned part = 0; part < 8; ++part)
            for (unsigned half = 0; half < 2; ++half) {
                const auto a =
                    static_cast<std::uint16_t>(emulation::wordOfA(all, row, part) >> (16 * half));
                const auto b = static_cast<std::uint16_t>(emulation::wordOfB(all, column, part) >>
                                                          (16 * half));
                sums[i] += halfToFloat(a) * halfToFloat(b);
            }
    });
}

} // namespace bs::gpu
