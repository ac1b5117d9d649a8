#include "ui/models/measurements_model.h"

#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <array>

namespace bs::ui {

int MeasurementsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MeasurementsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MeasurementsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    if (role == BytesRole) return row.dot.bytes;
    if (role == PathRole) return row.path;
    if (role == DenseRole) return row.dense;
    if (role == Qt::TextAlignmentRole && index.column() != File)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && index.column() == Size) return exactBytesText(row.dot.bytes);
    if (role == Qt::EditRole) return number(row, index.column());
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case File:
        return row.file;
    case Size:
        return sizeText(row.dot.bytes);
    case Perplexity:
        return row.relative ? tr("%1 × original").arg(row.dot.perplexity, 0, 'f', 3)
                            : QString::number(row.dot.perplexity, 'f', 3);
    case StandardError:
        return row.dot.error > 0 ? QStringLiteral("± ") + QString::number(row.dot.error, 'f', 3)
                                 : QString();
    case Tokens:
        return row.dot.tokens > 0 ? QLocale().toString(row.dot.tokens) : QString();
    default:
        return {};
    }
}

QVariant MeasurementsModel::number(const Row& row, int column)
{
    switch (column) {
    case File:
        return row.file;
    case Size:
        return row.dot.bytes;
    case Perplexity:
        return row.dot.perplexity;
    case StandardError:
        return row.dot.error > 0 ? QVariant(row.dot.error) : QVariant();
    case Tokens:
        return row.dot.tokens > 0 ? QVariant(row.dot.tokens) : QVariant();
    default:
        return {};
    }
}

QVariant MeasurementsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::EditRole) {
        // Never in one table with the other kind: a model's own figures give way to measured ones.
        const bool relative = !m_rows.isEmpty() && m_rows.first().relative;
        const std::array names{"series", "file_bytes",
                               relative ? "perplexity_times_original" : "perplexity",
                               "standard_error", "tokens"};
        return section >= 0 && section < ColumnCount
                   ? QVariant(QLatin1String(names.at(static_cast<std::size_t>(section))))
                   : QVariant();
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case File:
        return tr("File");
    case Size:
        return tr("Size");
    case Perplexity:
        return tr("Perplexity");
    case StandardError:
        return tr("Error");
    case Tokens:
        return tr("Tokens");
    default:
        return {};
    }
}

QString MeasurementsModel::summary() const
{
    if (m_rows.isEmpty()) return tr("No measurements.");
    const auto [least, most] =
        std::minmax_element(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) {
            return a.dot.perplexity < b.dot.perplexity;
        });
    const QString text = m_rows.first().relative
                             ? tr("%1 points: from %2 times the original's perplexity at %3 (%4) "
                                  "to %5 times at %6 (%7).")
                             : tr("%1 points: from perplexity %2 at %3 (%4) to %5 at %6 (%7).");
    const auto value = [](const Row& row) {
        return QLocale().toString(row.dot.perplexity, 'f', 2);
    };
    return text.arg(QLocale().toString(m_rows.size()), value(*least), sizeText(least->dot.bytes),
                    least->file, value(*most), sizeText(most->dot.bytes), most->file);
}

void MeasurementsModel::setSeries(const QList<CurveSeries>& series)
{
    beginResetModel();
    m_rows.clear();
    for (const CurveSeries& s : series)
        for (const CurveDot& dot : s.dots)
            m_rows.append({s.name, s.path, s.dense, s.relative, dot});
    endResetModel();
}

} // namespace bs::ui
