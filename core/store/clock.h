#pragma once

#include <string>

namespace bs {

/// Now as the store writes it: UTC, "2026-11-23T03:00:00.123Z"; sorts as text.
std::string utcNow();

} // namespace bs
