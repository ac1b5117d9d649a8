#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/base/packed_text.h"
#include "core/formats/container.h"
#include "core/formats/container_layout.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace bs {

namespace {

using Json = nlohmann::json;

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

/// Tensors by name, and which of them something has laid claim to.
class TensorIndex
{
public:
    explicit TensorIndex(const SafetensorsFile& file)
    {
        for (const TensorDesc& tensor : file.tensors)
            m_byName.emplace(tensor.name, &tensor);
    }

    const TensorDesc* find(const std::string& name) const
    {
        const auto found = m_byName.find(name);
        return found == m_byName.end() ? nullptr : found->second;
    }

    /// Errors: Format (missing, or claimed twice, or where its elements cannot be read in place).
    Result<TensorDesc> claim(const std::string& name)
    {
        const TensorDesc* tensor = find(name);
        if (tensor == nullptr)
            return formatError("tensor '" + printable(name) +
                               "', which the stack names, is missing");
        if (!m_claimed.insert(tensor).second)
            return formatError("tensor '" + printable(name) + "' belongs to two blocks");
        BS_CHECK(checkAligned(*tensor));
        return *tensor;
    }

    /// What is neither claimed nor padding of ours.
    Result<std::vector<TensorDesc>> rest(const SafetensorsFile& file) const
    {
        std::vector<TensorDesc> tensors;
        for (const TensorDesc& tensor : file.tensors) {
            if (m_claimed.contains(&tensor) || isPadding(tensor)) continue;
            if (tensor.name.ends_with(layout::kPaddingSuffix))
                return formatError("tensor '" + printable(tensor.name) +
                                   "' has a name that is reserved for padding, but pads nothing");
            BS_CHECK(checkAligned(tensor));
            tensors.push_back(tensor);
        }
        return tensors;
    }

private:
    static Result<void> checkAligned(const TensorDesc& tensor)
    {
        const std::uint64_t element = infoOf(tensor.dtype).blockBytes;
        if (tensor.offset % element == 0) return {};
        return formatError("tensor '" + printable(tensor.name) + "' begins at byte " +
                           std::to_string(tensor.offset) +
                           ", which is no multiple of its element's " + std::to_string(element) +
                           " bytes");
    }

    bool isPadding(const TensorDesc& tensor) const
    {
        const std::string_view suffix = layout::kPaddingSuffix;
        return tensor.dtype == DType::U8 && tensor.name.ends_with(suffix) &&
               find(tensor.name.substr(0, tensor.name.size() - suffix.size())) != nullptr;
    }

    std::unordered_map<std::string_view, const TensorDesc*> m_byName;
    std::unordered_set<const TensorDesc*> m_claimed;
};

/// One range if the parts lie as we write them, else one for each part.
std::vector<ByteRange> rangesOf(const std::vector<TensorDesc>& parts, std::uint64_t dataEnd)
{
    std::vector<ByteRange> separate;
    std::uint64_t end = parts.front().offset;
    bool together = true;
    for (const TensorDesc& part : parts) {
        together = together && part.offset == end;
        end = part.offset + layout::padded(part.bytes);
        separate.push_back({part.offset, part.bytes});
    }
    if (together && end <= dataEnd) return {{parts.front().offset, end - parts.front().offset}};
    return separate;
}

Result<void> placeBlocks(const SafetensorsFile& file, TensorIndex& index, Container& container)
{
    const std::uint64_t dataEnd =
        file.tensors.empty() ? 0 : file.tensors.back().offset + file.tensors.back().bytes;
    for (std::size_t m = 0; m < container.stack.matrices.size(); ++m) {
        StackMatrix& matrix = container.stack.matrices[m];
        std::vector<ContainerBlock>& blocks = container.blocks[m];
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            for (const std::string& name : blockPartNames(container.codec, matrix, i)) {
                BS_TRY(TensorDesc part, index.claim(name));
                blocks[i].parts.push_back(std::move(part));
            }
            BS_CHECK(layout::checkParts(container.codec, matrix, blocks[i].parts, blocks[0].parts));
            blocks[i].ranges = rangesOf(blocks[i].parts, dataEnd);
            matrix.blockBytes.push_back(layout::paddedBytes(blocks[i].parts));
        }
    }
    return {};
}

Result<std::string> readText(const File& file, const TensorDesc& tensor, std::uint64_t mostBytes)
{
    if (tensor.dtype != DType::U8 || tensor.bytes > mostBytes)
        return formatError("tensor '" + tensor.name + "' is " +
                           std::string(infoOf(tensor.dtype).name) + " of " +
                           std::to_string(tensor.bytes) + " bytes, U8 of at most " +
                           std::to_string(mostBytes) + " is expected");
    if (tensor.offset > file.size() || tensor.bytes > file.size() - tensor.offset)
        return formatError("was cut inside tensor '" + tensor.name +
                           "'; nothing of the model is left");
    std::string content(tensor.bytes, '\0');
    BS_CHECK(file.readAt(tensor.offset,
                         std::as_writable_bytes(std::span(content.data(), content.size()))));
    return content;
}

Result<void> readTexts(const File& file, TensorIndex& index, Container& container)
{
    BS_TRY(const TensorDesc config, index.claim(layout::kConfigName));
    BS_TRY(container.configText, readText(file, config, layout::kMaxConfigBytes));
    if (index.find(layout::kPackedTokenizerName) != nullptr) {
        BS_TRY(const TensorDesc tokenizer, index.claim(layout::kPackedTokenizerName));
        BS_TRY(container.packedTokenizer, readText(file, tokenizer, layout::kMaxTokenizerBytes));
        auto text = unpackText(container.packedTokenizer, layout::kMaxTokenizerBytes);
        if (!text) return std::move(text).error().in("tensor '" + tokenizer.name + "'");
        container.tokenizerText = std::move(text).value();
    } else if (index.find(layout::kPlainTokenizerName) != nullptr) {
        BS_TRY(const TensorDesc tokenizer, index.claim(layout::kPlainTokenizerName));
        BS_TRY(container.tokenizerText, readText(file, tokenizer, layout::kMaxTokenizerBytes));
        if (!container.tokenizerText.empty())
            container.packedTokenizer = packText(container.tokenizerText);
    }
    return {};
}

bool isWhole(const ContainerBlock& block, std::uint64_t fileSize)
{
    return std::all_of(block.ranges.begin(), block.ranges.end(), [&](const ByteRange& range) {
        return range.offset <= fileSize && range.bytes <= fileSize - range.offset;
    });
}

Result<bool> checksumHolds(const File& file, const ContainerBlock& block)
{
    Xxh3 hash;
    std::vector<std::byte> piece(1 << 20);
    for (const TensorDesc& part : block.parts)
        for (std::uint64_t at = 0; at < part.bytes; at += piece.size()) {
            const std::span here(piece.data(),
                                 std::min<std::uint64_t>(piece.size(), part.bytes - at));
            BS_CHECK(file.readAt(part.offset + at, here));
            hash.update(here);
        }
    return hash.digest() == block.checksum;
}

/// Shortens the stack of a cut file to the longest prefix that is there and whose last block is
/// sound (a download that stopped may have left its last bytes unwritten).
Result<void> cutToWhole(const File& file, std::uint64_t describedEnd, Container& container)
{
    Stack& stack = container.stack;
    for (const TensorDesc& tensor : container.tensors)
        if (tensor.offset > file.size() || tensor.bytes > file.size() - tensor.offset)
            return formatError("was cut at byte " + std::to_string(file.size()) + " of " +
                               std::to_string(describedEnd) + ", inside tensor '" +
                               printable(tensor.name) + "', which every plan needs");
    const auto blockAt = [&](std::size_t i) -> const ContainerBlock& {
        return container.blocks[stack.order[i].matrix][stack.order[i].index];
    };
    std::size_t count = 0;
    while (count < stack.order.size() && isWhole(blockAt(count), file.size()))
        ++count;
    while (count > 0 && count >= stack.smallestCount) {
        BS_TRY(const bool holds, checksumHolds(file, blockAt(count - 1)));
        if (holds) break;
        --count;
    }
    if (count < stack.smallestCount)
        return formatError("was cut at byte " + std::to_string(file.size()) + " of " +
                           std::to_string(describedEnd) + ": the smallest plan takes " +
                           std::to_string(stack.smallestCount) + " blocks, only " +
                           std::to_string(count) + " are whole");
    stack.order.resize(count);
    const Plan left = prefixPlan(stack, count);
    for (std::size_t m = 0; m < stack.matrices.size(); ++m) {
        stack.matrices[m].blockBytes.resize(left.depth[m]);
        container.blocks[m].resize(left.depth[m]);
    }
    return {};
}

Result<Container> openChecked(const SafetensorsFile& file)
{
    const auto described = file.metadata.find(layout::kMetadataKey);
    if (described == file.metadata.end())
        return formatError(
            "is a safetensors file without the metadata 'bitstack'; this is not a .bitstack file");
    Container container;
    container.file = file.file;
    container.truncated = file.truncated;
    container.dataOffset = file.dataOffset;
    BS_TRY(const Json json, parseJson(described->second, "metadata 'bitstack'"));
    auto read = layout::readDescription(json, container);
    if (!read) return std::move(read).error().in("metadata 'bitstack'");
    TensorIndex index(file);
    BS_CHECK(placeBlocks(file, index, container));
    BS_CHECK(validate(container.stack));
    BS_CHECK(readTexts(*file.file, index, container));
    BS_TRY(container.tensors, index.rest(file));
    if (file.truncated)
        BS_CHECK(cutToWhole(*file.file, file.tensors.back().offset + file.tensors.back().bytes,
                            container));
    return container;
}

} // namespace

Result<Container> openContainer(const std::string& path)
{
    BS_TRY(const SafetensorsFile file, readSafetensors(path, {.allowTruncated = true}));
    auto container = openChecked(file);
    if (!container && container.error().code != ErrorCode::Io)
        return std::move(container).error().in(path);
    return container;
}

} // namespace bs
