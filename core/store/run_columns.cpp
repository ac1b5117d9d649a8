#include "core/store/run_columns.h"

#include <array>

namespace bs {

namespace {

struct Column
{
    std::string_view filterName;
    std::string_view exportName;
    bool number;
};

constexpr std::array<Column, kRunColumnCount> kColumns{{
    {"id", "run", true},
    {"file", "file", false},
    {"codec", "method", false},
    {"size", "file_bytes", true},
    {"ppl", "perplexity", true},
    {"ppl_error", "perplexity_error", true},
    {"kld", "kld_mean", true},
    {"top", "same_top", true},
    {"speed", "generate_tokens_per_second", true},
    {"data", "data", false},
    {"sweep", "sweep", false},
    {"note", "note", false},
    {"state", "state", false},
    {"started", "started", false},
    {"kind", "kind", false},
    {"model", "model", false},
    {"context", "context", true},
    {"machine", "machine", false},
}};

const Column& of(RunColumn column)
{
    return kColumns.at(static_cast<std::size_t>(column));
}

std::string_view nameOfFile(std::string_view path)
{
    return path.substr(path.find_last_of('/') + 1);
}

} // namespace

std::string_view filterName(RunColumn column)
{
    return of(column).filterName;
}

std::string_view exportName(RunColumn column)
{
    return of(column).exportName;
}

std::optional<RunColumn> runColumnNamed(std::string_view name)
{
    for (int i = 0; i < kRunColumnCount; ++i) {
        const auto column = static_cast<RunColumn>(i);
        if (name == filterName(column) || name == exportName(column)) return column;
    }
    return std::nullopt;
}

bool isNumber(RunColumn column)
{
    return of(column).number;
}

std::optional<double> numberOf(const RunPoint& point, RunColumn column)
{
    switch (column) {
    case RunColumn::Id:
        return static_cast<double>(point.run->id);
    case RunColumn::Size:
        if (point.fileBytes == 0) return std::nullopt;
        return static_cast<double>(point.fileBytes);
    case RunColumn::Perplexity:
        return point.perplexity;
    case RunColumn::PerplexityError:
        return point.perplexityError;
    case RunColumn::Divergence:
        return point.kld;
    case RunColumn::SameTop:
        return point.sameTop;
    case RunColumn::Speed:
        return point.tokensPerSecond;
    case RunColumn::Context:
        if (!point.context) return std::nullopt;
        return static_cast<double>(*point.context);
    default:
        return std::nullopt;
    }
}

std::string_view textOf(const RunPoint& point, RunColumn column)
{
    switch (column) {
    case RunColumn::Kind:
        return point.run->kind;
    case RunColumn::Model:
        return nameOfFile(point.file->modelPath);
    case RunColumn::File:
        return nameOfFile(point.file->path);
    case RunColumn::Codec:
        return point.file->method;
    case RunColumn::Data:
        return point.run->data;
    case RunColumn::Machine:
        return point.run->machine;
    case RunColumn::Started:
        return point.run->started;
    case RunColumn::State:
        return point.run->state;
    case RunColumn::Sweep:
        return point.run->sweep;
    case RunColumn::Note:
        return point.run->note;
    default:
        return {};
    }
}

} // namespace bs
