#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tensor/float16.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace bs;

namespace {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" // _Float16 is the compiler's own, which is why it is the oracle
using Half = _Float16;
#pragma GCC diagnostic pop

float oracleToFloat(std::uint16_t bits)
{
    Half half{};
    std::memcpy(&half, &bits, sizeof half);
    return static_cast<float>(half);
}

std::uint16_t oracleToHalf(float value)
{
    const auto half = static_cast<Half>(value);
    std::uint16_t bits = 0;
    std::memcpy(&bits, &half, sizeof bits);
    return bits;
}

/// How many of the floats from `first` on, `step` bits apart, are rounded differently.
std::size_t countDifferences(std::uint32_t first, std::uint32_t last, std::uint32_t step)
{
    std::size_t different = 0;
    for (std::uint64_t bits = first; bits <= last; bits += step)
        for (const std::uint32_t sign : {0U, 0x80000000U}) {
            const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits) | sign);
            different += floatToHalf(value) != oracleToHalf(value) ? 1 : 0;
        }
    return different;
}

} // namespace

TEST_CASE("all halves become the same float as the compiler's, and come back")
{
    std::size_t wrong = 0;
    for (std::uint32_t h = 0; h < 65536; ++h) {
        const auto half = static_cast<std::uint16_t>(h);
        const float value = halfToFloat(half);
        if (std::isnan(value)) {
            wrong += std::isnan(oracleToFloat(half)) && std::isnan(halfToFloat(floatToHalf(value))) ? 0 : 1;
            continue;
        }
        wrong += std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(oracleToFloat(half)) ? 0 : 1;
        wrong += floatToHalf(value) == half ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("floats are rounded to the nearest half, ties to even")
{
    CHECK(countDifferences(0x33000000, 0x33800200, 1) == 0); // around the smallest subnormal
    CHECK(countDifferences(0x387F0000, 0x38810000, 1) == 0); // around the smallest normal
    CHECK(countDifferences(0x477FE000, 0x47801000, 1) == 0); // around the largest
    CHECK(countDifferences(0, 0x7F800000, 1009) == 0);
    std::size_t ties = 0;
    for (std::uint32_t h = 0; h < 0x7BFF; ++h) { // half-way between neighbours, and one bit to either side
        const float low = halfToFloat(static_cast<std::uint16_t>(h));
        const float high = halfToFloat(static_cast<std::uint16_t>(h + 1));
        const float middle = (low + high) / 2;
        for (const float value : {std::nextafter(middle, low), middle, std::nextafter(middle, high)})
            ties += floatToHalf(value) == oracleToHalf(value) ? 0 : 1;
    }
    CHECK(ties == 0);
    CHECK(floatToHalf(65519.0F) == 0x7BFF);
    CHECK(floatToHalf(65520.0F) == 0x7C00);
    CHECK(floatToHalf(-std::numeric_limits<float>::infinity()) == 0xFC00);
    CHECK(std::isnan(halfToFloat(floatToHalf(std::numeric_limits<float>::quiet_NaN()))));
}

TEST_CASE("bfloat16 is the upper half of a float")
{
    CHECK(bfloatToFloat(0x3F80) == 1.0F);
    CHECK(bfloatToFloat(0xC040) == -3.0F);
    CHECK(std::isnan(bfloatToFloat(0x7FC0)));
    CHECK(std::signbit(bfloatToFloat(0x8000)));
}
