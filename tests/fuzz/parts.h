#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bs::test {

/// The input cut at its zero bytes, `count` parts; the last has all that is left, missing ones are empty.
inline std::vector<std::string> partsOf(const std::uint8_t* data, std::size_t size, std::size_t count)
{
    std::vector<std::string> parts(count);
    std::string rest(data, data + size);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        const std::size_t end = rest.find('\0');
        parts[i] = rest.substr(0, end);
        rest = end == std::string::npos ? std::string() : rest.substr(end + 1);
    }
    parts.back() = std::move(rest);
    return parts;
}

} // namespace bs::test
