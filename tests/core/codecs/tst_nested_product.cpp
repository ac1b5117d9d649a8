#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/product.h"

#include "core/codecs/nested/decoder.h"
#include "core/linalg/cpu/kernels.h"
#include "tests/support/random_nested.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

using namespace bs;
using nested::Base;
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

/// What y [row i] may differ by: each scale * x is off by half a step, times the whole numbers of the weights; then the order of f32 sums.
std::vector<double> tolerance(const nested::Matrix& m, const float* x, bool eightBits)
{
    std::vector<double> most(m.shape.rows, 0.0);
    for (std::size_t i = 0; i < m.shape.rows; ++i) {
        double sum = 0;
        for (std::size_t c = 0; c < m.shape.tileCols();) {
            double largest = 0;
            double weights = 0;
            for (std::size_t planes = 0; c < m.shape.tileCols() && planes < kNestedGroup; ++c) {
                const nested::Tile& tile = m.tile(i / nested::kTileRows, c);
                if (tile.planes == 0)
                    continue;
                planes += tile.planes;
                for (std::size_t j = c * nested::kTileCols; j < std::min(m.shape.cols, (c + 1) * nested::kTileCols); ++j) {
                    const double size = std::abs(static_cast<double>(x[m.colOrder[j]]) * m.colScale[j]) * tile.scale();
                    const double weight = std::abs(nested::weightOf(m, tile, i % nested::kTileRows, j % nested::kTileCols));
                    largest = std::max(largest, size);
                    weights += weight;
                    sum += size * weight * static_cast<double>(m.shape.cols + 8) * kEpsilon;
                }
            }
            if (eightBits)
                sum += weights * (0.5 + 127 * 4 * kEpsilon) * largest / 127;
        }
        for (const nested::Outlier& o : m.outliers)
            if (o.row == i)
                sum += std::abs(o.value * static_cast<double>(x[m.colOrder[o.col]]) * m.colScale[o.col]) *
                       static_cast<double>(m.shape.cols + 8) * kEpsilon;
        most[m.rowOrder[i]] = sum * m.rowScale[i];
    }
    return most;
}

void checkProduct(RandomNested& random, std::size_t n)
{
    const nested::Matrix& m = random.matrix;
    const std::size_t stride = m.shape.rows + 3;
    const std::vector<float> x = random.randomX(n);
    std::vector<float> y(n * stride, 77.0F);
    std::vector<float> want(m.shape.rows);
    ThreadPool pool(2);
    nested::multiply(m, x.data(), n, y.data(), stride, pool);
    for (std::size_t t = 0; t < n; ++t) {
        const float* xt = x.data() + t * m.shape.cols;
        nested::multiplyReference(m, xt, want.data());
        const std::vector<double> limit = tolerance(m, xt, n <= 12);
        for (std::size_t i = 0; i < m.shape.rows; ++i)
            REQUIRE(std::abs(static_cast<double>(y[t * stride + i]) - static_cast<double>(want[i])) <= limit[i]);
        for (std::size_t i = m.shape.rows; i < stride; ++i)
            REQUIRE(y[t * stride + i] == 77.0F);
    }
}

/// What the kernels get: a row of tiles with tables of their own.
struct KernelCase
{
    std::unique_ptr<NestedTables> tables = std::make_unique<NestedTables>();
    std::vector<NestedTile> tiles;
    std::vector<float> x;
    std::vector<float> most;
    const std::uint8_t* bytes = nullptr;

    NestedRow row() const { return {tables.get(), bytes, tiles.data(), tiles.size(), 0}; }
    void checkEqual() const
    {
        std::vector<float> want(kNestedRows), got(kNestedRows);
        std::vector<float> wantW(kNestedRows * x.size()), gotW(wantW.size());
        scalarNestedProduct(row(), x.data(), most.data(), want.data());
        scalarNestedDecode(row(), wantW.data());
        for (const Kernels* table : ::tables()) {
            CAPTURE(table->name);
            table->nestedProduct(row(), x.data(), most.data(), got.data());
            CHECK(std::memcmp(got.data(), want.data(), got.size() * sizeof(float)) == 0);
            table->nestedDecode(row(), gotW.data());
            CHECK(std::memcmp(gotW.data(), wantW.data(), gotW.size() * sizeof(float)) == 0);
        }
    }
};

/// Every level as far out as the kernels allow, x at its largest, alike in all columns or with alternating signs.
KernelCase extremes(RandomNested& random, int firstLevel, int single, bool alternating)
{
    KernelCase made;
    std::memset(made.tables->levels, 0, sizeof(made.tables->levels));
    made.tables->plainGain = nested::kGainOne;
    for (unsigned b = 0; b < 2; ++b)
        for (unsigned p = 0; p < nested::kMostPlanes; ++p) {
            const Base base = b == 0 ? Base::One : Base::Two;
            if (p == 0 || nested::groupOf(base, p) != nested::groupOf(base, p - 1))
                std::memset(made.tables->levels[b][p], firstLevel, sizeof(made.tables->levels[b][p]));
        }
    std::memset(made.tables->single, single, sizeof(made.tables->single));
    std::fill(std::begin(made.tables->scale), std::end(made.tables->scale), 1.0F);
    made.tiles.assign(random.matrix.tiles.begin(), random.matrix.tiles.end());
    made.bytes = reinterpret_cast<const std::uint8_t*>(random.matrix.bytes);
    for (std::size_t j = 0; j < made.tiles.size() * kNestedCols; ++j)
        made.x.push_back(alternating && j % 2 != 0 ? -1.0F : 1.0F);
    made.most.assign(made.tiles.size(), 1.0F);
    return made;
}

} // namespace

TEST_CASE("levels add up to what bytes hold, for every choice of gains")
{
    for (const Base base : {Base::One, Base::Two}) {
        int low[3] = {}, high[3] = {};
        for (unsigned p = 0; p < nested::kMostPlanes; ++p) {
            int least = 0, most = 0;
            for (int gain = p == 0 ? nested::kGainOne : 0; gain < (p == 0 ? nested::kGainOne + 1 : nested::kGains); ++gain)
                for (const std::int8_t level : nested::levels(base, p, gain)) {
                    least = std::min(least, int{level});
                    most = std::max(most, int{level});
                }
            low[nested::groupOf(base, p)] += least;
            high[nested::groupOf(base, p)] += most;
        }
        for (int g = 0; g < 3; ++g) {
            CHECK(low[g] >= -kNestedZero);
            CHECK(high[g] <= 127 - kNestedZero);
        }
    }
    for (const std::int8_t level : nested::levels(Base::One, 0, nested::kGainOne))
        CHECK(std::abs(level) <= kNestedZeroSingle);
}

TEST_CASE("every table decodes to the reference's weights")
{
    RandomNested random({64, 7 * 32}, 1);
    random.mixTiles();
    std::vector<float> want(64 * 7 * 32);
    random.matrix.rowScale.assign(64, 1.0F);
    random.matrix.colScale.assign(7 * 32, 1.0F);
    for (std::size_t i = 0; i < 64; ++i)
        random.matrix.rowOrder[i] = static_cast<std::uint16_t>(i);
    for (std::size_t j = 0; j < 7 * 32; ++j)
        random.matrix.colOrder[j] = static_cast<std::uint16_t>(j);
    nested::decodeReference(random.matrix, want.data());
    // W = W I: the batch's path, in which nothing is rounded
    std::vector<float> identity(224 * 224);
    for (std::size_t j = 0; j < 224; ++j)
        identity[j * 224 + j] = 1;
    for (const Kernels* table : tables()) {
        CAPTURE(table->name);
        const Using scope(*table);
        ThreadPool pool(1);
        std::vector<float> y(224 * 64);
        nested::multiply(random.matrix, identity.data(), 224, y.data(), 64, pool);
        for (std::size_t i = 0; i < 64; ++i)
            for (std::size_t j = 0; j < 224; ++j)
                REQUIRE(y[j * 64 + i] == want[i * 224 + j]);
    }
}

TEST_CASE("whole numbers do not run over and are the same in every table")
{
    for (const bool alternating : {false, true})
        for (const int level : {0, 127})
            for (const Base base : {Base::One, Base::Two})
                for (unsigned bits = base == Base::Two ? 2 : 1; bits <= nested::mostBits(base); ++bits) {
                    CAPTURE(bits);
                    RandomNested random({64, 39 * 32}, bits);
                    random.setAll(base, bits);
                    // a tile alone with one bit has levels of its own, -32 .. 32
                    const bool one = base == Base::One && bits == 1;
                    const int single = level == 0 ? 0 : 2 * kNestedZeroSingle;
                    extremes(random, one ? single + kNestedZero - kNestedZeroSingle : level, single, alternating).checkEqual();
                }
}

TEST_CASE("the product is the reference's within what 8 bits of x and f32 sums allow, at every depth")
{
    for (const Kernels* table : tables())
        for (const Base base : {Base::One, Base::Two})
            for (unsigned bits = base == Base::Two ? 2 : 1; bits <= nested::mostBits(base); ++bits) {
                CAPTURE(table->name);
                CAPTURE(bits);
                const Using scope(*table);
                RandomNested random({150, 19 * 32 + 5}, bits);
                random.setAll(base, bits);
                random.addOutliers(40);
                checkProduct(random, 2);
            }
}

TEST_CASE("mixed tiles, odd shapes, one row of x or many")
{
    for (const Kernels* table : tables())
        for (const nested::Shape& shape : {nested::Shape{1, 1}, {1, 300}, {300, 1}, {64, 32}, {65, 33}, {63, 31}, {200, 1100}})
            for (const std::size_t n : {1, 12, 13, 20}) {
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
    RandomNested random({500, 700}, 5);
    random.mixTiles();
    random.addOutliers(300);
    const std::vector<float> x = random.randomX(3);
    std::vector<float> want(3 * 500), got(3 * 500);
    ThreadPool one(1), three(3);
    {
        const Using scope(*tables().front());
        nested::multiply(random.matrix, x.data(), 3, want.data(), 500, one);
    }
    for (const Kernels* table : tables()) {
        CAPTURE(table->name);
        const Using scope(*table);
        nested::multiply(random.matrix, x.data(), 3, got.data(), 500, three);
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
    nested::multiply(empty, x, 1, y.data(), 5, pool);
    CHECK(y == std::vector<float>(5, 0.0F));

    RandomNested random({70, 40}, 3);
    random.addOutliers(9);
    checkProduct(random, 1);
    random.setAll(Base::One, 3);
    const std::vector<float> zeros(40, 0.0F);
    y.assign(70, 9.0F);
    nested::multiply(random.matrix, zeros.data(), 1, y.data(), 70, pool);
    CHECK(y == std::vector<float>(70, 0.0F));
    const std::vector<float> tiny(40, 1e-38F);
    nested::multiply(random.matrix, tiny.data(), 1, y.data(), 70, pool);
    for (const float value : y)
        CHECK(std::abs(value) < 1e-30F);
}

TEST_CASE("what is not finite in x shows in every y of its row and in no other")
{
    for (const Kernels* table : tables())
        for (const std::size_t n : {2, 14})
            for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
                const Using scope(*table);
                RandomNested random({100, 90}, 4);
                random.setAll(Base::Two, 4);
                std::vector<float> x = random.randomX(n);
                x[90 + 41] = bad;
                std::vector<float> y(n * 100);
                ThreadPool pool(1);
                nested::multiply(random.matrix, x.data(), n, y.data(), 100, pool);
                for (std::size_t i = 0; i < n * 100; ++i)
                    CHECK(std::isfinite(y[i]) == (i / 100 != 1));
            }
}
