#pragma once

#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/linalg/matrix_device.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace bs {

/// Sums up x^T x [cols, cols] of rows that come in batches. On a card the sums stay there until
/// they are finished.
class GramSum
{
public:
    /// Of nothing: add must not be called.
    GramSum() = default;
    /// `device` may be nullptr: the processor. Errors: as MatrixDevice::hold.
    static Result<GramSum> create(std::size_t cols, MatrixDevice* device);

    /// Adds x^T x of x [n, cols]. Errors: as HeldMatrix has them; none on the processor.
    Result<void> add(const float* x, std::size_t n, ThreadPool& pool);

    /// The mean over `tokens` rows, [cols, cols], symmetric; the sums are used up. Errors: as add.
    Result<std::vector<float>> finish(std::size_t tokens);

private:
    std::size_t m_cols = 0;
    std::vector<float> m_sums; ///< [cols, cols], lower triangle; empty on a card
    std::unique_ptr<HeldMatrix> m_held;
};

} // namespace bs
