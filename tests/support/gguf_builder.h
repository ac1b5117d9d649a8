#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace bs::test {

/// Puts GGUF files together from their pieces, right or wrong.
class GgufBuilder
{
public:
    enum Kind : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

    explicit GgufBuilder(std::uint32_t version = 3) : m_version(version) {}

    template <class T>
    static std::string raw(T value)
    {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        return bytes;
    }
    static std::string text(std::string_view value) { return raw<std::uint64_t>(value.size()) + std::string(value); }

    /// A metadata entry: kind and the bytes of its value.
    GgufBuilder& entry(const std::string& key, std::uint32_t kind, const std::string& value)
    {
        m_entries += text(key) + raw(kind) + value;
        ++m_entryCount;
        return *this;
    }
    GgufBuilder& entry(const std::string& key, std::uint32_t kind, std::uint64_t count, const std::string& elements)
    {
        return entry(key, Array, raw(kind) + raw(count) + elements);
    }
    /// `dimensions` innermost first, as in the file.
    GgufBuilder& tensor(const std::string& name, const std::vector<std::uint64_t>& dimensions, std::uint32_t type,
                        std::uint64_t offset)
    {
        m_tensors += text(name) + raw(static_cast<std::uint32_t>(dimensions.size()));
        for (const std::uint64_t dimension : dimensions)
            m_tensors += raw(dimension);
        m_tensors += raw(type) + raw(offset);
        ++m_tensorCount;
        return *this;
    }
    GgufBuilder& counts(std::uint64_t tensors, std::uint64_t entries)
    {
        m_tensorCount = tensors;
        m_entryCount = entries;
        return *this;
    }

    std::string header() const
    {
        return "GGUF" + raw(m_version) + raw(m_tensorCount) + raw(m_entryCount) + m_entries + m_tensors;
    }
    /// Header, padding and `dataBytes` bytes of data.
    std::string file(std::size_t dataBytes = 0, std::size_t alignment = 32) const
    {
        std::string bytes = header();
        bytes.append((alignment - bytes.size() % alignment) % alignment, '\0');
        return bytes + std::string(dataBytes, 'd');
    }

private:
    std::uint32_t m_version;
    std::uint64_t m_tensorCount = 0;
    std::uint64_t m_entryCount = 0;
    std::string m_entries;
    std::string m_tensors;
};

} // namespace bs::test
