#include "ui/models/measurements_model.h"

#include "ui/models/words.h"

#include <QLocale>

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
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case File:
        return row.file;
    case Size:
        return sizeText(row.dot.bytes);
    case Perplexity:
        return QString::number(row.dot.perplexity, 'f', 3);
    case StandardError:
        return row.dot.error > 0 ? QStringLiteral("± ") + QString::number(row.dot.error, 'f', 3)
                                 : QString();
    case Tokens:
        return QLocale().toString(row.dot.tokens);
    default:
        return {};
    }
}

QVariant MeasurementsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
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

void MeasurementsModel::setSeries(const QList<CurveSeries>& series)
{
    beginResetModel();
    m_rows.clear();
    for (const CurveSeries& s : series)
        for (const CurveDot& dot : s.dots)
            m_rows.append({s.name, s.path, s.dense, dot});
    endResetModel();
}

} // namespace bs::ui
