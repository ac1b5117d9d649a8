// Nested blocks as a file has them: what they decode to, and what is said about each that lies.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/decoder.h"
#include "tests/support/nested_blocks.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

namespace {

using namespace bs;
using namespace bs::nested;
using test::NestedBlockFields;

/// Blocks one behind the other in an area that begins at a multiple of 64.
struct Area
{
    std::vector<std::byte> bytes;
    std::vector<std::span<const std::byte>> blocks;

    explicit Area(const std::vector<std::vector<std::byte>>& parts)
    {
        for (const auto& part : parts)
            bytes.insert(bytes.end(), part.begin(), part.end());
        std::size_t at = 0;
        for (const auto& part : parts) {
            blocks.push_back(std::span(bytes).subspan(at, part.size()));
            at += part.size();
        }
    }
    explicit Area(const std::vector<NestedBlockFields>& fields) : Area(bytesOf(fields)) {}
    Area(const Area&) = delete;
    Area& operator=(const Area&) = delete;

    Result<Matrix> read(const Shape& shape) const { return readBlocks(shape, blocks, bytes.data()); }

private:
    static std::vector<std::vector<std::byte>> bytesOf(const std::vector<NestedBlockFields>& fields)
    {
        std::vector<std::vector<std::byte>> parts;
        for (const NestedBlockFields& block : fields)
            parts.push_back(block.bytes());
        return parts;
    }
};

constexpr Shape kShape{70, 40}; // 2 x 2 tiles, none of the last ones whole

void checkError(const Result<Matrix>& result, const std::string& part)
{
    REQUIRE_FALSE(result);
    INFO(result.error().message);
    CHECK(result.error().code == ErrorCode::Format);
    CHECK(result.error().message.find(part) != std::string::npos);
    CHECK(result.error().message.find('\n') == std::string::npos);
}

struct Lie
{
    std::string name;
    std::function<void(std::vector<NestedBlockFields>&)> change;
    std::string part; ///< of the message
};

std::vector<Lie> lies()
{
    using Blocks = std::vector<NestedBlockFields>;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto planes = [](Blocks& b, std::size_t bytes) { b[1].planes.resize(b[1].planes.size() + bytes); };
    return {
        {"endless outliers", [](Blocks& b) { b[1].outlierCount = 0xFFFFFFFF; }, "block 1: rows of outliers take 4294967295 * 2 bytes, "},
        {"an outlier too many", [](Blocks& b) { b[0].outlierCount += 1; }, "block 0: "},
        {"an outlier too few", [](Blocks& b) { b[1].outlierCount -= 1; }, "block 1: "},
        {"a reserved field in use", [](Blocks& b) { b[1].reserved = 7; }, "block 1: the reserved field is 7, 0 is expected"},
        {"row base NaN", [=](Blocks& b) { b[0].rowBase = nan; }, "block 0: the base of the row scales is nan"},
        {"row base negative", [](Blocks& b) { b[0].rowBase = -1; }, "block 0: the base of the row scales is -1"},
        {"column base too large", [](Blocks& b) { b[0].colBase = 1e38F; }, "block 0: the base of the column scales is 1e+38"},
        {"scales whose product is too large",
         [](Blocks& b) {
             b[0].rowBase = 1e30F;
             b[0].colBase = 1e30F;
         },
         "block 0: the largest row scale, "},
        {"a row twice", [](Blocks& b) { b[0].rowOrder[3] = b[0].rowOrder[9]; }, "block 0: order of the rows names "},
        {"a row outside", [](Blocks& b) { b[0].rowOrder[3] = 70; }, "order of the rows names 70, it must hold each of 0 to 69 once"},
        {"a column twice", [](Blocks& b) { b[0].colOrder[39] = b[0].colOrder[0]; }, " twice, it must hold each of 0 to 39 once"},
        {"a column outside", [](Blocks& b) { b[0].colOrder[0] = 65535; }, "order of the columns names 65535"},
        {"outlier below the matrix", [](Blocks& b) { b[1].outlierRows.back() = 70; }, "block 1: outlier 2 is "},
        {"outlier beside the matrix", [](Blocks& b) { b[0].outlierCols[1] = 40; }, "block 0: outlier 1 is "},
        {"outlier NaN", [](Blocks& b) { b[0].outlierValues[0] = 0x7E00; }, "block 0: outlier 0 is nan at ("},
        {"outlier infinite", [](Blocks& b) { b[1].outlierValues[2] = 0xFC00; }, "block 1: outlier 2 is -inf at ("},
        {"outliers that go back", [](Blocks& b) { std::swap(b[1].outlierRows[0], b[1].outlierRows[2]); },
         "block 1: outlier 1 is in row 23, the one before in row 46"},
        {"more planes than there are",
         [](Blocks& b) {
             b.resize(2);
             for (int more = 0; more < 4; ++more) {
                 b.push_back(b[1]);
                 b.back().map.assign(1, 0xFF);
                 b.back().gains.assign(12, 0);
                 b.back().planes.assign(12 * kPlaneBytes, 0);
             }
         },
         "gets 3 planes and has "},
        {"a gain too large", [](Blocks& b) { b[1].gains.back() = 255; }, " is 255, that of the first plane of tile "},
        {"a gain too many", [](Blocks& b) { b[1].gains.resize(b[1].gains.size() + 64); }, "block 1: planes of "},
        {"planes too long", [=](Blocks& b) { planes(b, 64); }, "block 1: planes of "},
        {"a plane too many", [=](Blocks& b) { planes(b, 256); }, "block 1: planes of "},
        {"planes too short", [](Blocks& b) { b[1].planes.erase(b[1].planes.end() - 256, b[1].planes.end()); }, "block 1: planes of "},
        {"no planes", [](Blocks& b) { b[0].planes.clear(); }, "block 0: planes of "},
    };
}

} // namespace

TEST_CASE("what the blocks say is what the matrix holds")
{
    const auto fields = test::randomNestedBlocks(kShape, 3, 1);
    for (std::size_t count = 0; count <= 3; ++count) {
        CAPTURE(count);
        const Area area(std::vector(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(count)));
        const auto read = area.read(kShape);
        REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
        const Matrix& matrix = read.value();
        CHECK(matrix.shape == kShape);
        CHECK(matrix.empty() == (count == 0));
        if (count == 0)
            continue;
        CHECK(matrix.rowOrder == fields[0].rowOrder);
        for (std::size_t i = 0; i < kShape.rows; ++i)
            CHECK(matrix.rowPlace[matrix.rowOrder[i]] == i);
        CHECK(matrix.rowScale[matrix.rowOrder[5]] == doctest::Approx(0.25 * std::exp2(fields[0].rowStep[5] / 16.0)));
        std::size_t outliers = 0;
        std::size_t planes = 0;
        for (std::size_t b = 0; b < count; ++b) {
            outliers += fields[b].outlierRows.size();
            planes += fields[b].gains.size();
        }
        CHECK(matrix.outliers.size() == outliers);
        for (std::size_t i = 1; i < outliers; ++i)
            CHECK(matrix.outliers[i - 1].row / kTileRows <= matrix.outliers[i].row / kTileRows);
        std::set<std::uint32_t> places;
        for (std::size_t p = 0; p < matrix.planes.size() - kNestedAhead; ++p)
            places.insert(matrix.planes[p].at);
        CHECK(places.size() == planes); // no plane is used twice
        BlockCounts counts;
        for (std::size_t b = 0; b < count; ++b) {
            const auto bytes = area.blocks[b];
            const BlockCounts own = countsOf(kShape, b, bytes.size(), bytes.first<kCountBytes>());
            CHECK(own.planes == fields[b].gains.size());
            CHECK(own.outliers == fields[b].outlierRows.size());
            counts = {counts.planes + own.planes, counts.outliers + own.outliers};
        }
        CHECK(matrix.heldBytes() == heldBytes(kShape, counts));
    }
}

TEST_CASE("rows decode to what the reference says")
{
    for (const Shape shape : {kShape, Shape{1, 1}, Shape{64, 32}, Shape{130, 65}, Shape{3, 200}}) {
        CAPTURE(shape.rows);
        const Area area(test::randomNestedBlocks(shape, 3, 2));
        const auto read = area.read(shape);
        REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
        const Matrix& matrix = read.value();
        std::vector<float> W(shape.rows * shape.cols);
        decodeReference(matrix, W.data());
        std::vector<float> row(shape.cols);
        double most = 0;
        for (std::size_t i = 0; i < shape.rows; ++i) {
            decodeRow(matrix, matrix.rowOrder[i], row.data());
            for (std::size_t j = 0; j < shape.cols; ++j) {
                const float want = W[matrix.rowOrder[i] * shape.cols + j];
                const float slack = 1e-5F * std::max(1.0F, std::abs(want));
                CHECK(std::abs(row[j] - want) <= slack);
                most = std::max(most, static_cast<double>(std::abs(want)));
            }
        }
        CHECK(most > 0.1);
    }
}

TEST_CASE("a matrix without blocks is zero")
{
    const auto read = readBlocks(kShape, {}, nullptr);
    REQUIRE(read);
    std::vector<float> values(kShape.rows * kShape.cols, 1.0F);
    decodeReference(read.value(), values.data());
    CHECK(values == std::vector<float>(values.size(), 0.0F));
    std::vector<float> row(kShape.cols, 1.0F);
    decodeRow(read.value(), 69, row.data());
    CHECK(row == std::vector<float>(row.size(), 0.0F));
}

TEST_CASE("each lie gets its own sentence")
{
    const auto good = test::randomNestedBlocks(kShape, 3, 3);
    REQUIRE(Area(good).read(kShape));
    REQUIRE(good[1].gains.size() > 1);
    for (const Lie& lie : lies()) {
        CAPTURE(lie.name);
        auto blocks = good;
        lie.change(blocks);
        checkError(Area(blocks).read(kShape), lie.part);
    }
    auto one = test::randomNestedBlocks({1, 1}, 1, 3);
    one[0].map[0] |= 0xC0;
    checkError(Area(one).read({1, 1}), "block 0: the map of the tiles goes on behind the last of 1");
    checkError(Area(good).read({70, 65537}), "at most 65536 rows and columns, not [70, 65537]");
    checkError(Area(good).read({71, 40}), "block 0: ");
    checkError(Area(good).read({65536, 65536}), "block 0: row scales take 65536 * 1 bytes");
}

TEST_CASE("a block that was cut anywhere is refused")
{
    const auto good = test::randomNestedBlocks(kShape, 2, 4);
    for (std::size_t cut = 0; cut < 2; ++cut) {
        const std::size_t whole = good[cut].bytes().size();
        for (std::size_t size = 0; size < whole; ++size) {
            std::vector<std::vector<std::byte>> parts{good[0].bytes(), good[1].bytes()};
            parts[cut].resize(size);
            parts.resize(cut + 1);
            checkError(Area(parts).read(kShape), "block " + std::to_string(cut) + ": ");
        }
    }
}
