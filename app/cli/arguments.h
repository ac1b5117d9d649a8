#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace bs::cli {

/// Has every number that counts something refused below 0 and beyond 64 bits; the parser would wrap them round.
void checkCounts(CLI::App& app);

/// Why arguments were refused, with what the one that is not known may have been meant to be: "there is no option --budgt of plan; did you mean
/// --budget?".
std::string refusalText(const CLI::App& app, const CLI::ParseError& error);

} // namespace bs::cli
