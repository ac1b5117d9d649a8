#include "core/formats/gguf.h"
#include "core/formats/gguf_reader.h"

#include <array>
#include <limits>
#include <type_traits>

namespace bs {

namespace {

constexpr std::uint64_t kMaxArrayElements = 1ULL << 24; // no real file comes near

/// Kinds of metadata values, as they are numbered in the file.
enum class Kind : std::uint32_t {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    String,
    Array,
    U64,
    I64,
    F64
};
constexpr std::array<std::uint64_t, 13> kKindBytes{1, 1, 2,  2, 4, 4, 4,
                                                   1, 8, 12, 8, 8, 8}; // at least

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

Result<Kind> readKind(GgufReader& reader)
{
    BS_TRY(const auto number, reader.number<std::uint32_t>("its kind"));
    if (number >= kKindBytes.size())
        return formatError("is of kind " + std::to_string(number) + ", kinds 0 to " +
                           std::to_string(kKindBytes.size() - 1) + " are known");
    return static_cast<Kind>(number);
}

template <class T>
Result<GgufValue> readNumber(GgufReader& reader)
{
    BS_TRY(const T number, reader.number<T>("its value"));
    if constexpr (std::is_floating_point_v<T>)
        return GgufValue(static_cast<double>(number));
    else if constexpr (std::is_signed_v<T>)
        return GgufValue(static_cast<std::int64_t>(number));
    else
        return GgufValue(static_cast<std::uint64_t>(number));
}

Result<bool> readBool(GgufReader& reader)
{
    BS_TRY(const auto byte, reader.number<std::uint8_t>("its value"));
    if (byte > 1)
        return formatError("is a boolean of value " + std::to_string(byte) +
                           ", 0 or 1 is expected");
    return byte == 1;
}

template <class T, class Wide>
Result<GgufValue> readNumbers(GgufReader& reader, std::uint64_t count)
{
    BS_CHECK(reader.charge(count * (sizeof(Wide) - sizeof(T))));
    std::vector<Wide> values;
    values.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        BS_TRY(const T number, reader.number<T>("its elements"));
        if constexpr (std::is_same_v<T, std::uint64_t>)
            if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                return formatError("element " + std::to_string(i) + " is " +
                                   std::to_string(number) + ", which is too large");
        values.push_back(static_cast<Wide>(number));
    }
    return GgufValue(std::move(values));
}

Result<GgufValue> readStrings(GgufReader& reader, std::uint64_t count)
{
    BS_CHECK(reader.charge(count * (sizeof(std::string) - sizeof(std::uint64_t))));
    std::vector<std::string> values;
    values.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        BS_TRY(std::string text, reader.text("its elements", kMaxGgufHeaderBytes));
        values.push_back(std::move(text));
    }
    return GgufValue(std::move(values));
}

Result<GgufValue> readArray(GgufReader& reader)
{
    BS_TRY(const Kind kind, readKind(reader));
    BS_TRY(const auto count, reader.number<std::uint64_t>("its length"));
    const std::uint64_t fits = reader.left() / kKindBytes.at(static_cast<std::size_t>(kind));
    if (count > fits)
        return formatError("is an array of " + std::to_string(count) +
                           " elements, but what is left of the file holds at most " +
                           std::to_string(fits));
    if (count > kMaxArrayElements)
        return formatError("is an array of " + std::to_string(count) + " elements, at most " +
                           std::to_string(kMaxArrayElements) + " are read");
    switch (kind) {
    case Kind::U8:
        return readNumbers<std::uint8_t, std::int64_t>(reader, count);
    case Kind::I8:
        return readNumbers<std::int8_t, std::int64_t>(reader, count);
    case Kind::U16:
        return readNumbers<std::uint16_t, std::int64_t>(reader, count);
    case Kind::I16:
        return readNumbers<std::int16_t, std::int64_t>(reader, count);
    case Kind::U32:
        return readNumbers<std::uint32_t, std::int64_t>(reader, count);
    case Kind::I32:
        return readNumbers<std::int32_t, std::int64_t>(reader, count);
    case Kind::U64:
        return readNumbers<std::uint64_t, std::int64_t>(reader, count);
    case Kind::I64:
        return readNumbers<std::int64_t, std::int64_t>(reader, count);
    case Kind::Bool:
        return readNumbers<std::uint8_t, std::int64_t>(reader, count);
    case Kind::F32:
        return readNumbers<float, double>(reader, count);
    case Kind::F64:
        return readNumbers<double, double>(reader, count);
    case Kind::String:
        return readStrings(reader, count);
    case Kind::Array:
        break;
    }
    return Error{ErrorCode::Unsupported, "is an array of arrays, which is not supported"};
}

} // namespace

Result<GgufValue> readGgufValue(GgufReader& reader)
{
    BS_TRY(const Kind kind, readKind(reader));
    switch (kind) {
    case Kind::U8:
        return readNumber<std::uint8_t>(reader);
    case Kind::I8:
        return readNumber<std::int8_t>(reader);
    case Kind::U16:
        return readNumber<std::uint16_t>(reader);
    case Kind::I16:
        return readNumber<std::int16_t>(reader);
    case Kind::U32:
        return readNumber<std::uint32_t>(reader);
    case Kind::I32:
        return readNumber<std::int32_t>(reader);
    case Kind::U64:
        return readNumber<std::uint64_t>(reader);
    case Kind::I64:
        return readNumber<std::int64_t>(reader);
    case Kind::F32:
        return readNumber<float>(reader);
    case Kind::F64:
        return readNumber<double>(reader);
    case Kind::Bool: {
        BS_TRY(const bool value, readBool(reader));
        return GgufValue(value);
    }
    case Kind::String: {
        BS_TRY(std::string text, reader.text("its value", kMaxGgufHeaderBytes));
        return GgufValue(std::move(text));
    }
    case Kind::Array:
        break;
    }
    return readArray(reader);
}

} // namespace bs
