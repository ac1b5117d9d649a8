#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#include <cstddef>
#include <cstdint>

namespace bs::gpu {

/// Which columns of x a product wants, and in which order.
struct HalvesColumns
{
    std::size_t cols = 0;
    std::size_t paddedCols = 0;            ///< columns of the result; zeros behind `cols`
    const std::uint32_t* source = nullptr; ///< device [cols]; nullptr: as they are
    const float* factor = nullptr;         ///< device [cols]; nullptr: 1
};

/// Room for x of a matrix product.
class HalvesRoom
{
public:
    HalvesRoom() = default;
    /// For so many numbers. Errors: Memory.
    static Result<HalvesRoom> create(std::size_t numbers, const Stream& stream);
    std::size_t numbers() const { return m_halves.bytes() / sizeof(Half); }
    Half* halves() const { return m_halves.as<Half>(); }
    /// What the product is to be multiplied by, and a zero (Gemm).
    float* scale() const { return m_scale.as<float>(); }
    unsigned* most() const { return m_scale.as<unsigned>() + 2; }

private:
    Buffer m_halves, m_scale;
};

/// x [n, cols of x] f32 to room.halves() [n, paddedCols], and room.scale() such that scale * halves
/// is x times the factors times `extra`. What is finite stays so whatever its size; NaN and
/// infinity stay what they are.
Result<void> scaledHalves(const HalvesColumns& columns, const float* x, std::size_t n, float extra,
                          const HalvesRoom& room, const Stream& stream);

} // namespace bs::gpu
