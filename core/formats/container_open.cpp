#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/formats/container.h"
#include "core/formats/container_layout.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace bs {

namespace {

using Json = nlohmann::json;

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

/// A field that must be there and of the type that `fits` asks for.
Result<const Json*> field(const Json& object, const char* name, bool (Json::*fits)() const noexcept,
                          const char* expected)
{
    const auto found = object.find(name);
    if (found == object.end())
        return formatError(std::string("has no field '") + name + "'");
    if (!((*found).*fits)())
        return formatError(std::string("field '") + name + "' is of type " + found->type_name() + ", " + expected +
                           " is expected");
    return &*found;
}

Result<std::uint64_t> natural(const Json& object, const char* name)
{
    BS_TRY(const Json* value, field(object, name, &Json::is_number_unsigned, "an integer from 0 up"));
    return value->get<std::uint64_t>();
}

Result<std::string> text(const Json& object, const char* name)
{
    BS_TRY(const Json* value, field(object, name, &Json::is_string, "a string"));
    return value->get<std::string>();
}

Result<const Json*> array(const Json& object, const char* name)
{
    return field(object, name, &Json::is_array, "an array");
}

/// What the metadata says about one matrix: sizes and, for each block, gain and checksum.
struct DescribedMatrix
{
    StackMatrix matrix;
    std::vector<ContainerBlock> blocks;
};

Result<std::uint64_t> readChecksum(const Json& value)
{
    const std::string digits = value.is_string() ? value.get<std::string>() : "";
    std::uint64_t checksum = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), checksum, 16);
    if (digits.size() != 16 || failed != std::errc() || end != digits.data() + digits.size())
        return formatError("field 'checksums' holds something else than 16 hexadecimal digits");
    return checksum;
}

Result<DescribedMatrix> readMatrix(const Json& value)
{
    if (!value.is_object())
        return formatError("is of type " + std::string(value.type_name()) + ", an object is expected");
    DescribedMatrix result;
    BS_TRY(result.matrix.name, text(value, "name"));
    BS_TRY(result.matrix.rows, natural(value, "rows"));
    BS_TRY(result.matrix.cols, natural(value, "cols"));
    BS_TRY(const Json* linear, field(value, "linear", &Json::is_boolean, "true or false"));
    result.matrix.linear = linear->get<bool>();
    constexpr std::uint64_t kMaxSide = 1ULL << 31;
    if (std::clamp<std::uint64_t>(result.matrix.rows, 1, kMaxSide) != result.matrix.rows ||
        std::clamp<std::uint64_t>(result.matrix.cols, 1, kMaxSide) != result.matrix.cols)
        return formatError("'" + printable(result.matrix.name) + "' is " + std::to_string(result.matrix.rows) +
                           " x " + std::to_string(result.matrix.cols) + ", sides from 1 to " +
                           std::to_string(kMaxSide) + " are allowed");
    BS_TRY(const Json* gains, array(value, "gains"));
    BS_TRY(const Json* checksums, array(value, "checksums"));
    if (gains->size() != checksums->size())
        return formatError("'" + printable(result.matrix.name) + "' has " + std::to_string(gains->size()) +
                           " gains, but " + std::to_string(checksums->size()) + " checksums");
    if (!result.matrix.linear && gains->size() > 1)
        return formatError("'" + printable(result.matrix.name) + "' is a whole tensor, but has " +
                           std::to_string(gains->size()) + " blocks");
    for (std::size_t i = 0; i < gains->size(); ++i) {
        ContainerBlock block;
        if (!(*gains)[i].is_number())
            return formatError("'" + printable(result.matrix.name) + "' gain " + std::to_string(i) + " is no number");
        block.gain = (*gains)[i].get<double>();
        BS_TRY(block.checksum, readChecksum((*checksums)[i]));
        result.blocks.push_back(std::move(block));
    }
    return result;
}

Result<void> readMatrices(const Json& described, Container& container)
{
    BS_TRY(const Json* matrices, array(described, "matrices"));
    std::set<std::string> names;
    for (std::size_t m = 0; m < matrices->size(); ++m) {
        auto matrix = readMatrix((*matrices)[m]);
        if (!matrix)
            return std::move(matrix).error().in("matrix " + std::to_string(m));
        if (!names.insert(matrix.value().matrix.name).second)
            return formatError("matrix '" + printable(matrix.value().matrix.name) + "' occurs twice");
        container.stack.matrices.push_back(std::move(matrix.value().matrix));
        container.blocks.push_back(std::move(matrix.value().blocks));
    }
    return {};
}

/// The order is stored as matrix numbers: the n-th mention of a matrix is its block n.
Result<void> readOrder(const Json& described, Container& container)
{
    BS_TRY(const Json* order, array(described, "order"));
    std::vector<std::uint32_t> next(container.stack.matrices.size(), 0);
    for (std::size_t i = 0; i < order->size(); ++i) {
        const Json& number = (*order)[i];
        if (!number.is_number_unsigned() || number.get<std::uint64_t>() >= next.size())
            return formatError("loading order entry " + std::to_string(i) + " is not one of the " +
                               std::to_string(next.size()) + " matrices");
        const auto matrix = number.get<std::uint32_t>();
        container.stack.order.push_back({matrix, next[matrix]++});
    }
    BS_TRY(const std::uint64_t smallest, natural(described, "smallest"));
    container.stack.smallestCount = smallest;
    return {};
}

Result<void> readProvenance(const Json& described, Container& container)
{
    BS_TRY(const Json* provenance, field(described, "provenance", &Json::is_object, "an object"));
    for (const auto& [key, value] : provenance->items()) {
        if (!value.is_string())
            return formatError("provenance '" + printable(key) + "' is of type " + std::string(value.type_name()) +
                               ", a string is expected");
        container.provenance.emplace(key, value.get<std::string>());
    }
    return {};
}

Result<void> readDescription(const Json& described, Container& container)
{
    if (!described.is_object())
        return formatError("is of type " + std::string(described.type_name()) + ", an object is expected");
    BS_TRY(const std::uint64_t version, natural(described, "version"));
    if (version != layout::kVersion)
        return Error{ErrorCode::Unsupported, "the layout is version " + std::to_string(version) +
                                                 ", this program reads version " + std::to_string(layout::kVersion) +
                                                 (version > layout::kVersion ? "; a newer program wrote the file" : "")};
    BS_TRY(container.codec, text(described, "codec"));
    if (container.codec != "bitstack")
        return Error{ErrorCode::Unsupported,
                     "the codec is '" + printable(container.codec) + "', this program knows 'bitstack'"};
    BS_CHECK(readProvenance(described, container));
    BS_CHECK(readMatrices(described, container));
    return readOrder(described, container);
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
            return formatError("tensor '" + printable(name) + "', which the stack names, is missing");
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
            if (m_claimed.contains(&tensor) || isPadding(tensor))
                continue;
            if (tensor.name.ends_with(layout::kPaddingSuffix))
                return formatError("tensor '" + printable(tensor.name) + "' has a name that is reserved for padding, but pads nothing");
            BS_CHECK(checkAligned(tensor));
            tensors.push_back(tensor);
        }
        return tensors;
    }

private:
    static Result<void> checkAligned(const TensorDesc& tensor)
    {
        const std::uint64_t element = infoOf(tensor.dtype).blockBytes;
        if (tensor.offset % element == 0)
            return {};
        return formatError("tensor '" + printable(tensor.name) + "' begins at byte " + std::to_string(tensor.offset) +
                           ", which is no multiple of its element's " + std::to_string(element) + " bytes");
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
    if (together && end <= dataEnd)
        return {{parts.front().offset, end - parts.front().offset}};
    return separate;
}

Result<void> placeBlocks(const SafetensorsFile& file, TensorIndex& index, Container& container)
{
    const std::uint64_t dataEnd = file.tensors.empty() ? 0 : file.tensors.back().offset + file.tensors.back().bytes;
    for (std::size_t m = 0; m < container.stack.matrices.size(); ++m) {
        StackMatrix& matrix = container.stack.matrices[m];
        std::vector<ContainerBlock>& blocks = container.blocks[m];
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            for (const std::string& name : blockPartNames(container.codec, matrix, i)) {
                BS_TRY(TensorDesc part, index.claim(name));
                blocks[i].parts.push_back(std::move(part));
            }
            BS_CHECK(layout::checkParts(matrix, blocks[i].parts, blocks[0].parts));
            blocks[i].ranges = rangesOf(blocks[i].parts, dataEnd);
            matrix.blockBytes.push_back(layout::paddedBytes(blocks[i].parts));
        }
    }
    return {};
}

Result<std::string> readText(const File& file, const TensorDesc& tensor)
{
    if (tensor.dtype != DType::U8 || tensor.bytes > layout::kMaxTextBytes)
        return formatError("tensor '" + tensor.name + "' is " + std::string(infoOf(tensor.dtype).name) + " of " +
                           std::to_string(tensor.bytes) + " bytes, U8 of at most " +
                           std::to_string(layout::kMaxTextBytes) + " is expected");
    if (tensor.offset > file.size() || tensor.bytes > file.size() - tensor.offset)
        return formatError("was cut inside tensor '" + tensor.name + "'; nothing of the model is left");
    std::string content(tensor.bytes, '\0');
    BS_CHECK(file.readAt(tensor.offset, std::as_writable_bytes(std::span(content.data(), content.size()))));
    return content;
}

Result<void> readTexts(const File& file, TensorIndex& index, Container& container)
{
    BS_TRY(const TensorDesc config, index.claim(layout::kConfigName));
    BS_TRY(container.configText, readText(file, config));
    if (index.find(layout::kTokenizerName) == nullptr)
        return {};
    BS_TRY(const TensorDesc tokenizer, index.claim(layout::kTokenizerName));
    BS_TRY(container.tokenizerText, readText(file, tokenizer));
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
            const std::span here(piece.data(), std::min<std::uint64_t>(piece.size(), part.bytes - at));
            BS_CHECK(file.readAt(part.offset + at, here));
            hash.update(here);
        }
    return hash.digest() == block.checksum;
}

/// Shortens the stack of a cut file to the longest prefix that is there and whose last block is sound
/// (a download that stopped may have left its last bytes unwritten).
Result<void> cutToWhole(const File& file, std::uint64_t describedEnd, Container& container)
{
    Stack& stack = container.stack;
    for (const TensorDesc& tensor : container.tensors)
        if (tensor.offset > file.size() || tensor.bytes > file.size() - tensor.offset)
            return formatError("was cut at byte " + std::to_string(file.size()) + " of " +
                               std::to_string(describedEnd) + ", inside tensor '" + printable(tensor.name) +
                               "', which every plan needs");
    const auto blockAt = [&](std::size_t i) -> const ContainerBlock& {
        return container.blocks[stack.order[i].matrix][stack.order[i].index];
    };
    std::size_t count = 0;
    while (count < stack.order.size() && isWhole(blockAt(count), file.size()))
        ++count;
    while (count > 0 && count >= stack.smallestCount) {
        BS_TRY(const bool holds, checksumHolds(file, blockAt(count - 1)));
        if (holds)
            break;
        --count;
    }
    if (count < stack.smallestCount)
        return formatError("was cut at byte " + std::to_string(file.size()) + " of " + std::to_string(describedEnd) +
                           ": the smallest plan takes " + std::to_string(stack.smallestCount) + " blocks, only " +
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
        return formatError("is a safetensors file without the metadata 'bitstack'; this is not a .bitstack file");
    Container container;
    container.file = file.file;
    container.truncated = file.truncated;
    container.dataOffset = file.dataOffset;
    BS_TRY(const Json json, parseJson(described->second, "metadata 'bitstack'"));
    auto read = readDescription(json, container);
    if (!read)
        return std::move(read).error().in("metadata 'bitstack'");
    TensorIndex index(file);
    BS_CHECK(placeBlocks(file, index, container));
    BS_CHECK(validate(container.stack));
    BS_CHECK(readTexts(*file.file, index, container));
    BS_TRY(container.tensors, index.rest(file));
    if (file.truncated)
        BS_CHECK(cutToWhole(*file.file, file.tensors.back().offset + file.tensors.back().bytes, container));
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
