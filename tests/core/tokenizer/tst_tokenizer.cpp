#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/utf8.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "small_spec.h"

using namespace bs;

namespace {

std::shared_ptr<const Tokenizer> made(TokenizerSpec spec)
{
    auto result = Tokenizer::create(std::move(spec));
    REQUIRE_MESSAGE(result, result.error().message);
    return std::move(result).value();
}

Error refused(TokenizerSpec spec)
{
    const auto result = Tokenizer::create(std::move(spec));
    REQUIRE_FALSE(result);
    return result.error();
}

bool names(const Error& error, std::string_view word)
{
    return error.message.find(word) != std::string::npos;
}

} // namespace

TEST_CASE("merges are taken by rank, the leftmost of equals first")
{
    const auto tokenizer =
        made(smallSpec({"l l", "h e", "he ll", "hell o", "Ġ hello", "a a", "aa a"}));
    CHECK(spelled(*tokenizer, "hello hello") == "hello|Ġhello");
    CHECK(spelled(*tokenizer, "hellhell") == "hell|hell");
    CHECK(spelled(*tokenizer, "lllh") == "ll|l|h");
    CHECK(spelled(*tokenizer, "aaaaa") == "aa|aaa");
    CHECK(spelled(*tokenizer, "").empty());
}

TEST_CASE("the rank decides, not the length")
{
    // "ab" has the better rank, so "abc" by way of "bc" is never made.
    const auto tokenizer = made(smallSpec({"a b", "b c", "a bc"}));
    CHECK(spelled(*tokenizer, "abc") == "ab|c");
    CHECK(spelled(*tokenizer, "bca") == "bc|a");
}

TEST_CASE("a merge said twice counts with its better rank")
{
    const auto tokenizer = made(smallSpec({"a b", "b c", "a b"}));
    CHECK(spelled(*tokenizer, "abc") == "ab|c");
}

TEST_CASE("merges never cross the pieces of the pre-tokenizer")
{
    const auto tokenizer = made(smallSpec({"1 2", "a 1", "! a"}));
    CHECK(spelled(*tokenizer, "!a12") == "!|a|12");
    TokenizerSpec spec = smallSpec({"1 2", "a 1", "! a"});
    spec.preTokenizer = "smollm";
    CHECK(spelled(*made(spec), "!a12") == "!|a|1|2");
}

TEST_CASE("control tokens are parsed on demand, user-defined ones always, the longest first")
{
    const auto tokenizer = made(smallSpec({}));
    CHECK(spelled(*tokenizer, "a<|end|>b") == "a|<|end|>|b");
    CHECK(spelled(*tokenizer, "<|end|><|ends|>") == "<|end|>|<|ends|>");
    CHECK(spelled(*tokenizer, "<|end|", true) == "<|||e|n|d||");
    CHECK(spelled(*tokenizer, "<|end|>", false) == "<|||e|n|d|||>");
    CHECK(spelled(*tokenizer, "a:::b", false) == "a|::|:|b");
    TokenizerSpec spec = smallSpec({});
    spec.tokens.push_back("<|end|>s");
    spec.kinds.push_back(TokenKind::UserDefined);
    CHECK(spelled(*made(spec), "<|end|>s<|end|>") == "<|end|>s|<|end|>");
    CHECK(spelled(*made(spec), "<|end|>s<|end|>", false) == "<|end|>s|<|||e|n|d|||>");
}

TEST_CASE("text around a control token is cut as if it stood alone")
{
    const auto tokenizer = made(smallSpec({"Ġ Ġ"}));
    CHECK(spelled(*tokenizer, "  <|end|>  x") == "ĠĠ|<|end|>|Ġ|Ġ|x");
}

TEST_CASE("every byte goes there and back")
{
    const auto tokenizer = made(smallSpec({"Ã ¤"}));
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const auto ids = tokenizer->encode(all, false);
    CHECK(ids.size() == 256);
    CHECK(tokenizer->decode(ids) == all);
    CHECK(spelled(*tokenizer, "\xC3\xA4") == "Ã¤");
    CHECK(tokenizer->piece(256) == "\xC3\xA4");
}

TEST_CASE("random bytes go there and back")
{
    const auto tokenizer = made(smallSpec({"a b", "ab ab", "Ã ¤", "Ġ a", "Ċ Ċ"}));
    std::mt19937 random(7);
    const std::string alphabet = "ab \n\t1'\xC3\xA4\xE6\x97\xA5\xFF\xF0\x9F";
    for (int round = 0; round < 500; ++round) {
        std::string text;
        for (auto length = random() % 40; length > 0; --length)
            text += alphabet[random() % alphabet.size()];
        CHECK(tokenizer->decode(tokenizer->encode(text, true), true) == text);
    }
}

TEST_CASE("a byte without a token parts its neighbours and is left out")
{
    TokenizerSpec spec = smallSpec({"a b"});
    spec.tokens['!'] = "gone";
    spec.preTokenizer = "gpt2";
    const auto tokenizer = made(spec);
    CHECK(spelled(*tokenizer, "a!b") == "a|b");
    CHECK(spelled(*tokenizer, "!!!").empty());
}

TEST_CASE("long texts take time in proportion")
{
    const auto tokenizer = made(smallSpec({"a a", "aa aa", "aaaa aaaa", "Ġ Ġ", "a b", "b a"}));
    const auto started = std::chrono::steady_clock::now();
    std::mt19937 random(3);
    std::string mixed;
    for (int at = 0; at < 1'000'000; ++at)
        mixed += random() % 2 == 0 ? 'a' : 'b';
    for (const std::string& text :
         {std::string(1'000'000, 'a'), std::string(1'000'000, ' ') + "x",
          std::string(1'000'000, '<'), std::string(1'000'000, '\xFF'), mixed})
        CHECK(tokenizer->decode(tokenizer->encode(text, true)) == text);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(15));
}

TEST_CASE("a piece by the token's kind")
{
    TokenizerSpec spec = smallSpec({});
    for (const TokenKind kind : {TokenKind::Byte, TokenKind::Unknown, TokenKind::Unused}) {
        spec.tokens.emplace_back("<0x0A>");
        spec.kinds.push_back(kind);
    }
    const auto tokenizer = made(spec);
    const auto size = static_cast<std::int32_t>(spec.tokens.size());
    CHECK(tokenizer->piece(size - 3) == "\n");
    CHECK(tokenizer->piece(size - 2).empty());
    CHECK(tokenizer->piece(size - 2, true) == "<0x0A>");
    CHECK(tokenizer->piece(size - 1, true).empty());
    CHECK(tokenizer->piece(258) == "::");
    CHECK(tokenizer->piece(256).empty());
    CHECK(tokenizer->piece(256, true) == "<|end|>");
    CHECK(tokenizer->piece(-1).empty());
    CHECK(tokenizer->piece(size).empty());
    CHECK(tokenizer->piece(2'000'000'000).empty());
}

TEST_CASE("what ends an answer")
{
    TokenizerSpec spec = smallSpec({});
    spec.endOfTurn = {257};
    const auto tokenizer = made(spec);
    CHECK(tokenizer->endsAnswer(256));
    CHECK(tokenizer->endsAnswer(257));
    CHECK_FALSE(tokenizer->endsAnswer(258));
    spec.eos = -1;
    CHECK_FALSE(made(spec)->endsAnswer(-1));
}

TEST_CASE("a spec that does not hold together is refused by name")
{
    TokenizerSpec spec = smallSpec({"a b"});
    spec.merges.emplace_back("ab zz");
    CHECK(refused(spec).code == ErrorCode::Format);
    CHECK(names(refused(spec), "\"zz\""));
    spec.merges.back() = "b a";
    CHECK(names(refused(spec), "\"ba\""));
    spec.merges.back() = "nospace";
    CHECK(names(refused(spec), "merge 1"));

    spec = smallSpec({});
    spec.bos = 259;
    CHECK(names(refused(spec), "bos is 259"));
    spec = smallSpec({});
    spec.endOfTurn = {-1};
    CHECK(names(refused(spec), "end_of_turn is -1"));
    spec = smallSpec({});
    spec.kinds.pop_back();
    CHECK(names(refused(spec), "kinds has 258 entries, tokens has 259"));
    spec = smallSpec({});
    spec.tokens[4] = "\xFF";
    CHECK(names(refused(spec), "tokens[4]"));
    TokenizerSpec empty;
    empty.model = "bpe";
    empty.preTokenizer = "gpt2";
    CHECK(names(refused(empty), "empty"));

    spec = smallSpec({});
    spec.model = "wordpiece";
    CHECK(refused(spec).code == ErrorCode::Unsupported);
    CHECK(names(refused(spec), "wordpiece"));
    spec = smallSpec({});
    spec.model = "unigram";
    CHECK(names(refused(spec), "scores has 0 entries"));
    spec = smallSpec({});
    spec.preTokenizer = "qwen9";
    CHECK(refused(spec).code == ErrorCode::Unsupported);
    CHECK(names(refused(spec), "qwen9"));
}

TEST_CASE("well-formed UTF-8 is told from the rest")
{
    CHECK(isUtf8("a\xC3\xA4\xE6\x97\xA5\xF0\x9F\x98\x80"));
    for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5",
                            "\x80", "\xC3", "\xE6\x97"})
        CHECK_FALSE(isUtf8(bad));
    CHECK(isUtf8Prefix("\xF0\x9F\x98"));
    CHECK_FALSE(isUtf8Prefix("\xF0\x80"));
    CHECK_FALSE(isUtf8Prefix("\xE6\x97\xA5"));
}
