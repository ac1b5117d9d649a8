#pragma once

#include "core/formats/container.h"

#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bs::test {

/// Bytes that depend on the name alone, so that a reader can be checked against them.
inline std::vector<std::byte> bytesFor(const std::string& name, std::size_t count)
{
    std::mt19937_64 random(std::hash<std::string>{}(name));
    std::vector<std::byte> bytes(count);
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(random() & 0xFF);
    return bytes;
}

inline PendingTensor pendingTensor(const std::string& name, DType type, std::vector<std::uint64_t> shape)
{
    PendingTensor tensor;
    tensor.desc = TensorDesc{name, type, std::move(shape), 0, 0};
    const std::size_t bytes = tensor.desc.elements() * infoOf(type).blockBytes;
    tensor.read = [name, bytes]() -> Result<std::vector<std::byte>> { return bytesFor(name, bytes); };
    return tensor;
}

/// Adds a linear matrix of `blocks` blocks of rank `k`; appends nothing to the order.
inline void addLinear(ContainerContent& content, const std::string& name, std::uint64_t rows, std::uint64_t cols,
                      std::uint64_t k, std::size_t blocks)
{
    StackMatrix matrix{name, rows, cols, true, {}};
    std::vector<PendingBlock> pending(blocks);
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto names = blockPartNames(content.codec, matrix, i);
        pending[i].parts = {pendingTensor(names[0], DType::U8, {rows, cols / 8}),
                            pendingTensor(names[1], DType::F16, {rows, k}),
                            pendingTensor(names[2], DType::F16, {k, cols})};
        pending[i].gain = 1.0 / static_cast<double>(3 * i + 1);
    }
    content.matrices.push_back(std::move(matrix));
    content.blocks.push_back(std::move(pending));
}

/// Adds a whole tensor, `name` + ".weight".
inline void addWhole(ContainerContent& content, const std::string& name, std::uint64_t rows, std::uint64_t cols)
{
    StackMatrix matrix{name, rows, cols, false, {}};
    PendingBlock block;
    block.parts = {pendingTensor(name + ".weight", DType::F16, {rows, cols})};
    content.matrices.push_back(std::move(matrix));
    content.blocks.emplace_back().push_back(std::move(block));
}

/// Adds a matrix of codec `nested` with a block of each of these sizes; what is in them is no matter here.
inline void addNested(ContainerContent& content, const std::string& name, std::uint64_t rows, std::uint64_t cols, bool linear,
                      const std::vector<std::uint64_t>& sizes)
{
    StackMatrix matrix{name, rows, cols, linear, {}};
    std::vector<PendingBlock> pending(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        pending[i].parts = {pendingTensor(blockPartNames(content.codec, matrix, i).front(), DType::U8, {sizes[i]})};
        pending[i].gain = 1.0 / static_cast<double>(3 * i + 1);
    }
    content.matrices.push_back(std::move(matrix));
    content.blocks.push_back(std::move(pending));
}

/// An embedding in two slabs, two linears, one norm, codec `nested`; the smallest plan is the first block of each.
inline ContainerContent nestedSmallContent()
{
    ContainerContent content;
    content.codec = "nested";
    content.configText = R"({"model_type":"llama"})";
    content.tokenizerText = R"({"kind":"bpe","vocabulary":["a","ü"]})";
    content.provenance = {{"program", "test"}};
    content.tensors.push_back(pendingTensor("model.norm.weight", DType::F32, {24}));
    addNested(content, "model.embed_tokens#0", 64, 24, false, {128, 64});
    addNested(content, "model.embed_tokens#64", 36, 24, false, {192, 256, 64});
    addNested(content, "model.layers.0.a", 12, 24, true, {64, 128, 320});
    addNested(content, "model.layers.0.b", 24, 17, true, {64, 192});
    content.order = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {2, 1}, {1, 1}, {0, 1}, {3, 1}, {1, 2}, {2, 2}};
    content.smallestCount = 4;
    return content;
}

/// An embedding, two linears of 3 and 2 blocks, one norm; the smallest plan is the embedding and the
/// first block of each linear.
inline ContainerContent smallContent()
{
    ContainerContent content;
    content.codec = "bitstack";
    content.configText = R"({"model_type":"llama"})";
    content.tokenizerText = R"({"kind":"bpe","vocabulary":["a","ü"]})";
    content.provenance = {{"source", "a \"quoted\" name"}, {"program", "test"}};
    content.tensors.push_back(pendingTensor("model.norm.weight", DType::F32, {24}));
    addWhole(content, "model.embed_tokens", 10, 24);
    addLinear(content, "model.layers.0.a", 12, 24, 2, 3);
    addLinear(content, "model.layers.0.b", 24, 16, 3, 2);
    content.order = {{0, 0}, {1, 0}, {2, 0}, {1, 1}, {1, 2}, {2, 1}};
    content.smallestCount = 3;
    return content;
}

} // namespace bs::test
