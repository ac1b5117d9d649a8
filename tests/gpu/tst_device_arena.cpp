#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gpu/device/arena.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/device_memory.h"
#endif
#include "gpu/device/runtime.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>

#include <vector>

using namespace bs;
using namespace bs::gpu;
using bs::test::got;

namespace {

std::vector<std::byte> readBack(const DeviceArena& arena, std::uint64_t at, std::size_t bytes,
                                const Stream& stream)
{
    std::vector<std::byte> values(bytes);
    REQUIRE(copyToHost(values.data(), arena.data() + at, bytes, stream));
    REQUIRE(stream.wait());
    return values;
}

} // namespace

TEST_CASE("pages come with the first range that touches them and go with the last")
{
    REQUIRE(useDevice(0));
    DeviceArena arena = got(DeviceArena::reserve(100 << 20, 0));
    const std::uint64_t page = arena.pageBytes();
    CHECK(arena.residentBytes() == 0);
    REQUIRE(arena.hold(page / 2, 100));
    CHECK(arena.residentBytes() == page);
    REQUIRE(arena.hold(page / 2 + 100, 100)); // its neighbour
    CHECK(arena.residentBytes() == page);
    REQUIRE(arena.hold(page - 1, page + 2)); // three pages
    CHECK(arena.residentBytes() == 3 * page);
    REQUIRE(arena.hold(page * 7, 0));
    CHECK(arena.residentBytes() == 3 * page);
    arena.drop(page / 2, 100);
    CHECK(arena.residentBytes() == 3 * page);
    arena.drop(page - 1, page + 2);
    CHECK(arena.residentBytes() == page);
    arena.drop(page / 2 + 100, 100);
    CHECK(arena.residentBytes() == 0);
}

TEST_CASE("what was written stays while its page does, and the arena can be moved")
{
    REQUIRE(useDevice(0));
    const Stream stream = got(Stream::create());
    DeviceArena arena = got(DeviceArena::reserve(10 << 20, 0));
    const std::uint64_t at = arena.pageBytes() - 64;
    const std::vector<std::byte> values(200, std::byte{0x5A});
    REQUIRE(arena.hold(at, values.size()));
    REQUIRE(copyToDevice(arena.data() + at, values.data(), values.size(), stream));
    REQUIRE(arena.hold(0, 64));
    arena.drop(0, 64);
    const DeviceArena moved = std::move(arena);
    CHECK(readBack(moved, at, values.size(), stream) == values);
}

#ifndef BS_ON_A_CARD
TEST_CASE("a full device: nothing has changed")
{
    const std::uint64_t before = emulation::usedDeviceMemory();
    {
        DeviceArena arena = got(DeviceArena::reserve(10 << 20, 0));
        const std::uint64_t page = arena.pageBytes();
        REQUIRE(arena.hold(0, 10));
        emulation::setDeviceMemory(before + 2 * page);
        const auto refused = arena.hold(0, 3 * page);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Memory);
        CHECK(arena.residentBytes() == page);
        REQUIRE(arena.hold(0, 2 * page));
        CHECK(emulation::usedDeviceMemory() == before + 2 * page);
        emulation::setDeviceMemory(std::uint64_t{1} << 40);
    }
    CHECK(emulation::usedDeviceMemory() == before);
}
#endif
