#include "core/plan/fisher_moments.h"

#include "core/linalg/symmetric.h"

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

/// Sums to means, and the upper triangle.
void finishGram(std::vector<float>& sums, std::size_t cols, std::size_t tokens)
{
    const float factor = 1.0F / static_cast<float>(tokens);
    for (float& sum : sums)
        sum *= factor;
    mirrorLower(sums.data(), cols);
}

} // namespace

MomentSums::MomentSums(std::size_t rows, std::size_t cols, Plain plain)
    : m_rows(rows)
    , m_cols(cols)
    , m_weighted(cols * cols)
    , m_plain(plain == Plain::Own ? cols * cols : 0)
    , m_outputPower(rows)
{
}

void MomentSums::add(const float* x, const float* gradY, std::size_t n, ThreadPool& pool)
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
    addGram(m_scaled.data(), n, m_cols, m_weighted.data(), pool);
    if (!m_plain.empty()) addGram(x, n, m_cols, m_plain.data(), pool);
    pool.parallelRanges(m_rows, kOutputGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = 0; t < n; ++t) {
            const float* g = gradY + t * m_rows;
            for (std::size_t i = begin; i < end; ++i)
                m_outputPower[i] += static_cast<double>(g[i] * g[i] * inputPower[t]);
        }
    });
}

LinearMoments MomentSums::finish(std::size_t tokens,
                                 std::shared_ptr<const std::vector<float>> plain)
{
    finishGram(m_weighted, m_cols, tokens);
    if (!m_plain.empty()) {
        finishGram(m_plain, m_cols, tokens);
        plain = std::make_shared<const std::vector<float>>(std::move(m_plain));
    }
    LinearMoments moments{std::move(m_weighted), std::move(plain), {}};
    moments.outputPower.reserve(m_rows);
    for (const double sum : m_outputPower)
        moments.outputPower.push_back(static_cast<float>(sum / static_cast<double>(tokens)));
    return moments;
}

void LayerMoments::linear(Slot slot, const float* x, std::size_t cols, const float* gradY,
                          std::size_t rows, std::size_t n)
{
    auto& sums = m_sums.at(static_cast<std::size_t>(slot));
    const bool own = m_plain && firstWithInput(slot) == slot;
    if (!sums)
        sums.emplace(rows, cols, own ? MomentSums::Plain::Own : MomentSums::Plain::Elsewhere);
    sums->add(x, gradY, n, m_pool);
}

std::array<LinearMoments, kSlots> LayerMoments::finish(std::size_t tokens)
{
    std::array<LinearMoments, kSlots> moments;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const auto first = static_cast<std::size_t>(firstWithInput(static_cast<Slot>(slot)));
        BS_ASSERT(m_sums.at(slot).has_value());
        moments.at(slot) = m_sums.at(slot)->finish(tokens, moments.at(first).plain);
        m_sums.at(slot).reset();
    }
    return moments;
}

} // namespace bs
