#include "core/jobs/export_layout.h"
#include "core/model/open.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace bs {

namespace {

/// What Hugging Face's own tools put into one file at most.
constexpr std::uint64_t kMostBytes = 5'000'000'000;

std::vector<PendingTensor> tensorsOf(const ExportSource& source)
{
    std::vector<PendingTensor> tensors;
    const auto add = [&](const std::string& name, const std::vector<std::uint64_t>& shape) {
        tensors.push_back(exportedTensor(source, name, name, shape, DType::F16));
    };
    const ModelConfig& config = source.model->config;
    for (const ExpectedTensor& whole : expectedWhole(config))
        add(whole.name, whole.shape);
    for (const ExpectedTensor& norm : expectedNorms(config))
        add(norm.name, norm.shape);
    for (const ExpectedTensor& linear : expectedLinears(config))
        add(linear.name + ".weight", linear.shape);
    return tensors;
}

std::string shardName(std::size_t index, std::size_t count)
{
    if (count == 1) return "model.safetensors";
    char name[48];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", index + 1, count);
    return name;
}

ExportFile indexFile(const std::vector<ExportFile>& shards)
{
    nlohmann::json map;
    std::uint64_t bytes = 0;
    for (const ExportFile& shard : shards)
        for (const PendingTensor& tensor : shard.tensors) {
            map[tensor.desc.name] = shard.name;
            bytes += tensor.desc.bytes;
        }
    const nlohmann::json all = {{"metadata", {{"total_size", bytes}}},
                                {"weight_map", std::move(map)}};
    return {"model.safetensors.index.json", all.dump(1), {}};
}

} // namespace

Result<std::vector<ExportFile>> safetensorsFiles(const ExportSource& source)
{
    std::vector<std::vector<PendingTensor>> parts(1);
    std::uint64_t bytes = 0;
    for (PendingTensor& tensor : tensorsOf(source)) {
        if (bytes > 0 && bytes + tensor.desc.bytes > kMostBytes) {
            parts.emplace_back();
            bytes = 0;
        }
        bytes += tensor.desc.bytes;
        parts.back().push_back(std::move(tensor));
    }
    std::vector<ExportFile> files;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::string header = safetensorsHeader(descriptorsOf(parts[i]), {{"format", "pt"}}, 8);
        files.push_back({shardName(i, parts.size()), std::move(header), std::move(parts[i])});
    }
    if (files.size() > 1) files.push_back(indexFile(files));
    BS_TRY(std::vector<ExportFile> describing, describingFiles(source));
    for (ExportFile& file : describing)
        files.push_back(std::move(file));
    return files;
}

} // namespace bs
