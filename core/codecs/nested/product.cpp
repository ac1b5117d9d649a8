#include "core/codecs/nested/product_steps.h"

#include "core/base/result.h"

namespace bs::nested {

namespace {

std::size_t directRows = kDirectRows; // for more, decoding once pays

/// Rows of products that are worked on together at most, if one alone has not more: results in the codec's order are kept for all of them.
constexpr std::size_t kRowsTogether = 8192;

} // namespace

void setDirectRows(std::size_t rows)
{
    directRows = rows;
}

void multiply(std::span<const Product> products, const float* x, std::size_t n, ThreadPool& pool)
{
    std::vector<Product> loaded;
    for (const Product& product : products) {
        BS_ASSERT(product.yStride >= product.matrix->shape.rows);
        if (!product.matrix->empty())
            loaded.push_back(product);
        else
            for (std::size_t t = 0; t < n; ++t)
                std::fill_n(product.y + t * product.yStride, product.matrix->shape.rows, 0.0F);
    }
    if (loaded.empty())
        return;
    if (n <= directRows)
        return multiplyDirect(loaded, x, n, pool);
    for (std::size_t begin = 0, end = 0; begin < loaded.size(); begin = end) {
        std::size_t rows = 0;
        do
            rows += loaded[end++].matrix->shape.rows;
        while (end < loaded.size() && rows + loaded[end].matrix->shape.rows <= kRowsTogether);
        multiplyDecoded(std::span(loaded).subspan(begin, end - begin), x, n, pool);
    }
}

} // namespace bs::nested
