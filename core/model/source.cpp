#include "core/model/source.h"

#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/model/open.h"
#include "core/model/weights.h"
#include "core/tensor/block_formats.h"

#include <array>
#include <cstring>
#include <filesystem>

namespace bs {

const char* nameOf(ModelFormat format)
{
    switch (format) {
    case ModelFormat::Gguf:
        return "gguf";
    case ModelFormat::HuggingFace:
        return "huggingface";
    case ModelFormat::Authors:
        return "authors";
    case ModelFormat::Bitstack:
        break;
    }
    return "bitstack";
}

std::vector<std::string> linearNames(std::uint32_t layer)
{
    const std::string prefix = "model.layers." + std::to_string(layer) + ".";
    return {prefix + "self_attn.q_proj", prefix + "self_attn.k_proj", prefix + "self_attn.v_proj",
            prefix + "self_attn.o_proj", prefix + "mlp.gate_proj",    prefix + "mlp.up_proj",
            prefix + "mlp.down_proj"};
}

std::vector<ExpectedTensor> expectedLinears(const ModelConfig& config)
{
    const std::uint64_t width = config.width;
    const std::uint64_t q = config.qWidth();
    const std::uint64_t kv = config.kvWidth();
    const std::uint64_t mlp = config.mlpWidth;
    std::vector<ExpectedTensor> expected;
    for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
        const auto names = linearNames(layer);
        const std::array<std::vector<std::uint64_t>, 7> shapes{
            {{q, width}, {kv, width}, {kv, width}, {width, q}, {mlp, width}, {mlp, width}, {width, mlp}}};
        for (std::size_t i = 0; i < names.size(); ++i)
            expected.push_back({names[i], shapes[i]});
    }
    return expected;
}

std::vector<ExpectedTensor> expectedNorms(const ModelConfig& config)
{
    std::vector<ExpectedTensor> expected{{"model.norm.weight", {config.width}}};
    for (std::uint32_t layer = 0; layer < config.layers; ++layer) {
        for (const LayerVector& vector : layerVectors(config, layer))
            expected.push_back({vector.name, {vector.size}});
    }
    return expected;
}

std::vector<ExpectedTensor> expectedWhole(const ModelConfig& config)
{
    std::vector<ExpectedTensor> expected{{"model.embed_tokens.weight", {config.vocabulary, config.width}}};
    if (!config.tiedEmbeddings)
        expected.push_back({"lm_head.weight", {config.vocabulary, config.width}});
    return expected;
}

namespace {

Result<void> checkTensor(const ModelSource& source, const ExpectedTensor& expected)
{
    const auto found = source.tensors.find(expected.name);
    if (found == source.tensors.end())
        return Error{ErrorCode::Format, source.path + ": tensor " + expected.name + " is missing"};
    const TensorDesc& desc = found->second.desc;
    TensorDesc wanted;
    wanted.shape = expected.shape;
    if (desc.shape != expected.shape)
        return Error{ErrorCode::Shape, source.path + ": tensor " + desc.name + " has shape " + desc.shapeText() +
                                           ", the config asks for " + wanted.shapeText()};
    if (!isWeightType(desc.dtype))
        return Error{ErrorCode::Unsupported, source.path + ": tensor " + desc.name + " is of type " +
                                                 std::string(infoOf(desc.dtype).name) + ", which no weight can be"};
    return {};
}

} // namespace

Result<void> checkDenseTensors(const ModelSource& source)
{
    for (ExpectedTensor linear : expectedLinears(source.config)) {
        linear.name += ".weight";
        BS_CHECK(checkTensor(source, linear));
    }
    for (const ExpectedTensor& whole : expectedWhole(source.config))
        BS_CHECK(checkTensor(source, whole));
    return checkNorms(source);
}

Result<void> checkNorms(const ModelSource& source)
{
    for (const ExpectedTensor& norm : expectedNorms(source.config))
        BS_CHECK(checkTensor(source, norm));
    return {};
}

std::string vocabularyMismatch(const ModelSource& source)
{
    if (!source.tokenizer || source.tokenizer->tokens.size() <= source.config.vocabulary)
        return {};
    return source.path + ": the tokenizer has " + std::to_string(source.tokenizer->tokens.size()) +
           " tokens, the embedding only " + std::to_string(source.config.vocabulary) + " rows";
}

namespace {

/// What a file's first bytes tell. Errors: NotFound, Io, Format (neither).
Result<ModelFormat> formatOfFile(const std::string& path)
{
    BS_TRY(const File file, File::open(path));
    std::array<char, 9> start{};
    if (file.size() < start.size())
        return Error{ErrorCode::Format, path + ": is " + std::to_string(file.size()) + " bytes, too short for any model file"};
    BS_CHECK(file.readAt(0, std::as_writable_bytes(std::span(start))));
    if (std::memcmp(start.data(), "GGUF", 4) == 0)
        return ModelFormat::Gguf;
    // A safetensors header: 8 bytes of length, then a JSON object.
    if (start[8] == '{')
        return ModelFormat::Bitstack;
    return Error{ErrorCode::Format, path + ": is no model: it begins neither like a GGUF file nor like a .bitstack (safetensors) file"};
}

Result<ModelSource> openAny(const std::string& path)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        return fs::exists(fs::path(path) / "compression_config.json", ignored) ? openAuthors(path) : openHuggingFace(path);
    BS_TRY(const ModelFormat format, formatOfFile(path));
    return format == ModelFormat::Gguf ? openGguf(path) : openBitstack(path);
}

} // namespace

Result<ModelSource> openModel(const std::string& path)
{
    Result<ModelSource> opened = openAny(path);
    if (!opened) {
        // Names of a stranger's file may hold anything; what is said is one line all the same.
        Error error = std::move(opened).error();
        error.message = printable(error.message, path.size() + 800);
        return error;
    }
    ModelSource source = std::move(opened).value();
    if (const std::string mismatch = vocabularyMismatch(source); !mismatch.empty())
        return Error{ErrorCode::Shape, mismatch};
    return source;
}

Result<TokenizerSpec> openTokenizer(const std::string& path)
{
    std::optional<TokenizerSpec> spec;
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        BS_TRY(spec, folderTokenizer(path));
    } else {
        BS_TRY(const ModelFormat format, formatOfFile(path));
        if (format == ModelFormat::Gguf) {
            BS_TRY(spec, ggufTokenizer(path));
        } else {
            BS_TRY(ModelSource source, openBitstack(path));
            spec = std::move(source.tokenizer);
        }
    }
    if (!spec)
        return Error{ErrorCode::Unsupported, path + ": has no tokenizer"};
    return std::move(*spec);
}

Result<std::string> modelHash(const ModelSource& source)
{
    std::vector<std::string> paths;
    for (const auto& file : source.files) {
        if (file->pieces().empty())
            paths.push_back(file->path());
        for (const auto& piece : file->pieces())
            paths.push_back(piece->path());
    }
    if (paths.size() == 1)
        return hashFile(paths.front());
    std::string all;
    for (const std::string& path : paths) {
        BS_TRY(const std::string hash, hashFile(path));
        all += hash;
    }
    return hexOf(xxh3(std::as_bytes(std::span(all.data(), all.size()))));
}

void unpermuteHeads(std::byte* rows, std::size_t rowCount, std::size_t rowBytes, std::size_t headDim)
{
    // GGUF row h*d + 2i + p is Hugging Face row h*d + p*(d/2) + i.
    std::vector<std::byte> head(headDim * rowBytes);
    for (std::size_t first = 0; first + headDim <= rowCount; first += headDim) {
        std::memcpy(head.data(), rows + first * rowBytes, head.size());
        for (std::size_t i = 0; i < headDim / 2; ++i)
            for (std::size_t p = 0; p < 2; ++p)
                std::memcpy(rows + (first + p * (headDim / 2) + i) * rowBytes, head.data() + (2 * i + p) * rowBytes,
                            rowBytes);
    }
}

Result<std::vector<float>> readTensor(const ModelSource& source, const std::string& name)
{
    const auto found = source.tensors.find(name);
    if (found == source.tensors.end())
        return Error{ErrorCode::Format, source.path + ": tensor " + name + " is missing"};
    const SourceTensor& tensor = found->second;
    std::vector<std::byte> bytes(tensor.desc.bytes);
    BS_CHECK(source.files[tensor.file]->readAt(tensor.desc.offset, bytes));
    if (tensor.permutedHeads)
        unpermuteHeads(bytes.data(), tensor.desc.shape[0], bytes.size() / tensor.desc.shape[0], source.config.headDim);
    std::vector<float> values(tensor.desc.elements());
    toFloat(tensor.desc.dtype, bytes.data(), values.size(), values.data());
    return values;
}

} // namespace bs
