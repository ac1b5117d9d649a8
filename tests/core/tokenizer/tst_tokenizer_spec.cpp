#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/spec_gguf.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_spec.h"

using namespace bs;
using nlohmann::json;

namespace {

void checkSame(const TokenizerSpec& left, const TokenizerSpec& right)
{
    CHECK(left.model == right.model);
    CHECK(left.preTokenizer == right.preTokenizer);
    CHECK(left.tokens == right.tokens);
    CHECK(left.kinds == right.kinds);
    CHECK(left.merges == right.merges);
    CHECK(left.bos == right.bos);
    CHECK(left.eos == right.eos);
    CHECK(left.unknown == right.unknown);
    CHECK(left.endOfTurn == right.endOfTurn);
    CHECK(left.addBos == right.addBos);
    CHECK(left.chatTemplate == right.chatTemplate);
}

TokenizerSpec fullSpec()
{
    TokenizerSpec spec = smallSpec({"h e", "l l", "Ġ he", "Ã ¤", "he ll"});
    for (const TokenKind kind : {TokenKind::Byte, TokenKind::Unknown, TokenKind::Unused}) {
        spec.tokens.push_back("extra \" \\ \xE6\x97\xA5" + std::to_string(spec.tokens.size()));
        spec.kinds.push_back(kind);
    }
    std::swap(spec.tokens[256], spec.tokens[258]); // not numbered in the order of merges
    spec.preTokenizer = "smollm";
    spec.bos = 3;
    spec.unknown = 0;
    spec.endOfTurn = {262, 5};
    spec.addBos = true;
    spec.chatTemplate = "{% if x %}\n\xE6\x97\xA5 \"{% endif %}";
    return spec;
}

Error refusedJson(const json& object)
{
    const auto result = tokenizerSpecFromJson(object.dump());
    REQUIRE_FALSE(result);
    return result.error();
}

/// A valid object with one field changed by a JSON pointer.
json changed(const char* pointer, const json& value)
{
    json object = json::parse(toJson(fullSpec()));
    object[json::json_pointer(pointer)] = value;
    return object;
}

bool names(const Error& error, std::string_view word)
{
    return error.message.find(word) != std::string::npos;
}

} // namespace

TEST_CASE("through JSON and back")
{
    const TokenizerSpec spec = fullSpec();
    const auto back = tokenizerSpecFromJson(toJson(spec));
    REQUIRE_MESSAGE(back, back.error().message);
    checkSame(back.value(), spec);
    // Merges are stored as cuts, without their texts.
    CHECK(json::parse(toJson(spec))["merges"]["cuts"] == json({1, 1, 2, 2, 2}));
}

TEST_CASE("merges that make no token survive the round trip as texts")
{
    TokenizerSpec spec = smallSpec({"a b"});
    spec.merges.emplace_back("x yz");
    const auto back = tokenizerSpecFromJson(toJson(spec));
    REQUIRE_MESSAGE(back, back.error().message);
    checkSame(back.value(), spec);
}

TEST_CASE("JSON that lies is refused by field")
{
    struct Lie
    {
        const char* pointer;
        json value;
        const char* named;
    };
    const Lie lies[] = {
        {"/tokens", "x", "tokens is not a list"},
        {"/tokens/7", 7, "tokens[7] is not a text"},
        {"/tokens", json::array(), "but there are 0"},
        {"/bos", 1e6, "bos is not a whole number"},
        {"/bos", 267, "bos is 267, but there are 267 tokens"},
        {"/bos", -2, "bos is -2"},
        {"/eos", 9223372036854775808ULL, "eos is not a whole number"},
        {"/unknown", nullptr, "unknown"},
        {"/end_of_turn/0", 4000000000LL, "end_of_turn names token 4000000000"},
        {"/kinds", json::array(), "kinds is not an object"},
        {"/kinds/control/0", 99999, "kinds.control names token 99999"},
        {"/merges/cuts/0", 0, "merges.cuts[0] is 0, its token has"},
        {"/merges/cuts/1", 2, "merges.cuts[1] is 2, its token has 2 bytes"},
        {"/merges/cuts", json::array(), "has more tokens than the 0 of"},
        {"/merges/joined", json::array(),
         "merges.joined has 0 tokens, tokenizer: merges.cuts has 5"},
        {"/merges/joined/0", json({266, 2}), "has 2 tokens from 266, but there are 267"},
        {"/merges/joined/0", json({-1, 2}), "from -1"},
        {"/merges/joined/0", json({1, 9223372036854775807LL}), "9223372036854775807 tokens from 1"},
        {"/merges/joined/0", "x", "merges.joined is not a list of pairs"},
        {"/add_bos", 1, "add_bos is not true or false"},
        {"/chat_template", 1, "chat_template is not a text"},
    };
    for (const Lie& lie : lies) {
        const Error error = refusedJson(changed(lie.pointer, lie.value));
        CAPTURE(error.message);
        CHECK(error.code == ErrorCode::Format);
        CHECK(names(error, lie.named));
    }
    CHECK(refusedJson(changed("/model", "wordpiece")).code == ErrorCode::Unsupported);
    CHECK(names(refusedJson(changed("/model", "unigram")), "scores"));
    CHECK(refusedJson(changed("/version", 3)).code == ErrorCode::Unsupported);
    CHECK_FALSE(tokenizerSpecFromJson(""));
    CHECK_FALSE(tokenizerSpecFromJson("[]"));
    CHECK_FALSE(tokenizerSpecFromJson("{\"tokens\":"));
}

namespace {

GgufTokenizerFields ggufFields()
{
    GgufTokenizerFields fields;
    fields.model = "gpt2";
    fields.pre = "smollm";
    fields.tokens = {"a", "b", "ab", "<|im_end|>", "<s>", "::", "<|endoftext|>", "<|end|>"};
    fields.tokenTypes = {1, 1, 1, 3, 2, 4, 3, 1};
    fields.merges = {"a b"};
    fields.bos = 4;
    fields.eos = 6;
    return fields;
}

Error refusedGguf(const GgufTokenizerFields& fields)
{
    const auto result = tokenizerSpecFromGguf(fields);
    REQUIRE_FALSE(result);
    return result.error();
}

} // namespace

TEST_CASE("a spec from GGUF metadata")
{
    GgufTokenizerFields fields = ggufFields();
    fields.eot = 2;
    fields.chatTemplate = "x";
    fields.addBos = true;
    const auto spec = tokenizerSpecFromGguf(fields);
    REQUIRE_MESSAGE(spec, spec.error().message);
    CHECK(spec.value().preTokenizer == "smollm");
    CHECK(spec.value().kinds[3] == TokenKind::Control);
    CHECK(spec.value().kinds[4] == TokenKind::Unknown);
    CHECK(spec.value().kinds[5] == TokenKind::UserDefined);
    // The EOT by id, <|im_end|> by its spelling; <|end|> is an ordinary token here.
    CHECK(spec.value().endOfTurn == std::vector<std::int32_t>{2, 3});
    CHECK(spec.value().addBos);
    CHECK(spec.value().chatTemplate == "x");
    for (const char* pre : {"", "default", "gpt-2"}) {
        fields.pre = pre;
        CHECK(tokenizerSpecFromGguf(fields).value().preTokenizer == "gpt2");
    }
    fields.tokenTypes.clear();
    CHECK(tokenizerSpecFromGguf(fields).value().kinds[3] == TokenKind::Normal);
}

TEST_CASE("GGUF metadata that does not fit is refused by key")
{
    GgufTokenizerFields fields = ggufFields();
    fields.model = "bert";
    CHECK(refusedGguf(fields).code == ErrorCode::Unsupported);
    CHECK(names(refusedGguf(fields), "\"bert\""));
    fields = ggufFields();
    fields.model = "llama";
    CHECK(names(refusedGguf(fields), "tokenizer.ggml.scores has 0 entries, tokenizer.ggml.tokens has 8"));
    fields = ggufFields();
    fields.pre = "qwen9";
    CHECK(refusedGguf(fields).code == ErrorCode::Unsupported);
    CHECK(names(refusedGguf(fields), "\"qwen9\""));
    fields = ggufFields();
    fields.tokenTypes.pop_back();
    CHECK(names(refusedGguf(fields), "token_type has 7 entries, tokenizer.ggml.tokens has 8"));
    fields = ggufFields();
    fields.tokenTypes[2] = 7;
    CHECK(names(refusedGguf(fields), "token_type[2] is 7"));
    fields = ggufFields();
    fields.eos = 8;
    CHECK(names(refusedGguf(fields), "eos_token_id is 8, but there are 8"));
    fields = ggufFields();
    fields.bos = 1LL << 40;
    CHECK(names(refusedGguf(fields), "bos_token_id"));
    fields = ggufFields();
    fields.tokens.clear();
    fields.tokenTypes.clear();
    fields.bos = fields.eos = -1;
    CHECK(names(refusedGguf(fields), "tokens"));
}
