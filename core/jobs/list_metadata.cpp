#include "core/base/json_guard.h"
#include "core/formats/gguf.h"
#include "core/formats/safetensors.h"
#include "core/jobs/describe_tensor.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <type_traits>

namespace bs {

namespace {

using Metadata = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMostEntries = 1000; ///< of a list
constexpr std::size_t kMostBytes = 200'000;

std::string cut(std::string text)
{
    if (text.size() <= kMostBytes) return text;
    const std::string all = std::to_string(text.size());
    text.resize(kMostBytes);
    return text + " ... (" + all + " bytes)";
}

std::string numberText(double number)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", number);
    return text.data();
}

std::string valueText(const std::string& value)
{
    return value;
}
std::string valueText(bool value)
{
    return value ? "true" : "false";
}
std::string valueText(double value)
{
    return numberText(value);
}
std::string valueText(std::uint64_t value)
{
    return std::to_string(value);
}
std::string valueText(std::int64_t value)
{
    return std::to_string(value);
}

template <class T>
std::string valueText(const std::vector<T>& list)
{
    std::string text = "[" + std::to_string(list.size()) + "] ";
    for (std::size_t i = 0; i < std::min(list.size(), kMostEntries); ++i)
        text += (i > 0 ? ", " : "") + valueText(list[i]);
    return list.size() > kMostEntries ? text + ", ..." : text;
}

Result<Metadata> ggufMetadata(const std::string& path)
{
    BS_TRY(const GgufFile file, readGguf(path));
    Metadata list{{"gguf.version", std::to_string(file.version)}};
    for (const auto& [key, value] : file.metadata)
        list.emplace_back(key,
                          cut(std::visit([](const auto& held) { return valueText(held); }, value)));
    return list;
}

/// The fields of a config.json, a line each; what is no object, as it stands.
void addConfig(const std::string& text, Metadata& to)
{
    const Result<nlohmann::json> config = parseJson(text, "config.json");
    if (!config || !config.value().is_object()) {
        to.emplace_back("config", cut(text));
        return;
    }
    using nlohmann::json;
    for (const auto& [key, value] : config.value().items())
        to.emplace_back("config." + key,
                        cut(value.is_string()
                                ? value.get<std::string>()
                                : value.dump(-1, ' ', false, json::error_handler_t::replace)));
}

Result<Metadata> folderMetadata(const ModelSource& source)
{
    const std::string config = (std::filesystem::path(source.path) / "config.json").string();
    BS_TRY(const std::string text, readTextFile(config, 1U << 20));
    Metadata list;
    addConfig(text, list);
    for (const auto& file : source.files) {
        const Result<SafetensorsFile> read = readSafetensors(file->path());
        if (!read) continue; // of the authors' checkpoints some are pickled or joined
        const std::string name = std::filesystem::path(file->path()).filename().string();
        for (const auto& [key, value] : read.value().metadata)
            list.emplace_back(name + ": " + key, cut(value));
    }
    return list;
}

Metadata containerMetadata(const Container& container)
{
    Metadata list{{"bitstack.codec", container.codec},
                  {"bitstack.matrices", std::to_string(container.stack.matrices.size())},
                  {"bitstack.blocks", std::to_string(container.stack.order.size())},
                  {"bitstack.smallest", std::to_string(container.stack.smallestCount) + " blocks"}};
    for (const auto& [key, value] : container.provenance)
        list.emplace_back("provenance." + key, cut(value));
    addConfig(container.configText, list);
    for (const PredictedRise& rise : container.predicted)
        list.emplace_back("predicted." + std::to_string(rise.budgetBytes),
                          "rise " + numberText(rise.predictedRise) + ", measured " +
                              numberText(rise.measuredRise));
    if (!container.tokenizerText.empty())
        list.emplace_back("tokenizer", cut(container.tokenizerText));
    return list;
}

} // namespace

Result<Metadata> listMetadata(const ModelSource& source)
{
    switch (source.format) {
    case ModelFormat::Gguf:
        return ggufMetadata(source.path);
    case ModelFormat::Bitstack:
        return containerMetadata(*source.container);
    case ModelFormat::HuggingFace:
    case ModelFormat::Authors:
        break;
    }
    return folderMetadata(source);
}

} // namespace bs
