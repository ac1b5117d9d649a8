#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/json_guard.h"

#include <doctest/doctest.h>

#include <string>

using namespace bs;

namespace {

std::string messageOf(std::string_view text, const JsonLimits& limits = {})
{
    const auto parsed = parseJson(text, "config.json", limits);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::Format);
    CHECK(parsed.error().message.starts_with("config.json: "));
    return parsed.error().message;
}

bool has(const std::string& text, std::string_view part)
{
    INFO(text);
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("good JSON becomes a value")
{
    const auto parsed = parseJson(R"({"a":[1,2.5,"ü",null,true],"b":{"a":-3},"a2":{}})", "x");
    REQUIRE(parsed);
    CHECK(parsed.value()["a"][2] == "ü");
    CHECK(parsed.value()["b"]["a"] == -3);
}

TEST_CASE("every fault is one sentence with its place")
{
    CHECK(has(messageOf(R"({"a":1,"b":{"c":2,"c":3}})"), "the key 'c' occurs twice"));
    CHECK(has(messageOf(R"({"a":1,"b":{"c":2,"c":3}})"), "at byte 21 of 25"));
    CHECK(has(messageOf(R"({"a":)"), "unexpected end of input"));
    CHECK(has(messageOf(R"({"a":nope})"), "at byte 6 of 10"));
    CHECK(has(messageOf(""), "at byte 0 of 0"));
    CHECK(has(messageOf("{} 1"), "expected end of input"));
    CHECK(has(messageOf(std::string_view("{}\0{}", 5)), "NUL byte at byte 2"));
    CHECK(has(messageOf("[1e999]"), "number overflow"));
    CHECK(has(messageOf("[\"\xFF\"]"), "ill-formed UTF-8"));
    CHECK(has(messageOf("[1,2,3]", {.maxBytes = 6}), "is 7 bytes of JSON, at most 6"));
}

TEST_CASE("nesting is limited")
{
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(parseJson(nested(64), "x"));
    CHECK(has(messageOf(nested(65)), "more than 64 deep"));
    CHECK(has(messageOf(nested(4'000'000)), "more than 64 deep"));
    std::string objects;
    for (int i = 0; i < 100'000; ++i)
        objects += "{\"a\":";
    CHECK(has(messageOf(objects), "more than 64 deep"));
}

TEST_CASE("printable text never breaks a message")
{
    CHECK(printable("plain ü 漢") == "plain ü 漢");
    CHECK(printable("a\nb\x7F\xC3") == "a?b??");
    CHECK(printable("\xED\xA0") == "??");
    CHECK(printable(std::string(200, 'x'), 10) == std::string(10, 'x') + "...");
    CHECK(printable("üüü", 5) == "üü...");
}

TEST_CASE("texts whose values would take many times their bytes are refused before they are built")
{
    const auto repeated = [](std::string_view piece, std::size_t count) {
        std::string text = "[";
        for (std::size_t i = 0; i < count; ++i)
            text += piece;
        return text + "0]";
    };
    CHECK(parseJson(repeated("[],", 100'000), "x"));
    CHECK(has(messageOf(repeated("[],", 400'000)), "would take more than 33554432 bytes"));
    CHECK(has(messageOf(repeated("\"\",", 400'000)), "would take more than 33554432 bytes"));
    CHECK(has(messageOf(repeated("0,", 900'000)), "would take more than 33554432 bytes"));
    CHECK(parseJson(repeated("[],", 400'000), "x", {.maxMemory = 100'000'000}));
    const std::string number = "0." + std::string(1000, '1');
    CHECK(has(messageOf(repeated(number + ",\"\",", 40'000)), "would take more than"));
    CHECK(has(messageOf(repeated(number + ",", 40'000)), "a run of more than 8388608 bytes"));
    CHECK(has(messageOf(R"({"a":1,"b":2,"c":3})", {.maxKeys = 2}), "more than 2 entries"));
    CHECK(parseJson(R"({"a":1,"b":{"c":3}})", "x", {.maxKeys = 2}));
}

TEST_CASE("runs of blanks, digits and of one text are limited")
{
    const std::string blanks(100, ' ');
    CHECK(parseJson("[" + blanks + "0,\"" + blanks + "\"," + blanks + "0]", "x", {.maxRun = 106}));
    CHECK(has(messageOf("[" + blanks + "0]", {.maxRun = 99}), "a run of more than 99 bytes"));
    CHECK(has(messageOf("[\"" + blanks + "\"]", {.maxRun = 99}), "at byte 1 of 104"));
    CHECK(parseJson(R"(["\"\\"])", "x", {.maxRun = 6}));
}
