#include "core/plan/half_rows.h"

#include "core/linalg/cpu/kernels.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

constexpr std::size_t kRowGrain = 16;

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

HalfRows::HalfRows(const float* values, std::size_t n, std::size_t width, ThreadPool& pool)
    : m_width(width)
    , m_half(n * width)
    , m_scale(n)
{
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            const float* row = values + t * width;
            m_scale[t] = scaleOf(row, width);
            const float inverse = 1.0F / m_scale[t];
            for (std::size_t i = 0; i < width; ++i)
                m_half[t * width + i] = floatToHalf(row[i] * inverse);
        }
    });
}

void HalfRows::read(std::size_t first, std::size_t n, float* values, ThreadPool& pool) const
{
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            float* row = values + t * m_width;
            kernels().halfToFloat(m_half.data() + (first + t) * m_width, row, m_width);
            for (std::size_t i = 0; i < m_width; ++i)
                row[i] *= m_scale[first + t];
        }
    });
}

} // namespace bs
