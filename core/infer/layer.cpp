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
        m_frequency[i] = 1.0F / std::pow(config.ropeBase, static_cast<float>(2 * i) / static_cast<float>(config.headDim)) / ropeDivisor(config, i);
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

/// Rows of a batch that are worth a thread for what is done number by number.
constexpr std::size_t kRowsOfThread = 16;

/// Adds a bias to a row, if there is one.
void addBias(float* row, const std::vector<float>& bias)
{
    for (std::size_t i = 0; i < bias.size(); ++i)
        row[i] += bias[i];
}

/// Norms every head of a row, if the model does.
void normHeads(const ModelConfig& config, float* row, std::size_t heads, const std::vector<float>& weight)
{
    if (!weight.empty())
        rmsNorm(row, weight.data(), heads, config.headDim, config.normEpsilon, row);
}

/// Biases and norms of heads, then turns queries and keys of each row of a batch to its position, and puts keys and values where they stay.
void rotateAndKeep(const ModelConfig& config, const LayerWeights& weights, const Rope& rope, const std::vector<SequenceRows>& sequences, LayerScratch& s, ThreadPool& pool)
{
    const std::size_t d = config.headDim;
    std::size_t batchRow = 0;
    for (const SequenceRows& sequence : sequences) {
        pool.parallelRanges(sequence.count, kRowsOfThread, [&](std::size_t begin, std::size_t end) {
            for (std::size_t r = begin; r < end; ++r) {
                const std::size_t position = sequence.firstPosition + r;
                float* const q = s.q.data() + (batchRow + r) * config.qWidth();
                float* const k = s.k.data() + (batchRow + r) * config.kvWidth();
                float* const v = s.v.data() + (batchRow + r) * config.kvWidth();
                addBias(q, weights.qBias);
                addBias(k, weights.kBias);
                addBias(v, weights.vBias);
                normHeads(config, q, config.heads, weights.qNorm);
                normHeads(config, k, config.kvHeads, weights.kNorm);
                for (std::size_t h = 0; h < config.heads; ++h)
                    rope.rotate(q + h * d, position);
                for (std::size_t h = 0; h < config.kvHeads; ++h) {
                    rope.rotate(k + h * d, position);
                    const std::size_t at = (h * sequence.cache.capacity + position) * d;
                    std::memcpy(sequence.cache.keys + at, k + h * d, d * sizeof(float));
                    std::memcpy(sequence.cache.values + at, v + h * d, d * sizeof(float));
                }
            }
        });
        batchRow += sequence.count;
    }
}

/// gate <- silu(gate) * up
void swiglu(float* gate, const float* up, std::size_t count, ThreadPool& pool)
{
    pool.parallelRanges(count, 4096, [&](std::size_t begin, std::size_t end) {
        kernels().swiglu(gate + begin, up + begin, end - begin);
    });
}

} // namespace

Result<void> layerForward(const ModelConfig& config, const LayerWeights& weights, const Rope& rope,
                  const std::vector<SequenceRows>& sequences, float* hidden, std::size_t n,
                  LayerScratch& s, ThreadPool& pool, ActivationTap* tap)
{
    auto see = [&](Slot slot, const std::vector<float>& x, std::size_t cols) {
        return tap != nullptr ? tap->input(slot, x.data(), n, cols) : Result<void>();
    };
    auto apply = [&](const std::vector<float>& x, std::initializer_list<std::pair<Slot, std::vector<float>*>> results) {
        std::vector<LinearProduct> products;
        for (const auto& [slot, y] : results) {
            y->resize(n * weights[slot].rows);
            products.push_back({&weights[slot], y->data()});
        }
        return multiply(products, x.data(), n, pool);
    };
    // Adds what the last linear gave, if there was one, and norms the sum, in one pass.
    auto addAndNorm = [&](const float* delta, const std::vector<float>& norm) {
        pool.parallelRanges(n, kRowsOfThread, [&](std::size_t begin, std::size_t end) {
            float* const rows = hidden + begin * config.width;
            for (std::size_t i = 0; delta != nullptr && i < (end - begin) * config.width; ++i)
                rows[i] += delta[begin * config.width + i];
            rmsNorm(rows, norm.data(), end - begin, config.width, config.normEpsilon, s.normed.data() + begin * config.width);
        });
    };
    s.normed.resize(n * config.width);
    addAndNorm(nullptr, weights.inputNorm);
    BS_CHECK(see(Slot::Q, s.normed, config.width));
    BS_CHECK(apply(s.normed, {{Slot::Q, &s.q}, {Slot::K, &s.k}, {Slot::V, &s.v}}));
    rotateAndKeep(config, weights, rope, sequences, s, pool);
    s.attended.resize(n * config.qWidth());
    attention(config, sequences, s.q.data(), s.attended.data(), pool);
    BS_CHECK(see(Slot::O, s.attended, config.qWidth()));
    BS_CHECK(apply(s.attended, {{Slot::O, &s.projected}}));
    addAndNorm(s.projected.data(), weights.postNorm);

    BS_CHECK(see(Slot::Gate, s.normed, config.width));
    BS_CHECK(apply(s.normed, {{Slot::Gate, &s.gate}, {Slot::Up, &s.up}}));
    swiglu(s.gate.data(), s.up.data(), n * config.mlpWidth, pool);
    BS_CHECK(see(Slot::Down, s.gate, config.mlpWidth));
    BS_CHECK(apply(s.gate, {{Slot::Down, &s.projected}}));
    pool.parallelRanges(n * config.width, kRowsOfThread * config.width, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            hidden[i] += s.projected[i];
    });
    return {};
}

} // namespace bs
