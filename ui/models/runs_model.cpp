#include "ui/models/runs_model.h"

#include "ui/models/run_words.h"

namespace bs::ui {

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_view ? 0 : static_cast<int>(m_view->points.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kRunColumnCount;
}

const RunPoint& RunsModel::point(int row) const
{
    return (*m_table)[m_view->points[static_cast<std::size_t>(row)]];
}

QString RunsModel::noteOf(const RunPoint& point) const
{
    const auto written = m_notes.constFind(point.run->id);
    return written != m_notes.constEnd() ? *written : QString::fromStdString(point.run->note);
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto column = static_cast<RunColumn>(index.column());
    const RunPoint& row = point(index.row());
    const bool note = column == RunColumn::Note;
    switch (role) {
    case Qt::DisplayRole:
        return note ? noteOf(row) : runCellText(row, column);
    case Qt::EditRole:
        return note ? noteOf(row) : runCellValue(row, column);
    case Qt::ToolTipRole:
        return note ? noteOf(row) : runCellTip(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    case RunRole:
        return qint64{row.run->id};
    case BytesRole:
        return static_cast<qint64>(row.fileBytes);
    case PathRole:
        return QString::fromStdString(row.file->path);
    case DenseRole:
        return row.dense();
    default:
        return {};
    }
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid) ||
        index.column() != static_cast<int>(RunColumn::Note))
        return false;
    const RunPoint& row = point(index.row());
    const QString note = value.toString().trimmed();
    if (note == noteOf(row)) return false;
    m_notes.insert(row.run->id, note);
    // Other rows of the run have the same note.
    Q_EMIT dataChanged(index.siblingAtRow(0), index.siblingAtRow(rowCount() - 1),
                       {Qt::DisplayRole, Qt::EditRole, Qt::ToolTipRole});
    Q_EMIT noteEdited(row.run->id, note);
    return true;
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == static_cast<int>(RunColumn::Note) ? flags | Qt::ItemIsEditable : flags;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kRunColumnCount) return {};
    const auto column = static_cast<RunColumn>(section);
    if (role == Qt::DisplayRole) return runColumnTitle(column);
    if (role == Qt::ToolTipRole) return runColumnTip(column);
    return {};
}

void RunsModel::setView(const RunTablePointer& table, const RunViewPointer& view)
{
    beginResetModel();
    if (table != m_table) m_notes.clear();
    m_table = table;
    m_view = view;
    endResetModel();
}

int RunsModel::rowOf(qint64 run, qint64 bytes) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (point(row).run->id == run && static_cast<qint64>(point(row).fileBytes) == bytes)
            return row;
    return -1;
}

QString RunsModel::sameText(RunColumn column) const
{
    if (rowCount() == 0 || m_view->differing[static_cast<std::size_t>(column)]) return {};
    const QString text = runCellText(point(0), column);
    return text.isEmpty() ? text : tr("%1: %2").arg(runColumnTitle(column), text);
}

} // namespace bs::ui
