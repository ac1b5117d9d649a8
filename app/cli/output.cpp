#include "app/cli/command.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace bs::cli {

namespace {

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

constexpr double kTerminalSeconds = 0.1; // between two updates of the line
constexpr double kPlainSeconds = 10;     // between two lines in a log

std::string timeText(double seconds)
{
    const auto whole = static_cast<long>(seconds + 0.5);
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string progressText(const Progress& progress)
{
    std::string text = progress.phase;
    if (progress.total > 0)
        text += " " + std::to_string(static_cast<int>(100 * progress.done / progress.total)) + " %";
    if (!progress.detail.empty()) text += ", " + progress.detail;
    if (progress.secondsLeft >= 0) text += ", " + timeText(progress.secondsLeft) + " left";
    return text;
}

} // namespace

ProgressLine::ProgressLine()
    : m_terminal(::isatty(STDERR_FILENO) != 0)
{
}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::clear()
{
    if (m_terminal && m_shown) std::fputs("\r\033[K", stderr);
    m_shown = false;
}

void ProgressLine::show(const Progress& progress)
{
    const double time = now();
    const bool newPhase = progress.phase != m_lastPhase;
    if (!newPhase && time - m_lastSeconds < (m_terminal ? kTerminalSeconds : kPlainSeconds)) return;
    m_lastSeconds = time;
    m_lastPhase = progress.phase;
    const std::string text = progressText(progress);
    std::fprintf(stderr, m_terminal ? "\r\033[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
    m_shown = true;
}

JobContext withProgress(const JobContext& context, ProgressLine& line)
{
    return JobContext{context.stop, [&line](const Progress& progress) { line.show(progress); }};
}

void print(const Json& json)
{
    std::puts(dumped(json).c_str());
}

void printTable(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths.resize(std::max(widths.size(), i + 1));
            widths[i] = std::max(widths[i], row[i].size());
        }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += std::string(i > 0 ? 2 : 0, ' ') + std::string(widths[i] - row[i].size(), ' ') +
                    row[i];
        std::puts(line.c_str());
    }
}

std::string numberText(double number, int decimals)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
    return text.data();
}

} // namespace bs::cli
