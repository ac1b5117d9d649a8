#include "core/model/decoded.h"

#include "core/base/hash.h"
#include "core/codecs/bitstack/product.h"
#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/decoder.h"
#include "core/model/dense_layer.h"
#include "core/tensor/block_formats.h"

#include <algorithm>
#include <memory>
#include <span>

namespace bs {

namespace {

Result<void> decodeBitstack(const Container& container, std::uint32_t matrix, std::uint32_t depth,
                            float* W)
{
    const StackMatrix& info = container.stack.matrices[matrix];
    std::vector<float> added(info.rows * info.cols);
    for (std::uint32_t i = 0; i < depth; ++i) {
        BS_TRY(const auto block, readBlock(container, {matrix, i}));
        const auto& parts = container.blocks[matrix][i].parts;
        const bitstack::BlockView view{reinterpret_cast<const std::uint8_t*>(block[0].data()),
                                       reinterpret_cast<const std::uint16_t*>(block[1].data()),
                                       reinterpret_cast<const std::uint16_t*>(block[2].data())};
        bitstack::decodeRows({info.rows, info.cols, parts[1].shape[1]}, std::span(&view, 1), 0,
                             info.rows, added.data());
        for (std::size_t j = 0; j < added.size(); ++j)
            W[j] += added[j];
    }
    return {};
}

Result<void> decodeNested(const Container& container, std::uint32_t matrix, std::uint32_t depth,
                          float* W)
{
    const StackMatrix& info = container.stack.matrices[matrix];
    // All blocks of the matrix side by side: their reader takes distances from one base.
    std::vector<std::size_t> at;
    std::size_t room = 0;
    for (std::uint32_t i = 0; i < depth; ++i) {
        at.push_back(room);
        room += nested::roundUp64(container.blocks[matrix][i].parts[0].bytes);
    }
    std::vector<std::byte> held(room + nested::kAlignment);
    void* start = held.data();
    std::size_t left = held.size();
    auto* base = static_cast<std::byte*>(std::align(nested::kAlignment, room, start, left));
    std::vector<std::span<const std::byte>> blocks;
    for (std::uint32_t i = 0; i < depth; ++i) {
        BS_TRY(const auto block, readBlock(container, {matrix, i}));
        std::copy(block[0].begin(), block[0].end(), base + at[i]);
        blocks.emplace_back(base + at[i], block[0].size());
    }
    auto read = nested::readBlocks({info.rows, info.cols}, blocks, base);
    if (!read) return std::move(read).error().in(container.file->path() + ": " + info.name);
    nested::decodeReference(read.value(), W);
    return {};
}

/// All parts of the stack that `name` is made of, slabs put together.
Result<std::vector<float>> decodedMatrix(const Container& container, const Plan& plan,
                                         const std::string& name, const JobContext& context)
{
    const bool nested = container.codec == "nested";
    const auto& matrices = container.stack.matrices;
    std::vector<float> W;
    for (std::uint32_t m = 0; m < matrices.size(); ++m) {
        const SlabName slab = nested ? slabOf(matrices[m].name) : SlabName{matrices[m].name, 0};
        if (slab.matrix != name) continue;
        BS_CHECK(context.checkStop());
        const std::size_t first = slab.firstRow * matrices[m].cols;
        W.resize(std::max<std::size_t>(W.size(), first + matrices[m].rows * matrices[m].cols));
        if (plan.depth[m] == 0) continue;
        if (nested) {
            BS_CHECK(decodeNested(container, m, plan.depth[m], W.data() + first));
        } else if (matrices[m].linear) {
            BS_CHECK(decodeBitstack(container, m, plan.depth[m], W.data() + first));
        } else {
            BS_TRY(const auto block, readBlock(container, {m, 0}));
            toFloat(container.blocks[m][0].parts[0].dtype, block[0].data(),
                    matrices[m].rows * matrices[m].cols, W.data());
        }
    }
    return W;
}

} // namespace

Result<std::vector<std::vector<std::byte>>> readBlock(const Container& container,
                                                      const StackBlock& at)
{
    const ContainerBlock& block = container.blocks[at.matrix][at.index];
    std::vector<std::vector<std::byte>> parts;
    Xxh3 hash;
    for (const TensorDesc& desc : block.parts) {
        std::vector<std::byte>& part = parts.emplace_back(desc.bytes);
        BS_CHECK(container.file->readAt(desc.offset, part));
        hash.update(part);
    }
    if (!container.checksummed || hash.digest() == block.checksum) return parts;
    return Error{ErrorCode::Format, container.file->path() + ": block " + std::to_string(at.index) +
                                        " of " + container.stack.matrices[at.matrix].name +
                                        " has checksum " + hexOf(hash.digest()) +
                                        ", the header says " + hexOf(block.checksum) +
                                        "; the file is damaged"};
}

Result<std::vector<float>> decodedTensor(const ModelSource& source, const Plan* plan,
                                         const std::string& name, const JobContext& context)
{
    BS_CHECK(context.checkStop());
    if (!source.container || source.tensors.contains(name)) return readFiniteTensor(source, name);
    const std::string suffix = ".weight";
    if (!name.ends_with(suffix))
        return Error{ErrorCode::Format, source.path + ": tensor " + name + " is missing"};
    const Plan whole = plan == nullptr ? largestPlan(*source.container) : *plan;
    return decodedMatrix(*source.container, whole, name.substr(0, name.size() - suffix.size()),
                         context);
}

} // namespace bs
