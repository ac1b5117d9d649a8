#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/utf8.h"

#include <doctest/doctest.h>

#include "small_spec.h"

using namespace bs;

namespace {

std::shared_ptr<const Tokenizer> bytesTokenizer(std::initializer_list<const char*> merges = {})
{
    auto result = Tokenizer::create(smallSpec(merges));
    REQUIRE(result);
    return std::move(result).value();
}

std::string streamed(const std::shared_ptr<const Tokenizer>& tokenizer, std::string_view bytes)
{
    StreamDecoder decoder(tokenizer);
    std::string text;
    for (const char byte : bytes) {
        const std::string part = decoder.push(static_cast<unsigned char>(byte));
        CHECK(isUtf8(part));
        text += part;
    }
    const std::string rest = decoder.finish();
    CHECK(isUtf8(rest));
    CHECK(decoder.finish().empty());
    return text + rest;
}

constexpr const char* kReplacement = "\xEF\xBF\xBD";

} // namespace

TEST_CASE("never half a character, wherever the tokens part")
{
    const auto tokenizer = bytesTokenizer();
    const std::string text = "a\xC3\xA4\xE6\x97\xA5\xF0\x9F\x98\x80z"; // a ä 日 😀 z
    CHECK(streamed(tokenizer, text) == text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const std::string part = streamed(tokenizer, text.substr(0, cut));
        CHECK(isUtf8(part));
        const bool whole = isUtf8(text.substr(0, cut));
        CHECK(part.ends_with(kReplacement) != whole);
        CHECK(text.starts_with(whole ? part : part.substr(0, part.size() - 3)));
    }
}

TEST_CASE("a character comes with the token that completes it")
{
    StreamDecoder decoder(bytesTokenizer());
    CHECK(decoder.push(0xF0).empty());
    CHECK(decoder.push(0x9F).empty());
    CHECK(decoder.push(0x98).empty());
    CHECK(decoder.push(0x80) == "\xF0\x9F\x98\x80");
    CHECK(decoder.push('x') == "x");
    CHECK(decoder.finish().empty());
}

TEST_CASE("a token that ends one character and begins the next")
{
    StreamDecoder decoder(bytesTokenizer({"¤ Ã"})); // bytes A4 C3
    CHECK(decoder.push(0xC3).empty());
    CHECK(decoder.push(256) == "\xC3\xA4");
    CHECK(decoder.push(0xB6) == "\xC3\xB6");
}

TEST_CASE("what can never be a character is replaced at once, once for each try")
{
    const auto tokenizer = bytesTokenizer();
    const std::string r = kReplacement;
    CHECK(streamed(tokenizer, "\xFFz") == r + "z");
    CHECK(streamed(tokenizer, "\x80\x80") == r + r);
    CHECK(streamed(tokenizer, "\xE6\x97z") == r + "z");
    CHECK(streamed(tokenizer, "\xE6\xE6\x97\xA5") == r + "\xE6\x97\xA5");
    CHECK(streamed(tokenizer, "\xED\xA0\x80") == r + r + r);
    CHECK(streamed(tokenizer, "\xF0\x9F\x98") == r);
}

TEST_CASE("control tokens are not shown")
{
    StreamDecoder decoder(bytesTokenizer());
    CHECK(decoder.push(0xC3).empty());
    CHECK(decoder.push(256).empty()); // <|end|>
    CHECK(decoder.push(0xA4) == "\xC3\xA4");
}
