#include "core/codecs/nested/encoder.h"

#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/feedback.h"
#include "core/codecs/nested/standardise.h"
#include "core/codecs/nested/tables.h"
#include "core/codecs/nested/trellis.h"
#include "core/linalg/triangular.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <string>

namespace bs::nested {

namespace {

constexpr std::size_t kChunkRows = 4 * kTileRows; ///< coded together: 4 rings at a time, one GEMM for 256 rows
constexpr std::size_t kSpan = 4 * kTileCols;      ///< columns between two GEMMs over all columns before

/// A tile as far as it is coded.
struct CodedTile
{
    Base base = Base::One;
    unsigned bits = 0;
    std::uint8_t firstGain = 0;
    std::array<std::uint8_t, kMostPlanes - 1> gains{};
    std::array<std::vector<std::uint8_t>, kMostPlanes> planes;

    unsigned planeCount() const { return planesOf(base, bits); }
    std::uint8_t gainByte(unsigned plane) const { return plane == 0 ? firstGain : gains[plane - 1]; }
};

class Encoder
{
public:
    Encoder(Standard standard, Feedback feedback, const EncodeOptions& options, ThreadPool& pool, const JobContext& context)
        : m_s(std::move(standard)), m_feedback(std::move(feedback)), m_options(options), m_pool(pool), m_context(context)
        , m_coded(m_s.z.size(), 0.0F), m_tiles(m_s.shape.tiles()), m_bits(m_tiles.size(), 0)
    {
        setTileEnergies();
    }

    Result<Encoded> run();

private:
    void setTileEnergies();
    unsigned worthwhileBits(std::size_t tile, double price) const;
    std::size_t chooseBits(double price);
    double codeChunk(std::size_t firstTileRow);
    double codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x, std::vector<float>& error);
    void startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride);
    void codeRing(std::size_t tileRow, std::size_t col, const float* x);
    void appendBlock(Encoded& result, double price, double loss, const std::vector<unsigned>& before) const;
    void appendPrelude(std::vector<std::byte>& bytes) const;

    Standard m_s;
    Feedback m_feedback;
    const EncodeOptions& m_options;
    ThreadPool& m_pool;
    const JobContext& m_context;
    std::vector<float> m_coded;     ///< [cols, paddedRows] what the planes so far decode to
    std::vector<CodedTile> m_tiles; ///< [tileRows, tileCols]
    std::vector<unsigned> m_bits;   ///< of each tile after the pass that runs
    std::vector<double> m_energy;   ///< loss of each tile at mean squared error 1
};

void Encoder::setTileEnergies()
{
    const Shape& shape = m_s.shape;
    std::vector<double> row(shape.tileRows(), 0);
    std::vector<double> col(shape.tileCols(), 0);
    for (std::size_t i = 0; i < shape.rows; ++i)
        row[i / kTileRows] += static_cast<double>(m_s.rowLoss[i]);
    for (std::size_t j = 0; j < shape.cols; ++j)
        col[j / kTileCols] += static_cast<double>(m_feedback.own[j]);
    for (const double r : row)
        for (const double c : col)
            m_energy.push_back(0.5 * r * c);
}

unsigned Encoder::worthwhileBits(std::size_t tile, double price) const
{
    const unsigned before = m_tiles[tile].bits;
    const Base base = before > 0 ? m_tiles[tile].base : Base::Two;
    double least = 1e300;
    unsigned best = before;
    const unsigned most = std::min(kMostBits, before + kMostAdded);
    for (unsigned bits = before; bits <= most; ++bits) {
        const bool two = base == Base::Two && bits > 1 && m_options.twoBitBase;
        const double meanSquare = static_cast<double>(meanSquareAfter(two ? Base::Two : Base::One, bits));
        const double cost = m_energy[tile] * meanSquare + price * static_cast<double>(bits * kPlaneBytes);
        if (cost < least) {
            least = cost;
            best = bits;
        }
    }
    return best;
}

/// Sets m_bits for a price; returns the bytes of the planes that it adds.
std::size_t Encoder::chooseBits(double price)
{
    std::size_t bytes = 0;
    for (std::size_t t = 0; t < m_tiles.size(); ++t) {
        m_bits[t] = worthwhileBits(t, price);
        bytes += (m_bits[t] - m_tiles[t].bits) * kPlaneBytes;
    }
    return bytes;
}

/// The gain of the next plane of a tile from what is left over before any feedback within the tile.
void Encoder::startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride)
{
    CodedTile& tile = m_tiles[tileRow * m_s.shape.tileCols() + tileCol];
    const unsigned planes = tile.planeCount();
    const std::size_t cols = std::min(kTileCols, m_s.shape.cols - tileCol * kTileCols);
    double power = 0;
    double weight = 0;
    for (std::size_t j = 0; j < cols; ++j)
        for (std::size_t i = 0; i < kTileRows; ++i) {
            const float rest = x[j * stride + i] - m_coded[(tileCol * kTileCols + j) * m_s.paddedRows + tileRow * kTileRows + i];
            const auto w = static_cast<double>(m_s.rowLoss[tileRow * kTileRows + i]);
            power += w * static_cast<double>(rest) * static_cast<double>(rest);
            weight += w;
        }
    const auto deviation = static_cast<float>(std::sqrt(power / std::max(weight, 1e-300)));
    if (planes == 0)
        tile.firstGain = static_cast<std::uint8_t>(nearestGain(deviation, kFirstGainOne, 256));
    const float first = gainOf(tile.firstGain, kFirstGainOne);
    int gain = kGainOne;
    for (unsigned p = planes == 0 ? 1 : planes; p < kMostPlanes; ++p) {
        if (p == planes)
            gain = nearestGain(deviation / (first * trainedStage(tile.base, p).deviation), kGainOne, kGains);
        tile.gains[p - 1] = static_cast<std::uint8_t>(gain);
    }
}

/// Adds the planes that m_bits asks for to one ring.
void Encoder::codeRing(std::size_t tileRow, std::size_t col, const float* x)
{
    const std::size_t t = tileRow * m_s.shape.tileCols() + col / kTileCols;
    CodedTile& tile = m_tiles[t];
    float* coded = &m_coded[col * m_s.paddedRows + tileRow * kTileRows];
    const float scale = gainOf(tile.firstGain, kFirstGainOne) / kUnit;
    std::array<float, kTileRows> rest{};
    std::array<std::uint8_t, kTileRows> symbols{};
    const std::size_t lane = col % kTileCols;
    for (unsigned p = tile.planeCount(); p < planesOf(tile.base, m_bits[t]); ++p) {
        for (std::size_t i = 0; i < kTileRows; ++i)
            rest[i] = x[i] - coded[i];
        RingSearch ring;
        ring.x = rest.data();
        ring.weight = &m_s.rowLoss[tileRow * kTileRows];
        ring.fresh = trainedStage(tile.base, p).fresh;
        const Levels& table = levels(tile.base, p, p == 0 ? kGainOne : tile.gains[p - 1]);
        for (std::size_t w = 0; w < table.size(); ++w)
            ring.table[w] = static_cast<float>(table[w]) * scale * (isCoarse(tile.base, p) ? 4.0F : 1.0F);
        searchRing(ring, symbols.data());
        std::vector<std::uint8_t>& plane = tile.planes[p];
        const std::size_t perByte = 8 / ring.fresh;
        for (std::size_t i = 0; i < kTileRows; ++i) {
            coded[i] += ring.table[windowOf(symbols.data(), ring.fresh, i)];
            plane[i / perByte * kTileCols + lane] =
                static_cast<std::uint8_t>(plane[i / perByte * kTileCols + lane] | symbols[i] << (ring.fresh * (i % perByte)));
        }
    }
}

/// The columns of one column of tiles; targets in x, total errors to `error`, both [cols, rows]. Returns the loss.
double Encoder::codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x,
                            std::vector<float>& error)
{
    const std::size_t n = m_s.shape.cols;
    const std::size_t begin = tileCol * kTileCols;
    const std::size_t end = std::min(n, begin + kTileCols);
    const std::size_t tileRows = rows / kTileRows;
    std::array<bool, kChunkRows / kTileRows> grows{};
    for (std::size_t g = 0; g < tileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        CodedTile& tile = m_tiles[t];
        grows[g] = m_bits[t] > tile.bits;
        if (!grows[g])
            continue;
        if (tile.bits == 0)
            tile.base = m_options.twoBitBase && m_bits[t] > 1 ? Base::Two : Base::One;
        startTile(firstTileRow + g, tileCol, &x[begin * rows + g * kTileRows], rows);
        for (unsigned p = tile.planeCount(); p < planesOf(tile.base, m_bits[t]); ++p)
            tile.planes[p].assign(planeBytes(tile.base, p), 0);
    }
    double loss = 0;
    for (std::size_t j = begin; j < end; ++j) {
        for (std::size_t g = 0; g < tileRows; ++g)
            if (grows[g])
                codeRing(firstTileRow + g, j, &x[j * rows + g * kTileRows]);
        const std::size_t at = j * m_s.paddedRows + firstTileRow * kTileRows;
        double own = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            const float rest = x[j * rows + i] - m_coded[at + i];
            own += static_cast<double>(m_s.rowLoss[firstTileRow * kTileRows + i]) * static_cast<double>(rest) * static_cast<double>(rest);
            error[j * rows + i] = m_s.z[at + i] - m_coded[at + i];
        }
        loss += 0.5 * own * static_cast<double>(m_feedback.own[j]);
        for (std::size_t k = j + 1; k < end; ++k) {
            const float f = m_feedback.factor[j * n + k];
            for (std::size_t i = 0; i < rows; ++i)
                x[k * rows + i] += f * error[j * rows + i];
        }
    }
    for (std::size_t g = 0; g < tileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        m_tiles[t].bits = m_bits[t];
    }
    return loss;
}

/// One pass over up to 256 rows: every column's target, its new planes, its error. Returns the loss.
double Encoder::codeChunk(std::size_t firstTileRow)
{
    const std::size_t n = m_s.shape.cols;
    const std::size_t rows = std::min(kChunkRows, m_s.paddedRows - firstTileRow * kTileRows);
    std::vector<float> x(n * rows);
    std::vector<float> error(n * rows);
    for (std::size_t j = 0; j < n; ++j)
        std::memcpy(&x[j * rows], &m_s.z[j * m_s.paddedRows + firstTileRow * kTileRows], rows * sizeof(float));
    const auto feed = [&](std::size_t from, std::size_t to, std::size_t begin, std::size_t end) {
        if (from < to)
            addProductTN(end - begin, rows, to - from, &m_feedback.factor[from * n + begin], n, &error[from * rows], rows, &x[begin * rows],
                         rows);
    };
    double loss = 0;
    for (std::size_t span = 0; span < n; span += kSpan) {
        const std::size_t end = std::min(n, span + kSpan);
        feed(0, span, span, end);
        for (std::size_t j = span; j < end; j += kTileCols) {
            feed(span, j, j, std::min(n, j + kTileCols));
            loss += codeColumns(firstTileRow, rows, j / kTileCols, x, error);
        }
    }
    return loss;
}

template <typename T> void append(std::vector<std::byte>& bytes, const T* values, std::size_t count)
{
    const auto* first = reinterpret_cast<const std::byte*>(values);
    bytes.insert(bytes.end(), first, first + count * sizeof(T));
}

void Encoder::appendPrelude(std::vector<std::byte>& bytes) const
{
    const Prelude prelude{static_cast<std::uint32_t>(m_s.outliers.size()), m_s.rowBase, m_s.colBase, 0};
    append(bytes, &prelude, 1);
    append(bytes, m_s.rowStep.data(), m_s.rowStep.size());
    append(bytes, m_s.colStep.data(), m_s.colStep.size());
    append(bytes, m_s.rowOrder.data(), m_s.rowOrder.size());
    append(bytes, m_s.colOrder.data(), m_s.colOrder.size());
    std::vector<std::uint16_t> rows, cols, values;
    for (const Outlier& o : m_s.outliers) {
        rows.push_back(o.row);
        cols.push_back(o.col);
        values.push_back(floatToHalf(o.value));
    }
    for (const auto* part : {&rows, &cols, &values})
        append(bytes, part->data(), part->size());
    std::vector<std::uint8_t> bases((m_tiles.size() + 7) / 8, 0);
    for (std::size_t t = 0; t < m_tiles.size(); ++t)
        if (m_tiles[t].base == Base::Two)
            bases[t / 8] = static_cast<std::uint8_t>(bases[t / 8] | 1U << (t % 8));
    append(bytes, bases.data(), bases.size());
}

void Encoder::appendBlock(Encoded& result, double price, double loss, const std::vector<unsigned>& before) const
{
    EncodedBlock& block = result.blocks.emplace_back();
    block.price = price;
    block.loss = loss;
    std::vector<std::uint8_t> map(mapBytes(m_s.shape), 0);
    std::vector<std::uint8_t> gains;
    std::vector<const std::vector<std::uint8_t>*> planes;
    for (std::size_t t = 0; t < m_tiles.size(); ++t) {
        const CodedTile& tile = m_tiles[t];
        const unsigned first = planesOf(tile.base, before[t]);
        map[t / 4] = static_cast<std::uint8_t>(map[t / 4] | (tile.planeCount() - first) << (2 * (t % 4)));
        for (unsigned p = first; p < tile.planeCount(); ++p) {
            gains.push_back(tile.gainByte(p));
            planes.push_back(&tile.planes[p]);
        }
    }
    append(block.bytes, map.data(), map.size());
    append(block.bytes, gains.data(), gains.size());
    // Block 0's prelude, which names the base of every tile, is put before this when all are coded (run).
    for (const auto* plane : planes)
        append(block.bytes, plane->data(), plane->size());
}

Result<Encoded> Encoder::run()
{
    Encoded result;
    const std::size_t chunks = (m_s.shape.tileRows() + kChunkRows / kTileRows - 1) / (kChunkRows / kTileRows);
    const auto weights = static_cast<double>(m_s.shape.rows * m_s.shape.cols);
    std::vector<std::size_t> mapped;
    for (std::size_t i = 0; i < m_options.prices.size(); ++i) {
        const bool last = i + 1 == m_options.prices.size();
        const std::size_t bytes = chooseBits(m_options.prices[i]);
        if (static_cast<double>(bytes) * 8 < static_cast<double>(m_options.leastBits) * weights && !(last && (bytes > 0 || result.blocks.empty())))
            continue;
        std::vector<unsigned> before;
        for (const CodedTile& tile : m_tiles)
            before.push_back(tile.bits);
        std::vector<double> losses(chunks, 0);
        m_pool.parallelFor(chunks, [&](std::size_t chunk) {
            if (m_context.checkStop())
                losses[chunk] = codeChunk(chunk * (kChunkRows / kTileRows));
        });
        BS_CHECK(m_context.checkStop());
        double loss = 0;
        for (const double part : losses)
            loss += part;
        appendBlock(result, m_options.prices[i], loss, before);
        mapped.push_back(mapBytes(m_s.shape));
        for (std::size_t t = 0; t < m_tiles.size(); ++t)
            mapped.back() += m_tiles[t].planeCount() - planesOf(m_tiles[t].base, before[t]);
    }
    for (const double energy : m_energy)
        result.loss += energy;
    for (std::size_t b = 0; b < result.blocks.size(); ++b) {
        std::vector<std::byte> head;
        if (b == 0)
            appendPrelude(head);
        auto& bytes = result.blocks[b].bytes;
        const auto tables = static_cast<std::ptrdiff_t>(mapped[b]);
        head.insert(head.end(), bytes.begin(), bytes.begin() + tables);
        head.resize(roundUp64(head.size()));
        bytes.erase(bytes.begin(), bytes.begin() + tables);
        bytes.insert(bytes.begin(), head.begin(), head.end());
    }
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

} // namespace

Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols, const LossModel& loss,
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
    Standard standard = standardise(W, rows, cols, loss, options);
    BS_TRY(Feedback feedback, makeFeedback(std::move(standard.moments), cols, options.damping));
    return Encoder(std::move(standard), std::move(feedback), options, pool, context).run();
}

} // namespace bs::nested
