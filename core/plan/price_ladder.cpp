#include "core/plan/price_ladder.h"

#include <cmath>

namespace bs {

namespace {

/// A plane divides the error by about 3.2, that is 1.68 octaves.
constexpr double kOctaves = 1.12;
constexpr int kPrices = 12;
/// The second bit of a weight takes .213 of its energy for an eighth of a byte. Tiles within a matrix differ and feedback saves
/// half, so that a matrix's mean overstates what a bit is worth; measured on the demo model.
constexpr double kFirstPrice = 8 * 0.213 * 0.35;

} // namespace

double meanEnergy(std::span<const float> W, std::span<const float> moments, std::span<const float> rowWeight)
{
    const std::size_t rows = rowWeight.size();
    const std::size_t cols = W.size() / rows;
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        double row = 0;
        for (std::size_t j = 0; j < cols; ++j)
            row += static_cast<double>(moments[j * cols + j]) * static_cast<double>(W[i * cols + j]) * static_cast<double>(W[i * cols + j]);
        sum += row * static_cast<double>(rowWeight[i]);
    }
    return 0.5 * sum / static_cast<double>(W.size());
}

void EnergyMean::add(double meanEnergy, std::size_t weights)
{
    if (!(meanEnergy > 0))
        return;
    m_sum += std::log(meanEnergy) * static_cast<double>(weights);
    m_weights += static_cast<double>(weights);
}

double EnergyMean::value() const
{
    return m_weights > 0 ? std::exp(m_sum / m_weights) : 0;
}

std::vector<double> priceLadder(double energy)
{
    std::vector<double> prices;
    for (int i = 0; i < kPrices; ++i)
        prices.push_back(kFirstPrice * (energy > 0 ? energy : 1) * std::exp2(-kOctaves * i));
    return prices;
}

} // namespace bs
