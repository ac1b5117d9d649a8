#pragma once

#include "core/infer/layer_backward.h"
#include "core/linalg/gram_sum.h"

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

/// Sums up the moments of one linear. Errors: as HeldMatrix has them, if it is done on a card.
class MomentSums
{
public:
    enum class Plain { Own, Elsewhere };

    /// For W [rows, cols]. With Plain::Elsewhere another linear's sums, or none, have the plain
    /// moments. `device` may be nullptr: the processor.
    static Result<MomentSums> create(std::size_t rows, std::size_t cols, Plain plain,
                                     MatrixDevice* device);

    /// x [n, cols], gradY [n, rows]
    Result<void> add(const float* x, const float* gradY, std::size_t n, ThreadPool& pool);

    /// Means over `tokens`; the sums are used up. `plain`: those that are elsewhere.
    Result<LinearMoments> finish(std::size_t tokens,
                                 std::shared_ptr<const std::vector<float>> plain);

private:
    MomentSums(std::size_t rows, std::size_t cols);

    std::size_t m_rows;
    std::size_t m_cols;
    GramSum m_weighted;
    std::optional<GramSum> m_plain; ///< or elsewhere
    std::vector<double> m_outputPower;
    std::vector<float> m_scaled; ///< scratch, [n, cols]
};

/// The moments of a layer's linears, from its backward.
class LayerMoments : public GradientTap
{
public:
    /// `device` may be nullptr: the processor.
    LayerMoments(ThreadPool& pool, bool plain, MatrixDevice* device)
        : m_pool(pool)
        , m_plain(plain)
        , m_device(device)
    {
    }

    Result<void> linear(Slot slot, const float* x, std::size_t cols, const float* gradY,
                        std::size_t rows, std::size_t n) override;
    /// By slot; after at least one backward. Errors: as MomentSums.
    Result<std::array<LinearMoments, kSlots>> finish(std::size_t tokens);

private:
    ThreadPool& m_pool;
    bool m_plain;
    MatrixDevice* m_device;
    std::array<std::optional<MomentSums>, kSlots> m_sums;
};

} // namespace bs
