#pragma once

#include "core/infer/attention_backward.h"
#include "core/infer/layer.h"
#include "core/infer/row_gradients.h"

#include <span>
#include <vector>

namespace bs {

/// The norms of a decoder layer.
enum class Norm { Input, Post };

/// Sees gradients on their way back through a layer, in this order: down, gate, up, post norm, o,
/// q, k, v, input norm. gate and up share `x`, so do q, k and v.
class GradientTap
{
public:
    virtual ~GradientTap() = default;
    /// x [n, cols] went into the linear, gradY [n, rows] is the gradient at its output. An error
    /// ends the layer.
    virtual Result<void> linear(Slot slot, const float* x, std::size_t cols, const float* gradY,
                                std::size_t rows, std::size_t n) = 0;
    /// normalised [n, width]: the norm's input over its root mean square, before the weight; gradY
    /// [n, width]: the gradient at its output.
    virtual void norm(Norm, const float* normalised, const float* gradY, std::size_t n,
                      std::size_t width)
    {
        static_cast<void>(normalised), static_cast<void>(gradY);
        static_cast<void>(n), static_cast<void>(width);
    }
};

/// Buffers of a layer's backward, reused from layer to layer. The softmax weights are the largest:
/// heads * length floats a token.
struct BackwardScratch
{
    NormRows inputNorm, postNorm, qNorm, kNorm;
    std::vector<float> q, k, v, softmax, attended, middle, gate, up, activated;
    std::vector<float> gradWide, gradNormed, gradAttended, gradQ, gradK, gradV, gradHeads;
};

/// Gradient of a decoder layer: computes the layer again from `hidden` [n, width], the hidden
/// states that went into it, and turns `grad` [n, width] from the gradient at the layer's output
/// into the one at its input. n is the sum of `lengths`: sequences one after another, each from
/// position 0 (the rope has that many positions reserved). The linears are dense f32, or held on a
/// card. `tap` may be nullptr. Errors: the tap's, and as multiply of linears; grad is useless then.
Result<void> layerBackward(const ModelConfig& config, const LayerWeights& weights, const Rope& rope,
                           std::span<const std::size_t> lengths, const float* hidden, float* grad,
                           BackwardScratch& scratch, ThreadPool& pool, GradientTap* tap);

} // namespace bs
