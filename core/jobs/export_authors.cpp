#include "core/formats/container_layout.h"
#include "core/jobs/export_layout.h"
#include "core/model/decoded.h"
#include "core/model/open.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bs {

namespace {

/// "model.layers.0.mlp.up_proj" is "layer.0.mlp.up_proj" in their order.
std::string orderName(const std::string& name)
{
    return "layer." + name.substr(std::string("model.layers.").size());
}

/// The parts of a block as they name them; each reads its block by itself, so that no more than one
/// is held.
void addBlock(const ExportSource& source, const StackBlock& at, std::vector<PendingTensor>& tensors)
{
    const Container& container = *source.model->container;
    const StackMatrix& matrix = container.stack.matrices[at.matrix];
    const auto& parts = container.blocks[at.matrix][at.index].parts;
    const std::string index = "_" + std::to_string(at.index);
    const auto add = [&](const char* name, std::size_t part,
                         const std::vector<std::uint64_t>& shape) {
        PendingTensor tensor;
        tensor.desc = {matrix.name + name + index, parts[part].dtype, shape, 0, parts[part].bytes};
        tensor.read = [model = source.model, at, part]() -> Result<std::vector<std::byte>> {
            BS_TRY(auto block, readBlock(*model->container, at));
            return std::move(block[part]);
        };
        tensors.push_back(std::move(tensor));
    };
    add(".qweight", 0, {parts[0].bytes}); // theirs has no rows
    add(".u", 1, parts[1].shape);
    add(".vt", 2, parts[2].shape);
}

std::vector<PendingTensor> tensorsOf(const ExportSource& source)
{
    const ModelConfig& config = source.model->config;
    const Stack& stack = source.model->container->stack;
    std::vector<PendingTensor> tensors;
    for (const ExpectedTensor& whole : expectedWhole(config))
        tensors.push_back(exportedTensor(source, whole.name, whole.name, whole.shape, DType::F16));
    for (const ExpectedTensor& norm : expectedNorms(config))
        tensors.push_back(exportedTensor(source, norm.name, norm.name, norm.shape, DType::F16));
    for (std::uint32_t m = 0; m < stack.matrices.size(); ++m)
        for (std::uint32_t i = 0; stack.matrices[m].linear && i < source.size.plan.depth[m]; ++i)
            addBlock(source, {m, i}, tensors);
    std::sort(tensors.begin(), tensors.end(), [](const PendingTensor& a, const PendingTensor& b) {
        return a.desc.name < b.desc.name;
    });
    return tensors;
}

/// Bytes as they count them: everything beside the stack in f16, and the blocks without padding.
std::uint64_t bytesBeside(const ModelConfig& config)
{
    std::uint64_t elements = 0;
    for (const ExpectedTensor& whole : expectedWhole(config))
        elements += whole.shape[0] * whole.shape[1];
    for (const ExpectedTensor& norm : expectedNorms(config))
        elements += norm.shape[0];
    return 2 * elements;
}

std::uint64_t bytesOf(const ContainerBlock& block)
{
    std::uint64_t bytes = 0;
    for (const TensorDesc& part : block.parts)
        bytes += part.bytes;
    return bytes;
}

/// The loading order as they write it: every step with the depth of all matrices, the smallest size
/// first.
std::string orderText(const ExportSource& source)
{
    const Container& container = *source.model->container;
    const layout::KeptOrder kept = layout::keptOrder(container.stack, source.size.plan);
    std::vector<std::uint32_t> depth(container.stack.matrices.size());
    std::uint64_t memory = bytesBeside(source.model->config);
    std::string text = "[";
    const auto step = [&] {
        text += text.size() > 1 ? ", " : "";
        text += "{\"memory\": " + std::to_string(memory) + ", \"layers\": {";
        bool first = true;
        for (std::size_t m = 0; m < depth.size(); ++m) {
            if (!container.stack.matrices[m].linear) continue;
            text += (first ? "\"" : ", \"") + orderName(container.stack.matrices[m].name) +
                    "\": " + std::to_string(depth[m]);
            first = false;
        }
        text += "}}";
    };
    for (std::size_t i = 0; i < kept.order.size(); ++i) {
        const StackBlock& at = kept.order[i];
        if (i == kept.smallestCount) step();
        if (!container.stack.matrices[at.matrix].linear) continue;
        ++depth[at.matrix];
        memory += bytesOf(container.blocks[at.matrix][at.index]);
        if (i >= kept.smallestCount) step();
    }
    if (kept.smallestCount >= kept.order.size()) step();
    return text + "]";
}

} // namespace

Result<std::vector<ExportFile>> authorsFiles(const ExportSource& source)
{
    const auto& container = source.model->container;
    if (!container || container->codec != "bitstack")
        return Error{
            ErrorCode::Usage,
            source.model->path +
                ": form authors needs a .bitstack file of codec bitstack, this is " +
                (container ? "one of codec " + container->codec : std::string("no stack"))};
    std::vector<ExportFile> files(1);
    files[0].name = "model.safetensors";
    files[0].tensors = tensorsOf(source);
    files[0].start = safetensorsHeader(descriptorsOf(files[0].tensors), {{"format", "pt"}}, 8);
    files.push_back({"compression_config.json", orderText(source), {}});
    BS_TRY(std::vector<ExportFile> describing, describingFiles(source));
    for (ExportFile& file : describing)
        files.push_back(std::move(file));
    return files;
}

} // namespace bs
