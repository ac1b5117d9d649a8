#include "core/linalg/svd.h"

#include "core/linalg/blas.h"
#include "core/linalg/narrow_product.h"

// Eigen's products go to OpenBLAS: in plain x86-64 code its own are a third as fast. This is the
// only file that includes Eigen with this setting, and it must stay so (one definition).
#define EIGEN_USE_BLAS
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Dense>
#include <algorithm>
#include <string>

extern "C" void sgesdd_(const char* job, const int* m, const int* n, float* a, const int* lda,
                        float* s, float* u, const int* ldu, float* vt, const int* ldvt, float* work,
                        const int* lwork, int* iwork, int* info);
extern "C" void ssyevr_(const char* job, const char* range, const char* uplo, const int* n, float* a, const int* lda, const float* vl, const float* vu,
                        const int* il, const int* iu, const float* tolerance, int* found, float* w, float* z, const int* ldz, int* support,
                        float* work, const int* lwork, int* iwork, const int* liwork, int* info);

namespace bs {

namespace {

using Matrix = Eigen::MatrixXf;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const RowMajor>;

Eigen::Index index(std::size_t size)
{
    return static_cast<Eigen::Index>(size);
}

Error notFinite()
{
    return {ErrorCode::Numeric, "singular values are not finite: the matrix holds NaN, infinity or "
                                "values whose products overflow"};
}

/// Random signs from splitmix64 (Steele, Lea, Flood 2014): the standard's generators would do, its distributions differ between libraries.
Matrix randomSigns(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed)
{
    std::uint64_t state = seed;
    return Matrix::NullaryExpr(rows, cols, [&state] {
        state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return (z ^ (z >> 31)) >> 63 != 0 ? 1.0F : -1.0F;
    });
}

/// Smallest of Cholesky's pivots over the largest one; below, products in f32 are no longer orthogonal.
constexpr double kLeastPivot = 1e-4;

/// An orthonormal basis of the columns: by Cholesky's decomposition of their products in f64, an order faster than Householder's reflections,
/// which take over where columns nearly depend on each other.
Matrix basisOf(const Matrix& Y)
{
    const Eigen::MatrixXd wide = Y.cast<double>();
    const Eigen::LLT<Eigen::MatrixXd> llt(wide.transpose() * wide);
    const Eigen::VectorXd pivots = llt.matrixLLT().diagonal();
    if (llt.info() == Eigen::Success && pivots.minCoeff() > kLeastPivot * pivots.maxCoeff())
        return Y * llt.matrixU().solve(Eigen::MatrixXd::Identity(Y.cols(), Y.cols())).cast<float>();
    const Eigen::HouseholderQR<Matrix> qr(Y);
    return qr.householderQ() * Matrix::Identity(Y.rows(), Y.cols());
}

/// A row-major matrix A [rows, cols] that is multiplied with a few columns.
struct Narrow
{
    const float* values;
    std::size_t rows, cols;

    /// A Q, A^T Q, A^T A Q and A A^T Q.
    Matrix times(const Matrix& Q) const { return product(multiplyNarrow, Q, rows); }
    Matrix transposedTimes(const Matrix& Q) const { return product(multiplyNarrowTransposed, Q, cols); }
    Matrix gramTimes(const Matrix& Q) const { return product(multiplyNarrowGram, Q, cols); }
    Matrix gramTransposedTimes(const Matrix& Q) const { return product(multiplyNarrowGramTransposed, Q, rows); }

    template <typename Multiply> Matrix product(Multiply multiply, const Matrix& Q, std::size_t outRows) const
    {
        Matrix Y(index(outRows), Q.cols());
        multiply(values, rows, cols, Q.data(), static_cast<std::size_t>(Q.cols()), Y.data());
        return Y;
    }
};

/// Eigenvectors of the k largest eigenvalues of a symmetric matrix (its lower triangle), the largest first.
Result<Matrix> leadingEigenvectors(Matrix S, Eigen::Index k)
{
    if (!S.allFinite()) // LAPACK may not return from these
        return notFinite();
    const int n = static_cast<int>(S.rows());
    const int first = n - static_cast<int>(k) + 1;
    const float unused = 0;
    int found = 0;
    int info = 0;
    Eigen::VectorXf values(n);
    Matrix vectors(n, k);
    std::vector<int> support(2 * static_cast<std::size_t>(k));
    int lwork = -1;
    int liwork = -1;
    float best = 0;
    int bestInt = 0;
    ssyevr_("V", "I", "L", &n, S.data(), &n, &unused, &unused, &first, &n, &unused, &found, values.data(), vectors.data(), &n, support.data(), &best,
            &lwork, &bestInt, &liwork, &info);
    lwork = static_cast<int>(best);
    liwork = bestInt;
    std::vector<float> work(static_cast<std::size_t>(lwork));
    std::vector<int> iwork(static_cast<std::size_t>(liwork));
    ssyevr_("V", "I", "L", &n, S.data(), &n, &unused, &unused, &first, &n, &unused, &found, values.data(), vectors.data(), &n, support.data(),
            work.data(), &lwork, iwork.data(), &liwork, &info);
    if (info != 0 || found != k)
        return notFinite();
    return Matrix(vectors.rowwise().reverse());
}

/// Of the length of a Krylov block, what lies outside those before it: less is rounding, and nothing is left to find.
constexpr float kExhausted = 1e-5F;

/// A matrix as its shorter side by its longer one, as the space of its singular vectors sees it.
class SidesHere
{
public:
    /// `width`: vectors that will go there and back.
    SidesHere(const Narrow& A, std::size_t width)
        : m_A(A)
    {
        // Multiplied out where that takes fewer multiplications than it saves: mostly where one side is short.
        const Eigen::Index w = index(width);
        if (shorter() * longer() + 2 * w * shorter() < 4 * w * longer())
            m_product = product();
    }

    Eigen::Index shorter() const { return index(std::min(m_A.rows, m_A.cols)); }
    /// Q [shorter, k] on the longer side.
    Result<Matrix> toLonger(const Matrix& Q) const { return rowsAreShorter() ? m_A.transposedTimes(Q) : m_A.times(Q); }
    /// And back again.
    Result<Matrix> thereAndBack(const Matrix& Q) const
    {
        if (m_product.size() > 0)
            return Narrow{m_product.data(), static_cast<std::size_t>(shorter()), static_cast<std::size_t>(shorter())}.times(Q);
        return rowsAreShorter() ? m_A.gramTransposedTimes(Q) : m_A.gramTimes(Q);
    }
    /// All products of the shorter side's vectors.
    Matrix product() const
    {
        if (m_product.size() > 0)
            return m_product;
        const View A(m_A.values, index(m_A.rows), index(m_A.cols));
        Matrix lower = Matrix::Zero(shorter(), shorter());
        if (rowsAreShorter())
            lower.selfadjointView<Eigen::Lower>().rankUpdate(A);
        else
            lower.selfadjointView<Eigen::Lower>().rankUpdate(A.transpose());
        return lower.selfadjointView<Eigen::Lower>();
    }

private:
    bool rowsAreShorter() const { return m_A.rows < m_A.cols; }
    Eigen::Index longer() const { return index(std::max(m_A.rows, m_A.cols)); }

    Narrow m_A;
    Matrix m_product; ///< or empty
};

/// The same of a matrix on a card. Matrices of k columns go there and come back, which are k rows to it.
class SidesOnCard
{
public:
    SidesOnCard(HeldMatrix& held, std::size_t rows, std::size_t cols)
        : m_held(held), m_rowsAreShorter(rows < cols), m_longer(index(std::max(rows, cols))), m_shorter(index(std::min(rows, cols)))
    {
    }

    Eigen::Index shorter() const { return m_shorter; }
    Result<Matrix> toLonger(const Matrix& Q) const { return through(Q, m_longer, !m_rowsAreShorter); }
    Result<Matrix> thereAndBack(const Matrix& Q) const
    {
        BS_TRY(const Matrix longer, toLonger(Q));
        return through(longer, m_shorter, m_rowsAreShorter);
    }

private:
    Result<Matrix> through(const Matrix& Q, Eigen::Index outRows, bool toRows) const
    {
        Matrix Y(outRows, Q.cols());
        const auto k = static_cast<std::size_t>(Q.cols());
        BS_CHECK(toRows ? m_held.multiply(Q.data(), k, Y.data()) : m_held.multiplyTransposed(Q.data(), k, Y.data(), Into::Replace));
        return Y;
    }

    HeldMatrix& m_held;
    bool m_rowsAreShorter;
    Eigen::Index m_longer;
    Eigen::Index m_shorter;
};

/// Whether all eigenvectors of x x^T cost no more than a Krylov space.
bool isSmall(std::size_t rows, std::size_t cols, std::size_t k, const RandomSvdOptions& options)
{
    return std::min(rows, cols) <= k * (options.blocks + 1);
}

/// The space of the k leading singular vectors on x's shorter side: from Q, x x^T Q, (x x^T)^2 Q, .., each block made orthogonal to all before.
template <typename Sides> Result<Matrix> krylovSpace(const Sides& x, Eigen::Index k, const RandomSvdOptions& options)
{
    const Eigen::Index n = x.shorter();
    const Eigen::Index width = k * index(options.blocks);
    Matrix space(n, width);
    Matrix image(n, width); // x x^T of it
    Matrix Y = randomSigns(n, k, options.seed);
    Eigen::Index done = 0;
    for (; done < width; done += k) {
        const Narrow before{space.data(), static_cast<std::size_t>(done), static_cast<std::size_t>(n)};
        const float all = Y.norm();
        Y -= before.transposedTimes(before.times(Y));
        if (Y.norm() <= kExhausted * all)
            break;
        Y = basisOf(Y); // and again, for what rounding left of large directions
        Y -= before.transposedTimes(before.times(Y));
        Y = basisOf(Y);
        space.middleCols(done, k) = Y;
        BS_TRY(Y, x.thereAndBack(Y));
        if (!Y.allFinite())
            return notFinite();
        image.middleCols(done, k) = Y;
    }
    BS_TRY(const Matrix best, leadingEigenvectors(space.leftCols(done).transpose() * image.leftCols(done), k));
    return Matrix(basisOf(space.leftCols(done) * best));
}

/// Factors of x from its leading space; what they leave is as small as that space allows.
struct SideFactors
{
    Matrix shorter, longer; ///< orthonormal, [side of x, k]
    Eigen::VectorXf sigma;
};

template <typename Sides> Result<SideFactors> factorsFrom(const Matrix& space, const Sides& x)
{
    BS_TRY(const Matrix B, x.toLonger(space));
    if (!B.allFinite())
        return notFinite();
    // B = Q R is tall: the small triangle has the same singular values.
    const Eigen::Index k = space.cols();
    const Eigen::HouseholderQR<Matrix> qr(B);
    const Matrix R = qr.matrixQR().topRows(k).template triangularView<Eigen::Upper>();
    const Eigen::JacobiSVD<Matrix> svd(R, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Matrix Q = qr.householderQ() * Matrix::Identity(B.rows(), k);
    return SideFactors{space * svd.matrixV(), Q * svd.matrixU(), svd.singularValues()};
}

Result<void> checkRank(std::size_t rows, std::size_t cols, std::size_t k)
{
    if (k == 0 || k > std::min(rows, cols))
        return Error{ErrorCode::Shape, "rank " + std::to_string(k) + " does not fit a matrix of " +
                                           std::to_string(rows) + " x " + std::to_string(cols)};
    return {};
}

Result<void> checkShape(std::span<const float> A, std::size_t rows, std::size_t cols, std::size_t k)
{
    if (A.size() != rows * cols)
        return Error{ErrorCode::Shape, "matrix of " + std::to_string(rows) + " x " +
                                           std::to_string(cols) + " has " +
                                           std::to_string(A.size()) + " values"};
    return checkRank(rows, cols, k);
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

SvdFactors pack(const SideFactors& found, bool rowsAreShorter, std::size_t k)
{
    return rowsAreShorter ? pack(found.shorter, found.sigma, found.longer, k) : pack(found.longer, found.sigma, found.shorter, k);
}

} // namespace

Result<SvdFactors> truncatedSvd(std::span<const float> A, std::size_t rows, std::size_t cols,
                                std::size_t k, const RandomSvdOptions& options)
{
    BS_CHECK(checkShape(A, rows, cols, k));
    useOneBlasThread();
    const SidesHere x({A.data(), rows, cols}, k * options.blocks);
    BS_TRY(const Matrix space, isSmall(rows, cols, k, options) ? leadingEigenvectors(x.product(), index(k)) : krylovSpace(x, index(k), options));
    BS_TRY(const SideFactors found, factorsFrom(space, x));
    return pack(found, rows < cols, k);
}

Result<SvdFactors> truncatedSvd(HeldMatrix& A, std::size_t rows, std::size_t cols, std::size_t k, const RandomSvdOptions& options)
{
    BS_CHECK(checkRank(rows, cols, k));
    if (isSmall(rows, cols, k, options)) {
        std::vector<float> here(rows * cols);
        BS_CHECK(A.read(here.data()));
        return truncatedSvd(here, rows, cols, k, options);
    }
    useOneBlasThread();
    const SidesOnCard x(A, rows, cols);
    BS_TRY(const Matrix space, krylovSpace(x, index(k), options));
    BS_TRY(const SideFactors found, factorsFrom(space, x));
    return pack(found, rows < cols, k);
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
