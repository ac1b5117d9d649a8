#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/base/packed_text.h"
#include "core/formats/container.h"
#include "core/formats/container_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

namespace bs {

namespace {

constexpr std::size_t kPieceBytes = 4 << 20;

Result<void> writePadding(AtomicFile& out, std::uint64_t bytes)
{
    constexpr std::array<std::byte, layout::kTensorAlignment> kZeros{};
    return out.write(std::span(kZeros).first(layout::padded(bytes) - bytes));
}

Result<void> writeText(AtomicFile& out, const std::string& text)
{
    BS_CHECK(out.write(text));
    return writePadding(out, text.size());
}

/// Dtype and shape give the bytes; the rest of the description is the caller's.
Result<TensorDesc> described(const PendingTensor& pending)
{
    TensorDesc tensor = pending.desc;
    const DTypeInfo& info = infoOf(tensor.dtype);
    tensor.offset = 0;
    tensor.bytes = tensor.elements() / info.blockElements * info.blockBytes;
    if (info.blockElements != 1)
        return Error{ErrorCode::Shape, "tensor '" + printable(tensor.name) + "' is " +
                                           std::string(info.name) +
                                           ", which safetensors cannot hold"};
    return tensor;
}

Result<ContainerBlock> describedBlock(const std::string& codec, const StackMatrix& matrix,
                                      std::size_t index, const PendingBlock& pending)
{
    ContainerBlock block;
    block.gain = pending.gain;
    if (!std::isfinite(pending.gain))
        return Error{ErrorCode::Numeric,
                     "the gain of " + layout::blockText(matrix, index) + " is not finite"};
    const std::vector<std::string> names = blockPartNames(codec, matrix, index);
    if (pending.parts.size() != names.size())
        return Error{ErrorCode::Shape, layout::blockText(matrix, index) + " has " +
                                           std::to_string(pending.parts.size()) +
                                           " parts, expected are " + std::to_string(names.size())};
    for (std::size_t p = 0; p < names.size(); ++p) {
        if (pending.parts[p].desc.name != names[p])
            return Error{ErrorCode::Shape, layout::blockText(matrix, index) + " has a part '" +
                                               printable(pending.parts[p].desc.name) +
                                               "', expected is '" + names[p] + "'"};
        BS_TRY(TensorDesc part, described(pending.parts[p]));
        block.parts.push_back(std::move(part));
    }
    return block;
}

Result<void> describeBlocks(const ContainerContent& content, Container& container)
{
    if (content.blocks.size() != content.matrices.size())
        return Error{ErrorCode::Shape,
                     "blocks are given for " + std::to_string(content.blocks.size()) +
                         " matrices, the stack has " + std::to_string(content.matrices.size())};
    for (std::size_t m = 0; m < content.matrices.size(); ++m) {
        StackMatrix& matrix = container.stack.matrices[m];
        matrix.blockBytes.clear();
        std::vector<ContainerBlock>& blocks = container.blocks.emplace_back();
        for (std::size_t i = 0; i < content.blocks[m].size(); ++i) {
            BS_TRY(ContainerBlock block,
                   describedBlock(content.codec, matrix, i, content.blocks[m][i]));
            blocks.push_back(std::move(block));
            BS_CHECK(layout::checkParts(content.codec, matrix, blocks[i].parts, blocks[0].parts));
            matrix.blockBytes.push_back(layout::paddedBytes(blocks[i].parts));
        }
    }
    return validate(container.stack);
}

Result<std::vector<PredictedRise>> checkedPredictions(std::vector<PredictedRise> predicted)
{
    for (const PredictedRise& entry : predicted)
        if (!std::isfinite(entry.predictedRise) || !std::isfinite(entry.measuredRise))
            return Error{ErrorCode::Numeric, "the rise predicted or measured at " +
                                                 std::to_string(entry.budgetBytes) +
                                                 " bytes is not finite"};
    std::sort(predicted.begin(), predicted.end(),
              [](const PredictedRise& a, const PredictedRise& b) {
                  return a.budgetBytes < b.budgetBytes;
              });
    return predicted;
}

/// The container that the content will be, checksums still open.
Result<Container> describe(const ContainerContent& content)
{
    BS_CHECK(layout::checkCodec(content.codec));
    Container container;
    container.codec = content.codec;
    container.configText = content.configText;
    container.tokenizerText = content.tokenizerText;
    if (content.configText.size() > layout::kMaxConfigBytes ||
        content.tokenizerText.size() > layout::kMaxTokenizerBytes)
        return Error{ErrorCode::Format,
                     "the config has " + std::to_string(content.configText.size()) +
                         " bytes and the tokenizer " +
                         std::to_string(content.tokenizerText.size()) + ", at most " +
                         std::to_string(layout::kMaxConfigBytes) + " and " +
                         std::to_string(layout::kMaxTokenizerBytes) + " are stored"};
    if (!content.tokenizerText.empty()) container.packedTokenizer = packText(content.tokenizerText);
    BS_TRY(container.predicted, checkedPredictions(content.predicted));
    container.provenance = content.provenance;
    container.stack = Stack{content.matrices, content.order, content.smallestCount};
    for (const PendingTensor& pending : content.tensors) {
        BS_TRY(TensorDesc tensor, described(pending));
        container.tensors.push_back(std::move(tensor));
    }
    BS_CHECK(describeBlocks(content, container));
    std::unordered_set<std::string> names;
    for (const TensorDesc& tensor : layout::fileTensors(container, largestPlan(container)))
        if (!names.insert(tensor.name).second)
            return Error{ErrorCode::Format,
                         "two tensors are named '" + printable(tensor.name) + "'"};
    return container;
}

Result<void> writePending(AtomicFile& out, const PendingTensor& pending, std::uint64_t bytes,
                          Xxh3* hash)
{
    BS_TRY(const std::vector<std::byte> data, pending.read());
    if (data.size() != bytes)
        return Error{ErrorCode::Shape, "tensor '" + printable(pending.desc.name) + "' came as " +
                                           std::to_string(data.size()) + " bytes, its shape " +
                                           pending.desc.shapeText() + " takes " +
                                           std::to_string(bytes)};
    if (hash != nullptr) hash->update(data);
    BS_CHECK(out.write(data));
    return writePadding(out, bytes);
}

Result<void> checkHeader(const std::string& header)
{
    if (header.size() <= layout::kMaxHeaderBytes) return {};
    return Error{ErrorCode::Format, "the header would be " + std::to_string(header.size()) +
                                        " bytes, at most " +
                                        std::to_string(layout::kMaxHeaderBytes) + " are allowed"};
}

/// Copies one tensor's bytes; `hash` may be null.
Result<void> copyTensor(AtomicFile& out, const File& from, const TensorDesc& tensor, Xxh3* hash,
                        std::vector<std::byte>& buffer)
{
    buffer.resize(std::min<std::uint64_t>(kPieceBytes, tensor.bytes));
    for (std::uint64_t at = 0; at < tensor.bytes; at += buffer.size()) {
        const std::span piece =
            std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), tensor.bytes - at));
        BS_CHECK(from.readAt(tensor.offset + at, piece));
        if (hash != nullptr) hash->update(piece);
        BS_CHECK(out.write(piece));
    }
    return writePadding(out, tensor.bytes);
}

/// What lies before tensors and blocks.
Result<void> writeFront(AtomicFile& out, const std::string& header, const Container& container)
{
    BS_CHECK(out.write(header));
    BS_CHECK(writeText(out, container.configText));
    return writeText(out, container.packedTokenizer);
}

using Report = std::function<Result<void>()>;

/// Writes what the callbacks give; fills in the checksum.
Result<void> writeBlock(AtomicFile& out, const PendingBlock& pending, ContainerBlock& block)
{
    Xxh3 hash;
    for (std::size_t p = 0; p < block.parts.size(); ++p)
        BS_CHECK(writePending(out, pending.parts[p], block.parts[p].bytes, &hash));
    block.checksum = hash.digest();
    return {};
}

/// Tensors, then blocks in loading order.
Result<void> writeBody(AtomicFile& out, const ContainerContent& content, Container& container,
                       const Report& report)
{
    for (std::size_t i = 0; i < content.tensors.size(); ++i) {
        BS_CHECK(writePending(out, content.tensors[i], container.tensors[i].bytes, nullptr));
        BS_CHECK(report());
    }
    for (const StackBlock& at : container.stack.order) {
        BS_CHECK(writeBlock(out, content.blocks[at.matrix][at.index],
                            container.blocks[at.matrix][at.index]));
        BS_CHECK(report());
    }
    return {};
}

/// Returns the checksum of what was copied.
Result<std::uint64_t> copyBlock(AtomicFile& out, const Container& container, const StackBlock& at,
                                std::vector<std::byte>& buffer)
{
    const ContainerBlock& block = container.blocks[at.matrix][at.index];
    Xxh3 hash;
    for (const TensorDesc& part : block.parts)
        BS_CHECK(copyTensor(out, *container.file, part, &hash, buffer));
    if (!container.checksummed || hash.digest() == block.checksum) return hash.digest();
    return Error{ErrorCode::Format,
                 container.file->path() + ": " +
                     layout::blockText(container.stack.matrices[at.matrix], at.index) +
                     " is damaged: its checksum is " + hexOf(hash.digest()) + ", the file says " +
                     hexOf(block.checksum)};
}

} // namespace

Result<std::uint64_t> writeContainer(const std::string& path, const ContainerContent& content,
                                     bool overwrite,
                                     const std::function<Result<void>(double done)>& onProgress)
{
    BS_TRY(Container container, describe(content));
    const Plan plan = largestPlan(container);
    const std::string draft =
        layout::headerText(container, plan); // checksums are zero, the size is final
    BS_CHECK(checkHeader(draft));
    const std::uint64_t total = fileBytesOf(container, plan);
    BS_TRY(AtomicFile out, AtomicFile::create(path, overwrite));
    BS_CHECK(writeFront(out, draft, container));
    BS_CHECK(writeBody(out, content, container, [&]() -> Result<void> {
        return onProgress
                   ? onProgress(static_cast<double>(out.written()) / static_cast<double>(total))
                   : Result<void>();
    }));
    const std::string header = layout::headerText(container, plan);
    BS_ASSERT(header.size() == draft.size() && out.written() == total);
    BS_CHECK(out.rewrite(0, std::as_bytes(std::span(header.data(), header.size()))));
    BS_CHECK(out.commit());
    return total;
}

Result<std::uint64_t> trimContainer(const Container& container, const Plan& plan,
                                    const std::string& path, bool overwrite,
                                    const std::function<Result<void>(double done)>& onProgress)
{
    BS_CHECK(checkPlan(container.stack, plan));
    const auto total = static_cast<double>(fileBytesOf(container, plan));
    BS_TRY(AtomicFile out, AtomicFile::create(path, overwrite));
    BS_CHECK(writeFront(out, layout::headerText(container, plan), container));
    std::vector<std::byte> buffer;
    for (const TensorDesc& tensor : container.tensors)
        BS_CHECK(copyTensor(out, *container.file, tensor, nullptr, buffer));
    std::vector<std::vector<ContainerBlock>> checked =
        container.checksummed ? decltype(container.blocks)() : container.blocks;
    for (const StackBlock& at : layout::keptOrder(container.stack, plan).order) {
        BS_TRY(const std::uint64_t checksum, copyBlock(out, container, at, buffer));
        if (!container.checksummed) checked[at.matrix][at.index].checksum = checksum;
        if (onProgress) BS_CHECK(onProgress(static_cast<double>(out.written()) / total));
    }
    if (!container.checksummed) {
        Container known = container;
        known.blocks = std::move(checked);
        const std::string header = layout::headerText(known, plan); // of the same size
        BS_CHECK(out.rewrite(0, std::as_bytes(std::span(header.data(), header.size()))));
    }
    BS_CHECK(out.commit());
    return out.written();
}

} // namespace bs
