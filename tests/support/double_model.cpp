#include "tests/support/double_model.h"

#include <cmath>

namespace bs::test {

namespace {

void rotate(const ModelConfig& config, std::vector<double>& rows, std::size_t heads)
{
    const std::size_t half = config.headDim / 2;
    const std::size_t stride = heads * config.headDim;
    for (std::size_t t = 0; t < rows.size() / stride; ++t)
        for (std::size_t h = 0; h < heads; ++h)
            for (std::size_t i = 0; i < half; ++i) {
                const double angle =
                    static_cast<double>(t) *
                    std::pow(static_cast<double>(config.ropeBase),
                             -static_cast<double>(2 * i) / static_cast<double>(config.headDim)) /
                    static_cast<double>(ropeDivisor(config, i));
                double& a = rows[t * stride + h * config.headDim + i];
                double& b = rows[t * stride + h * config.headDim + i + half];
                const double rotated = a * std::cos(angle) - b * std::sin(angle);
                b = b * std::cos(angle) + a * std::sin(angle);
                a = rotated;
            }
}

/// Softmax weights of the query at t of head h over the keys 0 .. t; 0 before the window.
std::vector<double> softmaxOf(const ModelConfig& config, const std::vector<double>& q,
                              const std::vector<double>& k, std::size_t t, std::size_t h)
{
    const std::size_t d = config.headDim;
    const std::size_t kv = h / (config.heads / config.kvHeads);
    std::vector<double> p(t + 1);
    double sum = 0;
    const std::size_t window = config.slidingWindow == 0 ? t + 1 : config.slidingWindow;
    for (std::size_t s = t + 1 > window ? t + 1 - window : 0; s <= t; ++s) {
        double score = 0;
        for (std::size_t i = 0; i < d; ++i)
            score += q[t * config.qWidth() + h * d + i] * k[s * config.kvWidth() + kv * d + i];
        p[s] = std::exp(score / std::sqrt(static_cast<double>(d)));
        sum += p[s];
    }
    for (double& value : p)
        value /= sum;
    return p;
}

void addBias(std::vector<double>& rows, const std::vector<float>& bias)
{
    for (std::size_t i = 0; !bias.empty() && i < rows.size(); ++i)
        rows[i] += static_cast<double>(bias[i % bias.size()]);
}

std::vector<double> attend(const ModelConfig& config, const std::vector<double>& q,
                           const std::vector<double>& k, const std::vector<double>& v)
{
    const std::size_t d = config.headDim;
    std::vector<double> out(q.size());
    for (std::size_t t = 0; t < q.size() / config.qWidth(); ++t)
        for (std::size_t h = 0; h < config.heads; ++h) {
            const std::size_t kv = h / (config.heads / config.kvHeads);
            const std::vector<double> p = softmaxOf(config, q, k, t, h);
            for (std::size_t s = 0; s <= t; ++s)
                for (std::size_t i = 0; i < d; ++i)
                    out[t * config.qWidth() + h * d + i] +=
                        p[s] * v[s * config.kvWidth() + kv * d + i];
        }
    return out;
}

} // namespace

std::vector<double> doubleNorm(const std::vector<double>& x, const std::vector<float>& weight,
                               float epsilon)
{
    const std::size_t width = weight.size();
    std::vector<double> y(x.size());
    for (std::size_t first = 0; first < x.size(); first += width) {
        double sum = 0;
        for (std::size_t i = 0; i < width; ++i)
            sum += x[first + i] * x[first + i];
        const double inverse =
            1 / std::sqrt(sum / static_cast<double>(width) + static_cast<double>(epsilon));
        for (std::size_t i = 0; i < width; ++i)
            y[first + i] = x[first + i] * inverse * static_cast<double>(weight[i]);
    }
    return y;
}

std::vector<double> doubleProduct(std::span<const float> W, std::size_t rows,
                                  const std::vector<double>& x)
{
    const std::size_t cols = W.size() / rows;
    std::vector<double> y(x.size() / cols * rows);
    for (std::size_t t = 0; t < x.size() / cols; ++t)
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < cols; ++j)
                y[t * rows + i] += static_cast<double>(W[i * cols + j]) * x[t * cols + j];
    return y;
}

void doubleLayer(const ModelConfig& config, const LayerWeights& weights,
                 std::vector<double>& hidden, const DoubleProbe& probe)
{
    auto linear = [&](Slot slot, const std::vector<double>& x) {
        const Linear& matrix = weights[slot];
        const auto* values = reinterpret_cast<const float*>(matrix.matrix.data);
        auto y = doubleProduct({values, matrix.rows * matrix.cols}, matrix.rows, x);
        if (probe) probe(slot, x, y);
        return y;
    };
    auto add = [&](const std::vector<double>& delta) {
        for (std::size_t i = 0; i < hidden.size(); ++i)
            hidden[i] += delta[i];
    };
    std::vector<double> x = doubleNorm(hidden, weights.inputNorm, config.normEpsilon);
    std::vector<double> q = linear(Slot::Q, x);
    std::vector<double> k = linear(Slot::K, x);
    std::vector<double> v = linear(Slot::V, x);
    addBias(q, weights.qBias);
    addBias(k, weights.kBias);
    addBias(v, weights.vBias);
    if (config.headNorms) { // each head is a row of its own
        q = doubleNorm(q, weights.qNorm, config.normEpsilon);
        k = doubleNorm(k, weights.kNorm, config.normEpsilon);
    }
    rotate(config, q, config.heads);
    rotate(config, k, config.kvHeads);
    add(linear(Slot::O, attend(config, q, k, v)));
    x = doubleNorm(hidden, weights.postNorm, config.normEpsilon);
    std::vector<double> gate = linear(Slot::Gate, x);
    const std::vector<double> up = linear(Slot::Up, x);
    for (std::size_t i = 0; i < gate.size(); ++i)
        gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
    add(linear(Slot::Down, gate));
}

} // namespace bs::test
