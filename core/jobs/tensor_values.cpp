#include "core/jobs/tensor_values.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

constexpr double kReach = 5; // deviations

/// Sums of one piece, of which the mean is near that of all.
struct Piece
{
    double count = 0;
    double mean = 0;
    double squares = 0;
};

Piece pieceOf(std::span<const float> values)
{
    Piece piece;
    for (const float value : values)
        if (std::isfinite(value)) {
            piece.count += 1;
            piece.mean += static_cast<double>(value);
        }
    if (piece.count > 0) piece.mean /= piece.count;
    for (const float value : values)
        if (std::isfinite(value)) {
            const double apart = static_cast<double>(value) - piece.mean;
            piece.squares += apart * apart;
        }
    return piece;
}

} // namespace

void ValueSums::add(std::span<const float> values)
{
    for (const float value : values) {
        const auto number = static_cast<double>(value);
        if (!std::isfinite(number)) {
            ++m_seen.notFinite;
            continue;
        }
        m_seen.min = m_seen.count > 0 ? std::min(m_seen.min, number) : number;
        m_seen.max = m_seen.count > 0 ? std::max(m_seen.max, number) : number;
        m_seen.zeros += number == 0 ? 1 : 0;
        ++m_seen.count;
    }
    // Two means are put together by their distance (Chan, Golub and LeVeque), which loses nothing
    // where the sum of squares would.
    const Piece piece = pieceOf(values);
    if (piece.count == 0) return;
    const auto all = static_cast<double>(m_seen.count);
    const double before = all - piece.count;
    const double apart = piece.mean - m_mean;
    m_mean += apart * piece.count / all;
    m_squares += piece.squares + apart * apart * before * piece.count / all;
}

TensorStatistics ValueSums::statistics() const
{
    TensorStatistics result = m_seen;
    if (result.count == 0) return result;
    result.mean = m_mean;
    result.deviation = std::sqrt(m_squares / static_cast<double>(result.count));
    result.largest = std::max(std::abs(result.min), std::abs(result.max));
    return result;
}

TensorHistogram ValueSums::histogramRange() const
{
    const TensorStatistics all = statistics();
    TensorHistogram range;
    range.lower = std::max(all.min, all.mean - kReach * all.deviation);
    range.upper = std::min(all.max, all.mean + kReach * all.deviation);
    if (range.upper > range.lower) return range;
    const double half = std::max(1e-6, std::abs(all.mean) * 0.01); // all are alike
    range.lower = all.mean - half;
    range.upper = all.mean + half;
    return range;
}

void addToHistogram(TensorHistogram& histogram, std::span<const float> values)
{
    constexpr auto kBins = static_cast<double>(TensorHistogram::kBins);
    const double each = (histogram.upper - histogram.lower) / kBins;
    for (const float value : values) {
        const auto number = static_cast<double>(value);
        if (!std::isfinite(number)) continue;
        if (number < histogram.lower) {
            ++histogram.below;
        } else if (number > histogram.upper) {
            ++histogram.above;
        } else {
            const double bin = std::min((number - histogram.lower) / each, kBins - 1);
            ++histogram.counts.at(static_cast<std::size_t>(bin));
        }
    }
}

} // namespace bs
