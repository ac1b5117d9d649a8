#include "core/tokenizer/protobuf.h"

#include <bit>
#include <string>

namespace bs {

Error ProtobufReader::wrong(const std::string& what) const
{
    return Error{ErrorCode::Format,
                 std::string(m_where) + ": at byte " + std::to_string(m_at) + " " + what};
}

Result<std::uint64_t> ProtobufReader::varint()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (atEnd()) return wrong("a number goes past the end");
        const auto byte = static_cast<unsigned char>(m_bytes[m_at++]);
        if (shift == 63 && byte > 1) return wrong("a number has more than 64 bits");
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    return wrong("a number has more than 10 bytes");
}

Result<std::uint64_t> ProtobufReader::fixed(std::size_t size)
{
    if (m_bytes.size() - m_at < size)
        return wrong("a number of " + std::to_string(size) + " bytes goes past the end, " +
                     std::to_string(m_bytes.size() - m_at) + " are left");
    std::uint64_t value = 0;
    for (std::size_t byte = size; byte-- > 0;)
        value = (value << 8) | static_cast<unsigned char>(m_bytes[m_at + byte]);
    m_at += size;
    return value;
}

Result<ProtobufReader::Field> ProtobufReader::next()
{
    BS_TRY(const std::uint64_t tag, varint());
    if (tag > 0xFFFFFFFFULL || (tag >> 3) == 0)
        return wrong("a field's tag is " + std::to_string(tag));
    Field field{static_cast<std::uint32_t>(tag >> 3), static_cast<std::uint32_t>(tag & 7), 0, {}};
    if (field.wire == 0) {
        BS_TRY(field.integer, varint());
    } else if (field.wire == 1 || field.wire == 5) {
        BS_TRY(field.integer, fixed(field.wire == 1 ? 8 : 4));
    } else if (field.wire == 2) {
        BS_TRY(const std::uint64_t size, varint());
        if (size > m_bytes.size() - m_at)
            return wrong("field " + std::to_string(field.number) + " has " + std::to_string(size) +
                         " bytes, " + std::to_string(m_bytes.size() - m_at) + " are left");
        field.bytes = m_bytes.substr(m_at, static_cast<std::size_t>(size));
        m_at += static_cast<std::size_t>(size);
    } else {
        return wrong("field " + std::to_string(field.number) + " is of wire type " +
                     std::to_string(field.wire) + ", known are 0, 1, 2 and 5");
    }
    return field;
}

float ProtobufReader::asFloat(const Field& field)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(field.integer));
}

} // namespace bs
