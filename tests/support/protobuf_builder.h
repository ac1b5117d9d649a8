#pragma once

#include "tests/support/gguf_builder.h"

#include <cstdint>
#include <string>

namespace bs::test {

/// Puts a protobuf message together, field by field, whatever they say.
class ProtobufBuilder
{
public:
    ProtobufBuilder& integer(std::uint32_t field, std::uint64_t value)
    {
        m_message += tag(field, 0) + varint(value);
        return *this;
    }
    ProtobufBuilder& number(std::uint32_t field, float value)
    {
        m_message += tag(field, 5) + GgufBuilder::raw(value);
        return *this;
    }
    ProtobufBuilder& bytes(std::uint32_t field, const std::string& value)
    {
        m_message += tag(field, 2) + varint(value.size()) + value;
        return *this;
    }
    const std::string& message() const { return m_message; }

    static std::string varint(std::uint64_t value)
    {
        std::string bytes;
        for (; value >= 0x80; value >>= 7)
            bytes += static_cast<char>((value & 0x7F) | 0x80);
        return bytes + static_cast<char>(value);
    }

private:
    static std::string tag(std::uint32_t field, std::uint32_t wire)
    {
        return varint(std::uint64_t{field} << 3 | wire);
    }
    std::string m_message;
};

} // namespace bs::test
