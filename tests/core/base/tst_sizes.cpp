#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/memory.h"
#include "core/base/sizes.h"

#include <doctest/doctest.h>

using namespace bs;

TEST_CASE("sizes as people write them")
{
    const struct
    {
        std::string text;
        std::uint64_t bytes;
    } rows[] = {{"0", 0}, {"123456", 123456}, {"5B", 5}, {"1kB", 1000}, {"105.5MB", 105'500'000}, {"1.5 GB", 1'500'000'000},
                {"2KiB", 2048}, {"0.5MiB", 524288}, {"1GiB", 1073741824}, {"8.", 8}, {".5kB", 500}};
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto size = parseSize(row.text);
        REQUIRE(size);
        CHECK(size.value() == row.bytes);
    }
}

TEST_CASE("what is no size is refused by name")
{
    for (const std::string text : {"", " ", "x", "-1", "1mb", "1 TB", "1MBs", "nan", "inf", "1e3", "0x10", "99999999999GiB", "1.2.3", "+5"}) {
        CAPTURE(text);
        const auto size = parseSize(text);
        REQUIRE_FALSE(size);
        CHECK(size.error().code == ErrorCode::Usage);
        CHECK(size.error().message.find("'" + std::string(text) + "'") != std::string::npos);
    }
}

TEST_CASE("sizes as people read them")
{
    CHECK(formatSize(0) == "0 B");
    CHECK(formatSize(999) == "999 B");
    CHECK(formatSize(1000) == "1.00 kB");
    CHECK(formatSize(149'040'000) == "149.0 MB");
    CHECK(formatSize(999'960) == "1.00 MB");
    CHECK(formatSize(24'000'000'000) == "24.0 GB");
}

TEST_CASE("the pressure of memory is a share, if the text says it")
{
    CHECK(*parsePressure("some avg10=12.50 avg60=1.00 avg300=0.10 total=99\nfull avg10=3.00") ==
          doctest::Approx(0.125));
    CHECK(*parsePressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n") == 0);
    for (const char* const text : {"", "full avg10=3.00", "some avg10=", "some avg10=x", "some avg10=-1", "some avg10=101"}) {
        CAPTURE(text);
        CHECK_FALSE(parsePressure(text));
    }
}

TEST_CASE("memory of the machine and of this process")
{
    CHECK(availableMemoryBytes() > 1'000'000);
    CHECK(residentSetBytes() > 100'000);
    CHECK(peakResidentBytes() > 100'000);
    CHECK(residentSetBytes() < (1ULL << 40));
}
