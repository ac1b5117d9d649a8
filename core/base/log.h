#pragma once

#include <string_view>

namespace bs {

/// One line for people, on standard error. Thread-safe. Results never go here.
void logInfo(std::string_view message);
/// The same, marked as a warning.
void logWarning(std::string_view message);

} // namespace bs
