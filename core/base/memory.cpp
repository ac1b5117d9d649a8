#include "core/base/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace bs {

namespace {

/// The number in a one-number file of the kernel; false for "max" or no file.
bool readNumber(const std::string& path, std::uint64_t& number)
{
    std::ifstream in(path);
    return static_cast<bool>(in >> number);
}

/// Of this process, below /sys/fs/cgroup; empty or "/" at the root.
std::string cgroupPath()
{
    std::ifstream in("/proc/self/cgroup");
    std::string line;
    std::string path;
    while (std::getline(in, line))
        if (line.rfind("0::", 0) == 0) path = line.substr(3);
    return path;
}

/// What a cgroup v2 folder and its parents leave free; "max" everywhere: UINT64_MAX.
std::uint64_t cgroupFree()
{
    std::string path = cgroupPath();
    std::uint64_t free = UINT64_MAX;
    while (true) {
        const std::string folder = "/sys/fs/cgroup" + path;
        std::uint64_t limit = 0;
        std::uint64_t used = 0;
        if (readNumber(folder + "/memory.max", limit) &&
            readNumber(folder + "/memory.current", used)) {
            // Page cache counts as used, but is given back under pressure.
            std::ifstream stat(folder + "/memory.stat");
            std::string key;
            std::uint64_t value = 0;
            while (stat >> key >> value)
                if (key == "inactive_file" || key == "active_file") used -= std::min(used, value);
            free = std::min(free, limit > used ? limit - used : 0);
        }
        const std::size_t slash = path.rfind('/');
        if (path.empty() || slash == std::string::npos) return free;
        path.resize(slash);
    }
}

} // namespace

std::uint64_t availableMemoryBytes()
{
    std::uint64_t available = 0;
    std::ifstream in("/proc/meminfo");
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        std::string key;
        std::uint64_t kib = 0;
        if (fields >> key >> kib && key == "MemAvailable:") available = kib * 1024;
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

std::optional<double> parsePressure(std::string_view text)
{
    constexpr std::string_view kKey = "some avg10=";
    const std::size_t at = text.find(kKey);
    if (at == std::string_view::npos) return std::nullopt;
    std::istringstream rest{std::string(text.substr(at + kKey.size(), 16))};
    double percent = -1;
    if (!(rest >> percent) || percent < 0 || percent > 100) return std::nullopt;
    return percent / 100;
}

std::optional<double> memoryPressure()
{
    for (const std::string& path : {"/sys/fs/cgroup" + cgroupPath() + "/memory.pressure",
                                    std::string("/proc/pressure/memory")}) {
        std::ifstream in(path);
        std::ostringstream text;
        text << in.rdbuf();
        if (const std::optional<double> share = parsePressure(text.str())) return share;
    }
    return std::nullopt;
}

} // namespace bs
