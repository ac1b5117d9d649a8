#include "core/infer/row_gradients.h"

#include <Eigen/Core>
#include <cmath>

namespace bs {

namespace {

constexpr std::size_t kRowGrain = 16;
constexpr std::size_t kValueGrain = 4096;

using Values = Eigen::Map<Eigen::ArrayXf>;
using ConstValues = Eigen::Map<const Eigen::ArrayXf>;

Eigen::Index indexOf(std::size_t value)
{
    return static_cast<Eigen::Index>(value);
}

} // namespace

void normForward(const float* x, const std::vector<float>& weight, std::size_t n, float epsilon,
                 NormRows& rows, ThreadPool& pool)
{
    const std::size_t width = weight.size();
    rows.normalised.resize(n * width);
    rows.inverse.resize(n);
    rows.y.resize(n * width);
    const ConstValues w(weight.data(), indexOf(width));
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            const ConstValues row(x + t * width, indexOf(width));
            rows.inverse[t] =
                1.0F / std::sqrt(row.square().sum() / static_cast<float>(width) + epsilon);
            Values normalised(rows.normalised.data() + t * width, indexOf(width));
            normalised = row * rows.inverse[t];
            Values(rows.y.data() + t * width, indexOf(width)) = normalised * w;
        }
    });
}

void normBackward(const NormRows& rows, const std::vector<float>& weight, std::size_t n,
                  const float* gradY, float* gradX, ThreadPool& pool)
{
    const std::size_t width = weight.size();
    const ConstValues w(weight.data(), indexOf(width));
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            const ConstValues g(gradY + t * width, indexOf(width));
            const ConstValues normalised(rows.normalised.data() + t * width, indexOf(width));
            const float along = (g * w * normalised).sum() / static_cast<float>(width);
            Values(gradX + t * width, indexOf(width)) +=
                rows.inverse[t] * (g * w - along * normalised);
        }
    });
}

void swigluForward(const float* gate, const float* up, float* y, std::size_t count,
                   ThreadPool& pool)
{
    pool.parallelRanges(count, kValueGrain, [&](std::size_t begin, std::size_t end) {
        const Eigen::Index length = indexOf(end - begin);
        const ConstValues g(gate + begin, length);
        Values(y + begin, length) = g / (1.0F + (-g).exp()) * ConstValues(up + begin, length);
    });
}

void swigluBackward(const float* gradY, float* gate, float* up, std::size_t count, ThreadPool& pool)
{
    pool.parallelRanges(count, kValueGrain, [&](std::size_t begin, std::size_t end) {
        const Eigen::Index length = indexOf(end - begin);
        const ConstValues gy(gradY + begin, length);
        Values g(gate + begin, length);
        Values u(up + begin, length);
        thread_local Eigen::ArrayXf sigmoid;
        sigmoid = 1.0F / (1.0F + (-g).exp());
        // silu(g) = g s, its derivative s (1 + g (1 - s))
        thread_local Eigen::ArrayXf gradUp;
        gradUp = gy * g * sigmoid;
        g = gy * u * sigmoid * (1.0F + g * (1.0F - sigmoid));
        u = gradUp;
    });
}

} // namespace bs
