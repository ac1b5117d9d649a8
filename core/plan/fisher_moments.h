#pragma once

#include "core/infer/layer_backward.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace bs {

/// What the loss feels of errors in one linear y = W x, per token of calibration. With g the
/// gradient of the token's loss, in nats, at y: an error E of W raises the mean loss by about half
/// the mean of (g^T E x)^2 (g g^T stands for the second derivative), which these moments know
/// about.
struct LinearMoments
{
    /// [cols, cols]: mean over tokens of x x^T * mean over outputs of g^2
    std::vector<float> weighted;
    /// [cols, cols]: mean over tokens of x x^T; one for q, k and v, and for gate and up. nullptr if
    /// it was not asked for.
    std::shared_ptr<const std::vector<float>> plain;
    /// [rows]: mean over tokens of g_i^2 * mean over inputs of x^2
    std::vector<float> outputPower;
};

/// Sums up the moments of one linear.
class MomentSums
{
public:
    enum class Plain { Own, Elsewhere };

    /// For W [rows, cols]. With Plain::Elsewhere another linear's sums, or none, have the plain
    /// moments.
    MomentSums(std::size_t rows, std::size_t cols, Plain plain);

    /// x [n, cols], gradY [n, rows]
    void add(const float* x, const float* gradY, std::size_t n, ThreadPool& pool);

    /// Means over `tokens`; the sums are used up. `plain`: those that are elsewhere.
    LinearMoments finish(std::size_t tokens, std::shared_ptr<const std::vector<float>> plain);

private:
    std::size_t m_rows;
    std::size_t m_cols;
    std::vector<float> m_weighted; ///< [cols, cols], lower triangle
    std::vector<float> m_plain;    ///< the same, or empty if elsewhere
    std::vector<double> m_outputPower;
    std::vector<float> m_scaled; ///< scratch, [n, cols]
};

/// The moments of a layer's linears, from its backward.
class LayerMoments : public GradientTap
{
public:
    LayerMoments(ThreadPool& pool, bool plain)
        : m_pool(pool)
        , m_plain(plain)
    {
    }

    void linear(Slot slot, const float* x, std::size_t cols, const float* gradY, std::size_t rows,
                std::size_t n) override;
    /// By slot; after at least one backward.
    std::array<LinearMoments, kSlots> finish(std::size_t tokens);

private:
    ThreadPool& m_pool;
    bool m_plain;
    std::array<std::optional<MomentSums>, kSlots> m_sums;
};

} // namespace bs
