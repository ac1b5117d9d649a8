#include "core/infer/layer_backward.h"

#include <algorithm>
#include <numeric>

namespace bs {

namespace {

/// What all steps of one layer's backward share.
struct Step
{
    const ModelConfig& config;
    const LayerWeights& weights;
    const Rope& rope;
    std::span<const std::size_t> lengths;
    std::size_t n;
    BackwardScratch& s;
    ThreadPool& pool;
    GradientTap* tap;

    Result<void> apply(Slot slot, const std::vector<float>& x, std::vector<float>& y) const
    {
        y.resize(n * weights[slot].rows);
        return multiply(weights[slot], x.data(), n, y.data(), pool);
    }

    /// Shows the linear's gradient to the tap and carries it to the linear's input.
    Result<void> back(Slot slot, const std::vector<float>& x, const float* gradY,
                      std::vector<float>& gradX, Into into) const
    {
        const Linear& linear = weights[slot];
        if (tap != nullptr)
            BS_CHECK(tap->linear(slot, x.data(), linear.cols, gradY, linear.rows, n));
        gradX.resize(n * linear.cols);
        return multiplyTransposed(linear, gradY, n, gradX.data(), into, pool);
    }

    void backNorm(Norm which, const NormRows& rows, const std::vector<float>& weight,
                  const std::vector<float>& gradY, float* grad) const
    {
        if (tap != nullptr)
            tap->norm(which, rows.normalised.data(), gradY.data(), n, weight.size());
        normBackward(rows, weight, n, gradY.data(), grad, pool);
    }
};

/// Turns every head of x by its row's position, or back.
void turn(const Step& step, std::vector<float>& x, std::size_t heads,
          void (Rope::*by)(float*, std::size_t) const)
{
    const std::size_t d = step.config.headDim;
    float* row = x.data();
    for (const std::size_t length : step.lengths)
        for (std::size_t t = 0; t < length; ++t, row += heads * d)
            for (std::size_t h = 0; h < heads; ++h)
                (step.rope.*by)(row + h * d, t);
}

void addBias(std::vector<float>& x, const std::vector<float>& bias)
{
    for (std::size_t row = 0; !bias.empty() && row < x.size(); row += bias.size())
        for (std::size_t i = 0; i < bias.size(); ++i)
            x[row + i] += bias[i];
}

/// Norms every head of x, if the model does; what the backward needs is kept in `rows`.
void normHeads(const Step& step, std::vector<float>& x, const std::vector<float>& weight, NormRows& rows)
{
    if (weight.empty()) return;
    normForward(x.data(), weight, x.size() / weight.size(), step.config.normEpsilon, rows, step.pool);
    std::copy(rows.y.begin(), rows.y.end(), x.begin());
}

/// The gradient behind that norm to the one before it, in place.
void backThroughHeads(const Step& step, std::vector<float>& grad, const std::vector<float>& weight,
                      const NormRows& rows)
{
    if (weight.empty()) return;
    std::vector<float>& before = step.s.gradHeads;
    before.assign(grad.size(), 0.0F);
    normBackward(rows, weight, grad.size() / weight.size(), grad.data(), before.data(), step.pool);
    grad.swap(before);
}

/// All of the layer's forward but its last product, which no gradient needs.
Result<void> computeAgain(const Step& step, const float* hidden)
{
    BackwardScratch& s = step.s;
    const ModelConfig& config = step.config;
    normForward(hidden, step.weights.inputNorm, step.n, config.normEpsilon, s.inputNorm, step.pool);
    BS_CHECK(step.apply(Slot::Q, s.inputNorm.y, s.q));
    BS_CHECK(step.apply(Slot::K, s.inputNorm.y, s.k));
    BS_CHECK(step.apply(Slot::V, s.inputNorm.y, s.v));
    addBias(s.q, step.weights.qBias);
    addBias(s.k, step.weights.kBias);
    addBias(s.v, step.weights.vBias);
    normHeads(step, s.q, step.weights.qNorm, s.qNorm);
    normHeads(step, s.k, step.weights.kNorm, s.kNorm);
    turn(step, s.q, config.heads, &Rope::rotate);
    turn(step, s.k, config.kvHeads, &Rope::rotate);
    s.attended.resize(step.n * config.qWidth());
    attentionForward(config, step.lengths, {s.q.data(), s.k.data(), s.v.data()}, s.softmax,
                     s.attended.data(), step.pool);
    BS_CHECK(step.apply(Slot::O, s.attended, s.middle));
    for (std::size_t i = 0; i < s.middle.size(); ++i)
        s.middle[i] += hidden[i];
    normForward(s.middle.data(), step.weights.postNorm, step.n, config.normEpsilon, s.postNorm,
                step.pool);
    BS_CHECK(step.apply(Slot::Gate, s.postNorm.y, s.gate));
    BS_CHECK(step.apply(Slot::Up, s.postNorm.y, s.up));
    s.activated.resize(s.gate.size());
    swigluForward(s.gate.data(), s.up.data(), s.activated.data(), s.gate.size(), step.pool);
    return {};
}

/// grad: from the layer's output to the hidden states between attention and MLP.
Result<void> backThroughMlp(const Step& step, float* grad)
{
    BackwardScratch& s = step.s;
    BS_CHECK(step.back(Slot::Down, s.activated, grad, s.gradWide, Into::Replace));
    swigluBackward(s.gradWide.data(), s.gate.data(), s.up.data(), s.gate.size(), step.pool);
    BS_CHECK(step.back(Slot::Gate, s.postNorm.y, s.gate.data(), s.gradNormed, Into::Replace));
    BS_CHECK(step.back(Slot::Up, s.postNorm.y, s.up.data(), s.gradNormed, Into::Add));
    step.backNorm(Norm::Post, s.postNorm, step.weights.postNorm, s.gradNormed, grad);
    return {};
}

/// grad: from there to the layer's input.
Result<void> backThroughAttention(const Step& step, float* grad)
{
    BackwardScratch& s = step.s;
    const ModelConfig& config = step.config;
    BS_CHECK(step.back(Slot::O, s.attended, grad, s.gradAttended, Into::Replace));
    s.gradQ.resize(s.q.size());
    s.gradK.resize(s.k.size());
    s.gradV.resize(s.v.size());
    attentionBackward(config, step.lengths, {s.q.data(), s.k.data(), s.v.data()}, s.softmax,
                      s.gradAttended.data(), s.gradQ.data(), s.gradK.data(), s.gradV.data(),
                      step.pool);
    turn(step, s.gradQ, config.heads, &Rope::turnBack);
    turn(step, s.gradK, config.kvHeads, &Rope::turnBack);
    backThroughHeads(step, s.gradQ, step.weights.qNorm, s.qNorm);
    backThroughHeads(step, s.gradK, step.weights.kNorm, s.kNorm);
    BS_CHECK(step.back(Slot::Q, s.inputNorm.y, s.gradQ.data(), s.gradNormed, Into::Replace));
    BS_CHECK(step.back(Slot::K, s.inputNorm.y, s.gradK.data(), s.gradNormed, Into::Add));
    BS_CHECK(step.back(Slot::V, s.inputNorm.y, s.gradV.data(), s.gradNormed, Into::Add));
    step.backNorm(Norm::Input, s.inputNorm, step.weights.inputNorm, s.gradNormed, grad);
    return {};
}

} // namespace

Result<void> layerBackward(const ModelConfig& config, const LayerWeights& weights, const Rope& rope,
                           std::span<const std::size_t> lengths, const float* hidden, float* grad,
                           BackwardScratch& scratch, ThreadPool& pool, GradientTap* tap)
{
    const std::size_t n = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
    const Step step{config, weights, rope, lengths, n, scratch, pool, tap};
    BS_CHECK(computeAgain(step, hidden));
    BS_CHECK(backThroughMlp(step, grad));
    return backThroughAttention(step, grad);
}

} // namespace bs
