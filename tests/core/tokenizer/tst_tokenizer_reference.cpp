// Against the ids llama.cpp gives for the demo model's vocabulary.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/formats/gguf.h"
#include "core/tokenizer/chat_template.h"
#include "core/tokenizer/spec_gguf.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>

using namespace bs;
using nlohmann::json;

namespace {

template <class T>
T array(const GgufFile& file, const char* key)
{
    const auto found = file.metadata.find(key);
    REQUIRE(found != file.metadata.end());
    REQUIRE(std::holds_alternative<T>(found->second));
    return std::get<T>(found->second);
}

TokenizerSpec demoSpec()
{
    const auto file = readGguf(BS_DEMO_MODEL);
    REQUIRE_MESSAGE(file, file.error().message);
    const GgufFile& gguf = file.value();
    const auto id = [&gguf](const char* key) {
        const auto value = gguf.integer(key);
        return value ? static_cast<std::int64_t>(*value) : -1;
    };
    GgufTokenizerFields fields;
    fields.model = gguf.text("tokenizer.ggml.model").value_or("");
    fields.pre = gguf.text("tokenizer.ggml.pre").value_or("");
    fields.tokens = array<std::vector<std::string>>(gguf, "tokenizer.ggml.tokens");
    fields.tokenTypes = array<std::vector<std::int64_t>>(gguf, "tokenizer.ggml.token_type");
    fields.merges = array<std::vector<std::string>>(gguf, "tokenizer.ggml.merges");
    fields.bos = id("tokenizer.ggml.bos_token_id");
    fields.eos = id("tokenizer.ggml.eos_token_id");
    fields.unknown = id("tokenizer.ggml.unknown_token_id");
    fields.chatTemplate = gguf.text("tokenizer.chat_template").value_or("");
    auto spec = tokenizerSpecFromGguf(std::move(fields));
    REQUIRE_MESSAGE(spec, spec.error().message);
    return std::move(spec).value();
}

const TokenizerSpec& spec()
{
    static const TokenizerSpec instance = demoSpec();
    return instance;
}

std::shared_ptr<const Tokenizer> demoTokenizer()
{
    auto tokenizer = Tokenizer::create(spec());
    REQUIRE_MESSAGE(tokenizer, tokenizer.error().message);
    return std::move(tokenizer).value();
}

std::string dataFile(const std::string& name)
{
    auto text = readTextFile(std::string(BS_REFERENCE_DIR) + "/" + name);
    REQUIRE_MESSAGE(text, text.error().message);
    return std::move(text).value();
}

} // namespace

TEST_CASE("the reference strings have exactly the reference's ids")
{
    const auto tokenizer = demoTokenizer();
    const json cases = json::parse(dataFile("reference/smollm2_tokens.json"));
    REQUIRE(cases.size() == 125);
    for (const json& entry : cases) {
        const auto text = entry["text"].get<std::string>();
        CAPTURE(text);
        CHECK(tokenizer->encode(text, true) == entry["ids"].get<std::vector<std::int32_t>>());
    }
}

TEST_CASE("the demo model's special tokens")
{
    const auto tokenizer = demoTokenizer();
    CHECK(spec().preTokenizer == "smollm");
    CHECK(tokenizer->endsAnswer(2)); // <|im_end|>
    CHECK(tokenizer->endsAnswer(0)); // <|endoftext|>
    CHECK_FALSE(tokenizer->endsAnswer(1));
    CHECK(tokenizer->piece(1).empty());
    CHECK(tokenizer->piece(1, true) == "<|im_start|>");
    CHECK(tokenizer->encode("\x04", true).empty()); // a byte this vocabulary lacks
}

TEST_CASE("a whole book goes there and back, streamed as well, within a second per megabyte")
{
    const auto tokenizer = demoTokenizer();
    const std::string text = dataFile("data/wikitext2-valid.txt");
    const auto started = std::chrono::steady_clock::now();
    const std::vector<std::int32_t> ids = tokenizer->encode(text, true);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(1));
    CHECK(tokenizer->decode(ids, true) == text);
    StreamDecoder decoder(tokenizer);
    std::string streamed;
    for (const std::int32_t id : ids)
        streamed += decoder.push(id);
    CHECK(streamed + decoder.finish() == text);
}

TEST_CASE("the vocabulary inside a container is the same, and small")
{
    const std::string text = toJson(spec());
    CHECK(text.size() < 700'000);
    const auto back = tokenizerSpecFromJson(text);
    REQUIRE_MESSAGE(back, back.error().message);
    CHECK(back.value().tokens == spec().tokens);
    CHECK(back.value().merges == spec().merges);
    CHECK(back.value().kinds == spec().kinds);
    CHECK(back.value().endOfTurn == spec().endOfTurn);
    CHECK(back.value().chatTemplate == spec().chatTemplate);
}

TEST_CASE("the demo model's chat template")
{
    const std::string expected =
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
        "<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
    const auto text = renderChat(spec().chatTemplate, {{"user", "Hi"}}, true);
    REQUIRE_MESSAGE(text, text.error().message);
    CHECK(text.value() == expected);
    CHECK(demoTokenizer()->encode(text.value(), true).front() == 1);
    const auto own = renderChat(spec().chatTemplate, {{"system", "S"}, {"user", "Hi"}}, false);
    REQUIRE(own);
    CHECK(own.value() == "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n");
}
