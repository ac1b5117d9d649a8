#pragma once

#include "core/base/thread_pool.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bs {

/// Rows of f32 kept in half the memory: f16 with a power of two for each row, so that neither rows
/// of large values overflow nor rows of small ones lose bits. Relative error at most 2^-11 of
/// values down to 2^-28 of the row's largest.
class HalfRows
{
public:
    HalfRows() = default;
    /// Of finite values [n, width].
    HalfRows(const float* values, std::size_t n, std::size_t width, ThreadPool& pool);

    /// Rows [first, first + n) to values [n, width].
    void read(std::size_t first, std::size_t n, float* values, ThreadPool& pool) const;

private:
    std::size_t m_width = 0;
    std::vector<std::uint16_t> m_half; ///< [n, width]
    std::vector<float> m_scale;        ///< [n]
};

} // namespace bs
