#include "core/codecs/nested/standardise.h"

#include "core/codecs/nested/block_layout.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bs::nested {

namespace {

constexpr int kRounds = 6; ///< of alternating normalisation; outliers are cut again in each

struct Scales
{
    std::vector<float> row, col;
};

/// Row and column scales under which a matrix has mean square 1 in every row and column, as far as rank one can do
/// that. What lies more than `sigma` out counts as lying there, so that one huge weight does not flatten its row.
Scales rankOneScales(std::span<const float> W, std::size_t rows, std::size_t cols, float sigma)
{
    Scales s{std::vector<float>(rows, 1.0F), std::vector<float>(cols, 1.0F)};
    const auto n = static_cast<double>(cols);
    const auto m = static_cast<double>(rows);
    for (int round = 0; round < kRounds; ++round) {
        std::vector<double> colSum(cols, 0);
        for (std::size_t i = 0; i < rows; ++i) {
            const float* w = W.data() + i * cols;
            const float most = round == 0 ? 3e38F : sigma * s.row[i];
            double sum = 0;
            for (std::size_t j = 0; j < cols; ++j) {
                const float v = std::min(std::abs(w[j]) / s.col[j], most);
                sum += static_cast<double>(v) * static_cast<double>(v);
            }
            s.row[i] = std::max(static_cast<float>(std::sqrt(sum / n)), 1e-30F);
            for (std::size_t j = 0; j < cols; ++j) {
                const float v = std::min(std::abs(w[j]) / s.row[i], (round == 0 ? 3e38F : sigma) * s.col[j]);
                colSum[j] += static_cast<double>(v) * static_cast<double>(v);
            }
        }
        for (std::size_t j = 0; j < cols; ++j)
            s.col[j] = std::max(static_cast<float>(std::sqrt(colSum[j] / m)), 1e-30F);
    }
    return s;
}

/// Scales as a block stores them: a base and a byte each, 16 steps an octave, the largest kept.
float quantiseScales(std::vector<float>& scales, std::vector<std::uint8_t>& steps)
{
    const float largest = *std::max_element(scales.begin(), scales.end());
    const float smallest = std::max(*std::min_element(scales.begin(), scales.end()), largest * std::exp2(-255 / kScaleSteps));
    steps.clear();
    for (float& scale : scales) {
        const float octaves = std::log2(std::max(scale, smallest) / smallest);
        steps.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(octaves * kScaleSteps), 0L, 255L)));
        scale = smallest * std::exp2(static_cast<float>(steps.back()) / kScaleSteps);
    }
    return smallest;
}

std::vector<std::uint16_t> fallingOrder(const std::vector<float>& values)
{
    std::vector<std::uint16_t> order(values.size());
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::uint16_t a, std::uint16_t b) { return values[a] > values[b]; });
    return order;
}

template <typename T> std::vector<T> inOrder(const std::vector<T>& values, const std::vector<std::uint16_t>& order)
{
    std::vector<T> sorted;
    sorted.reserve(order.size());
    for (const std::uint16_t i : order)
        sorted.push_back(values[i]);
    return sorted;
}

/// Symmetric A [n, n], in place: element (j, k) becomes scale[j] scale[k] times what was at (order[j], order[k]).
void reorder(std::vector<float>& A, const std::vector<std::uint16_t>& order, const std::vector<float>& scale)
{
    const std::size_t n = order.size();
    std::vector<float> row(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < n; ++k)
            row[k] = A[i * n + order[k]] * scale[k];
        std::copy(row.begin(), row.end(), &A[i * n]);
    }
    // Rows move along the cycles of the permutation.
    std::vector<bool> placed(n, false);
    const auto place = [&](std::size_t j, const float* from) {
        std::transform(from, from + n, &A[j * n], [&](float a) { return a * scale[j]; });
        placed[j] = true;
    };
    for (std::size_t start = 0; start < n; ++start) {
        if (placed[start])
            continue;
        row.assign(&A[start * n], &A[start * n] + n);
        std::size_t j = start;
        for (; order[j] != start; j = order[j])
            place(j, &A[order[j] * n]);
        place(j, row.data());
    }
}

/// The distance beyond which a weight is an outlier: `sigma`, or further out if those were too many.
float outlierLimit(const Standard& s, float sigma, float mostShare)
{
    std::vector<float> beyond;
    for (const float z : s.z)
        if (std::abs(z) > sigma)
            beyond.push_back(std::abs(z));
    const auto most = static_cast<std::size_t>(mostShare * static_cast<float>(s.shape.rows * s.shape.cols)) + 1;
    if (beyond.size() <= most)
        return sigma;
    std::nth_element(beyond.begin(), beyond.begin() + static_cast<std::ptrdiff_t>(most), beyond.end(), std::greater<>());
    return beyond[most];
}

/// Cuts what lies beyond the limit and keeps the rest of it as f16.
void takeOutliers(Standard& s, float sigma, float mostShare)
{
    const float limit = outlierLimit(s, sigma, mostShare);
    for (std::size_t i = 0; i < s.shape.rows; ++i)
        for (std::size_t j = 0; j < s.shape.cols; ++j) {
            float& z = s.z[j * s.paddedRows + i];
            if (!(std::abs(z) > limit))
                continue;
            const float cut = std::clamp(z, -sigma, sigma);
            const float rest = halfToFloat(floatToHalf(std::clamp(z - cut, -65504.0F, 65504.0F)));
            s.outliers.push_back({static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(j), rest});
            z -= rest;
        }
}

} // namespace

Standard standardise(std::span<const float> W, std::size_t rows, std::size_t cols, LossModel loss,
                     const EncodeOptions& options)
{
    Standard s;
    s.shape = {rows, cols};
    s.paddedRows = s.shape.tileRows() * kTileRows;
    Scales scales = rankOneScales(W, rows, cols, options.outlierSigma);
    s.rowBase = quantiseScales(scales.row, s.rowStep);
    s.colBase = quantiseScales(scales.col, s.colStep);
    std::vector<float> rowShare(rows);
    for (std::size_t i = 0; i < rows; ++i)
        rowShare[i] = loss.rowWeight[i] * scales.row[i] * scales.row[i];
    std::vector<float> colShare(cols);
    for (std::size_t j = 0; j < cols; ++j)
        colShare[j] = loss.moments[j * cols + j] * scales.col[j] * scales.col[j];
    s.rowOrder = fallingOrder(rowShare);
    s.colOrder = fallingOrder(colShare);
    s.rowStep = inOrder(s.rowStep, s.rowOrder);
    s.colStep = inOrder(s.colStep, s.colOrder);
    s.rowScale = inOrder(scales.row, s.rowOrder);
    s.colScale = inOrder(scales.col, s.colOrder);
    s.rowLoss = inOrder(rowShare, s.rowOrder);
    s.rowLoss.resize(s.paddedRows, 0.0F);
    s.z.assign(cols * s.paddedRows, 0.0F);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* w = W.data() + s.rowOrder[i] * cols;
        for (std::size_t j = 0; j < cols; ++j)
            s.z[j * s.paddedRows + i] = w[s.colOrder[j]] / (s.rowScale[i] * s.colScale[j]);
    }
    takeOutliers(s, options.outlierSigma, options.mostOutliers);
    s.moments = std::move(loss.moments);
    reorder(s.moments, s.colOrder, s.colScale);
    return s;
}

} // namespace bs::nested
