#include "core/formats/gguf_writer.h"

#include "core/base/result.h"

#include <cstring>

namespace bs {

namespace {

// Kinds of values and types of tensors as GGUF numbers them.
constexpr std::uint32_t kUnsigned32 = 4;
constexpr std::uint32_t kSigned32 = 5;
constexpr std::uint32_t kFloat32 = 6;
constexpr std::uint32_t kBool = 7;
constexpr std::uint32_t kString = 8;
constexpr std::uint32_t kArray = 9;
constexpr std::uint32_t kVersion = 3;

template <class T>
void append(std::string& to, T value)
{
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T)); // little endian, as every processor this runs on
    to.append(bytes, sizeof(T));
}

void appendText(std::string& to, std::string_view text)
{
    append<std::uint64_t>(to, text.size());
    to += text;
}

std::uint32_t typeNumber(DType type)
{
    if (type == DType::F32) return 0;
    if (type == DType::F16) return 1;
    BS_ASSERT(type == DType::Q8_0);
    return 8;
}

std::uint64_t aligned(std::uint64_t bytes)
{
    return (bytes + GgufHeader::kAlignment - 1) / GgufHeader::kAlignment * GgufHeader::kAlignment;
}

} // namespace

void GgufHeader::key(std::string_view name, std::uint32_t kind)
{
    appendText(m_entries, name);
    append(m_entries, kind);
    ++m_count;
}

void GgufHeader::count(std::string_view name, std::uint32_t value)
{
    key(name, kUnsigned32);
    append(m_entries, value);
}

void GgufHeader::number(std::string_view name, float value)
{
    key(name, kFloat32);
    append(m_entries, value);
}

void GgufHeader::flag(std::string_view name, bool value)
{
    key(name, kBool);
    append<std::uint8_t>(m_entries, value ? 1 : 0);
}

void GgufHeader::text(std::string_view name, std::string_view value)
{
    key(name, kString);
    appendText(m_entries, value);
}

void GgufHeader::texts(std::string_view name, const std::vector<std::string>& values)
{
    key(name, kArray);
    append(m_entries, kString);
    append<std::uint64_t>(m_entries, values.size());
    for (const std::string& value : values)
        appendText(m_entries, value);
}

void GgufHeader::integers(std::string_view name, const std::vector<std::int32_t>& values)
{
    key(name, kArray);
    append(m_entries, kSigned32);
    append<std::uint64_t>(m_entries, values.size());
    for (const std::int32_t value : values)
        append(m_entries, value);
}

void GgufHeader::numbers(std::string_view name, const std::vector<float>& values)
{
    key(name, kArray);
    append(m_entries, kFloat32);
    append<std::uint64_t>(m_entries, values.size());
    for (const float value : values)
        append(m_entries, value);
}

std::string GgufHeader::bytes(const std::vector<TensorDesc>& tensors) const
{
    std::string all = "GGUF";
    append(all, kVersion);
    append<std::uint64_t>(all, tensors.size());
    append(all, m_count);
    all += m_entries;
    std::uint64_t offset = 0;
    for (const TensorDesc& tensor : tensors) {
        appendText(all, tensor.name);
        append(all, static_cast<std::uint32_t>(tensor.shape.size()));
        for (auto side = tensor.shape.rbegin(); side != tensor.shape.rend(); ++side)
            append(all, *side);
        append(all, typeNumber(tensor.dtype));
        append(all, offset);
        offset += aligned(tensor.bytes);
    }
    all.append(aligned(all.size()) - all.size(), '\0');
    return all;
}

} // namespace bs
