// The nested encoder: what its blocks decode to, on ordinary and on extreme matrices.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/encoder.h"
#include "core/linalg/cpu/kernels.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace {

using namespace bs;
using namespace bs::nested;

/// A matrix and what its errors cost.
struct Case
{
    std::size_t rows;
    std::size_t cols;
    std::vector<float> W;
    std::vector<float> moments;
    std::vector<float> rowWeight;

    Case(std::size_t r, std::size_t c, std::vector<float> values)
        : rows(r), cols(c), W(std::move(values)), moments(c * c, 0.0F), rowWeight(r, 1.0F)
    {
        for (std::size_t j = 0; j < cols; ++j)
            moments[j * cols + j] = 1;
    }
    Shape shape() const { return {rows, cols}; }
};

Case gaussian(std::size_t rows, std::size_t cols, std::uint64_t seed = 1)
{
    return {rows, cols, randomValues(rows * cols, seed)};
}

/// Neighbouring inputs go together, some are much stronger, and so are some rows.
Case correlated(std::size_t rows, std::size_t cols)
{
    Case c = gaussian(rows, cols, 7);
    const auto strength = [](std::size_t j) { return std::exp2(static_cast<float>(j % 5) - 2); };
    for (std::size_t i = 0; i < cols; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            const auto apart = static_cast<float>(i > j ? i - j : j - i);
            c.moments[i * cols + j] = strength(i) * strength(j) * std::pow(0.9F, apart);
        }
    for (std::size_t i = 0; i < rows; ++i)
        c.rowWeight[i] = std::exp2(static_cast<float>(i % 4) - 1);
    return c;
}

/// Prices from one at which nothing is worth a byte down to where everything is.
std::vector<double> ladder(double first, int count)
{
    std::vector<double> prices;
    for (int i = 0; i < count; ++i)
        prices.push_back(first * std::exp2(-i));
    return prices;
}

EncodeOptions falling()
{
    EncodeOptions options;
    options.prices = ladder(1, 16);
    return options;
}

/// One block with as many bits in every tile.
EncodeOptions exactly(unsigned bits)
{
    EncodeOptions options;
    options.prices = {1e30};
    options.leastTilePlanes = bits;
    return options;
}

Result<Encoded> encodeCase(const Case& c, const EncodeOptions& options, int threads = 1, const JobContext& context = {})
{
    ThreadPool pool(threads);
    return encode(c.W, c.rows, c.cols, {c.moments, c.rowWeight}, options, pool, context);
}

Encoded encoded(const Case& c, const EncodeOptions& options, int threads = 1)
{
    auto result = encodeCase(c, options, threads);
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    return std::move(result).value();
}

/// What the first `count` blocks decode to.
std::vector<float> decoded(const Case& c, const Encoded& e, std::size_t count)
{
    std::vector<std::byte> area;
    for (const EncodedBlock& block : e.blocks)
        area.insert(area.end(), block.bytes.begin(), block.bytes.end());
    std::vector<std::span<const std::byte>> blocks;
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        CHECK(e.blocks[i].bytes.size() % 64 == 0);
        blocks.push_back(std::span(area).subspan(at, e.blocks[i].bytes.size()));
        at += e.blocks[i].bytes.size();
    }
    const auto matrix = readBlocks(c.shape(), blocks, area.data());
    REQUIRE_MESSAGE(matrix, (matrix ? "" : matrix.error().message));
    std::vector<float> W(c.W.size());
    decodeReference(matrix.value(), W.data());
    return W;
}

double meanSquare(const Case& c, const std::vector<float>& got)
{
    double sum = 0;
    for (std::size_t k = 0; k < got.size(); ++k)
        sum += std::pow(static_cast<double>(got[k]) - static_cast<double>(c.W[k]), 2);
    return sum / static_cast<double>(got.size());
}

/// 1/2 sum over rows of rowWeight * e moments e^T.
double lossOf(const Case& c, const std::vector<float>& got)
{
    double sum = 0;
    for (std::size_t i = 0; i < c.rows; ++i)
        for (std::size_t j = 0; j < c.cols; ++j) {
            const double e = static_cast<double>(got[i * c.cols + j]) - static_cast<double>(c.W[i * c.cols + j]);
            double product = 0;
            for (std::size_t k = 0; k < c.cols; ++k)
                product += static_cast<double>(c.moments[j * c.cols + k]) *
                           (static_cast<double>(got[i * c.cols + k]) - static_cast<double>(c.W[i * c.cols + k]));
            sum += static_cast<double>(c.rowWeight[i]) * e * product;
        }
    return sum / 2;
}

bool allFinite(const std::vector<float>& values)
{
    return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

double bitsOf(const Case& c, const Encoded& e, std::size_t blocks)
{
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < blocks; ++i)
        bytes += e.blocks[i].bytes.size();
    return 8 * static_cast<double>(bytes) / static_cast<double>(c.W.size());
}

void checkRefused(const Result<Encoded>& result, ErrorCode code, const std::string& part)
{
    REQUIRE_FALSE(result);
    INFO(result.error().message);
    CHECK(result.error().code == code);
    CHECK(result.error().message.find(part) != std::string::npos);
}

void useTable(const char* name)
{
    const Kernels* const* tables = nullptr;
    const std::size_t count = availableKernels(tables);
    for (std::size_t i = 0; i < count; ++i)
        if (std::string(tables[i]->name) == name)
            useKernels(*tables[i]);
}

} // namespace

TEST_CASE("a Gaussian matrix costs near what theory asks, at each number of bits")
{
    const Case c = gaussian(256, 256);
    const double mse1 = meanSquare(c, decoded(c, encoded(c, exactly(1)), 1));
    const double mse2 = meanSquare(c, decoded(c, encoded(c, exactly(2)), 1));
    const double mse3 = meanSquare(c, decoded(c, encoded(c, exactly(3)), 1));
    CAPTURE(mse1);
    CAPTURE(mse2);
    CAPTURE(mse3);
    CHECK(mse1 < 0.33); // theory: .25, .0625, .0156
    CHECK(mse2 < 0.10);
    CHECK(mse3 < 0.033);
}

TEST_CASE("every block makes it better, down to a price of next to nothing")
{
    for (const Case& c : {gaussian(192, 128), correlated(192, 128)}) {
        const Encoded e = encoded(c, falling());
        REQUIRE(e.blocks.size() >= 6);
        double before = lossOf(c, decoded(c, e, 0));
        double price = std::numeric_limits<double>::infinity();
        double expected = std::numeric_limits<double>::infinity();
        for (std::size_t count = 1; count <= e.blocks.size(); ++count) {
            CAPTURE(count);
            const double loss = lossOf(c, decoded(c, e, count));
            CHECK(loss < before);
            CHECK(e.blocks[count - 1].price < price);
            CHECK(e.blocks[count - 1].loss < expected);
            before = loss;
            price = e.blocks[count - 1].price;
            expected = e.blocks[count - 1].loss;
        }
        CHECK(bitsOf(c, e, e.blocks.size()) < 16); // at prices where outliers are worth it too, less than f16
        CHECK(before < 3e-4 * lossOf(c, decoded(c, e, 0)));
    }
}

TEST_CASE("from two bits to five, all bytes counted, a bit is lost to theory at most")
{
    const Case c = gaussian(256, 256);
    const Encoded e = encoded(c, falling());
    for (std::size_t count = 1; count <= e.blocks.size(); ++count) {
        const double bits = bitsOf(c, e, count);
        if (bits < 1.5 || bits > 5)
            continue;
        CAPTURE(bits);
        const double dB = 10 * std::log10(meanSquare(c, decoded(c, e, count)) / std::exp2(-2 * bits));
        CHECK(dB < 6.02);
    }
}

TEST_CASE("what the inputs have in common is made use of")
{
    const Case c = correlated(128, 160);
    Case plain = c;
    plain.moments = gaussian(1, c.cols).moments;
    std::fill(plain.rowWeight.begin(), plain.rowWeight.end(), 1.0F);
    const double with = lossOf(c, decoded(c, encoded(c, exactly(2)), 1));
    const double without = lossOf(c, decoded(c, encoded(plain, exactly(2)), 1));
    CAPTURE(with);
    CAPTURE(without);
    CHECK(with < 0.6 * without);
}

TEST_CASE("tiles that are not whole")
{
    for (const auto& [rows, cols] : std::vector<std::pair<std::size_t, std::size_t>>{
             {1, 1}, {1, 100}, {100, 1}, {1, 32}, {64, 1}, {65, 33}, {63, 31}, {300, 40}}) {
        CAPTURE(rows);
        CAPTURE(cols);
        const Case c = gaussian(rows, cols, 3);
        const Encoded e = encoded(c, falling());
        REQUIRE_FALSE(e.blocks.empty());
        const std::vector<float> all = decoded(c, e, e.blocks.size());
        CHECK(allFinite(all));
        CHECK(meanSquare(c, all) < 0.01 * meanSquare(c, std::vector<float>(c.W.size(), 0.0F)));
    }
}

TEST_CASE("a matrix of zeros decodes to zeros")
{
    const Case c{70, 40, std::vector<float>(70 * 40, 0.0F)};
    for (const EncodeOptions& options : {falling(), exactly(2)}) {
        const Encoded e = encoded(c, options);
        REQUIRE_FALSE(e.blocks.empty());
        for (const float w : decoded(c, e, e.blocks.size()))
            CHECK(std::abs(w) < 1e-20F);
    }
}

TEST_CASE("a constant matrix, rows of zeros, one rank")
{
    Case rankOne{96, 64, std::vector<float>(96 * 64)};
    Case zeroRows = gaussian(96, 64, 5);
    for (std::size_t i = 0; i < 96; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
            rankOne.W[i * 64 + j] = static_cast<float>(i + 1) * (static_cast<float>(j) - 31.5F) * 1e-3F;
            if (i % 3 == 0 || j == 7)
                zeroRows.W[i * 64 + j] = 0;
        }
    for (const Case& c : {Case{96, 64, std::vector<float>(96 * 64, -3.25F)}, rankOne, zeroRows}) {
        const Encoded e = encoded(c, falling());
        const std::vector<float> all = decoded(c, e, e.blocks.size());
        CHECK(allFinite(all));
        CHECK(meanSquare(c, all) < 0.003 * meanSquare(c, std::vector<float>(c.W.size(), 0.0F)));
    }
}

TEST_CASE("one huge weight is kept and does not spoil its row")
{
    constexpr std::size_t kAt = 50 * 96 + 17;
    Case c = gaussian(128, 96, 9);
    for (const auto& [huge, mostOthers] : {std::pair{200.0F, 0.05}, std::pair{20000.0F, 0.2}}) {
        CAPTURE(huge);
        c.W[kAt] = huge;
        std::vector<float> got = decoded(c, encoded(c, exactly(3)), 1);
        CHECK(got[kAt] == doctest::Approx(huge).epsilon(0.01));
        got[kAt] = huge;
        CHECK(meanSquare(c, got) < mostOthers);
    }
}

TEST_CASE("magnitudes far from one")
{
    for (const float scale : {1e-12F, 1e-6F, 1e6F, 1e12F}) {
        CAPTURE(scale);
        Case c = gaussian(64, 64, 11);
        for (float& w : c.W)
            w *= scale;
        const std::vector<float> got = decoded(c, encoded(c, exactly(3)), 1);
        CHECK(meanSquare(c, got) < 0.05 * static_cast<double>(scale) * static_cast<double>(scale));
    }
}

TEST_CASE("inputs that never move or move together, rows that do not count")
{
    Case still = gaussian(64, 48, 13);
    std::fill(still.moments.begin(), still.moments.end(), 0.0F);
    Case together = gaussian(64, 48, 13);
    std::fill(together.moments.begin(), together.moments.end(), 1.0F); // rank one
    Case idle = gaussian(64, 48, 13);
    std::fill(idle.rowWeight.begin(), idle.rowWeight.end(), 0.0F);
    for (const Case& c : {still, together, idle}) {
        const Encoded e = encoded(c, exactly(2));
        REQUIRE(e.blocks.size() == 1);
        CHECK(allFinite(decoded(c, e, 1)));
    }
    CHECK(lossOf(together, decoded(together, encoded(together, exactly(2)), 1)) < 0.05 * lossOf(together, std::vector<float>(64 * 48, 0.0F)));
}

TEST_CASE("the number of threads changes nothing")
{
    const Case c = correlated(700, 72);
    const Encoded one = encoded(c, falling(), 1);
    const Encoded three = encoded(c, falling(), 3);
    REQUIRE(one.blocks.size() == three.blocks.size());
    for (std::size_t i = 0; i < one.blocks.size(); ++i) {
        CHECK(one.blocks[i].bytes == three.blocks[i].bytes);
        CHECK(one.blocks[i].loss == three.blocks[i].loss);
    }
}

TEST_CASE("every kernel table codes alike")
{
    const Case c = correlated(128, 96);
    const std::string before = kernels().name;
    const Kernels* const* tables = nullptr;
    const std::size_t count = availableKernels(tables);
    std::vector<Encoded> all;
    for (std::size_t i = 0; i < count; ++i) {
        useTable(tables[i]->name);
        all.push_back(encoded(c, exactly(3)));
    }
    useTable(before.c_str());
    for (const Encoded& e : all)
        CHECK(e.blocks.front().bytes == all.front().blocks.front().bytes);
}

TEST_CASE("numbers that are none are refused by name and place")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    Case c = gaussian(40, 30);
    c.W[12 * 30 + 7] = nan;
    checkRefused(encodeCase(c, falling()), ErrorCode::Numeric, "weight (12, 7) is nan");
    c.W[12 * 30 + 7] = -infinity;
    checkRefused(encodeCase(c, falling()), ErrorCode::Numeric, "weight (12, 7) is -inf");
    c = gaussian(40, 30);
    c.moments[3 * 30 + 29] = infinity;
    checkRefused(encodeCase(c, falling()), ErrorCode::Numeric, "moment (3, 29) is inf");
    c = gaussian(40, 30);
    c.rowWeight[39] = nan;
    checkRefused(encodeCase(c, falling()), ErrorCode::Numeric, "row weight (39, 0) is nan");
}

TEST_CASE("sizes that do not fit are refused with their figures")
{
    Case c = gaussian(40, 30);
    c.rowWeight.pop_back();
    checkRefused(encodeCase(c, falling()), ErrorCode::Shape, "39 row weights");
    c = gaussian(40, 30);
    c.W.pop_back();
    checkRefused(encodeCase(c, falling()), ErrorCode::Shape, "1199 weights");
    checkRefused(encodeCase({kMostRows + 1, 1, std::vector<float>(kMostRows + 1, 1.0F)}, falling()), ErrorCode::Shape, "[65537, 1]");
    checkRefused(encodeCase({0, 5, {}}, falling()), ErrorCode::Shape, "[0, 5]");
}

TEST_CASE("a stop is obeyed")
{
    std::stop_source stop;
    stop.request_stop();
    checkRefused(encodeCase(gaussian(128, 64), falling(), 2, {stop.get_token(), {}}), ErrorCode::Canceled, "stopped");
}
