#include "core/jobs/export_layout.h"
#include "core/model/decoded.h"
#include "core/tensor/float16.h"
#include "core/tokenizer/huggingface_files.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>

namespace bs {

namespace {

/// GGUF row h*d + 2i + p is Hugging Face row h*d + p*(d/2) + i.
void permuteHeads(std::vector<float>& rows, std::size_t cols, std::size_t headDim)
{
    std::vector<float> head(headDim * cols);
    for (std::size_t first = 0; first + head.size() <= rows.size(); first += head.size()) {
        for (std::size_t i = 0; i < headDim / 2; ++i)
            for (std::size_t p = 0; p < 2; ++p)
                std::copy_n(rows.begin() +
                                static_cast<std::ptrdiff_t>(first + (p * (headDim / 2) + i) * cols),
                            cols, head.begin() + static_cast<std::ptrdiff_t>((2 * i + p) * cols));
        std::copy(head.begin(), head.end(), rows.begin() + static_cast<std::ptrdiff_t>(first));
    }
}

Result<void> toHalf(std::span<const float> values, const std::string& name, std::size_t cols,
                    std::byte* into)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint16_t half = floatToHalf(values[i]);
        if ((half & 0x7C00U) == 0x7C00U)
            return Error{ErrorCode::Numeric,
                         "tensor " + name + ": row " + std::to_string(i / cols) + ", column " +
                             std::to_string(i % cols) + " is " + std::to_string(values[i]) +
                             ", more than F16 holds"};
        std::memcpy(into + 2 * i, &half, 2);
    }
    return {};
}

/// 32 values as a scale in f16 and whole numbers from -127 to 127.
Result<void> toQ8(std::span<const float> values, const std::string& name, std::size_t cols,
                  std::byte* into)
{
    constexpr std::size_t kBlock = 32;
    for (std::size_t first = 0; first < values.size(); first += kBlock, into += kBlock + 2) {
        float largest = 0;
        for (std::size_t i = 0; i < kBlock; ++i)
            largest = std::max(largest, std::abs(values[first + i]));
        const float scale = largest / 127.0F;
        BS_CHECK(toHalf(std::span(&scale, 1), name, cols, into));
        for (std::size_t i = 0; i < kBlock; ++i)
            into[2 + i] =
                static_cast<std::byte>(scale > 0 ? std::lround(values[first + i] / scale) : 0);
    }
    return {};
}

Result<std::vector<std::byte>> encoded(std::span<const float> values, const TensorDesc& desc)
{
    std::vector<std::byte> bytes(desc.bytes);
    const std::size_t cols = desc.shape.back();
    if (desc.dtype == DType::F16) {
        BS_CHECK(toHalf(values, desc.name, cols, bytes.data()));
    } else if (desc.dtype == DType::Q8_0) {
        BS_CHECK(toQ8(values, desc.name, cols, bytes.data()));
    } else {
        std::memcpy(bytes.data(), values.data(), bytes.size());
    }
    return bytes;
}

/// config.json as written for a stack, with BOS and everything that ends an answer.
Result<std::string> configText(const ModelSource& model)
{
    auto json = nlohmann::ordered_json::parse(huggingFaceConfigText(model.config));
    if (model.tokenizer && model.tokenizer->bos >= 0) json["bos_token_id"] = model.tokenizer->bos;
    if (model.tokenizer && model.tokenizer->eos >= 0) {
        json["eos_token_id"] = model.tokenizer->eos;
        std::vector<std::int32_t> ends{model.tokenizer->eos};
        for (const std::int32_t id : model.tokenizer->endOfTurn)
            if (std::find(ends.begin(), ends.end(), id) == ends.end()) ends.push_back(id);
        if (ends.size() > 1) json["eos_token_id"] = ends;
    }
    return json.dump(1);
}

} // namespace

std::uint64_t ExportFile::bytes() const
{
    std::uint64_t all = start.size();
    for (const PendingTensor& tensor : tensors)
        all += (tensor.desc.bytes + alignment - 1) / alignment * alignment;
    return all;
}

void setBytes(TensorDesc& desc)
{
    const DTypeInfo& info = infoOf(desc.dtype);
    desc.bytes = desc.elements() / info.blockElements * info.blockBytes;
}

std::vector<TensorDesc> descriptorsOf(const std::vector<PendingTensor>& tensors)
{
    std::vector<TensorDesc> descriptors;
    for (const PendingTensor& tensor : tensors)
        descriptors.push_back(tensor.desc);
    return descriptors;
}

PendingTensor exportedTensor(const ExportSource& source, const std::string& modelName,
                             const std::string& name, const std::vector<std::uint64_t>& shape,
                             DType type, bool permute)
{
    PendingTensor tensor;
    tensor.desc = {name, type, shape, 0, 0};
    setBytes(tensor.desc);
    tensor.read = [model = source.model, size = source.size, context = source.context,
                   desc = tensor.desc, modelName, permute]() -> Result<std::vector<std::byte>> {
        BS_TRY(std::vector<float> values,
               decodedTensor(*model, size.planOrNull(), modelName, context));
        if (permute) permuteHeads(values, desc.shape.back(), model->config.headDim);
        return encoded(values, desc);
    };
    return tensor;
}

Result<std::vector<ExportFile>> describingFiles(const ExportSource& source)
{
    const ModelSource& model = *source.model;
    BS_TRY(const std::string config, configText(model));
    std::vector<ExportFile> files{{"config.json", config, {}}};
    if (model.tokenizer) {
        BS_TRY(const std::string tokenizer, huggingFaceTokenizerText(*model.tokenizer));
        files.push_back({"tokenizer.json", tokenizer, {}});
        files.push_back(
            {"tokenizer_config.json",
             huggingFaceTokenizerConfigText(*model.tokenizer, model.config.contextLength),
             {}});
    }
    files.push_back({kManifestName, source.manifest, {}});
    return files;
}

} // namespace bs
