#include "core/base/sizes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace bs {

namespace {

/// The number in a one-number file of the kernel; false for "max" or no file.
bool readNumber(const std::string& path, std::uint64_t& number)
{
    std::ifstream in(path);
    return static_cast<bool>(in >> number);
}

/// What a cgroup v2 folder and its parents leave free; "max" everywhere: UINT64_MAX.
std::uint64_t cgroupFree()
{
    std::ifstream in("/proc/self/cgroup");
    std::string line;
    std::string path;
    while (std::getline(in, line))
        if (line.rfind("0::", 0) == 0)
            path = line.substr(3);
    std::uint64_t free = UINT64_MAX;
    while (true) {
        const std::string folder = "/sys/fs/cgroup" + path;
        std::uint64_t limit = 0;
        std::uint64_t used = 0;
        if (readNumber(folder + "/memory.max", limit) && readNumber(folder + "/memory.current", used)) {
            // Page cache counts as used, but is given back under pressure.
            std::ifstream stat(folder + "/memory.stat");
            std::string key;
            std::uint64_t value = 0;
            while (stat >> key >> value)
                if (key == "inactive_file" || key == "active_file")
                    used -= std::min(used, value);
            free = std::min(free, limit > used ? limit - used : 0);
        }
        const std::size_t slash = path.rfind('/');
        if (path.empty() || slash == std::string::npos)
            return free;
        path.resize(slash);
    }
}

} // namespace

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

std::uint64_t availableMemoryBytes()
{
    std::uint64_t available = 0;
    std::ifstream in("/proc/meminfo");
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        std::string key;
        std::uint64_t kib = 0;
        if (fields >> key >> kib && key == "MemAvailable:")
            available = kib * 1024;
    }
    return std::min(available, cgroupFree());
}

std::uint64_t residentSetBytes()
{
    std::ifstream in("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    in >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peakResidentBytes()
{
    struct rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

} // namespace bs
