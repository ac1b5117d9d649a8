#include "core/stack/matrix_name.h"

#include <charconv>
#include <string_view>

namespace bs {

std::string wholeMatrix(const std::string& name)
{
    return name.substr(0, name.find('#'));
}

std::string classOf(const std::string& name)
{
    const std::string whole = wholeMatrix(name);
    return whole.substr(whole.rfind('.') + 1); // npos + 1 is 0: no dot, the whole name
}

std::optional<std::uint32_t> layerOf(const std::string& name)
{
    constexpr std::string_view kMark = "layers.";
    const std::size_t mark = name.find(kMark);
    if (mark == std::string::npos) return std::nullopt;
    const char* const first = name.data() + mark + kMark.size();
    const char* const end = name.data() + name.size();
    std::uint32_t layer = 0;
    const auto [stop, problem] = std::from_chars(first, end, layer);
    if (problem != std::errc() || stop == end || *stop != '.') return std::nullopt;
    return layer;
}

} // namespace bs
