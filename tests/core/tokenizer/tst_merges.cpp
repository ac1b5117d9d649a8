#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/huggingface_files.h"
#include "core/tokenizer/merges.h"
#include "core/tokenizer/spec_gguf.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>

#include <functional>

#include "small_sentencepiece.h"

using namespace bs;
using bs::test::got;

namespace {

void checkRefused(const Error& error, const std::string& part)
{
    CAPTURE(error.message);
    CHECK(error.code == ErrorCode::Unsupported);
    CHECK(error.message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("merges and scores of one tokenizer")
{
    // every way to part a token, the highest score first
    CHECK(got(mergesOfScores(smallSpm())) == smallMerges().merges);
    const std::vector<double> scores = got(scoresOfMerges(smallMerges()));
    // "abc" comes of the third merge, for "ab" comes before "bc"; what nothing makes comes last
    CHECK(std::vector(scores.begin(), scores.begin() + 8) ==
          std::vector<double>{-4, -4, -4, -4, -4, 0, -1, -2});
}

TEST_CASE("scores that no merges join as are refused by token")
{
    struct Lie
    {
        std::function<void(TokenizerSpec&)> change;
        const char* part;
    };
    const auto add = [](TokenizerSpec& spec, const std::string& token, double score,
                        TokenKind kind) {
        spec.tokens.push_back(token);
        spec.scores.push_back(score);
        spec.kinds.push_back(kind);
    };
    const Lie lies[] = {
        // "ab" first in "abab", "ba" first in "baba"
        {[&](TokenizerSpec& spec) { add(spec, "ba", -1, TokenKind::Normal); },
         "have the same score, and no order of merges joins \""},
        {[](TokenizerSpec& spec) { spec.kinds[6] = TokenKind::Unused; },
         "token 6 (\"bc\") is not used, but scores join to it"},
        {[&](TokenizerSpec& spec) {
             add(spec, " ", -9, TokenKind::Normal);
             add(spec, " a", -4, TokenKind::Normal);
         },
         "token 265 (\" a\") has a space"},
        // joined of a character that is no token
        {[&](TokenizerSpec& spec) { add(spec, "ax", -4, TokenKind::Normal); },
         "token 264 (\"ax\") is joined otherwise by scores than by merges"},
    };
    for (const Lie& lie : lies) {
        TokenizerSpec spec = smallSpm();
        lie.change(spec);
        const auto refused = huggingFaceTokenizerText(spec);
        REQUIRE_FALSE(refused);
        checkRefused(refused.error(), lie.part);
    }
    // Two of one score that cannot meet are no matter.
    TokenizerSpec spec = smallSpm();
    add(spec, "cc", -1, TokenKind::Normal);
    CHECK(got(mergesOfScores(spec)).size() == 5);
}

TEST_CASE("runs of spaces of one score, as Llama 2 has them, are joined alike")
{
    TokenizerSpec spec = smallSpm();
    std::string run = kMark;
    for (int length = 2; length <= 16; ++length) {
        run += kMark;
        spec.tokens.push_back(run);
        spec.scores.push_back(-1e9);
        spec.kinds.push_back(TokenKind::Normal);
    }
    const auto scored = got(Tokenizer::create(spec));
    const auto merged = got(Tokenizer::create(
        got(tokenizerSpecFromHuggingFace(got(huggingFaceTokenizerText(spec)), ""))));
    for (std::size_t count = 0; count < 100; ++count)
        for (const char* end : {"", "ab", "c"}) {
            const std::string text = "a" + std::string(count, ' ') + end;
            CHECK(merged->encode(text, true) == scored->encode(text, true));
        }
    // runs of 16 from the left, then what is left
    const std::vector<std::int32_t> ids = scored->encode(std::string(36, ' '), true);
    REQUIRE(ids.size() == 3); // with the one in front: 16, 16, 5
    CHECK(spec.tokens[static_cast<std::size_t>(ids[1])].size() == 16 * kMark.size());
    CHECK(spec.tokens[static_cast<std::size_t>(ids[2])].size() == 5 * kMark.size());
    // of more parts than can be looked at
    for (char letter = 'A'; letter <= 'Z'; ++letter) {
        spec.tokens.emplace_back(1, letter);
        spec.tokens.push_back(std::string(2, letter));
        spec.scores.insert(spec.scores.end(), {-5, -6});
        spec.kinds.insert(spec.kinds.end(), 2, TokenKind::Normal);
    }
    const auto refused = mergesOfScores(spec);
    REQUIRE_FALSE(refused);
    checkRefused(refused.error(), "and too many others have the same score");
}

TEST_CASE("what GGUF has no form for is refused by its name")
{
    struct Lie
    {
        std::function<void(TokenizerSpec&)> change;
        const char* part;
    };
    const Lie merged[] = {
        {[](TokenizerSpec& spec) { spec.byteFallback = false; }, "an unknown token"},
        {[](TokenizerSpec& spec) { spec.kinds[8 + 65] = TokenKind::Normal; },
         "a vocabulary without a token for byte 65"},
        {[](TokenizerSpec& spec) { spec.spaceMark = "_"; }, "the mark \"_\" for spaces"},
        {[](TokenizerSpec& spec) {
             spec.normalizer.push_back({"strip_left", "", ""});
         },
         "normaliser \"strip_left\""},
        {[](TokenizerSpec& spec) { spec.normalizer.pop_back(); }, "the normaliser"},
        {[](TokenizerSpec& spec) { spec.preTokenizer = "gpt2"; }, "pre-tokenizer \"gpt2\""},
        {[](TokenizerSpec& spec) {
             spec.preTokenizer = "steps";
             spec.splits = {{kMark, "merged_with_next", false}};
             spec.tokens[7] = "a" + kMark;
             spec.merges = {"a b", "b c", "a " + kMark};
         },
         "a cut inside token 7"},
        {[](TokenizerSpec& spec) {
             spec.merges = {"a b", "b c"};
             spec.ignoreMerges = true;
         },
         "token 7 (\"abc\") is made by no merges"},
        {[](TokenizerSpec& spec) {
             spec.merges = {"a b", "b c"};
         },
         "token 7 (\"abc\") is joined otherwise by scores than by merges"},
    };
    for (const Lie& lie : merged) {
        TokenizerSpec spec = smallMerges();
        lie.change(spec);
        const auto refused = ggufTokenizerFields(spec);
        REQUIRE_FALSE(refused);
        checkRefused(refused.error(), lie.part);
    }
    TokenizerSpec spec = smallSpm();
    spec.sentencePiece.removeExtra = true;
    checkRefused(ggufTokenizerFields(spec).error(), "taking superfluous spaces away");
    spec.charsmap = "x";
    checkRefused(ggufTokenizerFields(spec).error(), "SentencePiece's map of characters");
}
