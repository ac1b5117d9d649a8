#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <vector>

namespace bs::cli {

namespace {

/// Letters to change, add or leave out (Levenshtein).
std::size_t distance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t before = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = before + (a[i] == b[j] ? 0 : 1);
            before = row[j + 1];
            row[j + 1] = std::min({changed, before + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::string meant(const std::string& word, const std::vector<std::string>& known)
{
    constexpr std::size_t kMost = 2;
    std::string best;
    std::size_t least = std::min(kMost + 1, word.size() / 2 + 1);
    for (const std::string& name : known)
        if (const std::size_t d = distance(word, name); d < least) {
            least = d;
            best = name;
        }
    return best.empty() ? best : "; did you mean " + best + "?";
}

std::vector<std::string> commandsOf(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::vector<std::string> optionsOf(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::Option* const option : app.get_options())
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    return names;
}

std::string countProblem(const std::string& text)
{
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    if (text.starts_with('-')) return text + " is below 0";
    if (std::from_chars(text.data(), end, value).ec == std::errc::result_out_of_range)
        return text + " is too large";
    return {};
}

} // namespace

void checkCounts(CLI::App& app)
{
    for (CLI::Option* const option : app.get_options())
        if (option->get_type_name().starts_with("UINT"))
            option->check(CLI::Validator([](std::string& text) { return countProblem(text); }, ""));
    for (CLI::App* const command : app.get_subcommands([](CLI::App*) { return true; }))
        checkCounts(*command);
}

std::string refusalText(const CLI::App& app, const CLI::ParseError& error)
{
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty())
        at = at->get_subcommands().front();
    const std::string of = at == &app ? "" : " of " + at->get_name();
    const std::vector<std::string> left = app.remaining(true);
    const auto option = std::find_if(left.begin(), left.end(),
                                     [](const std::string& word) { return word.starts_with('-'); });
    if (option != left.end())
        return "there is no option " + *option + of + meant(*option, optionsOf(*at));
    if (left.empty()) return error.what();
    const std::vector<std::string> commands = commandsOf(*at);
    const std::string& word = left.front();
    if (!commands.empty()) return "there is no command '" + word + "'" + of + meant(word, commands);
    return "'" + word + "' is one argument" + of + " too many";
}

} // namespace bs::cli
