#include "core/infer/layer.h"

#include "core/infer/attention.h"
#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <utility>

#include <Eigen/Core>

namespace bs {

Rope::Rope(const ModelConfig& config) : m_half(config.headDim / 2), m_frequency(m_half)
{
    // f32 throughout, as transformers computes them: logits are compared with its own.
    for (std::size_t i = 0; i < m_half; ++i)
        m_frequency[i] = 1.0F / std::pow(config.ropeBase, static_cast<float>(2 * i) / static_cast<float>(config.headDim));
}

void Rope::reserve(std::size_t positions)
{
    for (std::size_t p = m_cos.size() / m_half; p < positions; ++p)
        for (std::size_t i = 0; i < m_half; ++i) {
            const float angle = static_cast<float>(p) * m_frequency[i];
            m_cos.push_back(std::cos(angle));
            m_sin.push_back(std::sin(angle));
        }
}

void Rope::turn(float* head, std::size_t position, float direction) const
{
    const float* c = m_cos.data() + position * m_half;
    const float* sines = m_sin.data() + position * m_half;
    for (std::size_t i = 0; i < m_half; ++i) {
        const float a = head[i];
        const float b = head[i + m_half];
        const float s = direction * sines[i];
        head[i] = a * c[i] - b * s;
        head[i + m_half] = b * c[i] + a * s;
    }
}

void rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t width, float epsilon, float* y)
{
    for (std::size_t row = 0; row < n; ++row, x += width, y += width) {
        float sum = Eigen::Map<const Eigen::ArrayXf>(x, static_cast<Eigen::Index>(width)).square().sum();
        const float scale = 1.0F / std::sqrt(sum / static_cast<float>(width) + epsilon);
        for (std::size_t i = 0; i < width; ++i)
            y[i] = x[i] * scale * weight[i];
    }
}

namespace {

void rotateHeads(const Rope& rope, float* rows, std::size_t heads, std::size_t headDim,
                 const std::vector<SequenceRows>& sequences)
{
    for (const SequenceRows& sequence : sequences)
        for (std::size_t r = 0; r < sequence.count; ++r, rows += heads * headDim)
            for (std::size_t h = 0; h < heads; ++h)
                rope.rotate(rows + h * headDim, sequence.firstPosition + r);
}

void appendToCaches(const ModelConfig& config, const float* k, const float* v,
                    const std::vector<SequenceRows>& sequences)
{
    const std::size_t d = config.headDim;
    for (const SequenceRows& sequence : sequences)
        for (std::size_t r = 0; r < sequence.count; ++r, k += config.kvWidth(), v += config.kvWidth())
            for (std::size_t h = 0; h < config.kvHeads; ++h) {
                const std::size_t at = (h * sequence.cache.capacity + sequence.firstPosition + r) * d;
                std::memcpy(sequence.cache.keys + at, k + h * d, d * sizeof(float));
                std::memcpy(sequence.cache.values + at, v + h * d, d * sizeof(float));
            }
}

void addTo(std::vector<float>& delta, float* hidden, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        hidden[i] += delta[i];
}

/// gate <- silu(gate) * up
void swiglu(float* gate, const float* up, std::size_t count, ThreadPool& pool)
{
    pool.parallelRanges(count, 4096, [&](std::size_t begin, std::size_t end) {
        kernels().swiglu(gate + begin, up + begin, end - begin);
    });
}

} // namespace

void layerForward(const ModelConfig& config, const LayerWeights& weights, const Rope& rope,
                  const std::vector<SequenceRows>& sequences, float* hidden, std::size_t n,
                  LayerScratch& s, ThreadPool& pool, ActivationTap* tap)
{
    auto see = [&](Slot slot, const std::vector<float>& x, std::size_t cols) {
        if (tap != nullptr)
            tap->input(slot, x.data(), n, cols);
    };
    auto apply = [&](const std::vector<float>& x, std::initializer_list<std::pair<Slot, std::vector<float>*>> results) {
        std::vector<LinearProduct> products;
        for (const auto& [slot, y] : results) {
            y->resize(n * weights[slot].rows);
            products.push_back({&weights[slot], y->data()});
        }
        multiply(products, x.data(), n, pool);
    };
    s.normed.resize(n * config.width);
    rmsNorm(hidden, weights.inputNorm.data(), n, config.width, config.normEpsilon, s.normed.data());
    see(Slot::Q, s.normed, config.width);
    apply(s.normed, {{Slot::Q, &s.q}, {Slot::K, &s.k}, {Slot::V, &s.v}});
    rotateHeads(rope, s.q.data(), config.heads, config.headDim, sequences);
    rotateHeads(rope, s.k.data(), config.kvHeads, config.headDim, sequences);
    appendToCaches(config, s.k.data(), s.v.data(), sequences);
    s.attended.resize(n * config.qWidth());
    attention(config, sequences, s.q.data(), s.attended.data(), pool);
    see(Slot::O, s.attended, config.qWidth());
    apply(s.attended, {{Slot::O, &s.projected}});
    addTo(s.projected, hidden, n * config.width);

    rmsNorm(hidden, weights.postNorm.data(), n, config.width, config.normEpsilon, s.normed.data());
    see(Slot::Gate, s.normed, config.width);
    apply(s.normed, {{Slot::Gate, &s.gate}, {Slot::Up, &s.up}});
    swiglu(s.gate.data(), s.up.data(), n * config.mlpWidth, pool);
    see(Slot::Down, s.gate, config.mlpWidth);
    apply(s.gate, {{Slot::Down, &s.projected}});
    addTo(s.projected, hidden, n * config.width);
}

} // namespace bs
