#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string_view>

namespace bs {

/// Reads the fields of one message in protobuf's wire format, one after the other, from bytes that
/// nobody vouches for: every length is compared with what is left.
class ProtobufReader
{
public:
    struct Field
    {
        std::uint32_t number = 0;
        std::uint32_t wire = 0;    ///< 0 varint, 1 eight bytes, 2 bytes, 5 four bytes
        std::uint64_t integer = 0; ///< of wires 0, 1 and 5
        std::string_view bytes;    ///< of wire 2
    };

    /// `where` names the message in errors and must outlive the reader.
    ProtobufReader(std::string_view bytes, std::string_view where)
        : m_bytes(bytes)
        , m_where(where)
    {
    }
    bool atEnd() const { return m_at == m_bytes.size(); }
    /// Errors: Format (place, both figures).
    Result<Field> next();

    /// The number of a four-byte field.
    static float asFloat(const Field& field);

private:
    Error wrong(const std::string& what) const;
    Result<std::uint64_t> varint();
    Result<std::uint64_t> fixed(std::size_t size);

    std::string_view m_bytes;
    std::string_view m_where;
    std::size_t m_at = 0;
};

} // namespace bs
