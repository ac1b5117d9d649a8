#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace bs {

/// Gaussian weights, log-normal channel scales, eight channels thirty times as large, inputs that go together with their neighbours.
struct MadeUpMatrix
{
    std::size_t rows, cols;
    std::vector<float> W, moments, rowWeight;

    MadeUpMatrix(std::size_t r, std::size_t c)
        : rows(r), cols(c), W(r * c), moments(c * c), rowWeight(r)
    {
        std::mt19937_64 random(7);
        std::normal_distribution<float> normal;
        std::vector<float> channel(cols);
        for (float& scale : channel)
            scale = std::exp(0.5F * normal(random));
        for (int i = 0; i < 8; ++i)
            channel[random() % cols] *= 30;
        for (float& w : W)
            w = 0.02F * normal(random);
        for (float& weight : rowWeight)
            weight = std::exp(normal(random));
        std::vector<float> together(cols); // of inputs so far apart
        for (std::size_t apart = 0; apart < cols; ++apart)
            together[apart] = (apart == 0 ? 0.7F : 0.0F) + 0.3F * std::pow(0.99F, static_cast<float>(apart));
        for (std::size_t i = 0; i < cols; ++i)
            for (std::size_t j = 0; j < cols; ++j)
                moments[i * cols + j] = channel[i] * channel[j] * together[i > j ? i - j : j - i];
    }
};

} // namespace bs
