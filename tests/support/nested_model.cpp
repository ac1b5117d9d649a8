#include "tests/support/nested_model.h"

#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/encoder.h"
#include "core/model/open.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace bs::test {

namespace {

PendingTensor inMemory(const std::string& name, DType dtype, std::vector<std::uint64_t> shape, std::vector<std::byte> bytes)
{
    return {{name, dtype, std::move(shape), 0, 0}, [bytes = std::move(bytes)]() -> Result<std::vector<std::byte>> { return bytes; }};
}

/// Prices at which a matrix of that energy gets about 1 bit a weight, then more and more.
nested::EncodeOptions optionsFor(std::span<const float> W)
{
    double energy = 0;
    for (const float w : W)
        energy += 0.5 * static_cast<double>(w) * static_cast<double>(w);
    const double each = energy / static_cast<double>(W.size()) * 8;
    nested::EncodeOptions options;
    options.prices = {each * 0.5, each * 0.1, each * 0.02, each * 0.002};
    return options;
}

Result<void> addSlab(ContainerContent& content, const StackMatrix& matrix, std::span<const float> W)
{
    std::vector<float> moments(matrix.cols * matrix.cols, 0.0F);
    for (std::size_t j = 0; j < matrix.cols; ++j)
        moments[j * matrix.cols + j] = 1;
    const std::vector<float> rowWeight(matrix.rows, 1.0F);
    ThreadPool pool(1);
    BS_TRY(nested::Encoded encoded,
           nested::encode(W, matrix.rows, matrix.cols, {moments, rowWeight}, optionsFor(W), pool, {}));
    content.matrices.push_back(matrix);
    auto& blocks = content.blocks.emplace_back();
    double loss = encoded.loss;
    for (std::size_t i = 0; i < encoded.blocks.size(); ++i) {
        nested::EncodedBlock& block = encoded.blocks[i];
        const std::uint64_t bytes = block.bytes.size();
        const std::string name = blockPartNames(content.codec, matrix, i).front();
        blocks.push_back({{inMemory(name, DType::U8, {bytes}, std::move(block.bytes))}, loss - block.loss});
        loss = block.loss;
    }
    return {};
}

/// A matrix of the model, cut into slabs if it is no linear.
Result<void> addMatrix(ContainerContent& content, const ModelSource& dense, const ExpectedTensor& tensor, bool linear,
                       std::uint64_t slabRows)
{
    BS_TRY(const std::vector<float> W, readTensor(dense, tensor.name + ".weight"));
    const std::uint64_t rows = tensor.shape[0];
    const std::uint64_t cols = tensor.shape[1];
    const std::uint64_t step = linear ? rows : slabRows;
    for (std::uint64_t first = 0; first < rows; first += step) {
        const std::uint64_t count = std::min(step, rows - first);
        const std::string name = linear ? tensor.name : slabText({tensor.name, first});
        BS_CHECK(addSlab(content, {name, count, cols, linear, {}}, std::span(W).subspan(first * cols, count * cols)));
    }
    return {};
}

void orderByLevel(ContainerContent& content)
{
    for (std::uint32_t level = 0;; ++level) {
        const std::size_t before = content.order.size();
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            if (level < content.blocks[m].size())
                content.order.push_back({m, level});
        if (level == 0)
            content.smallestCount = content.order.size();
        if (content.order.size() == before)
            return;
    }
}

} // namespace

Result<ContainerContent> nestedContent(const ModelSource& dense, const NestedModelOptions& options)
{
    ContainerContent content;
    content.codec = "nested";
    content.configText = huggingFaceConfigText(dense.config);
    if (options.tokenizer && dense.tokenizer)
        content.tokenizerText = toJson(*dense.tokenizer);
    for (const ExpectedTensor& norm : expectedNorms(dense.config)) {
        BS_TRY(const std::vector<float> values, readTensor(dense, norm.name));
        std::vector<std::byte> bytes(values.size() * sizeof(float));
        std::memcpy(bytes.data(), values.data(), bytes.size());
        content.tensors.push_back(inMemory(norm.name, DType::F32, norm.shape, std::move(bytes)));
    }
    for (ExpectedTensor whole : expectedWhole(dense.config)) {
        whole.name.resize(whole.name.size() - std::string_view(".weight").size());
        BS_CHECK(addMatrix(content, dense, whole, false, options.slabRows));
    }
    for (const ExpectedTensor& linear : expectedLinears(dense.config))
        BS_CHECK(addMatrix(content, dense, linear, true, options.slabRows));
    orderByLevel(content);
    return content;
}

Result<void> writeNestedModel(const std::string& path, const ModelSource& dense, const NestedModelOptions& options)
{
    BS_TRY(const ContainerContent content, nestedContent(dense, options));
    BS_CHECK(writeContainer(path, content, true, {}));
    return {};
}

Result<std::vector<float>> decodedMatrix(const Container& container, const std::string& name, const Plan& plan)
{
    std::vector<float> W;
    for (std::size_t m = 0; m < container.stack.matrices.size(); ++m) {
        const StackMatrix& info = container.stack.matrices[m];
        const SlabName slab = slabOf(info.name);
        if (slab.matrix != name)
            continue;
        std::vector<std::byte> bytes; // the blocks one after another: all are multiples of 64
        std::vector<std::size_t> sizes;
        for (std::uint32_t i = 0; i < plan.depth[m]; ++i) {
            const TensorDesc& part = container.blocks[m][i].parts[0];
            bytes.resize(bytes.size() + part.bytes);
            BS_CHECK(container.file->readAt(part.offset, std::span(bytes).last(part.bytes)));
            sizes.push_back(part.bytes);
        }
        std::vector<std::span<const std::byte>> blocks;
        std::size_t at = 0;
        for (const std::size_t size : sizes) {
            blocks.push_back(std::span(bytes).subspan(at, size));
            at += size;
        }
        BS_TRY(const nested::Matrix matrix, nested::readBlocks({info.rows, info.cols}, blocks, bytes.data()));
        W.resize(std::max(W.size(), (slab.firstRow + info.rows) * info.cols));
        nested::decodeReference(matrix, W.data() + slab.firstRow * info.cols);
    }
    return W;
}

} // namespace bs::test
