#include "tests/support/bitstack_model.h"

#include "core/codecs/bitstack/encoder.h"
#include "core/model/open.h"
#include "core/tensor/float16.h"

#include <cstring>
#include <string_view>

namespace bs::test {

namespace {

template <class T>
PendingTensor inMemory(const std::string& name, DType dtype, std::vector<std::uint64_t> shape,
                       const std::vector<T>& values)
{
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return {{name, dtype, std::move(shape), 0, 0},
            [bytes = std::move(bytes)]() -> Result<std::vector<std::byte>> { return bytes; }};
}

Result<void> addLinear(ContainerContent& content, const StackMatrix& matrix,
                       const std::vector<float>& W, std::size_t blocks, std::size_t rank)
{
    bitstack::EncodeOptions options;
    options.blocks = blocks;
    options.k = rank;
    BS_TRY(const bitstack::Encoded encoded,
           bitstack::encode(W, matrix.rows, matrix.cols, options, {}));
    std::vector<PendingBlock> pending;
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto names = blockPartNames(content.codec, matrix, i);
        const bitstack::Block& block = encoded.blocks[i];
        pending.push_back(
            {{inMemory(names[0], DType::U8, {matrix.rows, matrix.cols / 8}, block.sign),
              inMemory(names[1], DType::F16, {matrix.rows, rank}, block.u),
              inMemory(names[2], DType::F16, {rank, matrix.cols}, block.vt)},
             encoded.residual[i] - encoded.residual[i + 1]});
    }
    content.matrices.push_back(matrix);
    content.blocks.push_back(std::move(pending));
    return {};
}

void addWhole(ContainerContent& content, const StackMatrix& matrix, const std::vector<float>& W)
{
    std::vector<std::uint16_t> halves;
    for (const float value : W)
        halves.push_back(floatToHalf(value));
    content.matrices.push_back(matrix);
    content.blocks.push_back(
        {{{inMemory(matrix.name + ".weight", DType::F16, {matrix.rows, matrix.cols}, halves)},
          1.0}});
}

std::string withoutSuffix(std::string name)
{
    constexpr std::string_view kSuffix = ".weight";
    if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
    return name;
}

} // namespace

Result<void> writeBitstackModel(const std::string& path, const ModelSource& dense,
                                std::size_t blocks, std::size_t rank)
{
    ContainerContent content;
    content.codec = "bitstack";
    content.configText = huggingFaceConfigText(dense.config);
    for (const ExpectedTensor& norm : expectedNorms(dense.config)) {
        BS_TRY(const std::vector<float> values, readTensor(dense, norm.name));
        content.tensors.push_back(inMemory(norm.name, DType::F32, norm.shape, values));
    }
    for (const ExpectedTensor& whole : expectedWhole(dense.config)) {
        BS_TRY(const std::vector<float> W, readTensor(dense, whole.name));
        addWhole(content, {withoutSuffix(whole.name), whole.shape[0], whole.shape[1], false, {}},
                 W);
    }
    for (const ExpectedTensor& linear : expectedLinears(dense.config)) {
        const std::string name = withoutSuffix(linear.name);
        BS_TRY(const std::vector<float> W, readTensor(dense, name + ".weight"));
        BS_CHECK(addLinear(content, {name, linear.shape[0], linear.shape[1], true, {}}, W, blocks,
                           rank));
    }
    for (std::uint32_t level = 0; level < blocks; ++level) {
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            if (level < content.blocks[m].size()) content.order.push_back({m, level});
        if (level == 0) content.smallestCount = content.order.size();
    }
    BS_CHECK(writeContainer(path, content, true, {}));
    return {};
}

} // namespace bs::test
