#include "gpu/compress/held_matrix.h"

#include "gpu/device/gemm.h"
#include "gpu/device/runtime.h"

#include <algorithm>

namespace bs::gpu {

namespace {

class DeviceHeldMatrix : public HeldMatrix
{
public:
    static Result<std::unique_ptr<HeldMatrix>> create(int card, const float* values,
                                                      std::size_t rows, std::size_t cols)
    {
        BS_CHECK(useDevice(card));
        BS_TRY(Stream stream, Stream::create());
        auto made = std::unique_ptr<DeviceHeldMatrix>(
            new DeviceHeldMatrix(card, std::move(stream), rows, cols));
        BS_TRY(made->m_gemm, Gemm::create(made->m_stream));
        const std::size_t bytes = rows * cols * sizeof(float);
        BS_TRY(made->m_values, Buffer::create(bytes, made->m_stream));
        if (values == nullptr)
            BS_CHECK(fillBytes(made->m_values.as<void>(), 0, bytes, made->m_stream));
        else
            BS_CHECK(copyToDevice(made->m_values.as<void>(), values, bytes, made->m_stream));
        return Result<std::unique_ptr<HeldMatrix>>(std::move(made));
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
        BS_CHECK(give(x, n * m_cols));
        const auto* given = m_x.as<float>();
        return m_gemm.product(m_cols, m_cols, n, 1, {given, m_cols, true}, {given, m_cols}, 1,
                              m_values.as<float>(), m_cols);
    }
    Result<void> read(float* values) override
    {
        BS_CHECK(useDevice(m_card));
        BS_CHECK(copyToHost(values, m_values.as<void>(), m_rows * m_cols * sizeof(float), m_stream));
        return m_stream.wait();
    }

private:
    DeviceHeldMatrix(int card, Stream stream, std::size_t rows, std::size_t cols)
        : m_card(card)
        , m_stream(std::move(stream))
        , m_rows(rows)
        , m_cols(cols)
    {
    }

    /// Room for `count` numbers.
    Result<void> reserve(Buffer& room, std::size_t count) const
    {
        const std::size_t bytes = count * sizeof(float);
        if (room.bytes() >= bytes) return {};
        room = Buffer();
        BS_TRY(room, Buffer::create(bytes, m_stream));
        return {};
    }

    Result<void> give(const float* x, std::size_t count)
    {
        BS_CHECK(reserve(m_x, count));
        return copyToDevice(m_x.as<void>(), x, count * sizeof(float), m_stream);
    }

    Result<void> through(const float* x, std::size_t n, std::size_t xCols, float* y,
                         std::size_t yCols, Into into, bool transposed)
    {
        BS_CHECK(useDevice(m_card));
        BS_CHECK(give(x, n * xCols));
        BS_CHECK(reserve(m_y, n * yCols));
        const bool adds = into == Into::Add;
        const std::size_t bytes = n * yCols * sizeof(float);
        if (adds) BS_CHECK(copyToDevice(m_y.as<void>(), y, bytes, m_stream));
        BS_CHECK(m_gemm.product(n, yCols, xCols, 1, {m_x.as<float>(), xCols},
                                {m_values.as<float>(), m_cols, transposed}, adds ? 1.0F : 0.0F,
                                m_y.as<float>(), yCols));
        BS_CHECK(copyToHost(y, m_y.as<void>(), bytes, m_stream));
        return m_stream.wait();
    }

    int m_card;
    Stream m_stream; ///< before all that lives on it
    std::size_t m_rows;
    std::size_t m_cols;
    Gemm m_gemm;
    Buffer m_values;
    Buffer m_x, m_y; ///< rows that are multiplied, and what they become
};

} // namespace

Result<std::unique_ptr<HeldMatrix>> holdMatrix(int card, const float* values, std::size_t rows,
                                               std::size_t cols)
{
    return DeviceHeldMatrix::create(card, values, rows, cols);
}

} // namespace bs::gpu
