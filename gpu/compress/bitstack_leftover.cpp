#include "gpu/compress/bitstack_leftover.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "gpu/compress/factorisation.h"
#include "gpu/compress/held_matrix.h"
#include "gpu/compress/transfer.h"
#include "gpu/ops/sign_steps.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace bs::gpu {

namespace {

using bitstack::EncodeOptions;
using bitstack::Factors;
using bitstack::LeftoverInput;
using bitstack::LeftoverSize;
using bitstack::SmallSolver;
using Floats = std::vector<float>;

class DeviceLeftover : public bitstack::Leftover
{
public:
    static Result<std::unique_ptr<bitstack::Leftover>>
    create(int card, const LeftoverInput& input, const EncodeOptions& options, MemoryShare& memory,
           ProductLanes& lanes, const JobContext& context);

    Result<SvdFactors> decompose(std::span<const float> weight, std::size_t block) override;
    Result<void> takeSigns() override;
    Result<void> chooseSigns(const Factors& factors) override;
    Result<void> refitColumns(Factors& factors, const SmallSolver& normal, float damping) override;
    Result<void> descent(const Factors& factors, float damping, Floats& out) override;
    Result<void> curvature(const Factors& factors, float damping, Floats& out) override;
    Result<double> squaredError(const Factors& factors) override;
    Result<void> subtract(const Factors& factors) override;
    Result<LeftoverSize> size() override;
    Result<std::vector<std::uint8_t>> signs(std::span<const std::size_t> order) override;

private:
    DeviceLeftover(int card, const LeftoverInput& input, const EncodeOptions& options,
                   MemoryShare::Part memory, ProductLanes& lanes, Stream stream)
        : m_card(card)
        , m_rows(input.rows)
        , m_cols(input.cols)
        , m_k(input.k)
        , m_options(options)
        , m_memory(std::move(memory))
        , m_lanes(lanes)
        , m_stream(std::move(stream))
    {
    }

    std::size_t count() const { return m_rows * m_cols; }
    template <class T>
    Result<void> take(std::vector<T>& values, const Buffer& from) const
    {
        BS_CHECK(copyToHost(values.data(), from.as<void>(), values.size() * sizeof(T), m_stream));
        return m_stream.wait();
    }
    Result<void> open(const LeftoverInput& input, const JobContext& context);
    Result<void> openMoments(const LeftoverInput& input, const JobContext& context);
    Result<void> magnitudes(const Factors& factors);
    Result<void> error(const Factors& factors);
    Result<void> project(const Factors& factors, float damping, Floats& out);
    Result<void> refitPanel(ColumnStep step, std::uint32_t width);
    Result<double> dot(const Buffer& a, const Buffer& b) const;

    int m_card;
    std::size_t m_rows, m_cols, m_k;
    EncodeOptions m_options;
    MemoryShare::Part m_memory;
    ProductLanes& m_lanes;
    Stream m_stream; ///< before all that lives on it
    Gemm m_gemm;
    Buffer m_R, m_S;
    Buffer m_E;                 ///< magnitudes, errors
    Buffer m_G;                 ///< what E and H make; with moments
    Buffer m_H, m_mix, m_power; ///< moments, feedback's factor, H's diagonal
    Buffer m_u, m_vt, m_weight; ///< what the host gives
    Buffer m_panel, m_aim;      ///< [rows, kSignPanel]; [kSignPanel, rows] gradients of a panel
    Buffer m_ut, m_inverse, m_out;
    std::array<Buffer, 2> m_shares; ///< of a column and the next one
    Buffer m_sums, m_packed, m_place;
};

Result<void> DeviceLeftover::openMoments(const LeftoverInput& input, const JobContext& context)
{
    Floats power(m_cols), added(m_cols);
    for (std::size_t j = 0; j < m_cols; ++j) {
        power[j] = input.moments[j * m_cols + j];
        added[j] = input.feedbackDamping * power[j];
    }
    BS_CHECK(give(m_H, input.moments, m_stream));
    BS_CHECK(give(m_power, power, m_stream));
    Factorisation factorisation(m_cols, m_gemm, m_stream, context);
    if (auto done = factorisation.run(m_H, added); !done)
        return std::move(done).error().in("second moments of the input");
    m_mix = factorisation.takeFactor();
    BS_TRY(m_G, Buffer::create(count() * sizeof(float), m_stream));
    const std::size_t panelBytes = m_rows * kSignPanel * sizeof(float);
    BS_TRY(m_panel, Buffer::create(panelBytes, m_stream));
    BS_TRY(m_aim, Buffer::create(panelBytes, m_stream));
    return {};
}

Result<void> DeviceLeftover::open(const LeftoverInput& input, const JobContext& context)
{
    BS_TRY(m_gemm, Gemm::create(m_stream));
    BS_CHECK(give(m_R, input.W, m_stream));
    for (Buffer* matrix : {&m_S, &m_E}) {
        BS_TRY(*matrix, Buffer::create(count() * sizeof(float), m_stream));
    }
    BS_TRY(m_sums, Buffer::create(kSumBlocks * sizeof(double), m_stream));
    if (!input.moments.empty()) BS_CHECK(openMoments(input, context));
    return m_stream.wait();
}

Result<std::unique_ptr<bitstack::Leftover>>
DeviceLeftover::create(int card, const LeftoverInput& input, const EncodeOptions& options,
                       MemoryShare& memory, ProductLanes& lanes, const JobContext& context)
{
    // Three forms of the weights; with moments one more, these and their factor, two panels.
    std::size_t floats = 3 * input.W.size();
    if (!input.moments.empty())
        floats += input.W.size() + 2 * input.moments.size() + 2 * kSignPanel * input.rows;
    MemoryShare::Part part = memory.take(floats * sizeof(float));
    BS_CHECK(context.checkStop());
    BS_CHECK(useDevice(card));
    BS_TRY(Stream stream, Stream::create());
    std::unique_ptr<DeviceLeftover> left(
        new DeviceLeftover(card, input, options, std::move(part), lanes, std::move(stream)));
    BS_CHECK(left->open(input, context));
    return std::unique_ptr<bitstack::Leftover>(std::move(left));
}

Result<SvdFactors> DeviceLeftover::decompose(std::span<const float> weight, std::size_t block)
{
    BS_CHECK(useDevice(m_card));
    if (!weight.empty()) BS_CHECK(give(m_weight, weight, m_stream));
    BS_CHECK(magnitudesOf(m_R.as<float>(), weight.empty() ? nullptr : m_weight.as<float>(),
                          m_E.as<float>(), count(), m_cols, m_stream));
    if (m_options.svd == bitstack::Svd::Full) {
        Floats A(count());
        BS_CHECK(take(A, m_E));
        return bitstack::decompose(A, m_rows, m_cols, m_options, block);
    }
    BS_CHECK(m_stream.wait());
    const auto A = viewMatrix(m_card, m_E.as<float>(), m_rows, m_cols, m_lanes);
    return truncatedSvd(*A, m_rows, m_cols, m_k, bitstack::randomSvdOf(m_options, block));
}

Result<void> DeviceLeftover::takeSigns()
{
    BS_CHECK(useDevice(m_card));
    return gpu::takeSigns(m_R.as<float>(), m_S.as<float>(), count(), m_stream);
}

Result<void> DeviceLeftover::chooseSigns(const Factors& factors)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(give(m_u, factors.u, m_stream));
    BS_CHECK(give(m_vt, factors.vt, m_stream));
    SignPanel panel{m_R.as<float>(),
                    m_panel.as<float>(),
                    nullptr,
                    m_mix.as<float>(),
                    m_S.as<float>(),
                    m_E.as<float>(),
                    static_cast<std::uint32_t>(m_rows),
                    static_cast<std::uint32_t>(m_cols),
                    0,
                    0};
    for (std::size_t begin = 0; begin < m_cols; begin += kSignPanel) {
        const std::size_t width = std::min<std::size_t>(kSignPanel, m_cols - begin);
        panel.begin = static_cast<std::uint32_t>(begin);
        panel.width = static_cast<std::uint32_t>(width);
        BS_CHECK(m_gemm.product(m_rows, width, m_k, 1, {m_u.as<float>(), m_k},
                                {m_vt.as<float>() + begin, m_cols}, 0, m_panel.as<float>(), width));
        if (begin > 0) {
            BS_CHECK(m_gemm.product(m_rows, width, begin, 1, {m_E.as<float>(), m_cols},
                                    {m_mix.as<float>() + begin, m_cols}, 0, m_aim.as<float>(),
                                    width));
            panel.aim = m_aim.as<float>();
        }
        BS_CHECK(gpu::chooseSigns(panel, m_stream));
    }
    return m_stream.wait();
}

/// All columns of a panel, the last one first; step.G is filled.
Result<void> DeviceLeftover::refitPanel(ColumnStep step, std::uint32_t width)
{
    for (std::uint32_t column = width + 1; column-- > 0;) {
        step.column = column;
        step.moves = column < width;
        step.sums = m_shares[column % 2].as<float>();
        step.nextSums = m_shares[(column + 1) % 2].as<float>();
        BS_CHECK(refitColumn(step, m_stream));
    }
    return {};
}

Result<void> DeviceLeftover::refitColumns(Factors& factors, const SmallSolver& normal,
                                          float damping)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(error(factors));
    BS_CHECK(give(m_ut, bitstack::transposed(factors.u, m_k), m_stream));
    BS_CHECK(give(m_inverse, normal.inverse(), m_stream));
    for (Buffer& shares : m_shares)
        BS_CHECK(shares.reserve(columnStepBlocks(m_rows) * m_k * sizeof(float), m_stream));
    ColumnStep step{};
    step.S = m_S.as<float>();
    step.H = m_H.as<float>();
    step.E = m_E.as<float>();
    step.G = m_panel.as<float>();
    step.ut = m_ut.as<float>();
    step.inverse = m_inverse.as<double>();
    step.vt = m_vt.as<float>();
    step.rows = static_cast<std::uint32_t>(m_rows);
    step.n = static_cast<std::uint32_t>(m_cols);
    step.k = static_cast<std::uint32_t>(m_k);
    step.damping = damping;
    for (std::size_t end = m_cols; end > 0;) {
        const std::size_t begin = end > kSignPanel ? end - kSignPanel : 0;
        BS_CHECK(m_gemm.product(end - begin, m_rows, m_cols, 1,
                                {m_H.as<float>() + begin * m_cols, m_cols},
                                {m_E.as<float>(), m_cols, true}, 0, step.G, m_rows));
        step.begin = static_cast<std::uint32_t>(begin);
        BS_CHECK(refitPanel(step, static_cast<std::uint32_t>(end - begin)));
        end = begin;
    }
    return take(factors.vt, m_vt);
}

/// E = u vt
Result<void> DeviceLeftover::magnitudes(const Factors& factors)
{
    BS_CHECK(give(m_u, factors.u, m_stream));
    BS_CHECK(give(m_vt, factors.vt, m_stream));
    return m_gemm.product(m_rows, m_cols, m_k, 1, {m_u.as<float>(), m_k},
                          {m_vt.as<float>(), m_cols}, 0, m_E.as<float>(), m_cols);
}

/// E = R - S * (u vt)
Result<void> DeviceLeftover::error(const Factors& factors)
{
    BS_CHECK(magnitudes(factors));
    return signedError(m_R.as<float>(), m_S.as<float>(), m_E.as<float>(), m_E.as<float>(), count(),
                       m_stream);
}

/// out [rows, k] = (S * (E H')) vt^T
Result<void> DeviceLeftover::project(const Factors& factors, float damping, Floats& out)
{
    BS_CHECK(m_gemm.product(m_rows, m_cols, m_cols, 1, {m_E.as<float>(), m_cols},
                            {m_H.as<float>(), m_cols}, 0, m_G.as<float>(), m_cols));
    BS_CHECK(signedGradient(m_S.as<float>(), m_E.as<float>(), m_power.as<float>(), damping,
                            m_G.as<float>(), count(), m_cols, m_stream));
    out.resize(factors.u.size());
    BS_CHECK(m_out.reserve(out.size() * sizeof(float), m_stream));
    BS_CHECK(m_gemm.product(m_rows, m_k, m_cols, 1, {m_G.as<float>(), m_cols},
                            {m_vt.as<float>(), m_cols, true}, 0, m_out.as<float>(), m_k));
    return take(out, m_out);
}

Result<void> DeviceLeftover::descent(const Factors& factors, float damping, Floats& out)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(error(factors));
    return project(factors, damping, out);
}

Result<void> DeviceLeftover::curvature(const Factors& factors, float damping, Floats& out)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(magnitudes(factors));
    BS_CHECK(
        signedError(nullptr, m_S.as<float>(), m_E.as<float>(), m_E.as<float>(), count(), m_stream));
    return project(factors, damping, out);
}

Result<double> DeviceLeftover::dot(const Buffer& a, const Buffer& b) const
{
    BS_CHECK(dotShares(a.as<float>(), b.as<float>(), count(), m_sums.as<double>(), m_stream));
    std::vector<double> sums(dotBlocks(count()));
    BS_CHECK(take(sums, m_sums));
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

Result<double> DeviceLeftover::squaredError(const Factors& factors)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(error(factors));
    return dot(m_E, m_E);
}

Result<void> DeviceLeftover::subtract(const Factors& factors)
{
    BS_CHECK(useDevice(m_card));
    BS_CHECK(magnitudes(factors));
    return signedError(m_R.as<float>(), m_S.as<float>(), m_E.as<float>(), m_R.as<float>(), count(),
                       m_stream);
}

Result<LeftoverSize> DeviceLeftover::size()
{
    BS_CHECK(useDevice(m_card));
    LeftoverSize size;
    BS_TRY(size.squared, dot(m_R, m_R));
    if (!m_H) return size;
    BS_CHECK(m_gemm.product(m_rows, m_cols, m_cols, 1, {m_R.as<float>(), m_cols},
                            {m_H.as<float>(), m_cols}, 0, m_G.as<float>(), m_cols));
    BS_TRY(size.output, dot(m_G, m_R));
    return size;
}

Result<std::vector<std::uint8_t>> DeviceLeftover::signs(std::span<const std::size_t> order)
{
    BS_CHECK(useDevice(m_card));
    if (!order.empty()) {
        std::vector<std::uint32_t> place(m_cols);
        for (std::size_t j = 0; j < m_cols; ++j)
            place[order[j]] = static_cast<std::uint32_t>(j);
        BS_CHECK(give(m_place, place, m_stream));
    }
    std::vector<std::uint8_t> packed(count() / 8);
    BS_CHECK(m_packed.reserve(packed.size(), m_stream));
    BS_CHECK(packSigns(m_S.as<float>(), order.empty() ? nullptr : m_place.as<std::uint32_t>(),
                       m_packed.as<std::uint8_t>(), count(), m_cols, m_stream));
    BS_CHECK(take(packed, m_packed));
    return packed;
}

} // namespace

Result<std::unique_ptr<bitstack::Leftover>>
startDeviceLeftover(int card, const LeftoverInput& input, const EncodeOptions& options,
                    MemoryShare& memory, ProductLanes& lanes, const JobContext& context)
{
    return DeviceLeftover::create(card, input, options, memory, lanes, context);
}

} // namespace bs::gpu
