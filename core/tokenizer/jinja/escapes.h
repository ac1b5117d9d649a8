#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bs::jinja {

/// Appends what an escape of a string stands for. `at` is its backslash in `source`, and becomes
/// the place of its last byte. False if it is not understood.
bool unescape(std::string_view source, std::size_t& at, std::string& text);

} // namespace bs::jinja
