#include "core/linalg/svd.h"

#include "core/linalg/blas.h"

// Eigen's products go to OpenBLAS: in plain x86-64 code its own are a third as fast. This is the
// only file that includes Eigen with this setting, and it must stay so (one definition).
#define EIGEN_USE_BLAS
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

extern "C" void sgesdd_(const char* job, const int* m, const int* n, float* a, const int* lda,
                        float* s, float* u, const int* ldu, float* vt, const int* ldvt, float* work,
                        const int* lwork, int* iwork, int* info);

namespace bs {

namespace {

using Matrix = Eigen::MatrixXf;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const RowMajor>;

Eigen::Index index(std::size_t size)
{
    return static_cast<Eigen::Index>(size);
}

/// splitmix64 (Steele, Lea, Flood 2014): the standard's generators would do, its distributions
/// differ between libraries.
class Generator
{
public:
    explicit Generator(std::uint64_t seed)
        : m_state(seed)
    {
    }

    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// In (0, 1].
    double uniform() { return static_cast<double>((next() >> 11) + 1) * 0x1p-53; }

private:
    std::uint64_t m_state;
};

/// Standard normal values, two at a time (Box and Muller).
Matrix gaussian(std::size_t rows, std::size_t cols, std::uint64_t seed)
{
    Generator random(seed);
    Matrix values(index(rows), index(cols));
    float* out = values.data();
    const std::size_t count = rows * cols;
    for (std::size_t i = 0; i < count; i += 2) {
        const double radius = std::sqrt(-2.0 * std::log(random.uniform()));
        const double angle = 2.0 * std::numbers::pi * random.uniform();
        out[i] = static_cast<float>(radius * std::cos(angle));
        if (i + 1 < count) out[i + 1] = static_cast<float>(radius * std::sin(angle));
    }
    return values;
}

/// An orthonormal basis of the columns.
Matrix basisOf(const Matrix& Y)
{
    const Eigen::HouseholderQR<Matrix> qr(Y);
    return qr.householderQ() * Matrix::Identity(Y.rows(), Y.cols());
}

/// Half the smallest Ritz value of A A^T in the space that Z = A^T Q was made from. What lies
/// outside the space has eigenvalues in [0, 2 shift], so subtracting the shift halves its largest
/// and takes less than half of everything that is wanted: about twice as fast on a flat spectrum.
float shiftFor(const Matrix& Z)
{
    const Matrix gram = Z.transpose() * Z;
    if (!gram.allFinite()) return 0;
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(gram, Eigen::EigenvaluesOnly);
    return 0.5F * std::max(0.0F, solver.eigenvalues()[0]);
}

Result<void> checkShape(std::span<const float> A, std::size_t rows, std::size_t cols, std::size_t k)
{
    if (A.size() != rows * cols)
        return Error{ErrorCode::Shape, "matrix of " + std::to_string(rows) + " x " +
                                           std::to_string(cols) + " has " +
                                           std::to_string(A.size()) + " values"};
    if (k == 0 || k > std::min(rows, cols))
        return Error{ErrorCode::Shape, "rank " + std::to_string(k) + " does not fit a matrix of " +
                                           std::to_string(rows) + " x " + std::to_string(cols)};
    return {};
}

Error notFinite()
{
    return {ErrorCode::Numeric, "singular values are not finite: the matrix holds NaN, infinity or "
                                "values whose products overflow"};
}

SvdFactors pack(const Matrix& U, const Eigen::VectorXf& sigma, const Matrix& V, std::size_t k)
{
    SvdFactors out;
    out.k = k;
    out.u.resize(static_cast<std::size_t>(U.rows()) * k);
    out.vt.resize(static_cast<std::size_t>(V.rows()) * k);
    out.sigma.assign(sigma.data(), sigma.data() + k);
    Eigen::Map<RowMajor>(out.u.data(), U.rows(), index(k)) = U.leftCols(index(k));
    Eigen::Map<RowMajor>(out.vt.data(), index(k), V.rows()) = V.leftCols(index(k)).transpose();
    return out;
}

} // namespace

Result<SvdFactors> truncatedSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                                std::size_t k, const RandomSvdOptions& options)
{
    BS_CHECK(checkShape(A, rows, cols, k));
    useOneBlasThread();
    const std::size_t width = std::min({k + options.oversampling, rows, cols});
    const View view(A.data(), index(rows), index(cols));
    Matrix Y = view * gaussian(cols, width, options.seed);
    Matrix Z;
    for (int i = 0; i < options.powerIterations && Y.allFinite(); ++i) {
        const Matrix Q = basisOf(Y);
        Z.noalias() = view.transpose() * Q;
        const float shift = shiftFor(Z);
        Y.noalias() = view * Z;
        Y -= shift * Q;
    }
    if (!Y.allFinite()) return notFinite();
    const Matrix Q = basisOf(Y);
    Z.noalias() = view.transpose() * Q;
    if (!Z.allFinite()) return notFinite();
    // A ~ Q Z^T, and Z = Qz R is tall: the small triangle has the same singular values.
    const Eigen::HouseholderQR<Matrix> qr(Z);
    const Matrix R = qr.matrixQR().topRows(index(width)).triangularView<Eigen::Upper>();
    const Eigen::JacobiSVD<Matrix> svd(R.transpose(), Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Matrix V = qr.householderQ() * Matrix::Identity(index(cols), index(width));
    return pack(Q * svd.matrixU(), svd.singularValues(), V * svd.matrixV(), k);
}

Result<SvdFactors> fullSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                           std::size_t k)
{
    BS_CHECK(checkShape(A, rows, cols, k));
    useOneBlasThread();
    Matrix copy = View(A.data(), index(rows), index(cols));
    if (!copy.allFinite()) // LAPACK may not return from these
        return notFinite();
    const int m = static_cast<int>(rows);
    const int n = static_cast<int>(cols);
    const int smaller = std::min(m, n);
    Matrix U(m, smaller);
    Matrix Vt(smaller, n);
    Eigen::VectorXf sigma(smaller);
    std::vector<int> iwork(8 * static_cast<std::size_t>(smaller));
    int info = 0;
    int lwork = -1;
    float best = 0;
    sgesdd_("S", &m, &n, copy.data(), &m, sigma.data(), U.data(), &m, Vt.data(), &smaller, &best,
            &lwork, iwork.data(), &info);
    lwork = static_cast<int>(best);
    std::vector<float> work(static_cast<std::size_t>(lwork));
    sgesdd_("S", &m, &n, copy.data(), &m, sigma.data(), U.data(), &m, Vt.data(), &smaller,
            work.data(), &lwork, iwork.data(), &info);
    if (info != 0 || !sigma.allFinite()) return notFinite();
    return pack(U, sigma, Vt.transpose(), k);
}

} // namespace bs
