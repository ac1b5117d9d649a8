#include "core/formats/gguf.h"

#include "core/base/json_guard.h"
#include "core/formats/gguf_reader.h"
#include "core/formats/gguf_split.h"

#include <algorithm>
#include <array>
#include <set>

namespace bs {

namespace {

// Bounds that no real file comes near.
constexpr std::uint64_t kMaxNameBytes = 65535; // the format's own limit for keys
constexpr std::uint32_t kMaxDimensions = 4;
constexpr std::uint64_t kMaxAlignment = 1ULL << 20;
// What these take in memory, their texts aside: a node of the map; a descriptor in a vector that
// doubles, with its shape and the name in the set of names.
constexpr std::uint64_t kEntryBytes = 128;
constexpr std::uint64_t kTensorBytes = 400;

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

Result<void> readMetadata(GgufReader& reader, std::uint64_t count, GgufFile& result)
{
    for (std::uint64_t i = 0; i < count; ++i) {
        BS_CHECK(reader.charge(kEntryBytes));
        auto key = reader.text("its name", kMaxNameBytes);
        if (!key) return std::move(key).error().in("metadata entry " + std::to_string(i));
        auto value = readGgufValue(reader);
        if (!value) return std::move(value).error().in("key '" + printable(key.value()) + "'");
        if (!result.metadata.emplace(key.value(), std::move(value).value()).second)
            return formatError("key '" + printable(key.value()) + "' occurs twice");
    }
    return {};
}

/// Tensor types as GGUF numbers them, for messages; the ones we read are in dtypeOf.
std::string typeName(std::uint32_t number)
{
    constexpr std::array<const char*, 42> kNames{
        "F32",   "F16",        "Q4_0",       "Q4_1",       "Q4_2",     "Q4_3",     "Q5_0",
        "Q5_1",  "Q8_0",       "Q8_1",       "Q2_K",       "Q3_K",     "Q4_K",     "Q5_K",
        "Q6_K",  "Q8_K",       "IQ2_XXS",    "IQ2_XS",     "IQ3_XXS",  "IQ1_S",    "IQ4_NL",
        "IQ3_S", "IQ2_S",      "IQ4_XS",     "I8",         "I16",      "I32",      "I64",
        "F64",   "IQ1_M",      "BF16",       "Q4_0_4_4",   "Q4_0_4_8", "Q4_0_8_8", "TQ1_0",
        "TQ2_0", "IQ4_NL_4_4", "IQ4_NL_4_8", "IQ4_NL_8_8", "MXFP4",    "NVFP4",    "Q1_0"};
    return number < kNames.size() ? kNames.at(number) : "unknown";
}

Result<DType> dtypeOf(std::uint32_t number)
{
    switch (number) {
    case 0:
        return DType::F32;
    case 1:
        return DType::F16;
    case 2:
        return DType::Q4_0;
    case 3:
        return DType::Q4_1;
    case 6:
        return DType::Q5_0;
    case 7:
        return DType::Q5_1;
    case 8:
        return DType::Q8_0;
    case 10:
        return DType::Q2_K;
    case 11:
        return DType::Q3_K;
    case 12:
        return DType::Q4_K;
    case 13:
        return DType::Q5_K;
    case 14:
        return DType::Q6_K;
    case 20:
        return DType::IQ4_NL;
    case 23:
        return DType::IQ4_XS;
    case 24:
        return DType::I8;
    case 25:
        return DType::I16;
    case 26:
        return DType::I32;
    case 27:
        return DType::I64;
    case 28:
        return DType::F64;
    case 30:
        return DType::BF16;
    default:
        break;
    }
    return Error{ErrorCode::Unsupported, "is of type " + std::to_string(number) + " (" +
                                             typeName(number) +
                                             "), which is not supported; F32, F16, BF16, Q4_0, "
                                             "Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K, "
                                             "IQ4_NL and IQ4_XS are"};
}

/// Shape, type and place of one tensor; `offset` is relative to the data.
Result<TensorDesc> readTensor(GgufReader& reader, std::uint64_t alignment)
{
    TensorDesc tensor;
    BS_TRY(const auto dimensions, reader.number<std::uint32_t>("its number of dimensions"));
    if (dimensions > kMaxDimensions)
        return formatError("has " + std::to_string(dimensions) + " dimensions, at most " +
                           std::to_string(kMaxDimensions) + " are allowed");
    for (std::uint32_t i = 0; i < dimensions; ++i) {
        BS_TRY(const auto dimension, reader.number<std::uint64_t>("its dimensions"));
        tensor.shape.insert(tensor.shape.begin(), dimension); // the file has the innermost first
    }
    BS_TRY(const auto type, reader.number<std::uint32_t>("its type"));
    BS_TRY(tensor.offset, reader.number<std::uint64_t>("its offset"));
    BS_TRY(tensor.dtype, dtypeOf(type));
    const DTypeInfo& info = infoOf(tensor.dtype);
    const std::uint64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
    if (row % info.blockElements != 0)
        return formatError("has rows of " + std::to_string(row) + " elements, but " +
                           std::string(info.name) + " comes in blocks of " +
                           std::to_string(info.blockElements));
    tensor.bytes = row / info.blockElements;
    bool tooLarge = __builtin_mul_overflow(tensor.bytes, info.blockBytes, &tensor.bytes);
    for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i)
        tooLarge |= __builtin_mul_overflow(tensor.bytes, tensor.shape[i], &tensor.bytes);
    std::uint64_t elements = 1; // may overflow where the bytes do not: less than a byte per element
    for (const std::uint64_t dimension : tensor.shape)
        tooLarge |= __builtin_mul_overflow(elements, dimension, &elements);
    if (tooLarge)
        return formatError("its shape " + tensor.shapeText() + " is larger than any file");
    if (tensor.offset % alignment != 0)
        return formatError("its data begins at byte " + std::to_string(tensor.offset) +
                           ", which is no multiple of the alignment " + std::to_string(alignment));
    return tensor;
}

Result<void> readTensors(GgufReader& reader, std::uint64_t count, std::uint64_t alignment,
                         GgufFile& result)
{
    std::set<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto name = reader.text("its name", kMaxNameBytes);
        if (!name) return std::move(name).error().in("tensor " + std::to_string(i));
        BS_CHECK(reader.charge(kTensorBytes + name.value().size()));
        auto tensor = readTensor(reader, alignment);
        const std::string place = "tensor '" + printable(name.value()) + "'";
        if (!tensor) return std::move(tensor).error().in(place);
        if (!names.insert(name.value()).second) return formatError(place + " occurs twice");
        tensor.value().name = std::move(name).value();
        result.tensors.push_back(std::move(tensor).value());
    }
    return {};
}

Result<std::uint64_t> alignmentOf(const GgufFile& file)
{
    const std::string key = "general.alignment";
    if (!file.metadata.contains(key)) return std::uint64_t{32};
    const std::optional<std::uint64_t> value = file.integer(key);
    if (!value || *value == 0 || *value > kMaxAlignment || (*value & (*value - 1)) != 0)
        return formatError(
            "key 'general.alignment' is " + (value ? std::to_string(*value) : "no number") +
            ", a power of two up to " + std::to_string(kMaxAlignment) + " is expected");
    return *value;
}

/// Makes offsets absolute; every tensor's data must lie inside the file and on its own.
Result<void> placeTensors(GgufFile& result, std::uint64_t dataOffset, std::uint64_t fileSize)
{
    const std::uint64_t dataBytes = fileSize - std::min(dataOffset, fileSize);
    std::vector<const TensorDesc*> byOffset;
    for (TensorDesc& tensor : result.tensors) {
        if (tensor.offset > dataBytes || tensor.bytes > dataBytes - tensor.offset)
            return formatError(
                "tensor '" + printable(tensor.name) + "': its " + std::to_string(tensor.bytes) +
                " bytes from byte " + std::to_string(tensor.offset) +
                " of the data end past the file, which holds " + std::to_string(dataBytes) +
                " bytes of data; the file was cut, perhaps a download that stopped");
        tensor.offset += dataOffset;
        if (tensor.bytes > 0) byOffset.push_back(&tensor);
    }
    std::sort(byOffset.begin(), byOffset.end(),
              [](const auto* a, const auto* b) { return a->offset < b->offset; });
    for (std::size_t i = 1; i < byOffset.size(); ++i)
        if (byOffset[i]->offset - byOffset[i - 1]->offset < byOffset[i - 1]->bytes)
            return formatError("tensor '" + printable(byOffset[i]->name) +
                               "': its data begins at byte " + std::to_string(byOffset[i]->offset) +
                               ", inside that of '" + printable(byOffset[i - 1]->name) +
                               "', which ends at byte " +
                               std::to_string(byOffset[i - 1]->offset + byOffset[i - 1]->bytes));
    return {};
}

Result<std::uint32_t> readVersion(GgufReader& reader)
{
    constexpr std::uint32_t kMagic = 0x46554747; // "GGUF"
    BS_TRY(const auto magic, reader.number<std::uint32_t>("the magic number"));
    if (magic != kMagic) return formatError("does not begin with 'GGUF'; this is not a GGUF file");
    BS_TRY(const auto version, reader.number<std::uint32_t>("the version"));
    if (version != 0 && (version & 0xFFFFU) == 0)
        return Error{ErrorCode::Unsupported,
                     "is a big-endian GGUF file, only little-endian ones are read"};
    if (version != 2 && version != 3)
        return Error{ErrorCode::Unsupported,
                     "is GGUF version " + std::to_string(version) + ", versions 2 and 3 are read"};
    return version;
}

Result<std::uint64_t> readCount(GgufReader& reader, const char* what, std::uint64_t leastBytes)
{
    BS_TRY(const auto count, reader.number<std::uint64_t>(what));
    const std::uint64_t fits = reader.left() / leastBytes;
    if (count > fits)
        return formatError(std::string(what) + " is " + std::to_string(count) +
                           ", but what is left of the file holds at most " + std::to_string(fits));
    return count;
}

Result<GgufFile> readOpened(const File& file)
{
    GgufFile result;
    GgufReader reader(file, kMaxGgufHeaderBytes);
    BS_TRY(result.version, readVersion(reader));
    BS_TRY(const std::uint64_t tensors, readCount(reader, "the number of tensors", 24));
    BS_TRY(const std::uint64_t entries, readCount(reader, "the number of metadata entries", 13));
    BS_CHECK(readMetadata(reader, entries, result));
    BS_TRY(const std::uint64_t alignment, alignmentOf(result));
    BS_CHECK(readTensors(reader, tensors, alignment, result));
    const std::uint64_t dataOffset = (reader.position() + alignment - 1) / alignment * alignment;
    BS_CHECK(placeTensors(result, dataOffset, file.size()));
    return result;
}

} // namespace

const TensorDesc* GgufFile::find(const std::string& name) const
{
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const TensorDesc& t) { return t.name == name; });
    return found == tensors.end() ? nullptr : &*found;
}

std::optional<std::string> GgufFile::text(const std::string& key) const
{
    const auto found = metadata.find(key);
    const auto* value =
        found == metadata.end() ? nullptr : std::get_if<std::string>(&found->second);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::uint64_t> GgufFile::integer(const std::string& key) const
{
    const auto found = metadata.find(key);
    if (found == metadata.end()) return std::nullopt;
    if (const auto* value = std::get_if<std::uint64_t>(&found->second)) return *value;
    const auto* value = std::get_if<std::int64_t>(&found->second);
    if (value == nullptr || *value < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

std::optional<double> GgufFile::number(const std::string& key) const
{
    const auto found = metadata.find(key);
    if (found == metadata.end()) return std::nullopt;
    if (const auto* real = std::get_if<double>(&found->second)) return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&found->second))
        return static_cast<double>(*integer);
    const auto* natural = std::get_if<std::uint64_t>(&found->second);
    return natural == nullptr ? std::nullopt : std::optional(static_cast<double>(*natural));
}

Result<GgufFile> readGguf(const std::string& path)
{
    BS_TRY(GgufFile file, readGgufPiece(path));
    return joinGgufPieces(path, std::move(file));
}

Result<GgufFile> readGgufPiece(const std::string& path)
{
    BS_TRY(File opened, File::open(path));
    auto file = std::make_shared<const File>(std::move(opened));
    auto result = readOpened(*file);
    if (!result)
        return result.error().code == ErrorCode::Io ? std::move(result).error()
                                                    : std::move(result).error().in(path);
    result.value().file = std::move(file);
    return result;
}

} // namespace bs
