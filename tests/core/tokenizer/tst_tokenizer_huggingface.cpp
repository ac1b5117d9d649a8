#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace bs;
using nlohmann::json;

namespace {

const json kByteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}};
const json kDigits = {{"type", "Digits"}, {"individual_digits", true}};

json tokenizerJson()
{
    return {{"version", "1.0"},
            {"normalizer", nullptr},
            {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {kDigits, kByteLevel}}}},
            {"post_processor", nullptr},
            {"added_tokens",
             {{{"id", 0}, {"content", "<|im_end|>"}, {"special", true}},
              {{"id", 5}, {"content", "::"}, {"special", false}},
              {{"id", 6}, {"content", "<s>"}, {"special", true}}}},
            {"model",
             {{"type", "BPE"},
              {"dropout", nullptr},
              {"byte_fallback", false},
              {"vocab", {{"<|im_end|>", 0}, {"a", 1}, {"b", 2}, {"ab", 3}, {"aba", 4}}},
              {"merges", {"a b", "ab a"}}}}};
}

json configJson()
{
    return {{"bos_token", "<s>"},
            {"eos_token", {{"content", "<|im_end|>"}}},
            {"unk_token", nullptr},
            {"chat_template", "{{ x }}"}};
}

Result<TokenizerSpec> read(const json& tokenizer, const json& config = configJson())
{
    return tokenizerSpecFromHuggingFace(tokenizer.dump(), config.dump());
}

TokenizerSpec accepted(const json& tokenizer, const json& config = configJson())
{
    auto spec = read(tokenizer, config);
    REQUIRE_MESSAGE(spec, spec.error().message);
    return std::move(spec).value();
}

void checkRefused(const char* pointer, const json& value, ErrorCode code, std::string_view word)
{
    json object = tokenizerJson();
    object[json::json_pointer(pointer)] = value;
    const auto spec = read(object);
    REQUIRE_FALSE_MESSAGE(spec, std::string(pointer));
    CAPTURE(spec.error().message);
    CHECK(spec.error().code == code);
    CHECK(spec.error().message.find(word) != std::string::npos);
}

} // namespace

TEST_CASE("a spec from tokenizer.json and tokenizer_config.json")
{
    const TokenizerSpec spec = accepted(tokenizerJson());
    CHECK(spec.model == "bpe");
    CHECK(spec.preTokenizer == "smollm");
    CHECK(spec.tokens ==
          std::vector<std::string>{"<|im_end|>", "a", "b", "ab", "aba", "::", "<s>"});
    CHECK(spec.kinds[0] == TokenKind::Control);
    CHECK(spec.kinds[1] == TokenKind::Normal);
    CHECK(spec.kinds[5] == TokenKind::UserDefined);
    CHECK(spec.merges == std::vector<std::string>{"a b", "ab a"});
    CHECK(spec.bos == 6);
    CHECK(spec.eos == 0);
    CHECK(spec.unknown == -1);
    CHECK_FALSE(spec.addBos);
    CHECK(spec.chatTemplate == "{{ x }}");
    const auto tokenizer = Tokenizer::create(spec);
    REQUIRE(tokenizer);
    CHECK(tokenizer.value()->encode("ababa::<|im_end|>", true) ==
          std::vector<std::int32_t>{3, 4, 5, 0});
}

TEST_CASE("without a tokenizer_config.json there is no template and no EOS")
{
    const auto spec = tokenizerSpecFromHuggingFace(tokenizerJson().dump(), "");
    REQUIRE(spec);
    CHECK(spec.value().eos == -1);
    CHECK(spec.value().endOfTurn == std::vector<std::int32_t>{0});
    CHECK(spec.value().chatTemplate.empty());
}

TEST_CASE("the other spellings of the same things")
{
    json object = tokenizerJson();
    object["model"]["merges"] = json::parse(R"([["a", "b"], ["ab", "a"]])");
    object["pre_tokenizer"] = kByteLevel;
    CHECK(accepted(object).merges == std::vector<std::string>{"a b", "ab a"});
    CHECK(accepted(object).preTokenizer == "gpt2");
    json config = configJson();
    config["add_bos_token"] = true;
    config["chat_template"] = {{{"name", "tool_use"}, {"template", "t"}},
                               {{"name", "default"}, {"template", "d"}}};
    CHECK(accepted(object, config).addBos);
    CHECK(accepted(object, config).chatTemplate == "d");
    object["post_processor"] = {
        {"type", "Sequence"},
        {"processors",
         {{{"type", "ByteLevel"}},
          {{"type", "TemplateProcessing"},
           {"single", {{{"SpecialToken", {{"id", "<s>"}}}}, {{"Sequence", {{"id", "A"}}}}}}}}}};
    CHECK(accepted(object).addBos);
    object["model"]["vocab"]["far"] = 9; // ids 7 and 8 have no token
    CHECK(accepted(object).tokens.size() == 10);
    CHECK(accepted(object).kinds[8] == TokenKind::Unused);
}

TEST_CASE("what is not supported is refused by kind")
{
    const ErrorCode code = ErrorCode::Unsupported;
    checkRefused("/model/type", "WordPiece", code, "WordPiece");
    checkRefused("/model/end_of_word_suffix", "</w>", code, "</w>");
    checkRefused("/normalizer", {{"type", "Lowercase"}}, code, "Lowercase");
    checkRefused("/pre_tokenizer", {{"type", "UnicodeScripts"}}, code, "UnicodeScripts");
}

TEST_CASE("a broken tokenizer.json is refused by field")
{
    const ErrorCode code = ErrorCode::Format;
    checkRefused("/model", nullptr, code, "model is not an object");
    checkRefused("/model/vocab", json::array(), code, "vocab is not an object");
    checkRefused("/model/vocab/a", -1, code, "model.vocab.a");
    checkRefused("/model/vocab/a", 4, code, "token 4 is");
    checkRefused("/model/vocab/a", 4'000'000'000LL, code, "4000000000");
    checkRefused("/model/vocab/a", 9'223'372'036'854'775'807LL, code, "9223372036854775807");
    checkRefused("/model/merges", "a b", code, "merges is not a list");
    checkRefused("/model/merges/1", {"a", "b", "c"}, code, "merges[1]");
    checkRefused("/added_tokens/1/id", 1, code, "token 1 is");
    checkRefused("/added_tokens/1/content", 5, code, "added_tokens[1].content");
    checkRefused("/added_tokens/1", 5, code, "added_tokens[1]");
    CHECK_FALSE(tokenizerSpecFromHuggingFace("{", ""));
    CHECK_FALSE(tokenizerSpecFromHuggingFace("[]", ""));
    CHECK_FALSE(tokenizerSpecFromHuggingFace(tokenizerJson().dump(), "[]"));
    json config = configJson();
    config["eos_token"] = "</nowhere>";
    const auto spec = read(tokenizerJson(), config);
    REQUIRE_FALSE(spec);
    CHECK(spec.error().message.find("eos_token is \"</nowhere>\"") != std::string::npos);
}
