#include "core/codecs/nested/encoder.h"

#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/feedback.h"
#include "core/codecs/nested/standardise.h"
#include "core/codecs/nested/tables.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/gemm.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

namespace bs::nested {

namespace {

constexpr std::size_t kChunkRows = 4 * kTileRows; ///< coded together: 4 rings at a time, one GEMM for 256 rows
constexpr std::size_t kSpan = 4 * kTileCols;      ///< columns between two GEMMs over all columns before

/// A tile as far as it is coded.
struct CodedTile : Tile
{
    float deviation = 1; ///< of its weights, as its first plane was made for
    std::array<std::vector<std::uint8_t>, kMostPlanes> bytes;
};

/// One pass over the columns, which becomes a block.
struct Pass
{
    double price = 0;
    double loss = 0;               ///< behind it
    std::vector<unsigned> before;  ///< planes of every tile before it
    std::vector<Outlier> outliers; ///< by row
};

class Encoder
{
public:
    Encoder(Standard standard, Feedback feedback, const EncodeOptions& options, ThreadPool& pool, const JobContext& context)
        : m_s(std::move(standard)), m_feedback(std::move(feedback)), m_options(options), m_pool(pool), m_context(context)
        , m_coded(m_s.z.size(), 0.0F), m_tiles(m_s.shape.tiles()), m_planes(m_tiles.size(), 0)
    {
        setTileEnergies();
    }

    Result<Encoded> run();

private:
    void setTileEnergies();
    unsigned worthwhilePlanes(std::size_t tile, double price) const;
    std::size_t choosePlanes(double price);
    double codeChunk(std::size_t firstTileRow, std::vector<Outlier>& outliers);
    double codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x, std::vector<float>& error,
                       std::vector<Outlier>& outliers);
    void startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride);
    std::size_t tileIndex(std::size_t tileRow, std::size_t col) const { return tileRow * m_s.shape.tileCols() + col / kTileCols; }
    CodedTile& tileAt(std::size_t tileRow, std::size_t col) { return m_tiles[tileIndex(tileRow, col)]; }
    const CodedTile& tileAt(std::size_t tileRow, std::size_t col) const { return m_tiles[tileIndex(tileRow, col)]; }
    RingSearch ringOf(std::size_t tileRow, std::size_t col, unsigned plane, const float* x, float* rest) const;
    unsigned keepRing(std::size_t tileRow, std::size_t col, unsigned plane, const std::uint8_t* symbols);
    void codeColumn(std::size_t firstTileRow, std::size_t tileRows, std::size_t col, const float* x);
    std::array<float, kChunkRows / kTileRows> farSquares(std::size_t firstTileRow, std::size_t tileRows, std::size_t tileCol) const;
    float buyOutlier(std::size_t row, std::size_t col, float rest, std::vector<Outlier>& outliers) const;
    std::vector<float> chunkOf(const std::vector<float>& values, std::size_t firstTileRow, std::size_t rows) const;
    void finishTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol);
    bool clearTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, const std::vector<float>& start);
    void sweepChunk(std::size_t firstTileRow, std::size_t rows, const std::vector<float>& start, std::vector<float>& error,
                    std::vector<Outlier>& outliers);
    void limitTargets(std::size_t firstTileRow, std::size_t rows, std::size_t col, float deviations, float* x) const;
    Result<void> runPass(double price);
    std::vector<std::byte> blockBytes(std::size_t index) const;
    void appendPrelude(std::vector<std::byte>& bytes) const;

    Standard m_s;
    Feedback m_feedback;
    const EncodeOptions& m_options;
    ThreadPool& m_pool;
    const JobContext& m_context;
    std::vector<float> m_coded;     ///< [cols, paddedRows] what the planes so far decode to
    std::vector<CodedTile> m_tiles; ///< [tileRows, tileCols]
    std::vector<unsigned> m_planes;   ///< of each tile after the pass that runs
    std::vector<Pass> m_passes;
    bool m_sweep = false; ///< the pass that runs goes over the columns twice
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

/// Sets m_planes for a price; returns the bytes of the planes that it adds.
std::size_t Encoder::choosePlanes(double price)
{
    std::size_t bytes = 0;
    for (std::size_t t = 0; t < m_tiles.size(); ++t) {
        m_planes[t] = worthwhilePlanes(t, price);
        bytes += (m_planes[t] - m_tiles[t].planes) * kPlaneBytes;
    }
    return bytes;
}

/// Room and gains for the planes that a pass adds to a tile, from what is left over before any feedback within the tile.
void Encoder::startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride)
{
    const std::size_t t = tileRow * m_s.shape.tileCols() + tileCol;
    CodedTile& tile = m_tiles[t];
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
    auto deviation = static_cast<float>(std::sqrt(power / std::max(weight, 1e-300)));
    if (tile.planes == 0)
        tile.deviation = deviation;
    const auto setGain = [&](unsigned plane, float level) { tile.gains[plane] = nearestGain(level, plane == 0 ? 255 : tile.gains[0]); };
    unsigned p = tile.planes;
    if (m_planes[t] - p > 1) {
        const StepLevels levels = stepLevels(p);
        setGain(p, levels.plain * deviation);
        setGain(p + 1, levels.together * deviation);
        tile.plain = static_cast<std::uint16_t>(tile.plain | 1U << p);
        deviation *= std::sqrt(meanSquareAfter(p + 2) / meanSquareAfter(p));
        p += 2;
    }
    if (p < m_planes[t])
        setGain(p, stepLevels(p).alone * deviation);
    for (p = tile.planes; p < m_planes[t]; ++p)
        tile.bytes[p].assign(kPlaneBytes, 0);
}

/// What the search for the next plane of one ring needs, or for a plain plane and the one behind it.
RingSearch Encoder::ringOf(std::size_t tileRow, std::size_t col, unsigned plane, const float* x, float* rest) const
{
    const CodedTile& tile = tileAt(tileRow, col);
    const float* coded = &m_coded[col * m_s.paddedRows + tileRow * kTileRows];
    for (std::size_t i = 0; i < kTileRows; ++i)
        rest[i] = x[i] - coded[i];
    const NestedTables& level = tables();
    const float scale = level.scale[tile.gains[0]];
    RingSearch ring;
    ring.x = rest;
    ring.weight = &m_s.rowLoss[tileRow * kTileRows];
    if (tile.isPlain(plane))
        ring.plain = scale * static_cast<float>(level.major[tile.below(plane++)]);
    ring.minor = scale * static_cast<float>(level.minor[tile.below(plane)]);
    ring.major = scale * static_cast<float>(level.major[tile.below(plane)]);
    return ring;
}

/// Keeps the signs found for one or two planes of a ring and adds their levels to what is coded; returns the plane that is next.
unsigned Encoder::keepRing(std::size_t tileRow, std::size_t col, unsigned plane, const std::uint8_t* symbols)
{
    CodedTile& tile = tileAt(tileRow, col);
    float* coded = &m_coded[col * m_s.paddedRows + tileRow * kTileRows];
    const float scale = tables().scale[tile.gains[0]];
    const std::size_t tileCol = col % kTileCols;
    const auto keep = [&](unsigned p, unsigned bit) {
        const auto negative = [&](std::size_t row) { return ((symbols[row % kTileRows] >> bit) & 1U) != 0; };
        for (std::size_t i = 0; i < kTileRows; ++i) {
            const bool own = negative(i);
            const bool product = (negative(i + kTileRows - 1) != own) != (negative(i + 2) != negative(i + 3));
            coded[i] += scale * static_cast<float>(levelOf(tile, p, own, product));
            std::uint8_t& byte = tile.bytes[p][planeByte(i, tileCol)];
            byte = static_cast<std::uint8_t>(byte | (own ? 1U : 0U) << (tileCol % 8));
        }
    };
    if (tile.isPlain(plane))
        keep(plane++, 1);
    keep(plane++, 0);
    return plane;
}

/// Adds the planes that m_planes asks for to a column of up to four tiles, whose rings are searched together.
void Encoder::codeColumn(std::size_t firstTileRow, std::size_t tileRows, std::size_t col, const float* x)
{
    constexpr std::size_t kMost = kChunkRows / kTileRows;
    std::array<std::array<float, kTileRows>, kMost> rest{};
    std::array<std::uint8_t, kMost * kTileRows> symbols{};
    std::array<unsigned, kMost> plane{};
    for (std::size_t g = 0; g < tileRows; ++g)
        plane[g] = tileAt(firstTileRow + g, col).planes;
    for (;;) {
        std::array<RingSearch, kMost> rings{};
        std::array<std::size_t, kMost> members{};
        std::size_t count = 0;
        for (std::size_t g = 0; g < tileRows; ++g) {
            if (plane[g] >= m_planes[tileIndex(firstTileRow + g, col)])
                continue;
            rings[count] = ringOf(firstTileRow + g, col, plane[g], x + g * kTileRows, rest[count].data());
            members[count++] = g;
        }
        if (count == 0)
            return;
        kernels().searchRings(rings.data(), count, symbols.data());
        for (std::size_t r = 0; r < count; ++r)
            plane[members[r]] = keepRing(firstTileRow + members[r], col, plane[members[r]], symbols.data() + r * kTileRows);
    }
}

/// Keeps targets within reach of the weights: see EncodeOptions::feedbackLimit.
void Encoder::limitTargets(std::size_t firstTileRow, std::size_t rows, std::size_t col, float deviations, float* x) const
{
    const float* z = &m_s.z[col * m_s.paddedRows + firstTileRow * kTileRows];
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = tileIndex(firstTileRow + g, col);
        const float limit = deviations * std::sqrt(meanSquareAfter(m_planes[t]));
        for (std::size_t i = g * kTileRows; i < (g + 1) * kTileRows; ++i)
            x[i] = std::clamp(x[i], z[i] - limit, z[i] + limit);
    }
}

/// Squared errors from which on a weight of each tile may be kept as an outlier: further out than planes reach. What is nearer
/// is left to them: in tiles of few bits it is the feedback of columns that will be coded better later.
std::array<float, kChunkRows / kTileRows> Encoder::farSquares(std::size_t firstTileRow, std::size_t tileRows, std::size_t tileCol) const
{
    constexpr float kDeviations = 5;
    std::array<float, kChunkRows / kTileRows> far{};
    for (std::size_t g = 0; g < tileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        const float deviation = m_tiles[t].deviation;
        if (m_planes[t] == 0)
            far[g] = 3e38F;
        else if (m_planes[t] < kMostPlanes)
            far[g] = kDeviations * kDeviations * deviation * deviation * meanSquareAfter(m_planes[t]);
        // A tile that can have no more planes: whatever is worth its bytes.
    }
    return far;
}

/// Keeps an error as an outlier if that is worth its bytes; returns what is kept.
float Encoder::buyOutlier(std::size_t row, std::size_t col, float rest, std::vector<Outlier>& outliers) const
{
    const double saved = 0.5 * static_cast<double>(m_feedback.own[col]) * static_cast<double>(m_s.rowLoss[row]) *
                         static_cast<double>(rest) * static_cast<double>(rest);
    if (!(saved > m_passes.back().price * static_cast<double>(kOutlierBytes)))
        return 0;
    const float kept = halfToFloat(floatToHalf(std::clamp(rest, -65504.0F, 65504.0F)));
    outliers.push_back({static_cast<std::uint16_t>(row), static_cast<std::uint16_t>(col), kept});
    return kept;
}

/// The columns of one column of tiles; targets in x, total errors to `error`, both [cols, rows]. Returns the loss.
double Encoder::codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x,
                            std::vector<float>& error, std::vector<Outlier>& outliers)
{
    const std::size_t n = m_s.shape.cols;
    const std::size_t begin = tileCol * kTileCols;
    const std::size_t end = std::min(n, begin + kTileCols);
    const std::size_t tileRows = rows / kTileRows;
    for (std::size_t j = begin; j < end; ++j)
        limitTargets(firstTileRow, rows, j, m_options.feedbackLimit, &x[j * rows]);
    for (std::size_t g = 0; g < tileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        if (m_planes[t] > m_tiles[t].planes)
            startTile(firstTileRow + g, tileCol, &x[begin * rows + g * kTileRows], rows);
    }
    const auto far = farSquares(firstTileRow, tileRows, tileCol);
    double loss = 0;
    for (std::size_t j = begin; j < end; ++j) {
        limitTargets(firstTileRow, rows, j, m_options.feedbackLimit, &x[j * rows]); // feedback within the tile has moved it
        codeColumn(firstTileRow, tileRows, j, &x[j * rows]);
        const std::size_t at = j * m_s.paddedRows + firstTileRow * kTileRows;
        double own = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            float rest = x[j * rows + i] - m_coded[at + i];
            if (!m_sweep && rest * rest > far[i / kTileRows]) {
                const float kept = buyOutlier(firstTileRow * kTileRows + i, j, rest, outliers);
                m_coded[at + i] += kept;
                rest -= kept;
            }
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
    finishTiles(firstTileRow, rows, tileCol);
    return loss;
}

/// One pass over up to 256 rows: every column's target, its new planes, its error. Returns the loss.
double Encoder::codeChunk(std::size_t firstTileRow, std::vector<Outlier>& outliers)
{
    const std::size_t n = m_s.shape.cols;
    const std::size_t rows = std::min(kChunkRows, m_s.paddedRows - firstTileRow * kTileRows);
    std::vector<float> x = chunkOf(m_s.z, firstTileRow, rows);
    std::vector<float> error(n * rows);
    const auto feed = [&](std::size_t from, std::size_t to, std::size_t begin, std::size_t end) {
        if (from < to)
            gemmTN(end - begin, rows, to - from, &m_feedback.factor[from * n + begin], n, &error[from * rows], rows, &x[begin * rows], rows,
                   Into::Add);
    };
    std::vector<float> start;
    if (m_sweep)
        start = chunkOf(m_coded, firstTileRow, rows);
    double loss = 0;
    for (std::size_t span = 0; span < n; span += kSpan) {
        const std::size_t end = std::min(n, span + kSpan);
        feed(0, span, span, end);
        for (std::size_t j = span; j < end; j += kTileCols) {
            feed(span, j, j, std::min(n, j + kTileCols));
            loss += codeColumns(firstTileRow, rows, j / kTileCols, x, error, outliers);
        }
    }
    if (m_sweep)
        sweepChunk(firstTileRow, rows, start, error, outliers);
    return loss;
}

/// The chunk's part of values [cols, paddedRows], as [cols, rows].
std::vector<float> Encoder::chunkOf(const std::vector<float>& values, std::size_t firstTileRow, std::size_t rows) const
{
    std::vector<float> chunk(m_s.shape.cols * rows);
    for (std::size_t j = 0; j < m_s.shape.cols; ++j)
        std::memcpy(&chunk[j * rows], &values[j * m_s.paddedRows + firstTileRow * kTileRows], rows * sizeof(float));
    return chunk;
}

/// The tiles of a column of tiles have the planes that were chosen for this pass.
void Encoder::finishTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol)
{
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        m_tiles[t].planes = static_cast<std::uint8_t>(m_planes[t]);
    }
}

/// Takes back the planes that this pass gave to a column of tiles; false if there are none.
bool Encoder::clearTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, const std::vector<float>& start)
{
    bool any = false;
    const std::size_t n = m_s.shape.cols;
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        CodedTile& tile = m_tiles[t];
        const unsigned before = m_passes.back().before[t];
        if (tile.planes == before)
            continue;
        any = true;
        for (unsigned p = before; p < tile.planes; ++p)
            std::fill(tile.bytes[p].begin(), tile.bytes[p].end(), std::uint8_t{0});
        tile.planes = static_cast<std::uint8_t>(before);
        for (std::size_t j = tileCol * kTileCols; j < std::min(n, (tileCol + 1) * kTileCols); ++j)
            std::memcpy(&m_coded[j * m_s.paddedRows + (firstTileRow + g) * kTileRows], &start[j * rows + g * kTileRows],
                        kTileRows * sizeof(float));
    }
    return any;
}

/// The second visit of a pass: each column's new planes again, its target now what makes up best for the errors of all other columns
/// as they are. `start`: what was coded before the pass; `error` [cols, rows] is brought up to date.
void Encoder::sweepChunk(std::size_t firstTileRow, std::size_t rows, const std::vector<float>& start, std::vector<float>& error,
                         std::vector<Outlier>& outliers)
{
    const std::size_t n = m_s.shape.cols;
    const float* moments = m_s.moments.data();
    std::vector<float> slope(n * rows, 0.0F); // moments times error: half the loss's gradient
    gemmTN(n, rows, n, moments, n, error.data(), rows, slope.data(), rows, Into::Add);
    std::vector<float> change(kTileCols * rows);
    std::vector<float> x(rows);
    for (std::size_t tileCol = 0; tileCol < m_s.shape.tileCols(); ++tileCol) {
        if (!clearTiles(firstTileRow, rows, tileCol, start))
            continue;
        const auto far = farSquares(firstTileRow, rows / kTileRows, tileCol);
        const std::size_t begin = tileCol * kTileCols;
        const std::size_t end = std::min(n, begin + kTileCols);
        for (std::size_t j = begin; j < end; ++j) {
            const float inverse = 1 / std::max(moments[j * n + j], 1e-30F);
            const std::size_t at = j * m_s.paddedRows + firstTileRow * kTileRows;
            for (std::size_t i = 0; i < rows; ++i)
                x[i] = m_s.z[at + i] + slope[j * rows + i] * inverse - error[j * rows + i];
            limitTargets(firstTileRow, rows, j, m_options.sweepLimit, x.data());
            codeColumn(firstTileRow, rows / kTileRows, j, x.data());
            for (std::size_t i = 0; i < rows; ++i) {
                const float rest = x[i] - m_coded[at + i];
                if (rest * rest > far[i / kTileRows])
                    m_coded[at + i] += buyOutlier(firstTileRow * kTileRows + i, j, rest, outliers);
                const float now = m_s.z[at + i] - m_coded[at + i];
                change[(j - begin) * rows + i] = now - error[j * rows + i];
                error[j * rows + i] = now;
            }
            for (std::size_t k = j + 1; k < end; ++k)
                for (std::size_t i = 0; i < rows; ++i)
                    slope[k * rows + i] += moments[j * n + k] * change[(j - begin) * rows + i];
        }
        // What lies before this column of tiles is done with.
        if (end < n)
            gemmTN(n - end, rows, end - begin, &moments[begin * n + end], n, change.data(), rows, &slope[end * rows], rows, Into::Add);
        finishTiles(firstTileRow, rows, tileCol);
    }
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

/// All chunks of rows at the planes that were chosen.
Result<void> Encoder::runPass(double price)
{
    constexpr std::size_t kTiles = kChunkRows / kTileRows;
    const std::size_t chunks = (m_s.shape.tileRows() + kTiles - 1) / kTiles;
    Pass& pass = m_passes.emplace_back();
    pass.price = price;
    for (const CodedTile& tile : m_tiles)
        pass.before.push_back(tile.planes);
    std::vector<double> losses(chunks, 0);
    std::vector<std::vector<Outlier>> outliers(chunks);
    m_pool.parallelFor(chunks, [&](std::size_t chunk) {
        if (m_context.checkStop())
            losses[chunk] = codeChunk(chunk * kTiles, outliers[chunk]);
    });
    BS_CHECK(m_context.checkStop());
    if (m_passes.size() == 1)
        pass.outliers = m_s.outliers;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        pass.loss += losses[chunk];
        pass.outliers.insert(pass.outliers.end(), outliers[chunk].begin(), outliers[chunk].end());
    }
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
        const auto planes = std::accumulate(m_planes.begin(), m_planes.end(), 0.0);
        m_sweep = planes < static_cast<double>(m_options.sweepBelow) * static_cast<double>(m_planes.size());
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
    BS_TRY(Feedback feedback, makeFeedback(standard.moments, cols, options.damping, options.dampingFloor));
    return Encoder(std::move(standard), std::move(feedback), options, pool, context).run();
}

} // namespace bs::nested
