#include "core/codecs/bitstack/error_feedback.h"

#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/linalg/symmetric.h"

#include <algorithm>
#include <cmath>

namespace bs::bitstack {

namespace {

/// Columns that are worked on together; what they owe to all before them is one product.
constexpr std::size_t kPanel = 64;

} // namespace

Result<ErrorFeedback> ErrorFeedback::create(std::span<const float> H, std::size_t n, float damping)
{
    // With rows and columns reversed, U is a lower factor. With a diagonal of ones f32 is enough:
    // the damped matrix is then far from singular.
    std::vector<float> L(H.rbegin(), H.rend());
    std::vector<float> scale(n);
    for (std::size_t j = 0; j < n; ++j)
        scale[j] = 1 / std::sqrt(L[j * n + j] * (1 + damping));
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
    std::reverse(L.begin(), L.end());
    ErrorFeedback feedback(n);
    feedback.m_U = std::move(L);
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
    for (std::size_t begin = 0; begin < n; begin += kPanel) {
        const std::size_t width = std::min(kPanel, n - begin);
        if (begin > 0)
            gemmNT(rows, width, begin, E.data(), n, m_U.data() + begin * n, n, aim.data(), width);
        for (std::size_t i = 0; i < rows; ++i) {
            float* a = aim.data() + i * width;
            const std::size_t at = i * n + begin;
            for (std::size_t c = 0; c < width; ++c)
                a[c] += R[at + c];
            for (std::size_t c = 0; c < width; ++c) {
                S[at + c] = (a[c] >= 0) == (M[at + c] >= 0) ? 1.0F : -1.0F;
                E[at + c] = R[at + c] - S[at + c] * M[at + c];
                const std::size_t next = c + 1;
                axpy(E[at + c], m_U.data() + (begin + c) * n + begin + next, a + next,
                     width - next);
            }
        }
    }
}

} // namespace bs::bitstack
