#include "core/base/sizes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace bs {

Result<std::uint64_t> parseSize(std::string_view text)
{
    const Error bad{ErrorCode::Usage, "'" + std::string(text) +
                                          "' is not a size: write bytes, or a number with kB, MB, GB, KiB, MiB or GiB"};
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failed != std::errc() || !std::isfinite(number) || number < 0)
        return bad;
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (!unit.empty() && unit.front() == ' ')
        unit.remove_prefix(1);
    constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{
        {{"", 1}, {"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}}};
    const auto* const found = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& u) { return u.first == unit; });
    if (found == kUnits.end())
        return bad;
    const double bytes = number * found->second;
    if (bytes >= 9.2e18)
        return bad;
    return static_cast<std::uint64_t>(std::llround(bytes));
}

std::string formatSize(std::uint64_t bytes)
{
    if (bytes < 1000)
        return std::to_string(bytes) + " B";
    constexpr std::array<const char*, 4> kUnits{"kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value < 10 ? "%.2f %s" : "%.1f %s", value, kUnits.at(unit));
    return text.data();
}

} // namespace bs
