#pragma once

#include "core/store/run_columns.h"
#include "core/store/run_filter.h"

#include <bitset>
#include <cstdint>
#include <vector>

namespace bs {

/// Points of a run table that are shown, in the order in which they are.
struct RunView
{
    std::vector<std::uint32_t> points;      ///< indices into the table
    std::bitset<kRunColumnCount> differing; ///< columns in which they are not all the same
};

/// What the filter lets through, sorted by a column; what was not measured comes last either way.
/// Equal ones keep the table's order.
RunView viewOf(const RunTable& table, const RunFilter& filter, RunColumn sortedBy, bool descending);

} // namespace bs
