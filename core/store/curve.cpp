#include "core/store/csv_text.h"
#include "core/store/store.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace bs {

namespace {

CurvePoint pointOf(const SqlRow& row)
{
    CurvePoint p;
    p.run = row.integer(0);
    p.metric = row.text(1);
    p.budgetBytes = row.optionalSize(2);
    p.depth = row.optionalSize(3);
    p.fileBytes = row.size(4);
    p.weightBytes = row.size(5);
    p.value = row.number(6);
    p.error = row.optionalNumber(7);
    p.n = row.size(8);
    p.modelHash = row.text(9);
    p.modelPath = row.text(10);
    p.method = row.text(11);
    p.artifactHash = row.text(12);
    p.artifactPath = row.text(13);
    p.dataHash = row.text(14);
    p.context = row.size(15);
    p.scored = row.text(16);
    return p;
}

std::string numberText(double number)
{
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", number);
    return text.data();
}

/// The columns of an export, in order; JSON objects have the same names.
constexpr std::array<const char*, 20> kExportColumns{
    "run",          "kind",  "started",    "state",        "version",
    "device",       "model", "model_hash", "method",       "artifact_hash",
    "budget_bytes", "depth", "file_bytes", "weight_bytes", "metric",
    "value",        "error", "n",          "data_hash",    "context"};

constexpr const char* kExportQuery =
    "SELECT r.id, r.kind, r.started, r.state, r.version, r.device, r.model_path, mo.hash, "
    "a.method, a.hash, "
    "m.budget_bytes, m.depth, m.file_bytes, m.weight_bytes, m.metric, m.value, m.error, m.n, "
    "m.data_hash, m.context "
    "FROM measurements m JOIN runs r ON r.id = m.run LEFT JOIN artifacts a ON a.id = m.artifact "
    "LEFT JOIN models mo ON mo.id = a.model WHERE r.removed IS NULL ORDER BY m.id";

constexpr bool isInteger(std::size_t column)
{
    return column == 0 || (column >= 10 && column <= 13) || column == 17 || column == 19;
}

constexpr bool isReal(std::size_t column)
{
    return column == 15 || column == 16;
}

std::string csvLine(const SqlRow& row)
{
    std::string line;
    for (std::size_t i = 0; i < kExportColumns.size(); ++i) {
        const int column = static_cast<int>(i);
        if (i > 0) line += ',';
        if (!row.isNull(column))
            line += isReal(i) ? numberText(row.number(column)) : csvField(row.text(column));
    }
    return line + "\r\n";
}

nlohmann::ordered_json jsonObject(const SqlRow& row)
{
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < kExportColumns.size(); ++i) {
        const int column = static_cast<int>(i);
        auto& field = object[kExportColumns.at(i)];
        if (row.isNull(column)) continue; // stays null
        if (isInteger(i))
            field = row.integer(column);
        else if (isReal(i))
            field = row.number(column);
        else
            field = row.text(column);
    }
    return object;
}

} // namespace

Result<std::vector<CurvePoint>> Store::curve(const CurveQuery& wanted)
{
    std::vector<CurvePoint> points;
    BS_CHECK(m_database.query(
        "SELECT m.run, m.metric, m.budget_bytes, m.depth, m.file_bytes, m.weight_bytes, m.value, "
        "m.error, m.n, "
        "mo.hash, mo.path, a.method, a.hash, a.path, m.data_hash, m.context, m.scored "
        "FROM measurements m JOIN artifacts a ON a.id = m.artifact JOIN models mo ON mo.id = "
        "a.model "
        "WHERE m.id IN (SELECT max(id) FROM measurements WHERE run NOT IN "
        "(SELECT id FROM runs WHERE removed IS NOT NULL) GROUP BY artifact, metric, file_bytes, "
        "data_hash, context, "
        "scored, n) AND m.metric = ?1 AND (?2 = '' OR mo.hash = ?2) AND (?3 = '' OR a.hash = ?3) "
        "AND (?4 = '' OR m.data_hash = ?4) ORDER BY m.file_bytes, m.id",
        {wanted.metric, wanted.modelHash, wanted.artifactHash, wanted.dataHash},
        [&](const SqlRow& row) { points.push_back(pointOf(row)); }));
    return points;
}

Result<std::string> Store::exportRuns(ExportFormat format)
{
    if (format == ExportFormat::Csv) {
        std::string text;
        for (const char* const column : kExportColumns)
            text += (text.empty() ? "" : ",") + std::string(column);
        text += "\r\n";
        BS_CHECK(
            m_database.query(kExportQuery, {}, [&](const SqlRow& row) { text += csvLine(row); }));
        return text;
    }
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    BS_CHECK(m_database.query(kExportQuery, {},
                              [&](const SqlRow& row) { rows.push_back(jsonObject(row)); }));
    return rows.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace bs
