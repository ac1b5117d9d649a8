#pragma once

#include "core/jobs/describe_tensor.h"

#include <span>

namespace bs {

/// Values of a tensor, added up piece by piece.
class ValueSums
{
public:
    void add(std::span<const float> values);
    TensorStatistics statistics() const;
    /// An empty histogram from five deviations below the mean to five above it, or as far as there
    /// are values.
    TensorHistogram histogramRange() const;

private:
    TensorStatistics m_seen; ///< mean and deviation: sums, see statistics()
    double m_mean = 0;
    double m_squares = 0; ///< of distances from the mean
};

void addToHistogram(TensorHistogram& histogram, std::span<const float> values);

/// A slab of a stack as an entry of its own.
TensorEntry slabEntry(const Container& container, std::uint32_t matrix);

} // namespace bs
