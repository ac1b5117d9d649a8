#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/product.h"

#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/tables.h"
#include "core/linalg/cpu/kernels.h"
#include "tests/support/random_nested.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>

using namespace bs;
using test::RandomNested;

namespace {

constexpr double kEpsilon = std::numeric_limits<float>::epsilon();

std::vector<const Kernels*> tables()
{
    const Kernels* const* all = nullptr;
    const std::size_t count = availableKernels(all);
    return {all, all + count};
}

/// Uses a table for the length of a scope.
struct Using
{
    const Kernels& before = kernels();
    explicit Using(const Kernels& table) { useKernels(table); }
    ~Using() { useKernels(before); }
};

/// Magnitudes of a tile's x in the codec's order and times its column scales: of all, the largest, and the largest sum of eight neighbours.
struct Magnitudes
{
    double all = 0;
    double most = 0;
    double eight = 0;

    Magnitudes(const nested::Matrix& m, const float* x, std::size_t tileCol)
    {
        for (std::size_t j = tileCol * nested::kTileCols; j < std::min(m.shape.cols, (tileCol + 1) * nested::kTileCols); j += 8) {
            double sum = 0;
            for (std::size_t k = j; k < std::min(m.shape.cols, j + 8); ++k) {
                const double magnitude = std::abs(static_cast<double>(x[m.colOrder[k]]) * m.colScale[k]);
                most = std::max(most, magnitude);
                sum += magnitude;
            }
            eight = std::max(eight, sum);
            all += sum;
        }
    }
};

double scaleOf(const nested::Tile& tile)
{
    return static_cast<double>(nested::tables().scale[tile.gains[0]]);
}

double levelOf(const nested::Tile& tile, unsigned plane)
{
    return scaleOf(tile) * nested::tables().major[tile.gains[0] - tile.gains[plane]];
}

// An entry is off by half for its own rounding, .13 for that of its four x and up to .12 where it is cut; where eight x are largest,
// those have 126. Eight entries a plane and row, sixteen of a trellis plane.
constexpr double kEntryOff = (0.5 + 0.13 + 0.12) / 126;

/// What rounded tables may change y of a row of tiles by.
double tablesOff(const RandomNested& random, const float* x, std::size_t tileRow)
{
    const nested::Matrix& m = random.matrix;
    double off = 0;
    double sum = 0;
    double most = 0;
    double mostX = 0;
    double entries = 0;
    for (std::size_t c = 0; c < m.shape.tileCols(); ++c) {
        const Magnitudes of(m, x, c);
        const nested::Tile& tile = random.tile(tileRow, c);
        mostX = std::max(mostX, of.eight / 126);
        for (unsigned p = 0; p < tile.planes; ++p) {
            const int looks = ((tile.plain >> p) & 1) != 0 ? 8 : 16;
            off += looks * levelOf(tile, p) * of.eight * kEntryOff;
            off += of.all * scaleOf(tile); // levels' rounding, that the product does without
            sum += levelOf(tile, 0);
            most = std::max(most, levelOf(tile, 0));
            entries += looks * 127;
        }
    }
    return off + 0.51 * entries * mostX * std::max(sum / 1.2e6, most / 32767); // factors' rounding
}

/// What numbers of 12 bits in a panel may change y of a row of tiles by: half a unit of each tile's largest x in all its columns.
double panelOff(const RandomNested& random, const float* x, std::size_t tileRow)
{
    const nested::Matrix& m = random.matrix;
    double off = 0;
    for (std::size_t c = 0; c < m.shape.tileCols() && !m.empty(); ++c) {
        double levels = 0;
        for (unsigned p = 0; p < random.tile(tileRow, c).planes; ++p)
            levels += 2 * levelOf(random.tile(tileRow, c), p);
        off += 0.51 / kNestedWhole * Magnitudes(m, x, c).most * levels * nested::kTileCols;
    }
    for (const nested::Outlier& o : m.outliers)
        off += 0.51 / kNestedWhole * Magnitudes(m, x, o.col / nested::kTileCols).most * std::abs(o.value);
    return off;
}

/// What y [row i] may differ by: rounded tables or numbers, and the order of f32 sums.
std::vector<double> tolerance(const RandomNested& random, const float* x, bool direct)
{
    const nested::Matrix& m = random.matrix;
    std::vector<double> most(m.shape.rows, 0.0);
    for (std::size_t i = 0; i < m.shape.rows; ++i) {
        double sums = 0;
        for (std::size_t j = 0; j < m.shape.cols && !m.empty(); ++j) {
            const nested::Tile& tile = random.tile(i / nested::kTileRows, j / nested::kTileCols);
            double levels = 0;
            for (unsigned p = 0; p < tile.planes; ++p)
                levels += 2 * levelOf(tile, p);
            sums += std::abs(static_cast<double>(x[m.colOrder[j]]) * m.colScale[j]) * levels;
        }
        for (const nested::Outlier& o : m.outliers)
            if (o.row == i)
                sums += std::abs(o.value * static_cast<double>(x[m.colOrder[o.col]]) * m.colScale[o.col]);
        const double off = direct ? tablesOff(random, x, i / nested::kTileRows) : panelOff(random, x, i / nested::kTileRows);
        most[m.rowOrder[i]] = (off + sums * static_cast<double>(m.shape.cols + 64) * kEpsilon) * m.rowScale[m.rowOrder[i]];
    }
    return most;
}

void multiplyOne(const nested::Matrix& m, const float* x, std::size_t n, float* y, std::size_t stride, ThreadPool& pool)
{
    const nested::Product product{&m, y, stride};
    nested::multiply(std::span(&product, 1), x, n, pool);
}

void checkProduct(RandomNested& random, std::size_t n)
{
    const nested::Matrix& m = random.matrix;
    const std::size_t stride = m.shape.rows + 3;
    const std::vector<float> x = random.randomX(n);
    std::vector<float> y(n * stride, 77.0F);
    std::vector<float> want(m.shape.rows);
    ThreadPool pool(2);
    multiplyOne(m, x.data(), n, y.data(), stride, pool);
    for (std::size_t t = 0; t < n; ++t) {
        const float* xt = x.data() + t * m.shape.cols;
        nested::multiplyReference(m, xt, want.data());
        const std::vector<double> limit = tolerance(random, xt, n <= nested::kDirectRows);
        for (std::size_t i = 0; i < m.shape.rows; ++i)
            REQUIRE(std::abs(static_cast<double>(y[t * stride + i]) - static_cast<double>(want[i])) <= limit[i]);
        for (std::size_t i = m.shape.rows; i < stride; ++i)
            REQUIRE(y[t * stride + i] == 77.0F);
    }
}

/// What x becomes for the kernels.
struct Prepared
{
    std::vector<float> quad, octet, most;
    std::vector<NestedFar> far;
    std::unique_ptr<std::uint8_t, void (*)(void*)> entries;
    NestedX x;

    Prepared(decltype(Kernels::nestedPrepare) prepare, const std::vector<float>& from)
        : quad(from.size() / kNestedCols), octet(quad.size()), most(quad.size()), far(quad.size()),
          entries(static_cast<std::uint8_t*>(std::aligned_alloc(64, quad.size() * kNestedEntries)), std::free)
    {
        std::fill_n(entries.get(), quad.size() * kNestedEntries, std::uint8_t{0});
        x = {quad.size(), quad.data(), octet.data(), most.data(), entries.get(), far.data()};
        prepare(from.data(), x);
    }
    void checkEqual(const Prepared& other) const
    {
        CHECK(quad == other.quad);
        CHECK(octet == other.octet);
        CHECK(most == other.most);
        REQUIRE(x.farCount == other.x.farCount);
        for (std::size_t i = 0; i < x.farCount; ++i) {
            CHECK(far[i].tile == other.far[i].tile);
            CHECK(far[i].quad == other.far[i].quad);
        }
        CHECK(std::memcmp(entries.get(), other.entries.get(), quad.size() * kNestedEntries) == 0);
    }
};

/// What the kernels get: a matrix of one row of tiles, and x.
struct KernelCase
{
    nested::Matrix matrix;
    std::vector<nested::Tile> given; ///< what the matrix is made of
    std::vector<float> x;

    std::size_t tiles() const { return matrix.tiles.size(); }
    std::vector<float> product(decltype(Kernels::nestedProduct) multiply, const NestedX& lookedUp) const
    {
        const std::size_t groups = NestedGroups(tiles()).count;
        std::vector<float> y(groups * kNestedRows);
        for (std::size_t g = 0; g < groups; ++g)
            multiply(matrix.row(0), g, lookedUp, y.data() + g * kNestedRows);
        return y;
    }
    /// Levels and their scales as a kernel decodes them.
    struct Levels
    {
        std::unique_ptr<std::int16_t, void (*)(void*)> of;
        std::vector<float> scale;

        Levels(const KernelCase& from, decltype(Kernels::nestedDecode) decode)
            : of(static_cast<std::int16_t*>(std::aligned_alloc(64, from.tiles() * kNestedRows * kNestedCols * sizeof(std::int16_t))), std::free)
        {
            decode(from.matrix.row(0), of.get());
            for (const NestedTile& tile : from.matrix.tiles)
                scale.push_back(tile.planes > 0 ? nested::tables().scale[tile.gain] : 0);
        }
        float weight(std::size_t i, std::size_t j) const
        {
            const std::size_t t = j / kNestedCols;
            return static_cast<float>(of.get()[(t * kNestedRows + i) * kNestedCols + j % kNestedCols]) * scale[t];
        }
    };
    /// A panel's products: rows are x times 1, 2, ..
    std::vector<float> batch(const Levels& levels, decltype(Kernels::nestedPanel) panel, decltype(Kernels::nestedBatch) multiply) const
    {
        std::vector<std::int16_t> pairs(tiles() * kNestedPairs);
        std::vector<float> unit(tiles() * kNestedPanel);
        for (std::size_t at = 0; at < kNestedPanel; ++at) {
            std::vector<float> times(x);
            for (float& value : times)
                value *= static_cast<float>(at + 1);
            panel(times.data(), tiles(), at, pairs.data(), unit.data());
        }
        std::vector<float> y(kNestedPanel * kNestedRows);
        multiply({levels.of.get(), levels.scale.data(), tiles(), nullptr, 0, 0}, pairs.data(), unit.data(), y.data(), kNestedRows);
        return y;
    }
    void checkEqual() const
    {
        const Prepared plain(scalarNestedPrepare, x);
        const Levels wantW(*this, scalarNestedDecode);
        const std::vector<float> want = product(scalarNestedProduct, plain.x);
        const std::vector<float> wantBatch = batch(wantW, scalarNestedPanel, scalarNestedBatch);
        for (const Kernels* table : ::tables()) {
            CAPTURE(table->name);
            Prepared(table->nestedPrepare, x).checkEqual(plain);
            const std::vector<float> got = product(table->nestedProduct, plain.x);
            CHECK(std::memcmp(got.data(), want.data(), got.size() * sizeof(float)) == 0);
            const Levels gotW(*this, table->nestedDecode);
            CHECK(std::memcmp(gotW.of.get(), wantW.of.get(), kNestedRows * x.size() * sizeof(std::int16_t)) == 0);
            const std::vector<float> gotBatch = batch(gotW, table->nestedPanel, table->nestedBatch);
            CHECK(std::memcmp(gotBatch.data(), wantBatch.data(), gotBatch.size() * sizeof(float)) == 0);
        }
        double off = 1e-3; // of f32 sums
        double planes = 0;
        for (const nested::Tile& tile : given) { // all levels are 1, and eight x of 1
            off += (16 * tile.planes - 8 * std::popcount(tile.plain)) * kEntryOff * 8;
            planes += tile.planes;
        }
        off += 0.51 * planes * 16 * 127 * 8 / 126 * std::max(planes / 1.2e6, 1.0 / 32767);
        for (std::size_t i = 0; i < kNestedRows; ++i) {
            double exact = 0;
            for (std::size_t j = 0; j < x.size(); ++j)
                exact += static_cast<double>(wantW.weight(i, j)) * static_cast<double>(x[j]);
            double sum = 0;
            for (std::size_t k = i; k < want.size(); k += kNestedRows)
                sum += static_cast<double>(want[k]);
            CHECK(std::abs(sum - exact) < off);
            for (std::size_t at = 0; at < kNestedPanel; ++at) // the panel's rows are x times 1, 2, ..
                CHECK(std::abs(static_cast<double>(wantBatch[at * kNestedRows + i]) - exact * static_cast<double>(at + 1)) <= (1e-3 + 1e-6 * std::abs(exact)) * static_cast<double>(at + 1));
        }
    }
};

/// Sums as large as they get: all signs alike, and x alike in all columns.
KernelCase extremes(RandomNested& random, bool negative, float x)
{
    std::fill(random.memory.begin(), random.memory.end(), negative ? ~std::uint64_t{0} : 0);
    for (nested::Tile& tile : random.tiles)
        std::fill(std::begin(tile.gains), std::end(tile.gains), std::uint8_t{nested::kGainOne});
    random.matrix.setTiles(random.tiles);
    return {random.matrix, random.tiles, std::vector<float>(random.matrix.shape.cols, x)};
}

} // namespace

TEST_CASE("every table decodes to the reference's weights")
{
    RandomNested random({64, 7 * 32}, 1);
    random.mixTiles();
    std::vector<float> want(64 * 7 * 32);
    random.matrix.rowScale.assign(64, 1.0F);
    random.matrix.colScale.assign(7 * 32, 1.0F);
    for (std::size_t i = 0; i < 64; ++i)
        random.matrix.rowOrder[i] = random.matrix.rowPlace[i] = static_cast<std::uint16_t>(i);
    for (std::size_t j = 0; j < 7 * 32; ++j)
        random.matrix.colOrder[j] = static_cast<std::uint16_t>(j);
    nested::decodeReference(random.matrix, want.data());
    const KernelCase made{random.matrix, random.tiles, {}};
    for (const Kernels* table : tables()) {
        CAPTURE(table->name);
        const KernelCase::Levels levels(made, table->nestedDecode);
        for (std::size_t i = 0; i < 64; ++i)
            for (std::size_t j = 0; j < 224; ++j)
                REQUIRE(levels.weight(i, j) == want[i * 224 + j]);
    }
}

TEST_CASE("a matrix decoded by the tables is the reference's to the bit")
{
    for (const nested::Shape shape : {nested::Shape{64, 32}, nested::Shape{150, 75}, nested::Shape{3, 1700}}) {
        RandomNested random(shape, 9);
        random.mixTiles();
        random.addOutliers(40);
        std::vector<float> want(shape.rows * shape.cols);
        nested::decodeReference(random.matrix, want.data());
        for (const Kernels* table : tables()) {
            CAPTURE(table->name);
            const Using chosen(*table);
            std::vector<float> got(want.size(), 7.0F);
            nested::decode(random.matrix, got.data());
            CHECK(got == want);
        }
        nested::Matrix none;
        none.shape = shape;
        nested::decode(none, want.data());
        CHECK(want == std::vector<float>(want.size(), 0.0F));
    }
}

TEST_CASE("whole numbers do not run over and are the same in every table")
{
    for (const bool negative : {false, true})
        for (const float x : {1.0F, -1.0F})
            for (const unsigned plain : {0U, 0x1FFU, 0xAAU})
                for (unsigned planes = 1; planes <= nested::kMostPlanes; ++planes) {
                    CAPTURE(planes);
                    CAPTURE(plain);
                    RandomNested random({64, 39 * 32}, planes);
                    random.setAll(planes, plain & ((1U << planes) - 1));
                    extremes(random, negative, x).checkEqual();
                }
}

TEST_CASE("the product is the reference's within what its tables and f32 sums allow, at every depth")
{
    for (const Kernels* table : tables())
        for (const unsigned plain : {0U, 0x155U})
            for (unsigned planes = 1; planes <= nested::kMostPlanes; ++planes) {
                CAPTURE(table->name);
                CAPTURE(planes);
                const Using scope(*table);
                RandomNested random({150, 19 * 32 + 5}, planes);
                random.setAll(planes, plain & ((1U << planes) - 1));
                random.addOutliers(40);
                checkProduct(random, 2);
            }
}

TEST_CASE("columns of x far above all others do not cost the others their precision")
{
    for (const Kernels* table : tables()) {
        const Using scope(*table);
        RandomNested random({200, 40 * 32}, 11);
        random.setAll(4, 5);
        std::vector<float> x = random.randomX(1);
        const std::vector<float> small = x;
        for (const std::size_t at : {3, 700})
            x[at] = 1000;
        ThreadPool pool(1);
        std::vector<float> y(200), want(200), other(200);
        multiplyOne(random.matrix, x.data(), 1, y.data(), 200, pool);
        nested::multiplyReference(random.matrix, x.data(), want.data());
        nested::multiplyReference(random.matrix, small.data(), other.data());
        double error = 0;
        double size = 0;
        for (std::size_t i = 0; i < 200; ++i) {
            error += std::pow(static_cast<double>(y[i]) - static_cast<double>(want[i]), 2);
            size += std::pow(static_cast<double>(other[i]), 2);
        }
        CAPTURE(table->name);
        CHECK(std::sqrt(error / size) < 0.1); // of what the others sum up to; tables of 8 bits would be off by six tenths
    }
}

TEST_CASE("mixed tiles, odd shapes, one row of x or many")
{
    for (const Kernels* table : tables())
        for (const nested::Shape& shape : {nested::Shape{1, 1}, {1, 300}, {300, 1}, {64, 32}, {65, 33}, {63, 31}, {200, 1100}})
            for (const std::size_t n : {1, 2, 20, 21, 40}) {
                CAPTURE(table->name);
                CAPTURE(shape.rows);
                CAPTURE(shape.cols);
                CAPTURE(n);
                const Using scope(*table);
                RandomNested random(shape, static_cast<unsigned>(shape.rows + shape.cols));
                random.mixTiles();
                random.addOutliers(shape.rows % 7);
                checkProduct(random, n);
            }
}

TEST_CASE("tables agree to the bit, and so do one thread and three")
{
    for (const std::size_t n : {3, 40}) {
        RandomNested random({500, 700}, 5);
        random.mixTiles();
        random.addOutliers(300);
        const std::vector<float> x = random.randomX(n);
        std::vector<float> want(n * 500), got(n * 500);
        ThreadPool one(1), three(3);
        {
            const Using scope(*tables().front());
            multiplyOne(random.matrix, x.data(), n, want.data(), 500, one);
        }
        for (const Kernels* table : tables()) {
            CAPTURE(table->name);
            const Using scope(*table);
            multiplyOne(random.matrix, x.data(), n, got.data(), 500, three);
            CHECK(got == want);
        }
    }
}

TEST_CASE("several matrices of one x give what each gives alone")
{
    const nested::Shape shapes[] = {{200, 90}, {1, 90}, {64, 90}, {70, 90}};
    std::vector<std::unique_ptr<RandomNested>> random;
    for (const nested::Shape& shape : shapes) {
        random.push_back(std::make_unique<RandomNested>(shape, 8));
        if (shape.rows != 64) // that one is empty
            random.back()->mixTiles();
        else
            random.back()->matrix.tiles.clear();
        random.back()->addOutliers(shape.rows % 5);
    }
    ThreadPool pool(2);
    for (const std::size_t n : {1, 3, 21}) {
        const std::vector<float> x = random[0]->randomX(n);
        std::vector<float> got(n * 335, 7.0F), want(n * 335, 7.0F);
        std::vector<nested::Product> products;
        std::size_t row = 0;
        for (const auto& of : random) {
            products.push_back({&of->matrix, got.data() + row, 335});
            multiplyOne(of->matrix, x.data(), n, want.data() + row, 335, pool);
            row += of->matrix.shape.rows;
        }
        nested::multiply(products, x.data(), n, pool);
        CHECK(got == want);
    }
}

TEST_CASE("nothing, zeros and outliers alone")
{
    ThreadPool pool(2);
    nested::Matrix empty;
    empty.shape = {5, 3};
    const float x[3] = {1, 2, 3};
    std::vector<float> y(5, 9.0F);
    multiplyOne(empty, x, 1, y.data(), 5, pool);
    CHECK(y == std::vector<float>(5, 0.0F));

    RandomNested random({70, 40}, 3);
    random.addOutliers(9);
    checkProduct(random, 1);
    random.setAll(3, 2);
    const std::vector<float> zeros(40, 0.0F);
    y.assign(70, 9.0F);
    multiplyOne(random.matrix, zeros.data(), 1, y.data(), 70, pool);
    CHECK(y == std::vector<float>(70, 0.0F));
    const std::vector<float> tiny(40, 1e-38F);
    multiplyOne(random.matrix, tiny.data(), 1, y.data(), 70, pool);
    for (const float value : y)
        CHECK(std::abs(value) < 1e-30F);
}

TEST_CASE("what is not finite in x shows in every y of its row and in no other")
{
    for (const Kernels* table : tables())
        for (const std::size_t n : {2, 34})
            for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 3e38F}) {
                if (n == 34 && std::isfinite(bad))
                    continue; // in reach of f32 products
                const Using scope(*table);
                RandomNested random({100, 90}, 4);
                random.setAll(4, 5);
                std::vector<float> x = random.randomX(n);
                x[90 + 41] = bad;
                std::vector<float> y(n * 100);
                ThreadPool pool(1);
                multiplyOne(random.matrix, x.data(), n, y.data(), 100, pool);
                for (std::size_t i = 0; i < n * 100; ++i)
                    CHECK(std::isfinite(y[i]) == (i / 100 != 1));
            }
}
