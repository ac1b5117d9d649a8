#include "core/base/json_guard.h"
#include "core/base/packed_text.h"
#include "core/formats/compression_config.h"
#include "core/formats/container_layout.h"
#include "core/formats/safetensors.h"
#include "core/model/open.h"

#include <array>
#include <filesystem>

namespace bs {

namespace {

namespace fs = std::filesystem;

/// The tensors of all files of the folder, at their places in the joined file.
struct FolderTensors
{
    std::shared_ptr<const File> file;
    std::map<std::string, TensorDesc> tensors; ///< what nothing has claimed yet
    std::uint64_t bytes = 0;                   ///< of the files

    /// Takes a tensor out. Errors: Format (missing, or where its elements cannot be read in place).
    Result<TensorDesc> claim(const std::string& name)
    {
        auto found = tensors.extract(name);
        if (found.empty())
            return Error{ErrorCode::Format, "tensor '" + printable(name) + "' is missing"};
        const TensorDesc& tensor = found.mapped();
        const std::uint64_t element = infoOf(tensor.dtype).blockBytes;
        if (tensor.offset % element == 0) return std::move(found.mapped());
        return Error{ErrorCode::Format, "tensor '" + printable(name) + "' begins at byte " +
                                            std::to_string(tensor.offset) +
                                            ", which is no multiple of its element's " +
                                            std::to_string(element) + " bytes"};
    }
};

Result<FolderTensors> readFolder(const std::string& folder)
{
    BS_TRY(const std::set<std::string> names, shardNames(folder));
    std::vector<SafetensorsFile> shards;
    std::vector<std::shared_ptr<const File>> files;
    for (const std::string& name : names) {
        BS_TRY(SafetensorsFile shard, readSafetensors((fs::path(folder) / name).string()));
        files.push_back(shard.file);
        shards.push_back(std::move(shard));
    }
    FolderTensors result;
    result.file = std::make_shared<const File>(File::join(std::move(files), layout::kTensorAlignment));
    for (std::size_t i = 0; i < shards.size(); ++i) {
        result.bytes += shards[i].file->size();
        for (TensorDesc& tensor : shards[i].tensors) {
            const std::string name = tensor.name;
            tensor.offset += result.file->offsetOf(i);
            if (!result.tensors.emplace(name, std::move(tensor)).second)
                return Error{ErrorCode::Format, shards[i].file->path() + ": tensor '" +
                                                    printable(name) +
                                                    "' is in another file of the model too"};
        }
    }
    return result;
}

std::string nameInFile(const std::string& matrix, const char* part, std::size_t block)
{
    return matrix + part + std::to_string(block);
}

/// Makes a description of the folder as a container: its blocks are laid out as ours are.
class FolderStack
{
public:
    FolderStack(const std::string& folder, const ModelConfig& config, FolderTensors& held)
        : m_folder(folder)
        , m_config(config)
        , m_held(held)
    {
    }

    Result<Container> describe()
    {
        m_container.file = m_held.file;
        m_container.codec = layout::kBitstack;
        m_container.checksummed = false;
        m_container.provenance = {{"layout", "authors"}, {"order", "authors"}};
        for (const ExpectedTensor& norm : expectedNorms(m_config)) {
            BS_TRY(TensorDesc tensor, m_held.claim(norm.name));
            m_container.tensors.push_back(std::move(tensor));
        }
        for (const ExpectedTensor& whole : expectedWhole(m_config))
            BS_CHECK(addWhole(whole));
        BS_CHECK(addLinears());
        BS_CHECK(checkNothingElse());
        return std::move(m_container);
    }

private:
    /// A matrix of the stack; its blocks must fit it.
    Result<void> add(StackMatrix matrix, std::vector<std::vector<TensorDesc>> blocks)
    {
        std::vector<ContainerBlock>& to = m_container.blocks.emplace_back();
        for (const std::vector<TensorDesc>& parts : blocks)
            BS_CHECK(layout::checkParts(layout::kBitstack, matrix, parts, blocks.front()));
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto names = blockPartNames(layout::kBitstack, matrix, i);
            ContainerBlock block;
            for (std::size_t p = 0; p < names.size(); ++p) {
                block.ranges.push_back({blocks[i][p].offset, blocks[i][p].bytes});
                block.parts.push_back(std::move(blocks[i][p]));
                block.parts.back().name = names[p];
            }
            matrix.blockBytes.push_back(layout::paddedBytes(block.parts));
            to.push_back(std::move(block));
        }
        m_container.stack.matrices.push_back(std::move(matrix));
        return {};
    }

    Result<void> addWhole(const ExpectedTensor& whole)
    {
        BS_TRY(TensorDesc tensor, m_held.claim(whole.name));
        const std::string name = whole.name.substr(0, whole.name.rfind(".weight"));
        m_container.stack.order.push_back(
            {static_cast<std::uint32_t>(m_container.stack.matrices.size()), 0});
        return add({name, whole.shape[0], whole.shape[1], false, {}}, {{std::move(tensor)}});
    }

    /// Their signs are a list of bytes; ours have rows, with the same bytes in the same order.
    Result<TensorDesc> claimSigns(const ExpectedTensor& linear, std::size_t block)
    {
        BS_TRY(TensorDesc sign, m_held.claim(nameInFile(linear.name, ".qweight_", block)));
        const std::uint64_t bytes = linear.shape[0] * linear.shape[1] / 8;
        if (sign.dtype != DType::U8 || sign.bytes != bytes)
            return Error{ErrorCode::Shape, "tensor '" + printable(sign.name) + "' is " +
                                               std::string(infoOf(sign.dtype).name) + " of " +
                                               std::to_string(sign.bytes) +
                                               " bytes, signs of a matrix [" +
                                               std::to_string(linear.shape[0]) + ", " +
                                               std::to_string(linear.shape[1]) + "] are U8 of " +
                                               std::to_string(bytes)};
        sign.shape = {linear.shape[0], linear.shape[1] / 8};
        return sign;
    }

    Result<void> addLinears()
    {
        const std::vector<ExpectedTensor> linears = expectedLinears(m_config);
        std::vector<HeldMatrix> held;
        for (const ExpectedTensor& linear : linears) {
            std::uint32_t blocks = 0;
            while (m_held.tensors.contains(nameInFile(linear.name, ".qweight_", blocks)))
                ++blocks;
            held.push_back({linear.name, blocks});
        }
        const std::string path = (fs::path(m_folder) / "compression_config.json").string();
        BS_TRY(const std::string text, readTextFile(path));
        auto stated = readCompressionConfig(text, held);
        if (!stated) return std::move(stated).error().in(path);
        Stack& stack = m_container.stack;
        const auto first = static_cast<std::uint32_t>(stack.matrices.size());
        stack.smallestCount = first + stated.value().smallestCount;
        for (const StackBlock& block : stated.value().order)
            stack.order.push_back({first + block.matrix, block.index});
        for (std::size_t m = 0; m < linears.size(); ++m)
            BS_CHECK(addLinear(linears[m], stated.value().depth[m]));
        return validate(stack);
    }

    Result<void> addLinear(const ExpectedTensor& linear, std::uint32_t depth)
    {
        std::vector<std::vector<TensorDesc>> blocks;
        for (std::size_t i = 0; i < depth; ++i) {
            BS_TRY(TensorDesc sign, claimSigns(linear, i));
            BS_TRY(TensorDesc u, m_held.claim(nameInFile(linear.name, ".u_", i)));
            BS_TRY(TensorDesc vt, m_held.claim(nameInFile(linear.name, ".vt_", i)));
            blocks.push_back({std::move(sign), std::move(u), std::move(vt)});
        }
        return add({linear.name, linear.shape[0], linear.shape[1], true, {}}, std::move(blocks));
    }

    /// Blocks that the order never loads may be left over, and what follows from the config.
    Result<void> checkNothingElse() const
    {
        std::set<std::string> linears;
        for (const ExpectedTensor& linear : expectedLinears(m_config))
            linears.insert(linear.name);
        for (const auto& [name, tensor] : m_held.tensors) {
            const std::string matrix = name.substr(0, name.rfind('.'));
            const std::string part = name.substr(std::min(name.size(), matrix.size()));
            const bool block = part.starts_with(".qweight_") || part.starts_with(".u_") ||
                               part.starts_with(".vt_");
            if ((block && linears.contains(matrix)) || name.ends_with("rotary_emb.inv_freq") ||
                (name == "lm_head.weight" && m_config.tiedEmbeddings))
                continue;
            return Error{ErrorCode::Unsupported, "tensor '" + printable(name) +
                                                     "' belongs to no part of a checkpoint of the "
                                                     "BitStack authors that this version runs"};
        }
        return {};
    }

    const std::string& m_folder;
    const ModelConfig& m_config;
    FolderTensors& m_held;
    Container m_container;
};

Result<ModelSource> fromFolder(const std::string& folder)
{
    const fs::path path(folder);
    ModelSource source;
    source.format = ModelFormat::Authors;
    source.path = folder;
    BS_TRY(const std::string configText, readTextFile((path / "config.json").string(), 1U << 20));
    BS_TRY(source.config, parseHuggingFaceConfig(configText));
    BS_TRY(FolderTensors held, readFolder(folder));
    source.files = {held.file};
    source.bytes = held.bytes;
    BS_TRY(Container container, FolderStack(folder, source.config, held).describe());
    container.configText = configText;
    BS_TRY(source.tokenizer, folderTokenizer(folder));
    if (source.tokenizer) {
        container.tokenizerText = toJson(*source.tokenizer);
        container.packedTokenizer = packText(container.tokenizerText);
    }
    for (const TensorDesc& tensor : container.tensors) {
        source.tensors[tensor.name] = {tensor, 0, false};
        source.parameters += tensor.elements();
    }
    for (const StackMatrix& matrix : container.stack.matrices)
        source.parameters += matrix.rows * matrix.cols;
    source.container = std::move(container);
    BS_CHECK(checkNorms(source));
    return source;
}

} // namespace

Result<ModelSource> openAuthors(const std::string& folder)
{
    auto source = fromFolder(folder);
    if (!source && !source.error().message.starts_with(folder) && source.error().code != ErrorCode::Io)
        return std::move(source).error().in(folder);
    return source;
}

} // namespace bs
