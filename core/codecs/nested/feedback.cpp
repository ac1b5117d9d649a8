#include "core/codecs/nested/feedback.h"

#include "core/linalg/symmetric.h"
#include "core/linalg/triangular.h"

#include <algorithm>
#include <numeric>

namespace bs::nested {

namespace {

constexpr std::size_t kInverseRows = 256;

/// Element (j, k) of a matrix seen with rows and columns from the last to the first.
std::size_t mirrored(std::size_t j, std::size_t k, std::size_t n)
{
    return (n - 1 - j) * n + (n - 1 - k);
}

} // namespace

std::vector<float> dampingOf(std::span<const float> diagonal, float damping, float floor)
{
    const double trace = std::accumulate(diagonal.begin(), diagonal.end(), 0.0);
    // All-zero moments: any factor will do, none of the columns matters.
    const float least =
        trace > 0 ? static_cast<float>(static_cast<double>(std::max(floor, 1e-6F)) * trace / static_cast<double>(diagonal.size())) : 1.0F;
    std::vector<float> added;
    for (const float d : diagonal)
        added.push_back(damping * d + least);
    return added;
}

float ownLoss(float pivotSquare, float counted)
{
    return std::max(pivotSquare - counted, 1e-6F * pivotSquare);
}

Result<Feedback> makeFeedback(std::vector<float> moments, std::size_t n, float damping, float floor)
{
    std::vector<float> diagonal(n);
    for (std::size_t j = 0; j < n; ++j)
        diagonal[j] = moments[j * n + j];
    const std::vector<float> added = dampingOf(diagonal, damping, floor);

    // With rows and columns reversed, R R^T is a lower factor times its transpose.
    std::reverse(moments.begin(), moments.end());
    for (std::size_t j = 0; j < n; ++j)
        moments[mirrored(j, j, n)] += added[j];
    BS_CHECK(choleskyLower(moments, n));
    std::reverse(moments.begin(), moments.end());

    Feedback result;
    result.own.resize(n);
    std::vector<float> inverse(n); // of R's diagonal
    for (std::size_t k = 0; k < n; ++k) {
        const float pivot = moments[k * n + k];
        result.own[k] = pivot * pivot;
        inverse[k] = 1 / pivot;
    }
    for (std::size_t j = 0; j < n; ++j) {
        std::fill_n(moments.data() + j * n, j + 1, 0.0F);
        for (std::size_t k = j + 1; k < n; ++k)
            moments[j * n + k] *= inverse[k];
    }
    // own[j] so far counts the damping as loss: it enters through row j of the inverse, of which a few rows are had at a time.
    for (std::size_t first = 0; first < n; first += kInverseRows) {
        const std::size_t count = std::min(kInverseRows, n - first);
        const std::size_t width = n - first;
        std::vector<float> rows(count * width, 0.0F);
        for (std::size_t j = 0; j < count; ++j)
            rows[j * width + j] = 1;
        solveUnitUpper(&moments[first * n + first], n, width, rows.data(), count);
        for (std::size_t j = 0; j < count; ++j) {
            double counted = static_cast<double>(added[first + j]);
            for (std::size_t k = j + 1; k < width; ++k)
                counted += static_cast<double>(rows[j * width + k]) * static_cast<double>(rows[j * width + k]) *
                           static_cast<double>(added[first + k]);
            float& own = result.own[first + j];
            own = ownLoss(own, static_cast<float>(counted));
        }
    }
    result.factor = std::move(moments);
    return result;
}

} // namespace bs::nested
