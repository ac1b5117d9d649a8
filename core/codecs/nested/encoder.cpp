#include "core/codecs/nested/encoder.h"

#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/passes.h"
#include "core/codecs/nested/standardise.h"
#include "core/codecs/without_room.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

namespace bs::nested {

namespace {

/// One pass over the columns, which becomes a block.
struct Pass
{
    double price = 0;
    double loss = 0;               ///< behind it
    std::vector<unsigned> before;  ///< planes of every tile before it
    std::vector<Outlier> outliers; ///< by row
};

/// Decides what each pass adds, and writes what they found as blocks.
class Encoder
{
public:
    Encoder(const Standard& standard, Passes& passes, const EncodeOptions& options, const JobContext& context)
        : m_s(standard), m_coder(passes), m_options(options), m_context(context), m_tiles(m_s.shape.tiles())
    {
        m_wish.planes.resize(m_tiles.size(), 0);
        setTileEnergies();
    }

    Result<Encoded> run();

private:
    void setTileEnergies();
    unsigned worthwhilePlanes(std::size_t tile, double price) const;
    std::size_t choosePlanes(double price);
    Result<void> runPass(double price);
    std::vector<std::byte> blockBytes(std::size_t index) const;
    void appendPrelude(std::vector<std::byte>& bytes) const;

    const Standard& m_s;
    Passes& m_coder;
    const EncodeOptions& m_options;
    const JobContext& m_context;
    std::vector<CodedTile> m_tiles; ///< [tileRows, tileCols]
    PassWish m_wish;                ///< of the pass that comes
    std::vector<Pass> m_passes;
    std::vector<double> m_energy; ///< loss of each tile at mean squared error 1
};

void Encoder::setTileEnergies()
{
    const Shape& shape = m_s.shape;
    std::vector<double> row(shape.tileRows(), 0);
    std::vector<double> col(shape.tileCols(), 0);
    for (std::size_t i = 0; i < shape.rows; ++i)
        row[i / kTileRows] += static_cast<double>(m_s.rowLoss[i]);
    for (std::size_t j = 0; j < shape.cols; ++j)
        col[j / kTileCols] += static_cast<double>(m_coder.own()[j]);
    for (const double r : row)
        for (const double c : col)
            m_energy.push_back(0.5 * r * c);
}

unsigned Encoder::worthwhilePlanes(std::size_t tile, double price) const
{
    const unsigned before = m_tiles[tile].planes;
    const unsigned first = m_passes.empty() ? m_options.leastTilePlanes : 0;
    double least = 1e300;
    unsigned best = before;
    for (unsigned planes = std::max(before, first); planes <= std::min(kMostPlanes, before + kMostAdded); ++planes) {
        const double cost = m_energy[tile] * static_cast<double>(meanSquareAfter(planes)) + price * static_cast<double>(planes * kPlaneBytes);
        if (cost < least) {
            least = cost;
            best = planes;
        }
    }
    return best;
}

/// Sets the planes that are wished for at a price; returns the bytes of the planes that it adds.
std::size_t Encoder::choosePlanes(double price)
{
    std::size_t bytes = 0;
    for (std::size_t t = 0; t < m_tiles.size(); ++t) {
        m_wish.planes[t] = worthwhilePlanes(t, price);
        bytes += (m_wish.planes[t] - m_tiles[t].planes) * kPlaneBytes;
    }
    return bytes;
}

template <typename T> void append(std::vector<std::byte>& bytes, const T* values, std::size_t count)
{
    const std::size_t old = bytes.size();
    bytes.resize(old + count * sizeof(T));
    if (count > 0)
        std::memcpy(bytes.data() + old, values, count * sizeof(T));
}

void Encoder::appendPrelude(std::vector<std::byte>& bytes) const
{
    const Prelude prelude{m_s.rowBase, m_s.colBase};
    append(bytes, &prelude, 1);
    append(bytes, m_s.rowStep.data(), m_s.rowStep.size());
    append(bytes, m_s.colStep.data(), m_s.colStep.size());
    append(bytes, m_s.rowOrder.data(), m_s.rowOrder.size());
    append(bytes, m_s.colOrder.data(), m_s.colOrder.size());
}

void appendOutliers(std::vector<std::byte>& bytes, const std::vector<Outlier>& outliers)
{
    std::vector<std::uint16_t> rows, cols, values;
    for (const Outlier& o : outliers) {
        rows.push_back(o.row);
        cols.push_back(o.col);
        values.push_back(floatToHalf(o.value));
    }
    for (const auto* part : {&rows, &cols, &values})
        append(bytes, part->data(), part->size());
}

/// A block as it is stored.
std::vector<std::byte> Encoder::blockBytes(std::size_t index) const
{
    std::vector<std::byte> bytes;
    const Pass& pass = m_passes[index];
    const BlockHead head{static_cast<std::uint32_t>(pass.outliers.size()), 0};
    append(bytes, &head, 1);
    if (index == 0)
        appendPrelude(bytes);
    appendOutliers(bytes, pass.outliers);
    std::vector<std::uint8_t> map(mapBytes(m_s.shape), 0);
    std::vector<std::uint8_t> gains;
    std::vector<const std::vector<std::uint8_t>*> planes;
    for (std::size_t t = 0; t < m_tiles.size(); ++t) {
        const CodedTile& tile = m_tiles[t];
        const unsigned first = pass.before[t];
        const unsigned last = index + 1 < m_passes.size() ? m_passes[index + 1].before[t] : tile.planes;
        map[t / 4] = static_cast<std::uint8_t>(map[t / 4] | (last - first) << (2 * (t % 4)));
        for (unsigned p = first; p < last; ++p) {
            gains.push_back(tile.gains[p]);
            planes.push_back(&tile.bytes[p]);
        }
    }
    append(bytes, map.data(), map.size());
    append(bytes, gains.data(), gains.size());
    bytes.resize(roundUp64(bytes.size()));
    for (const auto* plane : planes)
        append(bytes, plane->data(), plane->size());
    return bytes;
}

/// The planes that were chosen, and the single weights bought with them.
Result<void> Encoder::runPass(double price)
{
    m_wish.price = price;
    Pass& pass = m_passes.emplace_back();
    pass.price = price;
    for (const CodedTile& tile : m_tiles)
        pass.before.push_back(tile.planes);
    BS_TRY(PassResult found, m_coder.run(m_wish, m_tiles, m_context));
    pass.loss = found.loss;
    if (m_passes.size() == 1)
        pass.outliers = m_s.outliers;
    pass.outliers.insert(pass.outliers.end(), found.outliers.begin(), found.outliers.end());
    std::stable_sort(pass.outliers.begin(), pass.outliers.end(), [](const Outlier& a, const Outlier& b) { return a.row < b.row; });
    return {};
}

Result<Encoded> Encoder::run()
{
    const auto weights = static_cast<double>(m_s.shape.rows * m_s.shape.cols);
    for (std::size_t i = 0; i < m_options.prices.size(); ++i) {
        const std::size_t bytes = choosePlanes(m_options.prices[i]);
        const bool last = i + 1 == m_options.prices.size();
        const bool enough = static_cast<double>(bytes) * 8 >= static_cast<double>(m_options.leastBits) * weights;
        if (!enough && !(last && (bytes > 0 || m_passes.empty())))
            continue;
        const auto planes = std::accumulate(m_wish.planes.begin(), m_wish.planes.end(), 0.0);
        m_wish.twice = planes < static_cast<double>(m_options.sweepBelow) * static_cast<double>(m_tiles.size());
        BS_CHECK(runPass(m_options.prices[i]));
    }
    Encoded result;
    for (const double energy : m_energy)
        result.loss += energy;
    for (std::size_t b = 0; b < m_passes.size(); ++b)
        result.blocks.push_back({blockBytes(b), m_passes[b].price, m_passes[b].loss});
    return result;
}

Result<void> checkFinite(std::span<const float> values, std::size_t cols, const char* name)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]))
            return Error{ErrorCode::Numeric, std::string(name) + " (" + std::to_string(i / cols) + ", " + std::to_string(i % cols) + ") is " +
                                                 std::to_string(values[i])};
    return {};
}

/// Where the options say, or here if there is no room for it.
Result<std::unique_ptr<Passes>> startAnywhere(Standard& standard, const EncodeOptions& options, ThreadPool& pool, const JobContext& context)
{
    if (options.device == nullptr)
        return startPasses(standard, options, pool);
    auto started = options.device->startPasses(standard, options, context);
    if (started || !leftToProcessor(started.error(), standard.shape.rows, standard.shape.cols))
        return started;
    return startPasses(standard, options, pool);
}

} // namespace

Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols, LossModel loss,
                       const EncodeOptions& options, ThreadPool& pool, const JobContext& context)
{
    if (rows < 1 || cols < 1 || rows > kMostRows || cols > kMostRows || W.size() != rows * cols || loss.moments.size() != cols * cols ||
        loss.rowWeight.size() != rows)
        return Error{ErrorCode::Shape, "a matrix of [" + std::to_string(rows) + ", " + std::to_string(cols) + "] with " +
                                           std::to_string(W.size()) + " weights, " + std::to_string(loss.moments.size()) + " moments and " +
                                           std::to_string(loss.rowWeight.size()) + " row weights cannot be coded"};
    BS_CHECK(checkFinite(W, cols, "weight"));
    BS_CHECK(checkFinite(loss.moments, cols, "moment"));
    BS_CHECK(checkFinite(loss.rowWeight, 1, "row weight"));
    Standard standard = standardise(W, rows, cols, std::move(loss), options);
    BS_TRY(const std::unique_ptr<Passes> passes, startAnywhere(standard, options, pool, context));
    return Encoder(standard, *passes, options, context).run();
}

} // namespace bs::nested
