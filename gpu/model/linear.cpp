#include "gpu/model/linear.h"

#include "gpu/ops/dense_product.h"

#include <algorithm>

namespace bs::gpu {

static_assert(kDirectTokens <= kDenseTokens);
static_assert(kShortPromptTokens <= kNestedBatchTokens &&
              kShortPromptTokens <= kBitstackMostTokens);

namespace {

constexpr std::size_t paddedCols(std::size_t cols)
{
    return (cols + kNestedTileCols - 1) / kNestedTileCols * kNestedTileCols;
}

/// y [n, yStride] columns [0, rows) become 0.
Result<void> clear(float* y, std::size_t n, std::size_t rows, std::size_t yStride,
                   const Stream& stream)
{
    if (rows == yStride) return fillBytes(y, 0, n * rows * sizeof(float), stream);
    for (std::size_t t = 0; t < n; ++t)
        BS_CHECK(fillBytes(y + t * yStride, 0, rows * sizeof(float), stream));
    return {};
}

} // namespace

void ProductSizes::add(const DeviceLinear& linear)
{
    mostRows = std::max(mostRows, linear.rows);
    mostCols = std::max(mostCols, linear.cols);
    if (linear.bitstack) {
        bitstack = true;
        mostDecoded = std::max(mostDecoded, linear.rows * linear.cols);
    }
    for (const DeviceSlab& slab : linear.slabs) {
        mostSums = std::max(mostSums, slab.matrix.batchSums());
        mostDecoded =
            std::max<std::size_t>(mostDecoded, slab.matrix.view().rows * paddedCols(linear.cols));
    }
}

void ProductSizes::addHead(const DeviceLinear& linear)
{
    ProductSizes head;
    head.add(linear);
    mostRows = std::max(mostRows, head.mostRows);
    mostCols = std::max(mostCols, head.mostCols);
    mostSums = std::max(mostSums, head.mostSums);
    bitstack = bitstack || head.bitstack;
    headDecoded = head.mostDecoded;
}

Result<Products> Products::create(const ProductSizes& sizes, const Stream& stream)
{
    Products made;
    made.m_stream = &stream;
    made.m_sizes = sizes;
    BS_TRY(made.m_gemm, Gemm::create(stream));
    BS_TRY(made.m_decoded, DecodedRooms::create());
    BS_TRY(made.m_nested,
           NestedScratch::create(sizes.mostRows, sizes.mostCols, sizes.mostSums, stream));
    if (sizes.bitstack) {
        BS_TRY(made.m_bitstack, BitstackScratch::create(sizes.mostRows, sizes.mostCols, stream));
    }
    return Result<Products>(std::move(made));
}

Result<void> Products::reserve(std::size_t tokens)
{
    return reserve(tokens, m_sizes.mostDecoded);
}

Result<void> Products::reserveHead(std::size_t tokens)
{
    return reserve(tokens, m_sizes.headDecoded);
}

Result<void> Products::reserve(std::size_t tokens, std::size_t decoded)
{
    if (tokens <= kDirectTokens) return {};
    if (tokens > kShortPromptTokens) BS_CHECK(m_decoded.reserve(decoded, *m_stream));
    const std::size_t numbers = tokens * paddedCols(m_sizes.mostCols);
    if (m_halves.numbers() < numbers) {
        BS_TRY(m_halves, HalvesRoom::create(numbers, *m_stream));
    }
    return {};
}

Result<void> Products::multiply(const DeviceLinear& linear, const float* x, std::size_t n, float* y)
{
    const bool direct =
        n <= kDirectTokens || (linear.bitstack && n <= kShortPromptTokens); // in registers
    return direct ? multiplyDirect(linear, x, n, y) : multiplyDecoded(linear, x, n, y);
}

Result<void> Products::multiplyDirect(const DeviceLinear& linear, const float* x, std::size_t n,
                                      float* y) const
{
    if (linear.dense != nullptr)
        return denseProduct(linear.dense, linear.rows, linear.cols, x, n, y, linear.rows,
                            *m_stream);
    if (linear.bitstack)
        return linear.bitstack->multiply(x, n, y, linear.rows, m_bitstack, *m_stream);
    for (const DeviceSlab& slab : linear.slabs)
        BS_CHECK(slab.matrix.multiply(x, n, y + slab.firstRow, linear.rows, m_nested, *m_stream));
    return linear.slabs.empty() ? clear(y, n, linear.rows, linear.rows, *m_stream) : Result<void>();
}

Result<void> Products::multiplyDecoded(const DeviceLinear& linear, const float* x, std::size_t n,
                                       float* y)
{
    const HalvesColumns asTheyAre{linear.cols, linear.cols, nullptr, nullptr};
    const auto product = [&](const Half* W, std::size_t firstRow, std::size_t rows,
                             std::size_t cols) {
        return m_gemm.multiply(W, rows, cols, m_halves.halves(), n, m_halves.scale(), y + firstRow,
                               linear.rows);
    };
    if (linear.dense != nullptr) {
        BS_CHECK(scaledHalves(asTheyAre, x, n, 1, m_halves, *m_stream));
        return product(linear.dense, 0, linear.rows, linear.cols);
    }
    if (linear.bitstack) {
        BS_CHECK(scaledHalves(asTheyAre, x, n, 1, m_halves, *m_stream));
        BS_TRY(const Half* W, m_decoded.fill(
                                  [&](Half* room, const Stream& stream) {
                                      return linear.bitstack->decodeRows(0, linear.rows, room,
                                                                         stream);
                                  },
                                  *m_stream));
        BS_CHECK(product(W, 0, linear.rows, linear.cols));
        return m_decoded.release(*m_stream);
    }
    for (const DeviceSlab& slab : linear.slabs) {
        const NestedMatrix& matrix = slab.matrix;
        const std::size_t rows = matrix.view().rows;
        if (matrix.empty()) {
            BS_CHECK(clear(y + slab.firstRow, n, rows, linear.rows, *m_stream));
            continue;
        }
        const HalvesColumns columns = matrix.inputColumns();
        BS_CHECK(scaledHalves(columns, x, n, matrix.decodedScale(), m_halves, *m_stream));
        if (n <= kShortPromptTokens) { // tile by tile, on the way
            BS_CHECK(matrix.multiplyBatch(m_halves, n, y + slab.firstRow, linear.rows, m_nested,
                                          *m_stream));
            continue;
        }
        BS_TRY(const Half* W,
               m_decoded.fill(
                   [&](Half* room, const Stream& stream) { return matrix.decode(room, stream); },
                   *m_stream));
        BS_CHECK(product(W, slab.firstRow, rows, columns.paddedCols));
        BS_CHECK(m_decoded.release(*m_stream));
    }
    return linear.slabs.empty() ? clear(y, n, linear.rows, linear.rows, *m_stream) : Result<void>();
}

} // namespace bs::gpu
