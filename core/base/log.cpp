#include "core/base/log.h"

#include <string>

#include <unistd.h>

namespace bs {

namespace {

// One write() a line: lines of several threads and processes do not mix.
void writeLine(std::string line)
{
    line += '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

void logInfo(std::string_view message)
{
    writeLine(std::string(message));
}

void logWarning(std::string_view message)
{
    writeLine("warning: " + std::string(message));
}

} // namespace bs
