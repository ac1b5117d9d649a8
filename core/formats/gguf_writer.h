#pragma once

#include "core/tensor/dtype.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Puts the beginning of a GGUF file (v3) together: metadata in the order it is given, then
/// tensors.
class GgufHeader
{
public:
    void count(std::string_view key, std::uint32_t value);
    void number(std::string_view key, float value);
    void flag(std::string_view key, bool value);
    void text(std::string_view key, std::string_view value);
    void texts(std::string_view key, const std::vector<std::string>& values);
    void integers(std::string_view key, const std::vector<std::int32_t>& values);
    void numbers(std::string_view key, const std::vector<float>& values);

    /// The header for tensors that follow it one after another, each padded with zeros to a
    /// multiple of kAlignment; itself padded so. Of the descriptors name, dtype, shape (outermost
    /// first) and bytes count. Types: F32, F16, Q8_0.
    std::string bytes(const std::vector<TensorDesc>& tensors) const;

    static constexpr std::uint64_t kAlignment = 32; ///< GGUF's own

private:
    void key(std::string_view name, std::uint32_t kind);
    std::string m_entries;
    std::uint64_t m_count = 0;
};

} // namespace bs
