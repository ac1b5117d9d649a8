#include "gpu/compress/nested_passes.h"

#include "core/codecs/nested/block_layout.h"
#include "gpu/compress/nested_feedback.h"
#include "gpu/compress/transfer.h"
#include "gpu/ops/nested_visit.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace bs::gpu {

namespace {

using nested::CodedTile;
using nested::kMostPlanes;
using nested::kTileCols;
using nested::kTileRows;

static_assert(kVisitPlanes == kMostPlanes && kVisitAdded == nested::kMostAdded &&
              kNestedPlaneBytes == nested::kPlaneBytes);

/// Columns between two products over all that follow.
constexpr std::size_t kSpan = 4 * kTileCols;
/// One weight in so many can be bought by a pass; planes cost less long before. Which ones are left out, if it came to that, would
/// depend on the order of blocks.
constexpr std::size_t kWeightsOfBought = 16;

VisitTables tablesOf(const nested::EncodeOptions& options)
{
    VisitTables tables{};
    const NestedTables& levels = nested::tables();
    std::copy(std::begin(levels.scale), std::end(levels.scale), tables.scale);
    std::copy(std::begin(levels.major), std::end(levels.major), tables.major);
    std::copy(std::begin(levels.minor), std::end(levels.minor), tables.minor);
    for (unsigned planes = 0; planes <= kMostPlanes; ++planes) {
        tables.meanSquare[planes] = nested::meanSquareAfter(planes);
        const nested::StepLevels step = nested::stepLevels(planes);
        tables.alone[planes] = step.alone;
        tables.plain[planes] = step.plain;
        tables.together[planes] = step.together;
        tables.limit[planes] = nested::targetLimit(options.feedbackLimit, planes);
        tables.limitAgain[planes] = nested::targetLimit(options.sweepLimit, planes);
        tables.farOfSquare[planes] = nested::farSquare(1, planes);
    }
    return tables;
}

class DevicePasses : public nested::Passes
{
public:
    static Result<std::unique_ptr<nested::Passes>> create(int card, nested::Standard& standard,
                                                          const nested::EncodeOptions& options,
                                                          MemoryShare& memory,
                                                          const JobContext& context);

    std::span<const float> own() const override { return m_own; }
    Result<nested::PassResult> run(const nested::PassWish& wish, std::vector<CodedTile>& tiles,
                                   const JobContext& context) override;

private:
    DevicePasses(int card, const nested::Standard& standard, MemoryShare::Part memory,
                 Stream stream)
        : m_card(card)
        , m_shape(standard.shape)
        , m_stride(standard.paddedRows)
        , m_memory(std::move(memory))
        , m_stream(std::move(stream))
    {
    }

    std::size_t matrixBytes() const { return m_shape.cols * m_stride * sizeof(float); }
    std::size_t boughtMost() const { return m_shape.cols * m_stride / kWeightsOfBought + 1; }
    Result<void> open(const nested::Standard& standard, const nested::EncodeOptions& options,
                      const JobContext& context);
    Result<void> sendTiles(const nested::PassWish& wish, const std::vector<CodedTile>& tiles);
    Visit visitOf(const nested::PassWish& wish) const;
    Result<void> visitAll(Visit visit, bool again, const Buffer& mix);
    Result<void> feed(const Buffer& mix, const float* errors, std::size_t from, std::size_t to,
                      std::size_t end);
    Result<void> takeTiles(const nested::PassWish& wish, std::vector<CodedTile>& tiles) const;
    Result<nested::PassResult> result() const;

    int m_card;
    nested::Shape m_shape;
    std::size_t m_stride; ///< rows of whole tiles
    MemoryShare::Part m_memory;
    Stream m_stream; ///< before all that lives on it
    Gemm m_gemm;
    std::vector<float> m_own;
    Buffer m_tables, m_z, m_weight, m_deviceOwn, m_moments, m_factor;
    Buffer m_coded, m_start, m_aim, m_error, m_change;
    Buffer m_tiles, m_planes, m_loss, m_bought, m_boughtCount;
};

Result<void> DevicePasses::open(const nested::Standard& standard,
                                const nested::EncodeOptions& options, const JobContext& context)
{
    BS_TRY(m_gemm, Gemm::create(m_stream));
    const std::size_t n = m_shape.cols;
    std::vector<float> diagonal(n);
    for (std::size_t j = 0; j < n; ++j)
        diagonal[j] = standard.moments[j * n + j];
    BS_CHECK(give(m_moments, standard.moments, m_stream));
    BS_TRY(DeviceFeedback feedback,
           makeDeviceFeedback(m_moments, diagonal, options.damping, options.dampingFloor, m_gemm,
                              m_stream, context));
    m_factor = std::move(feedback.factor);
    m_own = std::move(feedback.own);
    BS_CHECK(give(m_z, standard.z, m_stream));
    BS_CHECK(give(m_tables, std::vector<VisitTables>{tablesOf(options)}, m_stream));
    BS_CHECK(give(m_weight, standard.rowLoss, m_stream));
    BS_CHECK(give(m_deviceOwn, m_own, m_stream));
    for (Buffer* matrix : {&m_coded, &m_start, &m_aim, &m_error}) {
        BS_TRY(*matrix, Buffer::create(matrixBytes(), m_stream));
    }
    BS_CHECK(fillBytes(m_coded.as<void>(), 0, matrixBytes(), m_stream));
    BS_TRY(m_change, Buffer::create(kSpan * m_stride * sizeof(float), m_stream));
    const std::size_t tiles = m_shape.tiles();
    BS_TRY(m_tiles, Buffer::create(tiles * sizeof(VisitTile), m_stream));
    BS_TRY(m_planes, Buffer::create(tiles * kVisitAdded * kNestedPlaneBytes, m_stream));
    BS_TRY(m_loss, Buffer::create(tiles * sizeof(double), m_stream));
    BS_TRY(m_bought, Buffer::create(boughtMost() * sizeof(BoughtWeight), m_stream));
    BS_TRY(m_boughtCount, Buffer::create(sizeof(std::uint32_t), m_stream));
    return m_stream.wait();
}

Result<std::unique_ptr<nested::Passes>> DevicePasses::create(int card, nested::Standard& standard,
                                                             const nested::EncodeOptions& options,
                                                             MemoryShare& memory,
                                                             const JobContext& context)
{
    // Moments, factor and for a while an inverse; five forms of the weights, and what is bought.
    const std::size_t weights = standard.z.size();
    MemoryShare::Part part = memory.take((3 * standard.moments.size() + 6 * weights) * sizeof(float));
    BS_CHECK(context.checkStop());
    BS_CHECK(useDevice(card));
    BS_TRY(Stream stream, Stream::create());
    std::unique_ptr<DevicePasses> passes(
        new DevicePasses(card, standard, std::move(part), std::move(stream)));
    BS_CHECK(passes->open(standard, options, context));
    // Both lie on the card now, and are the largest things there are.
    std::vector<float>().swap(standard.moments);
    std::vector<float>().swap(standard.z);
    return std::unique_ptr<nested::Passes>(std::move(passes));
}

Result<void> DevicePasses::sendTiles(const nested::PassWish& wish,
                                     const std::vector<CodedTile>& tiles)
{
    std::vector<VisitTile> sent(tiles.size());
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        sent[t] = {tiles[t].deviation, tiles[t].plain, tiles[t].planes,
                   static_cast<std::uint8_t>(wish.planes[t]), {}};
        std::copy(std::begin(tiles[t].gains), std::end(tiles[t].gains), sent[t].gains);
    }
    BS_CHECK(copyToDevice(m_tiles.as<void>(), sent.data(), sent.size() * sizeof(VisitTile),
                          m_stream));
    return fillBytes(m_boughtCount.as<void>(), 0, sizeof(std::uint32_t), m_stream);
}

Visit DevicePasses::visitOf(const nested::PassWish& wish) const
{
    Visit visit{};
    visit.tables = m_tables.as<VisitTables>();
    visit.z = m_z.as<float>();
    visit.weight = m_weight.as<float>();
    visit.own = m_deviceOwn.as<float>();
    visit.start = m_start.as<float>();
    visit.coded = m_coded.as<float>();
    visit.aim = m_aim.as<float>();
    visit.error = m_error.as<float>();
    visit.change = m_change.as<float>();
    visit.tiles = m_tiles.as<VisitTile>();
    visit.planes = m_planes.as<std::uint8_t>();
    visit.loss = m_loss.as<double>();
    visit.bought = m_bought.as<BoughtWeight>();
    visit.boughtCount = m_boughtCount.as<std::uint32_t>();
    visit.boughtMost = static_cast<std::uint32_t>(boughtMost());
    visit.cols = static_cast<std::uint32_t>(m_shape.cols);
    visit.stride = static_cast<std::uint32_t>(m_stride);
    visit.tileCols = static_cast<std::uint32_t>(m_shape.tileCols());
    visit.priceOfWeight =
        static_cast<float>(wish.price * static_cast<double>(nested::kOutlierBytes));
    return visit;
}

/// What columns from .. to add to those behind them, up to `end`; errors [to - from, stride].
Result<void> DevicePasses::feed(const Buffer& mix, const float* errors, std::size_t from,
                                std::size_t to, std::size_t end)
{
    if (to >= end) return {};
    const std::size_t n = m_shape.cols;
    return m_gemm.product(end - to, m_stride, to - from, 1,
                          {mix.as<float>() + from * n + to, n, true}, {errors, m_stride}, 1,
                          m_aim.as<float>() + to * m_stride, m_stride);
}

/// One visit of all columns of tiles.
Result<void> DevicePasses::visitAll(Visit visit, bool again, const Buffer& mix)
{
    visit.mix = mix.as<float>();
    const std::size_t n = m_shape.cols;
    const auto errorsOf = [&](std::size_t col) {
        return again ? m_change.as<float>() + (col - visit.firstChange) * m_stride
                     : m_error.as<float>() + col * m_stride;
    };
    for (std::size_t span = 0; span < n; span += kSpan) {
        const std::size_t end = std::min(n, span + kSpan);
        visit.firstChange = static_cast<std::uint32_t>(span);
        for (std::size_t begin = span; begin < end; begin += kTileCols) {
            BS_CHECK(visitTiles(visit, again, m_shape.tileRows(), begin / kTileCols, m_stream));
            BS_CHECK(feed(mix, errorsOf(begin), begin, std::min(end, begin + kTileCols), end));
        }
        BS_CHECK(feed(mix, errorsOf(span), span, end, n));
    }
    return {};
}

Result<void> DevicePasses::takeTiles(const nested::PassWish& wish,
                                     std::vector<CodedTile>& tiles) const
{
    std::vector<VisitTile> taken(tiles.size());
    std::vector<std::uint8_t> planes(m_planes.bytes());
    BS_CHECK(copyToHost(taken.data(), m_tiles.as<void>(), taken.size() * sizeof(VisitTile),
                        m_stream));
    BS_CHECK(copyToHost(planes.data(), m_planes.as<void>(), planes.size(), m_stream));
    BS_CHECK(m_stream.wait());
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        CodedTile& tile = tiles[t];
        tile.deviation = taken[t].deviation;
        tile.plain = taken[t].plain;
        std::copy(std::begin(taken[t].gains), std::end(taken[t].gains), tile.gains);
        const unsigned before = tile.planes;
        for (unsigned p = before; p < wish.planes[t]; ++p) {
            const auto* from = &planes[(t * kVisitAdded + p - before) * kNestedPlaneBytes];
            tile.bytes[p].assign(from, from + kNestedPlaneBytes);
        }
        tile.planes = static_cast<std::uint8_t>(wish.planes[t]);
    }
    return {};
}

Result<nested::PassResult> DevicePasses::result() const
{
    std::uint32_t count = 0;
    std::vector<double> loss(m_shape.tiles());
    BS_CHECK(copyToHost(&count, m_boughtCount.as<void>(), sizeof(count), m_stream));
    BS_CHECK(copyToHost(loss.data(), m_loss.as<void>(), m_loss.bytes(), m_stream));
    BS_CHECK(m_stream.wait());
    std::vector<BoughtWeight> bought(std::min<std::size_t>(count, boughtMost()));
    if (!bought.empty())
        BS_CHECK(copyToHost(bought.data(), m_bought.as<void>(),
                            bought.size() * sizeof(BoughtWeight), m_stream));
    BS_CHECK(m_stream.wait());
    // They lie in the order in which blocks happened to run.
    std::sort(bought.begin(), bought.end(), [](const BoughtWeight& a, const BoughtWeight& b) {
        return std::tie(a.row, a.col) < std::tie(b.row, b.col);
    });
    nested::PassResult result;
    result.loss = std::accumulate(loss.begin(), loss.end(), 0.0);
    for (const BoughtWeight& weight : bought)
        result.outliers.push_back({weight.row, weight.col, weight.value});
    return result;
}

Result<nested::PassResult> DevicePasses::run(const nested::PassWish& wish,
                                             std::vector<CodedTile>& tiles,
                                             const JobContext& context)
{
    BS_CHECK(context.checkStop());
    BS_CHECK(useDevice(m_card));
    BS_CHECK(sendTiles(wish, tiles));
    if (wish.twice)
        BS_CHECK(copyOnDevice(m_start.as<void>(), m_coded.as<void>(), matrixBytes(), m_stream));
    BS_CHECK(copyOnDevice(m_aim.as<void>(), m_z.as<void>(), matrixBytes(), m_stream));
    Visit visit = visitOf(wish);
    visit.buys = !wish.twice;
    BS_CHECK(visitAll(visit, false, m_factor));
    if (wish.twice) {
        const std::size_t n = m_shape.cols;
        BS_CHECK(m_gemm.product(n, m_stride, n, 1, {m_moments.as<float>(), n},
                                {m_error.as<float>(), m_stride}, 0, m_aim.as<float>(), m_stride));
        visit.buys = true;
        BS_CHECK(visitAll(visit, true, m_moments));
    }
    BS_CHECK(takeTiles(wish, tiles));
    return result();
}

} // namespace

Result<std::unique_ptr<nested::Passes>> startDevicePasses(int card, nested::Standard& standard,
                                                          const nested::EncodeOptions& options,
                                                          MemoryShare& memory,
                                                          const JobContext& context)
{
    return DevicePasses::create(card, standard, options, memory, context);
}

} // namespace bs::gpu
