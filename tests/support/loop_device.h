#pragma once

#include "core/linalg/matrix_device.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace bs::test {

/// A matrix device of plain loops that can be lost after any number of operations.
class LoopDevice : public MatrixDevice
{
public:
    static constexpr int kNever = std::numeric_limits<int>::max();

    /// The operation (hold, multiply, .., read) that fails, and all after it.
    explicit LoopDevice(int lostAt = kNever)
        : m_lostAt(lostAt)
    {
    }

    int operations() const { return m_operations; }
    int held() const { return m_held; } ///< matrices now

    Result<std::unique_ptr<HeldMatrix>> hold(const float* values, std::size_t rows,
                                             std::size_t cols) override
    {
        BS_CHECK(next());
        return std::unique_ptr<HeldMatrix>(std::make_unique<Matrix>(*this, values, rows, cols));
    }

private:
    class Matrix : public HeldMatrix
    {
    public:
        Matrix(LoopDevice& device, const float* values, std::size_t rows, std::size_t cols)
            : m_device(device)
            , m_rows(rows)
            , m_cols(cols)
            , m_W(rows * cols)
        {
            if (values != nullptr) m_W.assign(values, values + rows * cols);
            ++m_device.m_held;
        }
        Matrix(const Matrix&) = delete;
        Matrix& operator=(const Matrix&) = delete;
        ~Matrix() override { --m_device.m_held; }

        Result<void> multiply(const float* x, std::size_t n, float* y) override
        {
            BS_CHECK(m_device.next());
            for (std::size_t t = 0; t < n; ++t)
                for (std::size_t i = 0; i < m_rows; ++i) {
                    double sum = 0;
                    for (std::size_t j = 0; j < m_cols; ++j)
                        sum += product(m_W[i * m_cols + j], x[t * m_cols + j]);
                    y[t * m_rows + i] = static_cast<float>(sum);
                }
            return {};
        }
        Result<void> multiplyTransposed(const float* x, std::size_t n, float* y, Into into) override
        {
            BS_CHECK(m_device.next());
            for (std::size_t t = 0; t < n; ++t)
                for (std::size_t j = 0; j < m_cols; ++j) {
                    double sum = into == Into::Add ? static_cast<double>(y[t * m_cols + j]) : 0;
                    for (std::size_t i = 0; i < m_rows; ++i)
                        sum += product(m_W[i * m_cols + j], x[t * m_rows + i]);
                    y[t * m_cols + j] = static_cast<float>(sum);
                }
            return {};
        }
        Result<void> addGram(const float* x, std::size_t n) override
        {
            BS_CHECK(m_device.next());
            for (std::size_t i = 0; i < m_cols; ++i)
                for (std::size_t j = 0; j < m_cols; ++j) {
                    double sum = static_cast<double>(m_W[i * m_cols + j]);
                    for (std::size_t t = 0; t < n; ++t)
                        sum += product(x[t * m_cols + i], x[t * m_cols + j]);
                    m_W[i * m_cols + j] = static_cast<float>(sum);
                }
            return {};
        }
        Result<void> read(float* values) override
        {
            BS_CHECK(m_device.next());
            std::copy(m_W.begin(), m_W.end(), values);
            return {};
        }

    private:
        static double product(float a, float b)
        {
            return static_cast<double>(a) * static_cast<double>(b);
        }

        LoopDevice& m_device;
        std::size_t m_rows;
        std::size_t m_cols;
        std::vector<float> m_W;
    };

    Result<void> next()
    {
        if (m_operations++ < m_lostAt) return {};
        return Error{ErrorCode::Io, "the card is lost"};
    }

    int m_lostAt;
    int m_operations = 0;
    int m_held = 0;
};

/// Largest difference over the largest magnitude of `b`; NaN stays NaN, other sizes are infinity.
inline double relativeDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double most = 0;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        most = difference <= most ? most : difference;
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
    }
    return most == 0 ? 0 : most / largest;
}

} // namespace bs::test
