#include "core/plan/half_rows.h"

#include "core/linalg/cpu/kernels.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

constexpr std::size_t kRowGrain = 16;
constexpr std::size_t kPieceRows = 1024; ///< that are written at once

/// The power of two that brings the row's largest value to [2^14, 2^15), two steps below f16's end.
float scaleOf(const float* row, std::size_t width)
{
    float largest = 0;
    for (std::size_t i = 0; i < width; ++i)
        largest = std::max(largest, std::abs(row[i]));
    if (largest < 0x1p-100F) return 1.0F; // its inverse would be beyond f32
    return std::ldexp(1.0F, std::ilogb(largest) - 14);
}

} // namespace

Result<HalfRows> HalfRows::keep(const float* values, std::size_t n, std::size_t width, ScratchFile& file,
                                ThreadPool& pool)
{
    HalfRows rows;
    rows.m_width = width;
    rows.m_scale.resize(n);
    std::vector<std::uint16_t> half(std::min(n, kPieceRows) * width);
    for (std::size_t first = 0; first < n; first += kPieceRows) {
        const std::size_t count = std::min(kPieceRows, n - first);
        pool.parallelRanges(count, kRowGrain, [&](std::size_t begin, std::size_t end) {
            for (std::size_t t = begin; t < end; ++t) {
                const float* row = values + (first + t) * width;
                rows.m_scale[first + t] = scaleOf(row, width);
                const float inverse = 1.0F / rows.m_scale[first + t];
                for (std::size_t i = 0; i < width; ++i)
                    half[t * width + i] = floatToHalf(row[i] * inverse);
            }
        });
        BS_TRY(const std::uint64_t offset, file.append(std::as_bytes(std::span(half).first(count * width))));
        if (first == 0)
            rows.m_offset = offset;
    }
    return rows;
}

Result<void> HalfRows::read(const ScratchFile& file, std::size_t first, std::size_t n, float* values,
                            ThreadPool& pool) const
{
    std::vector<std::uint16_t> half(n * m_width);
    BS_CHECK(file.readAt(m_offset + first * m_width * sizeof(std::uint16_t), std::as_writable_bytes(std::span(half))));
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            float* row = values + t * m_width;
            kernels().halfToFloat(half.data() + t * m_width, row, m_width);
            for (std::size_t i = 0; i < m_width; ++i)
                row[i] *= m_scale[first + t];
        }
    });
    return {};
}

} // namespace bs
