#include "core/codecs/nested/passes.h"

#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/feedback.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/gemm.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace bs::nested {

namespace {

constexpr std::size_t kChunkRows = 4 * kTileRows; ///< coded together: 4 rings at a time, one GEMM for 256 rows
constexpr std::size_t kSpan = 4 * kTileCols;      ///< columns between two GEMMs over all columns before

class CpuPasses : public Passes
{
public:
    CpuPasses(const Standard& standard, Feedback feedback, const EncodeOptions& options, ThreadPool& pool)
        : m_s(standard), m_feedback(std::move(feedback)), m_options(options), m_pool(pool), m_coded(m_s.z.size(), 0.0F)
    {
    }

    std::span<const float> own() const override { return m_feedback.own; }
    Result<PassResult> run(const PassWish& wish, std::vector<CodedTile>& tiles, const JobContext& context) override;

private:
    double codeChunk(std::size_t firstTileRow, std::vector<Outlier>& outliers);
    double codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x, std::vector<float>& error,
                       std::vector<Outlier>& outliers);
    void startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride);
    std::size_t tileIndex(std::size_t tileRow, std::size_t col) const { return tileRow * m_s.shape.tileCols() + col / kTileCols; }
    CodedTile& tileAt(std::size_t tileRow, std::size_t col) { return (*m_tiles)[tileIndex(tileRow, col)]; }
    const CodedTile& tileAt(std::size_t tileRow, std::size_t col) const { return (*m_tiles)[tileIndex(tileRow, col)]; }
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

    const Standard& m_s;
    Feedback m_feedback;
    const EncodeOptions& m_options;
    ThreadPool& m_pool;
    std::vector<float> m_coded;     ///< [cols, paddedRows] what the planes so far decode to
    // of the pass that runs
    const PassWish* m_wish = nullptr;
    std::vector<CodedTile>* m_tiles = nullptr; ///< [tileRows, tileCols]
    std::vector<unsigned> m_before;            ///< planes of every tile before it
};

/// Room and gains for the planes that a pass adds to a tile, from what is left over before any feedback within the tile.
void CpuPasses::startTile(std::size_t tileRow, std::size_t tileCol, const float* x, std::size_t stride)
{
    const std::size_t t = tileRow * m_s.shape.tileCols() + tileCol;
    CodedTile& tile = (*m_tiles)[t];
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
    if (m_wish->planes[t] - p > 1) {
        const StepLevels levels = stepLevels(p);
        setGain(p, levels.plain * deviation);
        setGain(p + 1, levels.together * deviation);
        tile.plain = static_cast<std::uint16_t>(tile.plain | 1U << p);
        deviation *= std::sqrt(meanSquareAfter(p + 2) / meanSquareAfter(p));
        p += 2;
    }
    if (p < m_wish->planes[t])
        setGain(p, stepLevels(p).alone * deviation);
    for (p = tile.planes; p < m_wish->planes[t]; ++p)
        tile.bytes[p].assign(kPlaneBytes, 0);
}

/// What the search for the next plane of one ring needs, or for a plain plane and the one behind it.
RingSearch CpuPasses::ringOf(std::size_t tileRow, std::size_t col, unsigned plane, const float* x, float* rest) const
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
unsigned CpuPasses::keepRing(std::size_t tileRow, std::size_t col, unsigned plane, const std::uint8_t* symbols)
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

/// Adds the planes that m_wish->planes asks for to a column of up to four tiles, whose rings are searched together.
void CpuPasses::codeColumn(std::size_t firstTileRow, std::size_t tileRows, std::size_t col, const float* x)
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
            if (plane[g] >= m_wish->planes[tileIndex(firstTileRow + g, col)])
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
void CpuPasses::limitTargets(std::size_t firstTileRow, std::size_t rows, std::size_t col, float deviations, float* x) const
{
    const float* z = &m_s.z[col * m_s.paddedRows + firstTileRow * kTileRows];
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = tileIndex(firstTileRow + g, col);
        const float limit = targetLimit(deviations, m_wish->planes[t]);
        for (std::size_t i = g * kTileRows; i < (g + 1) * kTileRows; ++i)
            x[i] = std::clamp(x[i], z[i] - limit, z[i] + limit);
    }
}

/// farSquare of each tile of a chunk.
std::array<float, kChunkRows / kTileRows> CpuPasses::farSquares(std::size_t firstTileRow, std::size_t tileRows, std::size_t tileCol) const
{
    std::array<float, kChunkRows / kTileRows> far{};
    for (std::size_t g = 0; g < tileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        far[g] = farSquare((*m_tiles)[t].deviation, m_wish->planes[t]);
    }
    return far;
}

/// Keeps an error as an outlier if that is worth its bytes; returns what is kept.
float CpuPasses::buyOutlier(std::size_t row, std::size_t col, float rest, std::vector<Outlier>& outliers) const
{
    const double saved = 0.5 * static_cast<double>(m_feedback.own[col]) * static_cast<double>(m_s.rowLoss[row]) *
                         static_cast<double>(rest) * static_cast<double>(rest);
    if (!(saved > m_wish->price * static_cast<double>(kOutlierBytes)))
        return 0;
    const float kept = halfToFloat(floatToHalf(std::clamp(rest, -65504.0F, 65504.0F)));
    outliers.push_back({static_cast<std::uint16_t>(row), static_cast<std::uint16_t>(col), kept});
    return kept;
}

/// The columns of one column of tiles; targets in x, total errors to `error`, both [cols, rows]. Returns the loss.
double CpuPasses::codeColumns(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, std::vector<float>& x,
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
        if (m_wish->planes[t] > (*m_tiles)[t].planes)
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
            if (!m_wish->twice && rest * rest > far[i / kTileRows]) {
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
double CpuPasses::codeChunk(std::size_t firstTileRow, std::vector<Outlier>& outliers)
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
    if (m_wish->twice)
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
    if (m_wish->twice)
        sweepChunk(firstTileRow, rows, start, error, outliers);
    return loss;
}

/// The chunk's part of values [cols, paddedRows], as [cols, rows].
std::vector<float> CpuPasses::chunkOf(const std::vector<float>& values, std::size_t firstTileRow, std::size_t rows) const
{
    std::vector<float> chunk(m_s.shape.cols * rows);
    for (std::size_t j = 0; j < m_s.shape.cols; ++j)
        std::memcpy(&chunk[j * rows], &values[j * m_s.paddedRows + firstTileRow * kTileRows], rows * sizeof(float));
    return chunk;
}

/// The tiles of a column of tiles have the planes that were chosen for this pass.
void CpuPasses::finishTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol)
{
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        (*m_tiles)[t].planes = static_cast<std::uint8_t>(m_wish->planes[t]);
    }
}

/// Takes back the planes that this pass gave to a column of tiles; false if there are none.
bool CpuPasses::clearTiles(std::size_t firstTileRow, std::size_t rows, std::size_t tileCol, const std::vector<float>& start)
{
    bool any = false;
    const std::size_t n = m_s.shape.cols;
    for (std::size_t g = 0; g < rows / kTileRows; ++g) {
        const std::size_t t = (firstTileRow + g) * m_s.shape.tileCols() + tileCol;
        CodedTile& tile = (*m_tiles)[t];
        const unsigned before = m_before[t];
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
void CpuPasses::sweepChunk(std::size_t firstTileRow, std::size_t rows, const std::vector<float>& start, std::vector<float>& error,
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

/// All chunks of rows.
Result<PassResult> CpuPasses::run(const PassWish& wish, std::vector<CodedTile>& tiles, const JobContext& context)
{
    constexpr std::size_t kTiles = kChunkRows / kTileRows;
    const std::size_t chunks = (m_s.shape.tileRows() + kTiles - 1) / kTiles;
    m_wish = &wish;
    m_tiles = &tiles;
    m_before.clear();
    for (const CodedTile& tile : tiles)
        m_before.push_back(tile.planes);
    std::vector<double> losses(chunks, 0);
    std::vector<std::vector<Outlier>> outliers(chunks);
    m_pool.parallelFor(chunks, [&](std::size_t chunk) {
        if (context.checkStop())
            losses[chunk] = codeChunk(chunk * kTiles, outliers[chunk]);
    });
    BS_CHECK(context.checkStop());
    PassResult result;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        result.loss += losses[chunk];
        result.outliers.insert(result.outliers.end(), outliers[chunk].begin(), outliers[chunk].end());
    }
    return result;
}

} // namespace

float targetLimit(float deviations, unsigned planes)
{
    return deviations * std::sqrt(meanSquareAfter(planes));
}

float farSquare(float deviation, unsigned planes)
{
    constexpr float kDeviations = 5;
    if (planes == 0)
        return 3e38F;
    if (planes < kMostPlanes)
        return kDeviations * kDeviations * deviation * deviation * meanSquareAfter(planes);
    return 0; // no more planes are possible: whatever is worth its bytes
}

Result<std::unique_ptr<Passes>> startPasses(Standard& standard, const EncodeOptions& options, ThreadPool& pool)
{
    BS_TRY(Feedback feedback, makeFeedback(standard.moments, standard.shape.cols, options.damping, options.dampingFloor));
    return std::unique_ptr<Passes>(std::make_unique<CpuPasses>(standard, std::move(feedback), options, pool));
}

} // namespace bs::nested
