#include "gpu/compress/held_matrix.h"

#include "gpu/compress/transfer.h"

#include <cstddef>

namespace bs::gpu {

namespace {

/// All work is waited for before a function returns, so that the next one may take another lane.
class DeviceHeldMatrix : public HeldMatrix
{
public:
    static Result<std::unique_ptr<HeldMatrix>> create(int card, const float* values,
                                                      std::size_t rows, std::size_t cols,
                                                      ProductLanes& lanes)
    {
        BS_CHECK(useDevice(card));
        BS_TRY(const ProductLanes::Lease lane, lanes.take());
        auto made = std::make_unique<DeviceHeldMatrix>(card, nullptr, rows, cols, lanes);
        BS_TRY(made->m_own, Buffer::create(made->bytes(), lane->stream));
        made->m_values = made->m_own.as<float>();
        BS_CHECK(values == nullptr
                     ? fillBytes(made->m_values, 0, made->bytes(), lane->stream)
                     : copyToDevice(made->m_values, values, made->bytes(), lane->stream));
        BS_CHECK(lane->stream.wait());
        return Result<std::unique_ptr<HeldMatrix>>(std::move(made));
    }

    DeviceHeldMatrix(int card, float* values, std::size_t rows, std::size_t cols,
                     ProductLanes& lanes)
        : m_card(card)
        , m_rows(rows)
        , m_cols(cols)
        , m_lanes(lanes)
        , m_values(values)
    {
    }

    Result<void> multiply(const float* x, std::size_t n, float* y) override
    {
        return through(x, n, m_cols, y, m_rows, Into::Replace, true);
    }
    Result<void> multiplyTransposed(const float* x, std::size_t n, float* y, Into into) override
    {
        return through(x, n, m_rows, y, m_cols, into, false);
    }
    Result<void> addGram(const float* x, std::size_t n) override
    {
        BS_ASSERT(m_rows == m_cols);
        BS_CHECK(useDevice(m_card));
        BS_TRY(const ProductLanes::Lease lane, m_lanes.take());
        BS_CHECK(give(lane->x, std::span(x, n * m_cols), lane->stream));
        const auto* given = lane->x.as<float>();
        BS_CHECK(lane->gemm.product(m_cols, m_cols, n, 1, {given, m_cols, true}, {given, m_cols},
                                    1, m_values, m_cols));
        return lane->stream.wait();
    }
    Result<void> read(float* values) override
    {
        BS_CHECK(useDevice(m_card));
        BS_TRY(const ProductLanes::Lease lane, m_lanes.take());
        BS_CHECK(copyToHost(values, m_values, bytes(), lane->stream));
        return lane->stream.wait();
    }

private:
    std::size_t bytes() const { return m_rows * m_cols * sizeof(float); }

    Result<void> through(const float* x, std::size_t n, std::size_t xCols, float* y,
                         std::size_t yCols, Into into, bool transposed)
    {
        BS_CHECK(useDevice(m_card));
        BS_TRY(const ProductLanes::Lease lane, m_lanes.take());
        BS_CHECK(give(lane->x, std::span(x, n * xCols), lane->stream));
        const bool adds = into == Into::Add;
        BS_CHECK(adds ? give(lane->y, std::span<const float>(y, n * yCols), lane->stream)
                      : lane->y.reserve(n * yCols * sizeof(float), lane->stream));
        BS_CHECK(lane->gemm.product(n, yCols, xCols, 1, {lane->x.as<float>(), xCols},
                                    {m_values, m_cols, transposed}, adds ? 1.0F : 0.0F,
                                    lane->y.as<float>(), yCols));
        BS_CHECK(copyToHost(y, lane->y.as<void>(), n * yCols * sizeof(float), lane->stream));
        return lane->stream.wait();
    }

    int m_card;
    std::size_t m_rows;
    std::size_t m_cols;
    ProductLanes& m_lanes;
    float* m_values;
    Buffer m_own; ///< or empty: somebody else's
};

} // namespace

Result<std::unique_ptr<HeldMatrix>> holdMatrix(int card, const float* values, std::size_t rows,
                                               std::size_t cols, ProductLanes& lanes)
{
    return DeviceHeldMatrix::create(card, values, rows, cols, lanes);
}

std::unique_ptr<HeldMatrix> viewMatrix(int card, float* values, std::size_t rows, std::size_t cols,
                                       ProductLanes& lanes)
{
    return std::make_unique<DeviceHeldMatrix>(card, values, rows, cols, lanes);
}

} // namespace bs::gpu
