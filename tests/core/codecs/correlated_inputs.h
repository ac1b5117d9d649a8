#pragma once

#include "tests/core/linalg/random_values.h"

#include <cmath>
#include <cstddef>
#include <vector>

namespace bs::test {

/// Normal weights whose columns differ in size, as calibrated ones do.
inline std::vector<float> weights(std::size_t rows, std::size_t cols)
{
    std::vector<float> W = randomValues(rows * cols, rows + 3 * cols);
    RandomValues random(5);
    std::vector<float> scale(cols);
    for (float& s : scale)
        s = 0.05F * std::exp(0.5F * random.gaussian());
    for (std::size_t i = 0; i < W.size(); ++i)
        W[i] *= scale[i % cols];
    return W;
}

/// Second moments of `samples` inputs: `causes` hidden ones mixed, a little noise, one channel far
/// larger. With fewer samples than columns they have no full rank.
inline std::vector<float> moments(std::size_t cols, std::size_t samples, std::size_t causes = 12)
{
    const std::vector<float> mix = randomValues(causes * cols, 11);
    RandomValues random(12);
    std::vector<float> H(cols * cols, 0.0F);
    std::vector<float> cause(causes);
    std::vector<float> x(cols);
    for (std::size_t t = 0; t < samples; ++t) {
        for (float& c : cause)
            c = random.gaussian();
        for (std::size_t j = 0; j < cols; ++j) {
            x[j] = 0.5F * random.gaussian();
            for (std::size_t c = 0; c < causes; ++c)
                x[j] += 0.3F * cause[c] * mix[c * cols + j];
        }
        x[cols / 3] *= 20;
        for (std::size_t i = 0; i < cols; ++i)
            for (std::size_t j = 0; j < cols; ++j)
                H[i * cols + j] += x[i] * x[j] / static_cast<float>(samples);
    }
    return H;
}

} // namespace bs::test
