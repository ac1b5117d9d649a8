#include "core/base/json_guard.h"
#include "core/formats/safetensors.h"
#include "core/model/open.h"

#include <filesystem>
#include <set>

#include <nlohmann/json.hpp>

namespace bs {

namespace {

namespace fs = std::filesystem;

} // namespace

Result<std::set<std::string>> shardNames(const std::string& path)
{
    const fs::path folder(path);
    const fs::path index = folder / "model.safetensors.index.json";
    if (fs::exists(folder / "model.safetensors") || !fs::exists(index))
        return std::set<std::string>{"model.safetensors"};
    BS_TRY(const std::string text, readTextFile(index.string(), 64U << 20));
    BS_TRY(const nlohmann::json json, parseJson(text, index.string()));
    const auto map = json.is_object() ? json.find("weight_map") : json.end();
    if (map == json.end() || !map->is_object() || map->empty())
        return Error{ErrorCode::Format, index.string() + ": field weight_map is missing or empty"};
    std::set<std::string> names;
    for (const auto& [tensor, file] : map->items()) {
        // Files beside the index only: a name with a folder in it could lead anywhere.
        if (!file.is_string() || file.get<std::string>().find('/') != std::string::npos)
            return Error{ErrorCode::Format, index.string() + ": weight_map of " + tensor + " is no plain file name"};
        names.insert(file.get<std::string>());
    }
    return names;
}

namespace {

Result<void> addShard(ModelSource& source, const std::string& path)
{
    BS_TRY(const SafetensorsFile shard, readSafetensors(path));
    for (const TensorDesc& desc : shard.tensors) {
        if (desc.name.ends_with("rotary_emb.inv_freq")) // a buffer old exports carry; it follows from the config
            continue;
        if (!source.tensors.emplace(desc.name, SourceTensor{desc, source.files.size(), false}).second)
            return Error{ErrorCode::Format, path + ": tensor " + desc.name + " is in another file of the model too"};
    }
    source.files.push_back(shard.file);
    source.bytes += shard.file->size();
    return {};
}

/// Tensors the architecture has no place for, such as other biases, would silently change the result.
Result<void> checkNothingElse(const ModelSource& source)
{
    std::set<std::string> known;
    for (const ExpectedTensor& linear : expectedLinears(source.config))
        known.insert(linear.name + ".weight");
    for (const ExpectedTensor& norm : expectedNorms(source.config))
        known.insert(norm.name);
    for (const ExpectedTensor& whole : expectedWhole(source.config))
        known.insert(whole.name);
    known.insert("lm_head.weight"); // some tied models carry it all the same
    for (const auto& [name, tensor] : source.tensors)
        if (!known.contains(name))
            return Error{ErrorCode::Unsupported, source.path + ": tensor " + name +
                                                     " belongs to no part of the " + source.config.architecture + " architecture that this version runs"};
    return {};
}

Result<std::string> optionalText(const fs::path& path)
{
    if (!fs::exists(path))
        return std::string();
    return readTextFile(path.string(), 256U << 20);
}

} // namespace

Result<std::optional<TokenizerSpec>> folderTokenizer(const std::string& folder)
{
    const fs::path path(folder);
    BS_TRY(const std::string tokenizer, optionalText(path / "tokenizer.json"));
    BS_TRY(const std::string tokenizerConfig, optionalText(path / "tokenizer_config.json"));
    BS_TRY(const std::string sentencePiece, tokenizer.empty() ? optionalText(path / "tokenizer.model") : std::string());
    if (tokenizer.empty() && sentencePiece.empty())
        return std::optional<TokenizerSpec>();
    auto spec = tokenizer.empty() ? tokenizerSpecFromSentencePiece(sentencePiece, tokenizerConfig)
                                  : tokenizerSpecFromHuggingFace(tokenizer, tokenizerConfig);
    if (!spec)
        return std::move(spec).error().in(folder);
    return std::optional(std::move(spec).value());
}

Result<ModelSource> openHuggingFace(const std::string& folder)
{
    const fs::path path(folder);
    if (!fs::exists(path / "config.json"))
        return Error{ErrorCode::Format, folder + ": is a folder without config.json, so no Hugging Face model"};
    BS_TRY(const std::string configText, readTextFile((path / "config.json").string(), 1U << 20));
    ModelSource source;
    source.format = ModelFormat::HuggingFace;
    source.path = folder;
    auto config = parseHuggingFaceConfig(configText);
    if (!config)
        return std::move(config).error().in(folder);
    source.config = config.value();
    BS_TRY(const std::set<std::string> shards, shardNames(folder));
    for (const std::string& shard : shards)
        BS_CHECK(addShard(source, (path / shard).string()));
    BS_CHECK(checkNothingElse(source));
    BS_CHECK(checkDenseTensors(source));
    if (source.config.tiedEmbeddings)
        source.tensors.erase("lm_head.weight");
    for (const auto& [name, tensor] : source.tensors)
        source.parameters += tensor.desc.elements();
    BS_TRY(source.tokenizer, folderTokenizer(folder));
    return source;
}

} // namespace bs
