#include "tests/support/authors_checkpoint.h"

#include "core/base/json_guard.h"
#include "core/formats/container.h"
#include "core/model/open.h"
#include "core/tensor/block_formats.h"

#include <cstring>
#include <stdexcept>

namespace bs::tests {

namespace {

template <class T>
T require(Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().message);
    return std::move(result).value();
}

std::vector<std::byte> bytesOf(const SafetensorsFile& file, const TensorDesc& desc)
{
    std::vector<std::byte> bytes(desc.bytes);
    if (!file.file->readAt(desc.offset, bytes))
        throw std::runtime_error("cannot read " + desc.name);
    return bytes;
}

const TensorDesc& tensorOf(const SafetensorsFile& file, const std::string& name)
{
    const TensorDesc* desc = file.find(name);
    if (desc == nullptr)
        throw std::runtime_error("no tensor " + name);
    return *desc;
}

PendingTensor pending(const SafetensorsFile& file, const std::string& name, const std::string& newName,
                      std::vector<std::uint64_t> shape)
{
    const TensorDesc& desc = tensorOf(file, name);
    return {{newName, desc.dtype, std::move(shape), 0, 0},
            [&file, &desc]() -> Result<std::vector<std::byte>> { return bytesOf(file, desc); }};
}

} // namespace

std::string referenceFolder(const std::string& name)
{
    return std::string(BS_REFERENCE_DIR) + "/reference/" + name;
}

Result<std::uint64_t> writeAuthorsCheckpoint(const std::string& folder, const std::string& output)
{
    const auto configText = require(readTextFile(folder + "/bitstack/config.json"));
    const ModelConfig config = require(parseHuggingFaceConfig(configText));
    const SafetensorsFile file = require(readSafetensors(folder + "/bitstack/model.safetensors"));
    ContainerContent content;
    content.codec = "bitstack";
    content.configText = configText;
    for (const ExpectedTensor& norm : expectedNorms(config))
        content.tensors.push_back(pending(file, norm.name, norm.name, norm.shape));
    for (const ExpectedTensor& whole : expectedWhole(config)) {
        const std::string name = whole.name.substr(0, whole.name.size() - std::string(".weight").size());
        content.matrices.push_back({name, whole.shape[0], whole.shape[1], false, {}});
        content.blocks.push_back({PendingBlock{{pending(file, whole.name, whole.name, whole.shape)}, 0}});
    }
    constexpr std::size_t kLevels = 8;
    constexpr std::uint64_t kRank = 16;
    for (const ExpectedTensor& linear : expectedLinears(config)) {
        const StackMatrix matrix{linear.name, linear.shape[0], linear.shape[1], true, {}};
        auto& blocks = content.blocks.emplace_back();
        for (std::size_t i = 0; i < kLevels; ++i) {
            const auto names = blockPartNames("bitstack", matrix, i);
            const std::string suffix = "_" + std::to_string(i);
            PendingBlock block;
            block.parts.push_back(pending(file, matrix.name + ".qweight" + suffix, names[0], {matrix.rows, matrix.cols / 8}));
            block.parts.push_back(pending(file, matrix.name + ".u" + suffix, names[1], {matrix.rows, kRank}));
            block.parts.push_back(pending(file, matrix.name + ".vt" + suffix, names[2], {kRank, matrix.cols}));
            blocks.push_back(std::move(block));
        }
        content.matrices.push_back(matrix);
    }
    for (std::uint32_t level = 0; level < kLevels; ++level)
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            if (level < content.blocks[m].size())
                content.order.push_back({m, level});
    content.smallestCount = content.matrices.size();
    return writeContainer(output, std::move(content), true, {});
}

SafetensorsFile readExpected(const std::string& name)
{
    return require(readSafetensors(referenceFolder(name) + "/expected.safetensors"));
}

nlohmann::json readExpectedJson(const std::string& name)
{
    const std::string path = referenceFolder(name) + "/expected.json";
    return require(parseJson(require(readTextFile(path)), path));
}

std::vector<float> floats(const SafetensorsFile& file, const std::string& tensor)
{
    const TensorDesc& desc = tensorOf(file, tensor);
    std::vector<float> values(desc.elements());
    toFloat(desc.dtype, bytesOf(file, desc).data(), values.size(), values.data());
    return values;
}

std::vector<std::int32_t> integers(const SafetensorsFile& file, const std::string& tensor)
{
    const TensorDesc& desc = tensorOf(file, tensor);
    const auto bytes = bytesOf(file, desc);
    std::vector<std::int64_t> wide(desc.elements());
    std::memcpy(wide.data(), bytes.data(), bytes.size());
    return {wide.begin(), wide.end()};
}

SortTable readSortTable(const std::string& name, const Stack& stack)
{
    const std::string path = referenceFolder(name) + "/bitstack/reduced_ppl_average.json";
    const nlohmann::json json = require(parseJson(require(readTextFile(path)), path));
    SortTable table(stack.matrices.size());
    for (const auto& level : json["reduced_ppl"])
        for (const auto& entry : level["ppls"])
            for (std::size_t m = 0; m < stack.matrices.size(); ++m)
                if ("model.layers." + entry["layer"].get<std::string>().substr(6) == stack.matrices[m].name)
                    table[m].push_back(entry["ppl"].get<double>());
    return table;
}

} // namespace bs::tests
