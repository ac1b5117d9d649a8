#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/arena.h"

#include "core/base/memory.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

using namespace bs;
using bs::test::TempFolder;

namespace {

constexpr std::uint64_t kMiB = 1 << 20;

std::string pattern(std::size_t bytes)
{
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i)
        text[i] = static_cast<char>(i * 31 + i / 4096);
    return text;
}

/// Growth of the resident set since `before`, in MiB.
double grown(std::uint64_t before)
{
    return (static_cast<double>(residentSetBytes()) - static_cast<double>(before)) / static_cast<double>(kMiB);
}

} // namespace

TEST_CASE("byte i of the file lies at data() + i")
{
    const TempFolder folder;
    const std::string content = pattern(50'000);
    const auto file = File::open(folder.write("a", content));
    REQUIRE(file);
    auto arena = Arena::reserve(content.size());
    REQUIRE(arena);
    CHECK(arena.value().residentBytes() == 0);
    REQUIRE(arena.value().load(file.value(), 5000, 10'000));
    CHECK(std::memcmp(arena.value().data() + 5000, content.data() + 5000, 10'000) == 0);
    CHECK(arena.value().residentBytes() == 3 * 4096); // pages 1, 2, 3
    REQUIRE(arena.value().load(file.value(), 15'000, 100)); // shares page 3
    CHECK(arena.value().residentBytes() == 3 * 4096);
    arena.value().drop(5000, 10'000);
    CHECK(arena.value().residentBytes() == 4096);
    CHECK(std::memcmp(arena.value().data() + 15'000, content.data() + 15'000, 100) == 0);
    arena.value().drop(15'000, 100);
    CHECK(arena.value().residentBytes() == 0);
    REQUIRE(arena.value().load(file.value(), 0, 0));
    CHECK(arena.value().residentBytes() == 0);
}

TEST_CASE("the resident set follows what is loaded")
{
    const TempFolder folder;
    const std::uint64_t size = 64 * kMiB;
    {
        const std::string content = pattern(size);
        folder.write("a", content);
    }
    const auto file = File::open(folder.file("a"));
    REQUIRE(file);
    auto arena = Arena::reserve(size);
    REQUIRE(arena);
    const std::uint64_t before = residentSetBytes();
    REQUIRE(arena.value().load(file.value(), 0, size));
    CHECK(std::abs(grown(before) - 64) < 4);
    CHECK(arena.value().residentBytes() == size);
    // Every second piece of 100,000 bytes is dropped: what is given back is known to the page.
    for (std::uint64_t at = 0; at + 200'000 <= size; at += 200'000)
        arena.value().drop(at, 100'000);
    CHECK(std::abs(grown(before) - static_cast<double>(arena.value().residentBytes()) / static_cast<double>(kMiB)) < 4);
    CHECK(grown(before) < 64);
    arena = Arena::reserve(4096);
    CHECK(std::abs(grown(before)) < 4);
}

TEST_CASE("a failed read leaves nothing behind")
{
    const TempFolder folder;
    const auto file = File::open(folder.write("a", pattern(20'000)));
    REQUIRE(file);
    auto arena = Arena::reserve(20'000);
    REQUIRE(arena);
    REQUIRE(arena.value().load(file.value(), 0, 4096));
    std::filesystem::resize_file(folder.file("a"), 9000);
    const auto result = arena.value().load(file.value(), 4096, 10'000);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::Io);
    CHECK(arena.value().residentBytes() == 4096);
    const auto& kept = arena.value();
    CHECK(std::to_integer<int>(kept.data()[100]) == (100 * 31 & 0xFF));
}

TEST_CASE("address space that does not exist is an error")
{
    CHECK(Arena::reserve(0));
    const auto result = Arena::reserve(1ULL << 60);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::Memory);
}
