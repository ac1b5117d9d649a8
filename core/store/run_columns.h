#pragma once

#include "core/store/run_table.h"

#include <optional>
#include <string_view>

namespace bs {

/// What is known of a point of the run table, in the order in which a table shows it.
enum class RunColumn {
    Id,
    File,
    Codec,
    Size,
    Perplexity,
    PerplexityError,
    Divergence,
    SameTop,
    Speed,
    Data,
    Sweep,
    Note,
    State,
    Started,
    Kind,
    Model,
    Context,
    Machine,
};
inline constexpr int kRunColumnCount = static_cast<int>(RunColumn::Machine) + 1;

/// The word for a column in a filter line: "ppl", "size".
std::string_view filterName(RunColumn column);
/// The same as the head of a column of a file, as other exports name it: "perplexity",
/// "file_bytes".
std::string_view exportName(RunColumn column);
/// By either of its names.
std::optional<RunColumn> runColumnNamed(std::string_view name);

/// Whether a column holds numbers; else it holds texts.
bool isNumber(RunColumn column);
/// The number of a column of numbers; none: not measured.
std::optional<double> numberOf(const RunPoint& point, RunColumn column);
/// The text of a column of texts, as long as the point lives; may be empty.
std::string_view textOf(const RunPoint& point, RunColumn column);

} // namespace bs
