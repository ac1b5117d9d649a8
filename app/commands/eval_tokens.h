#pragma once

#include "app/cli/command.h"

namespace bs::cli {

/// Adds `eval tokens`.
void addEvalTokens(CLI::App& eval, Chosen& chosen);

} // namespace bs::cli
