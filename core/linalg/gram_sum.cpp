#include "core/linalg/gram_sum.h"

#include "core/linalg/symmetric.h"

namespace bs {

Result<GramSum> GramSum::create(std::size_t cols, MatrixDevice* device)
{
    GramSum gram;
    gram.m_cols = cols;
    if (device == nullptr) {
        gram.m_sums.resize(cols * cols);
    } else {
        BS_TRY(gram.m_held, device->hold(nullptr, cols, cols));
    }
    return gram;
}

Result<void> GramSum::add(const float* x, std::size_t n, ThreadPool& pool)
{
    if (m_held) return m_held->addGram(x, n);
    addGram(x, n, m_cols, m_sums.data(), pool);
    return {};
}

Result<std::vector<float>> GramSum::finish(std::size_t tokens)
{
    if (m_held) {
        m_sums.resize(m_cols * m_cols);
        BS_CHECK(m_held->read(m_sums.data()));
        m_held.reset();
    }
    const float factor = 1.0F / static_cast<float>(tokens);
    for (float& sum : m_sums)
        sum *= factor;
    mirrorLower(m_sums.data(), m_cols); // a card's sums too: what rounds apart there is one again
    return std::move(m_sums);
}

} // namespace bs
