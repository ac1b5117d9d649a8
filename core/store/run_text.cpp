#include "core/store/run_text.h"

#include "core/base/number_text.h"
#include "core/store/csv_text.h"

namespace bs {

namespace {

std::string cellText(const RunPoint& point, RunColumn column, char separator)
{
    if (isNumber(column)) {
        const std::optional<double> number = numberOf(point, column);
        return number ? plainNumber(*number) : std::string();
    }
    std::string text(textOf(point, column));
    if (separator == ',') return csvField(text);
    for (char& c : text)
        if (c == separator || c == '\n' || c == '\r') c = ' ';
    return text;
}

} // namespace

std::string runTableText(const RunTable& table, std::span<const std::uint32_t> points,
                         const std::vector<RunColumn>& columns, char separator)
{
    const std::string end = separator == ',' ? "\r\n" : "\n";
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i)
        text += (i > 0 ? std::string(1, separator) : "") + std::string(exportName(columns[i]));
    text += end;
    for (const std::uint32_t point : points) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) text += separator;
            text += cellText(table[point], columns[i], separator);
        }
        text += end;
    }
    return text;
}

} // namespace bs
