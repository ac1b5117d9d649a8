#include "core/codecs/bitstack/error_feedback.h"

#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/linalg/symmetric.h"

#include <cmath>

namespace bs::bitstack {

namespace {

/// Columns that are worked on together; what they owe to all before them is one product.
constexpr std::size_t kPanel = 64;

} // namespace

Result<ErrorFeedback> ErrorFeedback::create(const std::vector<float>& H, std::size_t n,
                                            float damping)
{
    ErrorFeedback feedback(n);
    // With a diagonal of ones f32 is enough: the damped matrix is then far from singular.
    std::vector<float> scale(n);
    for (std::size_t j = 0; j < n; ++j)
        scale[j] = 1 / std::sqrt(H[j * n + j] * (1 + damping));
    std::vector<float>& L = feedback.m_L;
    L = H;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < i; ++j)
            L[i * n + j] *= scale[i] * scale[j];
        L[i * n + i] = 1;
    }
    if (auto found = choleskyLower(L, n); !found)
        return std::move(found).error().in("second moments of the input");
    std::vector<float> unit(n);
    for (std::size_t j = 0; j < n; ++j)
        unit[j] = scale[j] / L[j * n + j];
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            L[i * n + j] *= unit[j] / scale[i];
    mirrorLower(L.data(), n);
    return feedback;
}

void ErrorFeedback::chooseSigns(const std::vector<float>& R, const std::vector<float>& M,
                                std::vector<float>& S) const
{
    const std::size_t n = m_n;
    const std::size_t rows = R.size() / n;
    const auto axpy = kernels().axpy;
    std::vector<float> E(R.size());
    std::vector<float> aim(rows * kPanel, 0.0F);
    for (std::size_t end = n; end > 0;) {
        const std::size_t begin = end > kPanel ? end - kPanel : 0;
        const std::size_t width = end - begin;
        if (end < n)
            gemmNT(rows, width, n - end, E.data() + end, n, m_L.data() + begin * n + end, n,
                   aim.data(), width);
        for (std::size_t i = 0; i < rows; ++i) {
            float* a = aim.data() + i * width;
            const std::size_t at = i * n + begin;
            for (std::size_t c = 0; c < width; ++c)
                a[c] += R[at + c];
            for (std::size_t c = width; c-- > 0;) {
                S[at + c] = (a[c] >= 0) == (M[at + c] >= 0) ? 1.0F : -1.0F;
                E[at + c] = R[at + c] - S[at + c] * M[at + c];
                axpy(E[at + c], m_L.data() + (begin + c) * n + begin, a, c);
            }
        }
        end = begin;
    }
}

} // namespace bs::bitstack
