#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/huggingface_files.h"
#include "core/tokenizer/spec_gguf.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "small_sentencepiece.h"
#include "small_tokenizers.h"

// What we write of the small tokenizers of tests/data/tokenizers, read again, gives their ids to
// the 1,000 random texts there. tests/bench/exported_tokenizers.py lays the same beside PyPI's
// tokenizers and sentencepiece.

using namespace bs;
using namespace bs::test;
using nlohmann::json;

namespace {

const std::vector<std::string>& texts()
{
    static const auto all =
        json::parse(contents(kTokenizers / "texts.json")).get<std::vector<std::string>>();
    return all;
}

/// How many texts were compared, but for those that hold `without`.
std::size_t checkSameIds(const TokenizerSpec& source, const TokenizerSpec& written,
                         const std::string& without)
{
    const auto a = got(Tokenizer::create(source));
    const auto b = got(Tokenizer::create(written));
    std::size_t compared = 0;
    for (const std::string& text : texts()) {
        if (!without.empty() && text.find(without) != std::string::npos) continue;
        ++compared;
        const auto ids = a->encode(text, true);
        CAPTURE(text);
        CHECK(b->encode(text, true) == ids);
        CHECK(b->decode(ids) == a->decode(ids));
    }
    return compared;
}

void checkRefused(const Error& error, const std::string& part)
{
    CAPTURE(error.message);
    CHECK(error.code == ErrorCode::Unsupported);
    CHECK(error.message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("a tokenizer.json that we write gives the same ids")
{
    struct Written
    {
        const char* name;
        const char* without; ///< SentencePiece puts no space behind it, sections of a text have one
        std::size_t compared;
    };
    for (const Written& of : {Written{"gpt2", "", 1000},
                              {"smollm", "", 1000},
                              {"llama3", "", 1000},
                              {"qwen2", "", 1000},
                              {"splits", "", 1000},
                              {"llama2", "", 1000},
                              {"unigram", "", 1000},
                              {"spm_bpe", "[INST]", 978},
                              {"spm_bpe_nmt", "[INST]", 978},
                              {"spm_unigram", "", 1000},
                              {"spm_unigram_nmt", "[INST]", 978}}) {
        CAPTURE(std::string(of.name));
        const TokenizerSpec spec = smallTokenizer(of.name);
        const std::string text = got(huggingFaceTokenizerText(spec));
        const TokenizerSpec read =
            got(tokenizerSpecFromHuggingFace(text, huggingFaceTokenizerConfigText(spec, 64)));
        CHECK(checkSameIds(spec, read, of.without) == of.compared);
        CHECK((got(huggingFaceTokenizerText(read)) == text)); // too long for a message
    }
}

TEST_CASE("a family by its name is written as the pattern that its tokenizer.json states")
{
    TokenizerSpec spec = smallTokenizer("llama3");
    const std::string stated = spec.splits.at(0).pattern;
    spec.preTokenizer = "llama3";
    spec.splits.clear();
    const json named = json::parse(got(huggingFaceTokenizerText(spec)));
    CHECK(named["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] == stated);
}

TEST_CASE("the fields of a GGUF file that we write give the same ids")
{
    struct Written
    {
        const char* name;
        const char* model;
        const char* pre;
        const char* without;
        std::size_t compared;
    };
    for (const Written& of : {Written{"gpt2", "gpt2", "gpt-2", "", 1000},
                              {"smollm", "gpt2", "smollm", "", 1000},
                              {"llama3", "gpt2", "llama-bpe", "", 1000},
                              {"llama2", "llama", "default", "", 1000},
                              {"spm_bpe", "llama", "default", "[INST]", 978}}) {
        CAPTURE(std::string(of.name));
        const TokenizerSpec spec = smallTokenizer(of.name);
        const GgufTokenizerFields fields = got(ggufTokenizerFields(spec));
        CHECK(fields.model == of.model);
        CHECK(fields.pre == of.pre);
        CHECK(fields.tokens.size() == fields.tokenTypes.size());
        const TokenizerSpec read = got(tokenizerSpecFromGguf(fields));
        CHECK(checkSameIds(spec, read, of.without) == of.compared);
        CHECK(read.bos == spec.bos);
        CHECK(read.eos == spec.eos);
        CHECK(read.unknown == spec.unknown);
        CHECK(read.addBos == spec.addBos);
    }
}

TEST_CASE("pre-tokenizers by llama.cpp's names, and with merges or whole pieces first")
{
    CHECK(got(ggufTokenizerFields(smallTokenizer("qwen2"))).pre == "qwen2");
    TokenizerSpec spec = smallTokenizer("llama3");
    for (const bool ignores : {true, false}) {
        spec.ignoreMerges = ignores;
        const GgufTokenizerFields fields = got(ggufTokenizerFields(spec));
        CHECK(fields.pre == (ignores ? "llama-bpe" : "smaug-bpe"));
        CHECK(got(tokenizerSpecFromGguf(fields)).ignoreMerges == ignores);
    }
    spec = smallTokenizer("gpt2");
    spec.ignoreMerges = true;
    checkRefused(ggufTokenizerFields(spec).error(), "pre-tokenizer \"gpt2\" of whole pieces");
}

TEST_CASE("ends, BOS, template and the space in front go along to GGUF")
{
    TokenizerSpec spec = smallSpm();
    spec.bos = 1;
    spec.eos = 2;
    spec.endOfTurn = {2, 3};
    spec.addBos = true;
    spec.chatTemplate = "{{ bos_token }}";
    for (const bool prefix : {true, false}) {
        spec.sentencePiece.addPrefix = prefix;
        const GgufTokenizerFields fields = got(ggufTokenizerFields(spec));
        CHECK(fields.addSpacePrefix == prefix);
        CHECK(fields.bos == 1);
        CHECK(fields.eos == 2);
        CHECK(fields.eot == 3);
        CHECK(fields.unknown == 0);
        CHECK(fields.addBos == true);
        CHECK(fields.chatTemplate == spec.chatTemplate);
        CHECK(fields.scores == spec.scores);
        CHECK(std::vector(fields.tokenTypes.begin(), fields.tokenTypes.begin() + 2) ==
              std::vector<std::int64_t>{2, 1});
        CHECK(fields.tokenTypes.back() == 6);
    }
    // of tokenizer.json, where the unknown token is one of the special ones
    TokenizerSpec merges = smallMerges();
    merges.kinds[0] = TokenKind::Control;
    CHECK(got(ggufTokenizerFields(merges)).tokenTypes[0] == 2);
}

TEST_CASE("a space in front unless there is one is a pre-tokenizer's business")
{
    // ByteLevel's own, Metaspace's "always" and "first", with and without cuts
    TokenizerSpec bytes = smallTokenizer("gpt2");
    bytes.normalizer = {{"prefix", "", " "}};
    TokenizerSpec first = smallMerges();
    first.normalizer = {{"replace", " ", kMark}, {"prefix_first", "", kMark}};
    first.dropsSpace = true;
    TokenizerSpec always = first;
    always.normalizer[1].type = "prefix";
    always.preTokenizer = "steps";
    always.splits = {{kMark, "merged_with_next", false}};
    for (const TokenizerSpec& spec : {bytes, first, always}) {
        const TokenizerSpec read =
            got(tokenizerSpecFromHuggingFace(got(huggingFaceTokenizerText(spec)), ""));
        CHECK(checkSameIds(spec, read, "") == 1000);
        REQUIRE(read.normalizer.size() == spec.normalizer.size());
        CHECK(read.normalizer.back().type == spec.normalizer.back().type);
        CHECK(read.splits == spec.splits);
        CHECK(read.dropsSpace == spec.dropsSpace);
    }
    TokenizerSpec alone = smallMerges();
    alone.normalizer = {{"prefix", "", kMark}};
    checkRefused(huggingFaceTokenizerText(alone).error(), "normaliser \"prefix\"");
}

TEST_CASE("kinds, cuts and steps that llama.cpp has not are refused by name")
{
    checkRefused(ggufTokenizerFields(smallTokenizer("unigram")).error(), "kind \"unigram\"");
    checkRefused(ggufTokenizerFields(smallTokenizer("splits")).error(), "pre-tokenizer \"steps\"");
    TokenizerSpec spaced = smallTokenizer("gpt2");
    spaced.normalizer = {{"prefix", "", " "}};
    checkRefused(ggufTokenizerFields(spaced).error(), "normaliser \"prefix\"");
}
