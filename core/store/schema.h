#pragma once

#include <span>
#include <string_view>

namespace bs {

/// The steps from an empty file to the newest version; step i leads from version i to i + 1. A step
/// that was released never changes, new ones are added behind it.
std::span<const std::string_view> schemaSteps();

} // namespace bs
