#pragma once

// What the two ways of core/codecs/nested/product.h share; included by their files alone.
#include "core/codecs/nested/product.h"
#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <vector>

namespace bs::nested {

/// Straight from the planes, and with rows decoded once for all of x. No matrix is empty.
void multiplyDirect(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool);
void multiplyDecoded(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool);

inline std::size_t paddedCols(const Shape& shape)
{
    return shape.tileCols() * kTileCols;
}

inline std::span<const Outlier> outliersOf(const Matrix& matrix, std::size_t tileRow)
{
    return std::span(matrix.outliers).subspan(matrix.firstOutlier[tileRow], matrix.firstOutlier[tileRow + 1] - matrix.firstOutlier[tileRow]);
}

/// x as the planes see it: in the codec's order, times colScale, zeros up to whole tiles.
inline void arrange(const Matrix& matrix, const float* x, float* arranged)
{
    kernels().gather(x, matrix.colOrder.data(), matrix.colScale.data(), matrix.shape.cols, arranged);
    std::fill(arranged + matrix.shape.cols, arranged + paddedCols(matrix.shape), 0.0F);
}

/// Largest magnitude; NaN or infinite if one is. Bits of floats without their sign order as the magnitudes do, and whole numbers are compared many at a time.
inline float largest(const std::vector<float>& values)
{
    std::int32_t most = 0;
    for (const float value : values)
        most = std::max(most, std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF);
    return std::bit_cast<float>(most);
}

/// Room for `count` values, aligned for the kernels.
template <typename T> T* alignedRoom(std::vector<T>& held, std::size_t count)
{
    held.resize(std::max(held.size(), count + kAlignment / sizeof(T)));
    void* at = held.data();
    std::size_t room = held.size() * sizeof(T);
    return static_cast<T*>(std::align(kAlignment, count * sizeof(T), at, room));
}

/// Parts that threads share, of several products: one product behind the other.
class Parts
{
public:
    template <typename CountOf> Parts(std::span<const Product> products, const CountOf& countOf)
    {
        for (const Product& product : products)
            m_first.push_back(m_first.back() + countOf(product.matrix->shape));
    }
    std::size_t count() const { return m_first.back(); }
    /// The first one of product p.
    std::size_t first(std::size_t p) const { return m_first[p]; }
    std::size_t productOf(std::size_t at) const
    {
        return static_cast<std::size_t>(std::upper_bound(m_first.begin(), m_first.end(), at) - m_first.begin()) - 1;
    }

private:
    std::vector<std::size_t> m_first{0}; ///< of each product, then how many there are
};

} // namespace bs::nested
