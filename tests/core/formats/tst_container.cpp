#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/container.h"

#include "core/base/arena.h"
#include "tests/support/container_builder.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>

using namespace bs;
using namespace bs::test;

namespace {

Container opened(const std::string& path)
{
    auto container = openContainer(path);
    if (!container)
        FAIL(container.error().message);
    return std::move(container).value();
}

std::uint64_t written(const std::string& path, ContainerContent content = smallContent())
{
    const auto bytes = writeContainer(path, std::move(content), false, {});
    if (!bytes)
        FAIL(bytes.error().message);
    return bytes.value();
}

/// Loads every block the way an engine does and compares bytes and checksum with what was written.
void checkBlocks(const Container& container)
{
    auto arena = Arena::reserve(container.file->size());
    REQUIRE(arena);
    for (std::size_t m = 0; m < container.blocks.size(); ++m)
        for (std::size_t i = 0; i < container.blocks[m].size(); ++i) {
            const ContainerBlock& block = container.blocks[m][i];
            CAPTURE(container.stack.matrices[m].name);
            CAPTURE(i);
            for (const ByteRange& range : block.ranges)
                REQUIRE(arena.value().load(*container.file, range.offset, range.bytes));
            CHECK(checksumOf(block, arena.value().data()) == block.checksum);
            for (const TensorDesc& part : block.parts) {
                const auto expected = bytesFor(part.name, part.bytes);
                CHECK(std::equal(expected.begin(), expected.end(), arena.value().data() + part.offset));
            }
        }
}

Plan planOf(std::vector<std::uint32_t> depth)
{
    return Plan{std::move(depth)};
}

void checkError(const Result<Container>& result, ErrorCode code, std::initializer_list<std::string> parts)
{
    REQUIRE_FALSE(result);
    INFO(result.error().message);
    CHECK(result.error().code == code);
    for (const std::string& part : parts)
        CHECK(result.error().message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("what was written is read back")
{
    const TempFolder folder;
    const std::string path = folder.file("a.bitstack");
    const std::uint64_t bytes = written(path);
    CHECK(bytes == std::filesystem::file_size(path));
    const Container container = opened(path);
    const ContainerContent content = smallContent();
    CHECK_FALSE(container.truncated);
    CHECK(container.codec == "bitstack");
    CHECK(container.configText == content.configText);
    CHECK(container.tokenizerText == content.tokenizerText);
    CHECK(container.provenance == content.provenance);
    CHECK(container.dataOffset % 4096 == 0);
    CHECK(container.stack.smallestCount == 3);
    REQUIRE(container.stack.order.size() == 6);
    CHECK(container.stack.order[4].matrix == 1);
    CHECK(container.stack.order[4].index == 2);
    REQUIRE(container.stack.matrices.size() == 3);
    CHECK(container.stack.matrices[1].name == "model.layers.0.a");
    CHECK(container.stack.matrices[1].blockBytes == std::vector<std::uint64_t>(3, 64 + 64 + 128));
    CHECK_FALSE(container.stack.matrices[0].linear);
    REQUIRE(container.tensors.size() == 1);
    CHECK(container.tensors[0].name == "model.norm.weight");
    CHECK(container.blocks[1][2].gain == 1.0 / 7);
    for (const auto& blocks : container.blocks)
        for (const ContainerBlock& block : blocks) {
            CHECK(block.ranges.size() == 1);
            CHECK(block.ranges[0].offset % 64 == 0);
        }
    checkBlocks(container);
}

TEST_CASE("blocks lie in loading order, one range behind the other")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container container = opened(folder.file("a.bitstack"));
    std::uint64_t end = 0;
    for (const StackBlock& at : container.stack.order) {
        const ByteRange range = container.blocks[at.matrix][at.index].ranges.at(0);
        if (end > 0)
            CHECK(range.offset == end);
        CHECK(range.bytes == container.stack.matrices[at.matrix].blockBytes[at.index]);
        end = range.offset + range.bytes;
    }
    CHECK(end == container.file->size());
}

TEST_CASE("a trimmed file has exactly the size that was promised, for any plan")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container container = opened(folder.file("a.bitstack"));
    int number = 0;
    for (std::uint32_t whole = 0; whole < 2; ++whole)
        for (std::uint32_t a = 0; a < 4; ++a)
            for (std::uint32_t b = 0; b < 3; ++b) {
                const Plan plan = planOf({whole, a, b});
                CAPTURE(number);
                const std::string path = folder.file("t" + std::to_string(number++));
                const auto bytes = trimContainer(container, plan, path, false);
                REQUIRE(bytes);
                CHECK(bytes.value() == fileBytesOf(container, plan));
                CHECK(bytes.value() == std::filesystem::file_size(path));
                const Container trimmed = opened(path);
                CHECK(largestPlan(trimmed) == plan);
                CHECK(trimmed.stack.smallestCount == whole + std::min(a, 1U) + std::min(b, 1U));
                CHECK(trimmed.configText == container.configText);
                CHECK(fileBytesOf(trimmed, plan) == bytes.value());
                checkBlocks(trimmed);
            }
}

TEST_CASE("a trim of everything is the file itself")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container container = opened(folder.file("a.bitstack"));
    REQUIRE(trimContainer(container, largestPlan(container), folder.file("b.bitstack"), false));
    CHECK(folder.read("a.bitstack") == folder.read("b.bitstack"));
    const auto again = trimContainer(container, largestPlan(container), folder.file("b.bitstack"), false);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::Exists);
    CHECK(trimContainer(container, smallestPlan(container), folder.file("a.bitstack"), true));
}

TEST_CASE("a budget picks the longest prefix that fits")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container container = opened(folder.file("a.bitstack"));
    for (std::size_t count = 3; count <= 6; ++count) {
        const Plan plan = prefixPlan(container.stack, count);
        const std::uint64_t bytes = fileBytesOf(container, plan);
        CAPTURE(count);
        CHECK(planForBudget(container, bytes).value() == plan);
        CHECK(planForBudget(container, bytes + 1).value() == plan);
        if (count > 3)
            CHECK(planForBudget(container, bytes - 1).value() == prefixPlan(container.stack, count - 1));
    }
    CHECK(planForBudget(container, UINT64_MAX).value() == largestPlan(container));
    const std::uint64_t smallest = fileBytesOf(container, smallestPlan(container));
    const auto tooSmall = planForBudget(container, smallest - 1);
    REQUIRE_FALSE(tooSmall);
    CHECK(tooSmall.error().code == ErrorCode::Budget);
    CHECK(tooSmall.error().message.find(std::to_string(smallest)) != std::string::npos);
    CHECK(tooSmall.error().message.find(std::to_string(smallest - 1)) != std::string::npos);
}

TEST_CASE("a plan that is not one of the stack is refused")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container container = opened(folder.file("a.bitstack"));
    const auto result = trimContainer(container, planOf({1, 4, 0}), folder.file("b"), false);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::Usage);
    CHECK(result.error().message.find("4 blocks of model.layers.0.a, the stack has 3") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.file("b")));
}

TEST_CASE("a cut file opens up to its last whole block")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container whole = opened(folder.file("a.bitstack"));
    const std::string bytes = folder.read("a.bitstack");
    std::vector<std::uint64_t> ends; // of the blocks, in loading order
    for (const StackBlock& at : whole.stack.order) {
        const ByteRange range = whole.blocks[at.matrix][at.index].ranges[0];
        ends.push_back(range.offset + range.bytes);
    }
    for (std::size_t size = 0; size < bytes.size(); size += size < whole.dataOffset ? 97 : 13) {
        CAPTURE(size);
        const std::string path = folder.write("cut.bitstack", std::string_view(bytes).substr(0, size));
        const auto count = static_cast<std::size_t>(
            std::count_if(ends.begin(), ends.end(), [&](std::uint64_t end) { return end <= size; }));
        const auto cut = openContainer(path);
        if (count < 3) {
            REQUIRE_FALSE(cut);
            CHECK(cut.error().code == ErrorCode::Format);
            CHECK(cut.error().message.find("cut.bitstack") != std::string::npos);
            continue;
        }
        REQUIRE(cut);
        CHECK(cut.value().truncated);
        CHECK(largestPlan(cut.value()) == prefixPlan(whole.stack, count));
        CHECK(cut.value().configText == whole.configText);
        checkBlocks(cut.value());
    }
    checkError(openContainer(folder.write("cut.bitstack", std::string_view(bytes).substr(0, ends[2] - 1))),
               ErrorCode::Format, {std::to_string(ends[2] - 1), std::to_string(bytes.size()), "3 blocks", "only 2"});
}

TEST_CASE("a cut file whose last bytes never arrived loses that block too")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    const Container whole = opened(folder.file("a.bitstack"));
    const ContainerBlock& fifth = whole.blocks[1][2];
    std::string bytes = folder.read("a.bitstack").substr(0, fifth.ranges[0].offset + fifth.ranges[0].bytes + 5);
    bytes[fifth.parts[2].offset + 1] ^= 1;
    const Container cut = opened(folder.write("cut.bitstack", bytes));
    CHECK(cut.truncated);
    CHECK(largestPlan(cut) == prefixPlan(whole.stack, 4));
    REQUIRE(trimContainer(cut, largestPlan(cut), folder.file("mended.bitstack"), false));
    CHECK_FALSE(opened(folder.file("mended.bitstack")).truncated);
}

TEST_CASE("trim notices a damaged block and leaves nothing")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"));
    std::string bytes = folder.read("a.bitstack");
    bytes[opened(folder.file("a.bitstack")).blocks[2][1].parts[0].offset] ^= 4;
    const Container damaged = opened(folder.write("d.bitstack", bytes));
    CHECK(trimContainer(damaged, smallestPlan(damaged), folder.file("ok.bitstack"), false));
    const auto result = trimContainer(damaged, largestPlan(damaged), folder.file("bad.bitstack"), false);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::Format);
    CHECK(result.error().message.find("block 1 of model.layers.0.b is damaged") != std::string::npos);
    CHECK(folder.names().size() == 3);
}
