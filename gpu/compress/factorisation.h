#pragma once

#include "core/base/progress.h"
#include "gpu/device/gemm.h"
#include "gpu/device/runtime.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bs::gpu {

struct Triangle;

/// A [n, n] = R R^T with upper triangular R, from the last block of 64 columns to the first; D is
/// R's diagonal. Each block's own triangle here in f64, all else by products of matrices on the
/// device. Errors of its functions: Numeric (A is not positive definite: the row is named), Memory,
/// Io, Canceled.
class Factorisation
{
public:
    Factorisation(std::size_t n, const Gemm& gemm, const Stream& stream, const JobContext& context)
        : m_n(n)
        , m_gemm(gemm)
        , m_stream(stream)
        , m_context(context)
        , m_pivots(n)
        , m_inverses((n + kBlock - 1) / kBlock * kBlock * kBlock)
    {
    }

    /// A is `moments`, which stay as they are, with `added` [n] on the diagonal. Takes one more
    /// matrix of that size.
    Result<void> run(const Buffer& moments, const std::vector<float>& added);
    /// To be asked after it, before the factor is taken; takes another one for a while: sums[j] =
    /// sum over k of added[k] times the square of (R D^-1)^-1 [j, k]
    Result<std::vector<float>> countInverse(const std::vector<float>& added);
    /// R D^-1 above the diagonal, zeros elsewhere.
    Buffer takeFactor() { return std::move(m_A); }
    /// [n], R's diagonal.
    const std::vector<float>& pivots() const { return m_pivots; }

private:
    static constexpr std::size_t kBlock = 64;

    std::size_t width(std::size_t first) const { return std::min(kBlock, m_n - first); }
    float* at(const Buffer& matrix, std::size_t i, std::size_t j) const
    {
        return matrix.as<float>() + i * m_n + j;
    }
    Result<void> send(const Buffer& to, const std::vector<float>& values) const
    {
        return copyToDevice(to.as<void>(), values.data(), values.size() * sizeof(float), m_stream);
    }
    Result<Triangle> factoriseBlock(std::size_t first);
    Result<void> factorisePanel(std::size_t first);

    std::size_t m_n;
    const Gemm& m_gemm;
    const Stream& m_stream;
    const JobContext& m_context;
    std::vector<float> m_pivots;
    std::vector<float> m_inverses; ///< [blocks, kBlock, kBlock] of R D^-1's blocks on the diagonal
    Buffer m_A, m_panel, m_small;
};

} // namespace bs::gpu
