#include "core/model/decoded.h"

#include "core/base/hash.h"
#include "core/model/dense_layer.h"
#include "core/model/matrix_blocks.h"

#include <algorithm>

namespace bs {

namespace {

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
        BS_TRY(const MatrixBlocks blocks, MatrixBlocks::read(container, m, plan.depth[m]));
        BS_CHECK(blocks.decode(plan.depth[m], W.data() + first));
    }
    return W;
}

} // namespace

Error wrongChecksum(const Container& container, const std::string& path, const StackBlock& at,
                    std::uint64_t found)
{
    return Error{ErrorCode::Format, path + ": block " + std::to_string(at.index) + " of " +
                                        container.stack.matrices[at.matrix].name +
                                        " has checksum " + hexOf(found) + ", the header says " +
                                        hexOf(container.blocks[at.matrix][at.index].checksum) +
                                        "; the file is damaged"};
}

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
    return wrongChecksum(container, container.file->path(), at, hash.digest());
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
