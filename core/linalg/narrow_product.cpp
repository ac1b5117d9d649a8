#include "core/linalg/narrow_product.h"

#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <vector>

namespace bs {

namespace {

/// Of a panel of A, which stays in the second level's cache for what is done with it.
constexpr std::size_t kPanelFloats = 1 << 15;

std::size_t panelRows(std::size_t cols)
{
    constexpr std::size_t kFewest = 8;
    return std::max(kFewest, kPanelFloats / cols);
}

/// At most kNarrow columns of a matrix from `first` on, row by row; those that it lacks are zero.
std::vector<float> packed(const float* columns, std::size_t rows, std::size_t k, std::size_t first)
{
    std::vector<float> values(rows * kNarrow);
    for (std::size_t c = 0; c < std::min(kNarrow, k - first); ++c)
        for (std::size_t i = 0; i < rows; ++i)
            values[i * kNarrow + c] = columns[(first + c) * rows + i];
    return values;
}

void unpack(const std::vector<float>& values, std::size_t rows, std::size_t k, std::size_t first, float* columns)
{
    for (std::size_t c = 0; c < std::min(kNarrow, k - first); ++c)
        for (std::size_t i = 0; i < rows; ++i)
            columns[(first + c) * rows + i] = values[i * kNarrow + c];
}

/// product(q, y) adds to y what becomes of kNarrow columns q, for all k columns.
template <typename Product>
void byColumns(std::size_t in, std::size_t out, const float* Q, std::size_t k, float* Y, const Product& product)
{
    for (std::size_t first = 0; first < k; first += kNarrow) {
        const std::vector<float> q = packed(Q, in, k, first);
        std::vector<float> y(out * kNarrow);
        product(q.data(), y.data());
        unpack(y, out, k, first, Y);
    }
}

} // namespace

void multiplyNarrow(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y)
{
    const std::size_t most = panelRows(cols);
    const auto dots = [&](const float* q, float* y) {
        for (std::size_t row = 0; row < rows; row += most)
            kernels().narrowDots({A + row * cols, cols, std::min(most, rows - row), cols}, q, y + row * kNarrow);
    };
    byColumns(cols, rows, Q, k, Y, dots);
}

void multiplyNarrowTransposed(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y)
{
    const auto mix = [&](const float* q, float* y) { kernels().narrowMix({A, cols, rows, cols}, q, y); };
    byColumns(rows, cols, Q, k, Y, mix);
}

void multiplyNarrowGram(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y)
{
    const std::size_t most = panelRows(cols);
    std::vector<float> p(most * kNarrow);
    const auto thereAndBack = [&](const float* q, float* y) {
        for (std::size_t row = 0; row < rows; row += most) {
            const NarrowRows panel{A + row * cols, cols, std::min(most, rows - row), cols};
            std::fill(p.begin(), p.end(), 0.0F);
            kernels().narrowDots(panel, q, p.data());
            kernels().narrowMix(panel, p.data(), y);
        }
    };
    byColumns(cols, cols, Q, k, Y, thereAndBack);
}

void multiplyNarrowGramTransposed(const float* A, std::size_t rows, std::size_t cols, const float* Q, std::size_t k, float* Y)
{
    constexpr std::size_t kFewest = 48; // columns: with less of each row at a time, reading it all twice is faster
    const std::size_t most = kPanelFloats / rows;
    if (most < kFewest) {
        std::vector<float> P(cols * k);
        multiplyNarrowTransposed(A, rows, cols, Q, k, P.data());
        return multiplyNarrow(A, rows, cols, P.data(), k, Y);
    }
    std::vector<float> p(most * kNarrow);
    const auto thereAndBack = [&](const float* q, float* y) {
        for (std::size_t at = 0; at < cols; at += most) {
            const NarrowRows panel{A + at, cols, rows, std::min(most, cols - at)};
            std::fill(p.begin(), p.end(), 0.0F);
            kernels().narrowMix(panel, q, p.data());
            kernels().narrowDots(panel, p.data(), y);
        }
    };
    byColumns(rows, rows, Q, k, Y, thereAndBack);
}

} // namespace bs
