#include "core/formats/safetensors.h"

#include "core/base/json_guard.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

namespace bs {

namespace {

// The limit of the reference implementation, so that whatever it opens we open.
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::uint64_t kLengthBytes = 8;

std::optional<DType> dtypeByName(std::string_view name)
{
    constexpr std::array kPlain{DType::F64,    DType::F32, DType::F16, DType::BF16, DType::F8E4M3,
                                DType::F8E5M2, DType::I64, DType::I32, DType::I16,  DType::I8,
                                DType::U64,    DType::U32, DType::U16, DType::U8,   DType::Bool};
    for (const DType type : kPlain)
        if (infoOf(type).name == name) return type;
    return std::nullopt;
}

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

/// "tensor 'model.norm.weight'"
std::string tensorText(const std::string& name)
{
    return "tensor '" + printable(name) + "'";
}

/// The whole header as text; `file` is at least 8 bytes long.
Result<std::string> readHeaderText(const File& file)
{
    std::array<std::byte, kLengthBytes> prefix{};
    BS_CHECK(file.readAt(0, prefix));
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        length = length << 8 | std::to_integer<std::uint64_t>(prefix.at(i));
    const std::string claims = "the header claims to be " + std::to_string(length) + " bytes long";
    if (length > kMaxHeaderBytes)
        return formatError(claims + ", at most " + std::to_string(kMaxHeaderBytes) +
                           " are allowed; this is probably not a safetensors file");
    if (length > file.size() - kLengthBytes)
        return formatError(claims + ", but only " + std::to_string(file.size() - kLengthBytes) +
                           " bytes follow; the file is cut or is not a safetensors file");
    std::string text(length, '\0');
    BS_CHECK(
        file.readAt(kLengthBytes, std::as_writable_bytes(std::span(text.data(), text.size()))));
    if (text.empty() || text.front() != '{')
        return formatError(
            "the header does not begin with '{'; this is probably not a safetensors file");
    return text;
}

Result<std::map<std::string, std::string>> readMetadata(const nlohmann::json& value)
{
    std::map<std::string, std::string> metadata;
    if (value.is_null()) return metadata;
    if (!value.is_object())
        return formatError("__metadata__ is of type " + std::string(value.type_name()) +
                           ", an object is expected");
    for (const auto& [key, text] : value.items()) {
        if (!text.is_string())
            return formatError("__metadata__ entry '" + printable(key) + "' is of type " +
                               std::string(text.type_name()) + ", a string is expected");
        metadata.emplace(key, text.get_ref<const std::string&>());
    }
    return metadata;
}

/// A field of a tensor that is an array of non-negative integers.
Result<std::vector<std::uint64_t>> readIntegers(const nlohmann::json& tensor, const char* field)
{
    const auto found = tensor.find(field);
    if (found == tensor.end()) return formatError(std::string("has no field '") + field + "'");
    if (!found->is_array())
        return formatError(std::string("field '") + field + "' is of type " + found->type_name() +
                           ", an array is expected");
    std::vector<std::uint64_t> numbers;
    numbers.reserve(found->size());
    for (const nlohmann::json& number : *found) {
        if (!number.is_number_unsigned())
            return formatError(
                std::string("field '") + field + "' holds " +
                (number.is_structured() ? number.type_name() : printable(number.dump(), 40)) +
                ", only integers from 0 up are allowed");
        numbers.push_back(number.get<std::uint64_t>());
    }
    return numbers;
}

Result<DType> readDType(const nlohmann::json& tensor)
{
    const auto found = tensor.find("dtype");
    if (found == tensor.end() || !found->is_string())
        return formatError("has no field 'dtype' that is a string");
    const auto& name = found->get_ref<const std::string&>();
    const std::optional<DType> type = dtypeByName(name);
    if (!type)
        return Error{ErrorCode::Unsupported,
                     "is of dtype '" + printable(name, 40) + "', which is not known here"};
    return *type;
}

/// Bytes that a shape takes; nothing if that is more than 2^64.
std::optional<std::uint64_t> byteCount(const std::vector<std::uint64_t>& shape, DType type)
{
    std::uint64_t bytes = infoOf(type).blockBytes;
    for (const std::uint64_t dimension : shape)
        if (__builtin_mul_overflow(bytes, dimension, &bytes)) return std::nullopt;
    return bytes;
}

/// Everything about one tensor that can be said without the others. `offset` is relative to the
/// data.
Result<TensorDesc> readTensor(const std::string& name, const nlohmann::json& value)
{
    if (!value.is_object())
        return formatError("is of type " + std::string(value.type_name()) +
                           ", an object is expected");
    TensorDesc tensor;
    tensor.name = name;
    BS_TRY(tensor.dtype, readDType(value));
    BS_TRY(tensor.shape, readIntegers(value, "shape"));
    BS_TRY(const std::vector<std::uint64_t> offsets, readIntegers(value, "data_offsets"));
    if (offsets.size() != 2)
        return formatError("field 'data_offsets' holds " + std::to_string(offsets.size()) +
                           " numbers, 2 are expected");
    const std::string span = std::to_string(offsets[0]) + " to " + std::to_string(offsets[1]);
    if (offsets[0] > offsets[1])
        return formatError("its data goes from byte " + span + ", which is backwards");
    tensor.offset = offsets[0];
    tensor.bytes = offsets[1] - offsets[0];
    const std::optional<std::uint64_t> expected = byteCount(tensor.shape, tensor.dtype);
    if (!expected)
        return formatError("its shape " + tensor.shapeText() + " is larger than any file");
    if (*expected != tensor.bytes)
        return formatError("its data takes " + std::to_string(tensor.bytes) + " bytes (" + span +
                           "), but shape " + tensor.shapeText() + " of " +
                           std::string(infoOf(tensor.dtype).name) + " takes " +
                           std::to_string(*expected));
    return tensor;
}

/// Tensors, in order of offset, must cover [0, end) without gaps or overlaps. Returns end.
Result<std::uint64_t> checkCover(const std::vector<TensorDesc>& tensors)
{
    std::uint64_t end = 0;
    for (const TensorDesc& tensor : tensors) {
        if (tensor.offset != end)
            return formatError(
                tensorText(tensor.name) + ": its data begins at byte " +
                std::to_string(tensor.offset) + ", but the data before it ends at byte " +
                std::to_string(end) +
                (tensor.offset > end ? " (a gap is not allowed)" : " (an overlap is not allowed)"));
        end += tensor.bytes; // = its own end offset, which was read as one number
    }
    return end;
}

Result<SafetensorsFile> parseHeader(const File& file, const std::string& text,
                                    const SafetensorsReadOptions& options)
{
    SafetensorsFile result;
    result.dataOffset = kLengthBytes + text.size();
    BS_TRY(const nlohmann::json header, parseJson(text, "header", {.maxBytes = kMaxHeaderBytes}));
    for (const auto& [name, value] : header.items()) {
        if (name == "__metadata__") {
            BS_TRY(result.metadata, readMetadata(value));
            continue;
        }
        auto tensor = readTensor(name, value);
        if (!tensor) return std::move(tensor).error().in(tensorText(name));
        result.tensors.push_back(std::move(tensor).value());
    }
    std::sort(result.tensors.begin(), result.tensors.end(),
              [](const TensorDesc& a, const TensorDesc& b) {
                  return std::pair(a.offset, a.bytes) < std::pair(b.offset, b.bytes);
              });
    BS_TRY(const std::uint64_t expected, checkCover(result.tensors));
    const std::uint64_t actual = file.size() - result.dataOffset;
    const std::string figures = "the header describes " + std::to_string(expected) +
                                " bytes of data, the file holds " + std::to_string(actual);
    if (expected < actual)
        return formatError(figures + "; " + std::to_string(actual - expected) +
                           " bytes at the end belong to no tensor");
    if (expected > std::numeric_limits<std::int64_t>::max() - result.dataOffset)
        return formatError(figures + "; no file is that large");
    if (expected > actual && !options.allowTruncated)
        return formatError(figures + "; the file was cut, perhaps a download that stopped");
    result.truncated = expected > actual;
    for (TensorDesc& tensor : result.tensors)
        tensor.offset += result.dataOffset;
    return result;
}

Result<SafetensorsFile> readOpened(const File& file, const SafetensorsReadOptions& options)
{
    if (file.size() < kLengthBytes)
        return formatError("is " + std::to_string(file.size()) +
                           " bytes long, a safetensors file has at least 8 bytes and a header");
    BS_TRY(const std::string text, readHeaderText(file));
    return parseHeader(file, text, options);
}

} // namespace

const TensorDesc* SafetensorsFile::find(const std::string& name) const
{
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const TensorDesc& t) { return t.name == name; });
    return found == tensors.end() ? nullptr : &*found;
}

Result<SafetensorsFile> readSafetensors(const std::string& path,
                                        const SafetensorsReadOptions& options)
{
    BS_TRY(File opened, File::open(path));
    auto file = std::make_shared<const File>(std::move(opened));
    auto result = readOpened(*file, options);
    if (!result)
        return result.error().code == ErrorCode::Io ? std::move(result).error()
                                                    : std::move(result).error().in(path);
    result.value().file = std::move(file);
    return result;
}

std::string safetensorsHeader(const std::vector<TensorDesc>& tensors,
                              const std::map<std::string, std::string>& metadata,
                              std::uint64_t alignment)
{
    std::string text(kLengthBytes, '\0');
    text += '{';
    if (!metadata.empty()) {
        text += R"("__metadata__":{)";
        for (const auto& [key, value] : metadata) {
            appendJsonString(text, key);
            text += ':';
            appendJsonString(text, value);
            text += ',';
        }
        text.back() = '}';
        text += ',';
    }
    std::uint64_t end = 0;
    for (const TensorDesc& tensor : tensors) {
        appendJsonString(text, tensor.name);
        text += R"(:{"dtype":")";
        text += infoOf(tensor.dtype).name;
        text += R"(","shape":[)";
        for (std::size_t i = 0; i < tensor.shape.size(); ++i)
            text += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
        text += R"(],"data_offsets":[)" + std::to_string(end) + ',' +
                std::to_string(end + tensor.bytes) + "]},";
        end += tensor.bytes;
    }
    if (text.back() == ',') text.pop_back();
    text += '}';
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    const std::uint64_t length = text.size() - kLengthBytes;
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        text[i] = static_cast<char>(length >> (8 * i) & 0xFF);
    return text;
}

} // namespace bs
