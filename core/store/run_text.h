#pragma once

#include "core/store/run_columns.h"

#include <span>
#include <string>
#include <vector>

namespace bs {

/// Rows of the run table for other programs: a line of names, then a line for each point, numbers
/// with all their digits. With ',' as RFC 4180 wants it, with '\t' for the clipboard.
std::string runTableText(const RunTable& table, std::span<const std::uint32_t> points,
                         const std::vector<RunColumn>& columns, char separator);

} // namespace bs
