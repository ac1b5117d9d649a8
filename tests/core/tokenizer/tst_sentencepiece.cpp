#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

// Texts of SentencePiece's kinds through ids and back, whole and token by token.

using namespace bs;

namespace {

const std::string kMark = "\xE2\x96\x81";
const std::string kReplacement = "\xEF\xBF\xBD";

TokenizerSpec specOf(const std::string& name)
{
    auto bytes =
        readTextFile(std::string(BS_TEST_DATA_DIR) + "/tokenizers/" + name + "/tokenizer.model");
    REQUIRE_MESSAGE(bytes, (bytes ? std::string() : bytes.error().message));
    auto spec = tokenizerSpecFromSentencePiece(bytes.value(), "");
    REQUIRE_MESSAGE(spec, (spec ? std::string() : spec.error().message));
    return std::move(spec).value();
}

std::shared_ptr<const Tokenizer> made(TokenizerSpec spec)
{
    auto tokenizer = Tokenizer::create(std::move(spec));
    REQUIRE_MESSAGE(tokenizer, (tokenizer ? std::string() : tokenizer.error().message));
    return std::move(tokenizer).value();
}

/// "<s>", then the 256 bytes, then words with a mark or without.
std::shared_ptr<const Tokenizer> smallTokenizer()
{
    TokenizerSpec spec;
    spec.model = "spm";
    spec.preTokenizer = "none";
    spec.spaceMark = kMark;
    spec.normalizer = {{"sentencepiece", "", ""}};
    spec.byteFallback = spec.dropsSpace = true;
    spec.tokens = {"<s>"};
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (std::size_t byte = 0; byte < 256; ++byte)
        spec.tokens.push_back(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">");
    for (const std::string& token : {kMark + "so", kMark, std::string("so"), kMark + kMark})
        spec.tokens.push_back(token);
    spec.kinds.assign(spec.tokens.size(), TokenKind::Normal);
    spec.kinds[0] = TokenKind::Control;
    std::fill_n(spec.kinds.begin() + 1, 256, TokenKind::Byte);
    spec.scores.assign(spec.tokens.size(), -1);
    return made(std::move(spec));
}

constexpr std::int32_t kStart = 0;
constexpr std::int32_t kSpacedSo = 257;
constexpr std::int32_t kSpace = 258;
constexpr std::int32_t kSo = 259;
constexpr std::int32_t kTwoSpaces = 260;

std::int32_t byteId(unsigned byte)
{
    return static_cast<std::int32_t>(byte) + 1;
}

/// What each token brings, with '|' between them.
std::string streamed(const std::shared_ptr<const Tokenizer>& tokenizer,
                     const std::vector<std::int32_t>& ids, bool continues = false)
{
    StreamDecoder decoder(tokenizer, continues);
    std::string all;
    for (const std::int32_t id : ids) {
        const std::string part = decoder.push(id);
        CHECK(isUtf8(part));
        all += part + "|";
    }
    return all + decoder.finish();
}

/// Up to 40 characters of every plane; ASCII, spaces and what the vocabularies know more often.
std::string randomText(std::mt19937& random)
{
    const auto below = [&random](std::uint32_t end) {
        return static_cast<std::uint32_t>(random()) % end;
    };
    std::string text;
    for (std::uint32_t left = below(41); left > 0; --left) {
        switch (below(6)) {
        case 0:
            text += ' ';
            break;
        case 1:
        case 2:
            appendUtf8(text, 0x21 + below(0x5E));
            break;
        case 3:
            appendUtf8(text, below(0x800));
            break;
        case 4: {
            const char32_t point = 0x800 + below(0xF800);
            appendUtf8(text, point >= 0xD800 && point < 0xE000 ? U'日' : point);
            break;
        }
        default:
            appendUtf8(text, 0x10000 + below(0x100000));
            break;
        }
    }
    return text;
}

/// Marks that were typed come back as spaces.
std::string withoutMarks(std::string text)
{
    for (std::size_t at = 0; (at = text.find(kMark, at)) != std::string::npos;)
        text.replace(at, kMark.size(), " ");
    return text;
}

std::string streamedWhole(const std::shared_ptr<const Tokenizer>& tokenizer,
                          const std::vector<std::int32_t>& ids)
{
    StreamDecoder decoder(tokenizer);
    std::string text;
    for (const std::int32_t id : ids)
        text += decoder.push(id);
    return text + decoder.finish();
}

} // namespace

TEST_CASE("a character of byte tokens comes with its last byte")
{
    const auto tokenizer = smallTokenizer();
    const std::vector<std::int32_t> smile{byteId(0xF0), byteId(0x9F), byteId(0x98), byteId(0x80)};
    CHECK(streamed(tokenizer, smile) == "|||\xF0\x9F\x98\x80|");
    CHECK(streamed(tokenizer, {kSo, byteId(0xC3), byteId(0xA4), kSo}) == "so||\xC3\xA4|so|");
    // cut off by a word, by the end, and never one
    CHECK(streamed(tokenizer, {byteId(0xC3), kSo}) == "|" + kReplacement + "so|");
    CHECK(streamed(tokenizer, {byteId(0xE6), byteId(0x97)}) == "||" + kReplacement);
    CHECK(streamed(tokenizer, {byteId(0x80), byteId(0xFF)}) ==
          kReplacement + "|" + kReplacement + "|");
    // a control token between the bytes is not seen
    CHECK(streamed(tokenizer, {byteId(0xC3), kStart, byteId(0xA4)}) == "||\xC3\xA4|");
}

TEST_CASE("the space in front of a text is left out, once and at the start alone")
{
    const auto tokenizer = smallTokenizer();
    CHECK(streamed(tokenizer, {kSpacedSo, kSpacedSo}) == "so| so|");
    CHECK(streamed(tokenizer, {kSpace, kSpacedSo}) == "| so|");
    CHECK(streamed(tokenizer, {kTwoSpaces, kSo}) == " |so|");
    CHECK(streamed(tokenizer, {kStart, kSpacedSo}) == "|so|");
    CHECK(streamed(tokenizer, {kSo, kSpacedSo}) == "so| so|");
    CHECK(streamed(tokenizer, {byteId('\n'), kSpacedSo}) == "\n| so|");
    CHECK(streamed(tokenizer, {byteId(0xC3), kSpacedSo}) == "|" + kReplacement + " so|");
    // what goes on a text keeps it
    CHECK(streamed(tokenizer, {kSpacedSo, kSpacedSo}, true) == " so| so|");
    for (const std::vector<std::int32_t>& ids :
         {std::vector{kStart, kSpace, kSpacedSo}, {kTwoSpaces}, {kSo, kTwoSpaces, kSo}})
        CHECK(tokenizer->decode(ids) == streamedWhole(tokenizer, ids));
}

TEST_CASE("random texts come back from their ids, whole and token by token")
{
    // As llama.cpp runs both kinds: no map, no spaces taken away.
    for (const char* name : {"spm_bpe", "spm_unigram"})
        for (const bool prefix : {true, false}) {
            CAPTURE(std::string(name));
            CAPTURE(prefix);
            TokenizerSpec spec = specOf(name);
            spec.charsmap.clear();
            spec.sentencePiece = {prefix, false, true};
            spec.dropsSpace = prefix;
            const auto tokenizer = made(std::move(spec));
            std::mt19937 random(11);
            for (int i = 0; i < 2000; ++i) {
                const std::string text = randomText(random);
                REQUIRE(isUtf8(text));
                const std::vector<std::int32_t> ids = tokenizer->encode(text, false);
                CAPTURE(text);
                CHECK(tokenizer->decode(ids) == withoutMarks(text));
                CHECK(streamedWhole(tokenizer, ids) == withoutMarks(text));
            }
        }
}

TEST_CASE("a text that has been through a map stays as it is")
{
    const auto tokenizer = made(specOf("spm_unigram"));
    std::mt19937 random(12);
    std::size_t changed = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::string text = randomText(random);
        const std::vector<std::int32_t> ids = tokenizer->encode(text, false);
        const std::string back = tokenizer->decode(ids);
        changed += back == text ? 0 : 1;
        CAPTURE(text);
        CHECK(isUtf8(back));
        CHECK(streamedWhole(tokenizer, ids) == back);
        CHECK(tokenizer->decode(tokenizer->encode(back, false)) == back);
        CHECK(back.find("  ") == std::string::npos);
        CHECK_FALSE(back.starts_with(' '));
        CHECK_FALSE(back.ends_with(' '));
    }
    CHECK(changed > 500);
}
