// A model of every kind of tokenizer leaves as a folder and as a GGUF file, and opens again.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/formats/gguf.h"
#include "core/jobs/export.h"
#include "core/jobs/loaded_model.h"
#include "tests/support/got.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace bs;
using namespace bs::test;

namespace {

namespace fs = std::filesystem;

const fs::path kTokenizers = fs::path(BS_TEST_DATA_DIR) / "tokenizers";
constexpr std::uint32_t kRows = 720; // the largest of the tokenizers has 700 tokens

/// A folder of one small layer with one of the tokenizers, which asks for its BOS.
std::string modelWith(const TempFolder& folder, const std::string& tokenizer)
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 1;
    config.width = 16;
    config.mlpWidth = 16;
    config.heads = 2;
    config.kvHeads = 1;
    config.headDim = 8;
    config.vocabulary = kRows;
    config.contextLength = 64;
    const fs::path model = fs::path(folder.path()) / tokenizer;
    fs::create_directory(model);
    writeRandomModel(model.string(), config);
    for (const char* name : {"tokenizer.json", "tokenizer.model"})
        if (fs::exists(kTokenizers / tokenizer / name))
            fs::copy_file(kTokenizers / tokenizer / name, model / name);
    folder.write(tokenizer + "/tokenizer_config.json",
                 R"({"bos_token":"<s>","eos_token":"</s>","add_bos_token":true,)"
                 R"("chat_template":"{{ messages[0].content }}"})");
    return model.string();
}

std::string exported(const TempFolder& folder, const std::string& model, ExportForm form)
{
    ExportRequest request;
    request.model = model;
    request.form = form;
    request.output = folder.file(std::string("out-") + nameOf(form));
    got(exportModel(request, {}));
    return request.output;
}

/// What both make of the texts without user-defined tokens, behind which SentencePiece puts no
/// space.
void checkSame(const std::string& model, const std::string& written)
{
    const auto a = got(tokenizerOf(*got(openShared(model))));
    const auto b = got(tokenizerOf(*got(openShared(written))));
    std::size_t compared = 0;
    for (const auto& entry :
         nlohmann::json::parse(got(readTextFile((kTokenizers / "texts.json").string())))) {
        const auto text = entry.get<std::string>();
        if (text.find("[INST]") != std::string::npos) continue;
        ++compared;
        CHECK(a->encode(text, true) == b->encode(text, true));
    }
    CHECK(compared == 978);
    CHECK(a->spec().bos == b->spec().bos);
    CHECK(a->spec().eos == b->spec().eos);
    CHECK(b->spec().addBos);
    CHECK(b->spec().chatTemplate == "{{ messages[0].content }}");
}

} // namespace

TEST_CASE("a folder with each kind of tokenizer opens again with the same ids")
{
    for (const char* name :
         {"smollm", "llama2", "spm_bpe", "spm_bpe_nmt", "spm_unigram", "unigram"}) {
        CAPTURE(std::string(name));
        const TempFolder folder;
        const std::string model = modelWith(folder, name);
        checkSame(model, exported(folder, model, ExportForm::Safetensors));
    }
}

TEST_CASE("a GGUF file with each kind that llama.cpp knows opens again with the same ids")
{
    for (const char* name : {"smollm", "llama2", "spm_bpe"}) {
        CAPTURE(std::string(name));
        const TempFolder folder;
        const std::string model = modelWith(folder, name);
        const std::string written = exported(folder, model, ExportForm::Gguf);
        checkSame(model, written);
        const GgufFile file = got(readGguf(written));
        const auto tokens =
            std::get<std::vector<std::string>>(file.metadata.at("tokenizer.ggml.tokens"));
        CHECK(tokens.size() == kRows);
        CHECK(tokens.back() == "[PAD719]");
        const bool merges = std::string(name) == "smollm";
        CHECK(file.text("tokenizer.ggml.model") == (merges ? "gpt2" : "llama"));
        CHECK(file.metadata.contains("tokenizer.ggml.merges") == merges);
        CHECK(file.metadata.contains("tokenizer.ggml.scores") != merges);
        if (merges) continue;
        const auto scores =
            std::get<std::vector<double>>(file.metadata.at("tokenizer.ggml.scores"));
        CHECK(scores.size() == kRows);
        CHECK(scores.back() == -1000);
        CHECK(std::get<bool>(file.metadata.at("tokenizer.ggml.add_space_prefix")));
        CHECK(std::get<bool>(file.metadata.at("tokenizer.ggml.add_bos_token")));
        CHECK_FALSE(std::get<bool>(file.metadata.at("tokenizer.ggml.add_eos_token")));
    }
}

TEST_CASE("a kind that llama.cpp runs otherwise is refused before anything is written")
{
    const TempFolder folder;
    const std::string model = modelWith(folder, "spm_unigram");
    ExportRequest request;
    request.model = model;
    request.form = ExportForm::Gguf;
    request.output = folder.file("out.gguf");
    for (const auto& refused : {forecastExport(request), exportModel(request, {})}) {
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Unsupported);
        CHECK(refused.error().message ==
              "tokenizer: kind \"unigram\" has no form in GGUF that this version writes");
    }
    CHECK(folder.names() == std::vector<std::string>{"spm_unigram"});
}
