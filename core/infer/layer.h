#pragma once

#include "core/infer/kv_cache.h"
#include "core/model/weights.h"

#include <vector>

namespace bs {

/// Rotary position tables: cos and sin of position * base^(-2i/headDim), grown as positions come.
class Rope
{
public:
    explicit Rope(const ModelConfig& config);
    void reserve(std::size_t positions);
    /// [headDim / 2]: a position is turned by position * frequency.
    const std::vector<float>& frequencies() const { return m_frequency; }
    /// Rotates one head [headDim] in place: pairs (i, i + headDim/2), Hugging Face's convention.
    void rotate(float* head, std::size_t position) const { turn(head, position, 1); }
    /// The inverse of rotate, which is also its transpose: carries gradients back.
    void turnBack(float* head, std::size_t position) const { turn(head, position, -1); }

private:
    void turn(float* head, std::size_t position, float direction) const;

    std::size_t m_half;
    std::vector<float> m_frequency; ///< [half]
    std::vector<float> m_cos;       ///< [positions, half]
    std::vector<float> m_sin;
};

/// Neighbouring rows of a batch that belong to one sequence, and the cache they extend.
struct SequenceRows
{
    LayerCache cache;
    std::size_t firstPosition = 0;
    std::size_t count = 0;
};

/// Sees what goes into the linears, for calibration. `x` [n, cols] is the input of q/k/v, of o, of
/// gate/up, of down.
class ActivationTap
{
public:
    virtual ~ActivationTap() = default;
    /// An error ends the layer.
    virtual Result<void> input(Slot slot, const float* x, std::size_t n, std::size_t cols) = 0;
};

/// Buffers of a layer's intermediate results, reused from layer to layer.
struct LayerScratch
{
    std::vector<float> normed, q, k, v, attended, gate, up, projected;
};

/// x [n, width] row-wise RMS norm times `weight` to y, which may be x.
void rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t width, float epsilon, float* y);

/// One decoder layer over a batch: hidden [n, width] is changed in place, keys and values are appended to
/// the sequences' caches. `tap` may be nullptr. Errors: the tap's, and as multiply of linears; hidden is useless then.
Result<void> layerForward(const ModelConfig& config, const LayerWeights& weights, const Rope& rope,
                  const std::vector<SequenceRows>& sequences, float* hidden, std::size_t n,
                  LayerScratch& scratch, ThreadPool& pool, ActivationTap* tap);

} // namespace bs
