#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/pre_tokenizer.h"

#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>

using namespace bs;

namespace {

/// The pieces with '|' between them.
std::string pieces(const char* name, std::string_view text)
{
    auto tokenizer = PreTokenizer::create(name);
    REQUIRE(tokenizer);
    std::string result;
    std::size_t begin = 0;
    for (const PreTokenizer::Piece piece : tokenizer.value().pieces(text)) {
        CHECK(piece.begin == begin);
        CHECK(piece.end > begin);
        result += (begin == 0 ? "" : "|") + std::string(text.substr(begin, piece.end - begin));
        begin = piece.end;
    }
    CHECK(begin == text.size());
    return result;
}

} // namespace

TEST_CASE("GPT-2's pieces")
{
    CHECK(pieces("gpt2", "").empty());
    CHECK(pieces("gpt2", "Hello, world!") == "Hello|,| world|!");
    CHECK(pieces("gpt2", "I'm you'll it'S") == "I|'m| you|'ll| it|'|S");
    CHECK(pieces("gpt2", "a  b   c ") == "a| | b|  | c| ");
    CHECK(pieces("gpt2", "a\n\nb\r\n") == "a|\n|\n|b|\r\n");
    CHECK(pieces("gpt2", "x12 345.6") == "x|12| 345|.|6");
    CHECK(pieces("gpt2", "  ") == "  ");
    CHECK(pieces("gpt2", " !?a") == " !?|a");
}

TEST_CASE("SmolLM's pieces: every digit alone, then as GPT-2")
{
    CHECK(pieces("smollm", "x12 345.6") == "x|1|2| |3|4|5|.|6");
    CHECK(pieces("smollm", "a   1") == "a|   |1");
    CHECK(pieces("smollm", "\xC2\xBD\xE2\x85\xA3x") ==
          "\xC2\xBD|\xE2\x85\xA3|x"); // ½ and Ⅳ are numbers
}

TEST_CASE("letters, numbers and space beyond ASCII")
{
    CHECK(pieces("gpt2", "na\xC3\xAFve \xE6\x97\xA5\xE6\x9C\xAC\xD9\xA3") ==
          "na\xC3\xAFve| \xE6\x97\xA5\xE6\x9C\xAC|\xD9\xA3");
    CHECK(pieces("gpt2", "a\xC2\xA0\xE3\x80\x80z") == "a|\xC2\xA0|\xE3\x80\x80|z");
    // U+180E is no white space, and U+200B is none either.
    CHECK(pieces("gpt2", "a\xE1\xA0\x8E\xE2\x80\x8Bz") == "a|\xE1\xA0\x8E\xE2\x80\x8B|z");
}

TEST_CASE("invalid UTF-8 is symbols")
{
    CHECK(pieces("gpt2", "ab\xFF\xFE c\xE6\x97z\xC3") == "ab|\xFF\xFE| c|\xE6\x97|z|\xC3");
    CHECK(pieces("smollm", " \xFF!\x80\x80") == " \xFF!\x80\x80");
}

TEST_CASE("Llama 3's pieces: up to three digits, a symbol before letters, line ends behind symbols")
{
    CHECK(pieces("llama3", "Hello, WORLD'S 12345!\n\nx") == "Hello|,| WORLD|'S| |123|45|!\n\n|x");
    CHECK(pieces("llama3", "(abc) \n  d") == "(abc|)| \n| | d");
}

TEST_CASE("Qwen's pieces: every digit alone")
{
    CHECK(pieces("qwen2", "x 12'LL y") == "x| |1|2|'LL| y");
}

TEST_CASE("steps cut the pieces of the steps before them")
{
    // dashes go with what is before, then spaces go
    const std::vector<SplitStep> steps{{"-", "merged_with_previous", false}, {R"(\s+)", "removed", false}};
    auto tokenizer = PreTokenizer::create(steps);
    REQUIRE(tokenizer);
    const std::string_view text = "ab-c  d";
    std::string result;
    for (const PreTokenizer::Piece piece : tokenizer.value().pieces(text))
        result += "[" + std::string(text.substr(piece.begin, piece.end - piece.begin)) + "]";
    CHECK(result == "[ab-][c][d]");
    for (const SplitStep& broken : {SplitStep{"(", "isolated", false}, SplitStep{"a", "glued", false}}) {
        const auto refused = PreTokenizer::create(std::span(&broken, 1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Unsupported);
    }
}

TEST_CASE("an unknown pre-tokenizer is refused by name")
{
    const auto result = PreTokenizer::create("llama-bpe");
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::Unsupported);
    CHECK(result.error().message.find("llama-bpe") != std::string::npos);
}
