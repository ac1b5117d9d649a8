#include "core/plan/fisher_moments.h"

#include <Eigen/Core>
#include <cmath>

namespace bs {

namespace {

constexpr std::size_t kRowGrain = 16;
constexpr std::size_t kOutputGrain = 256;

/// The linear whose input this one has too, itself if it is the first of them.
Slot firstWithInput(Slot slot)
{
    if (slot == Slot::K || slot == Slot::V) return Slot::Q;
    return slot == Slot::Up ? Slot::Gate : slot;
}

/// Mean square of each row of values [n, width].
std::vector<float> meanSquares(const float* values, std::size_t n, std::size_t width,
                               ThreadPool& pool)
{
    std::vector<float> means(n);
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t)
            means[t] = Eigen::Map<const Eigen::ArrayXf>(values + t * width,
                                                        static_cast<Eigen::Index>(width))
                           .square()
                           .mean();
    });
    return means;
}

} // namespace

MomentSums::MomentSums(std::size_t rows, std::size_t cols)
    : m_rows(rows)
    , m_cols(cols)
    , m_outputPower(rows)
{
}

Result<MomentSums> MomentSums::create(std::size_t rows, std::size_t cols, Plain plain,
                                      MatrixDevice* device)
{
    MomentSums sums(rows, cols);
    BS_TRY(sums.m_weighted, GramSum::create(cols, device));
    if (plain == Plain::Own) {
        BS_TRY(sums.m_plain, GramSum::create(cols, device));
    }
    return sums;
}

Result<void> MomentSums::add(const float* x, const float* gradY, std::size_t n, ThreadPool& pool)
{
    const std::vector<float> gradPower = meanSquares(gradY, n, m_rows, pool);
    const std::vector<float> inputPower = meanSquares(x, n, m_cols, pool);
    m_scaled.resize(n * m_cols);
    pool.parallelRanges(n, kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            const float root = std::sqrt(gradPower[t]);
            for (std::size_t j = t * m_cols; j < (t + 1) * m_cols; ++j)
                m_scaled[j] = x[j] * root;
        }
    });
    BS_CHECK(m_weighted.add(m_scaled.data(), n, pool));
    if (m_plain) BS_CHECK(m_plain->add(x, n, pool));
    pool.parallelRanges(m_rows, kOutputGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = 0; t < n; ++t) {
            const float* g = gradY + t * m_rows;
            for (std::size_t i = begin; i < end; ++i)
                m_outputPower[i] += static_cast<double>(g[i] * g[i] * inputPower[t]);
        }
    });
    return {};
}

Result<LinearMoments> MomentSums::finish(std::size_t tokens,
                                         std::shared_ptr<const std::vector<float>> plain)
{
    LinearMoments moments;
    BS_TRY(moments.weighted, m_weighted.finish(tokens));
    if (m_plain) {
        BS_TRY(std::vector<float> own, m_plain->finish(tokens));
        plain = std::make_shared<const std::vector<float>>(std::move(own));
    }
    moments.plain = std::move(plain);
    moments.outputPower.reserve(m_rows);
    for (const double sum : m_outputPower)
        moments.outputPower.push_back(static_cast<float>(sum / static_cast<double>(tokens)));
    return moments;
}

Result<void> LayerMoments::linear(Slot slot, const float* x, std::size_t cols, const float* gradY,
                                  std::size_t rows, std::size_t n)
{
    auto& sums = m_sums.at(static_cast<std::size_t>(slot));
    const bool own = m_plain && firstWithInput(slot) == slot;
    if (!sums) {
        const auto plain = own ? MomentSums::Plain::Own : MomentSums::Plain::Elsewhere;
        BS_TRY(sums, MomentSums::create(rows, cols, plain, m_device));
    }
    return sums->add(x, gradY, n, m_pool);
}

Result<std::array<LinearMoments, kSlots>> LayerMoments::finish(std::size_t tokens)
{
    std::array<LinearMoments, kSlots> moments;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const auto first = static_cast<std::size_t>(firstWithInput(static_cast<Slot>(slot)));
        BS_ASSERT(m_sums.at(slot).has_value());
        BS_TRY(moments.at(slot), m_sums.at(slot)->finish(tokens, moments.at(first).plain));
        m_sums.at(slot).reset();
    }
    return moments;
}

} // namespace bs
