#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bs {

/// Loss that a matrix stands for, averaged over its weights: 1/2 * mean of rowWeight_i * moments_jj * W_ij^2.
/// W [rows, cols], moments [cols, cols], rowWeight [rows].
double meanEnergy(std::span<const float> W, std::span<const float> moments, std::span<const float> rowWeight);

/// The energies of a model's matrices, to be turned into prices.
class EnergyMean
{
public:
    void add(double meanEnergy, std::size_t weights);
    /// Geometric mean over weights: what reverse water-filling compares a matrix with. 0 if there is none.
    double value() const;

private:
    double m_sum = 0;
    double m_weights = 0;
};

/// Prices (nats a byte), falling, for the codec `nested`: at the first one its matrices take about 1.5 bits a weight, at each further
/// one about two thirds of a plane more, at the last one close to all that it can code.
std::vector<double> priceLadder(double energy);

} // namespace bs
