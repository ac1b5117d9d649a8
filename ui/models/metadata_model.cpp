#include "ui/models/metadata_model.h"

namespace bs::ui {

namespace {

constexpr qsizetype kShown = 200; ///< characters

QString shortened(const QString& value)
{
    const QString line = value.left(kShown).simplified();
    return value.size() > kShown ? line + QStringLiteral(" ...") : line;
}

} // namespace

int MetadataModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int MetadataModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MetadataModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const MetadataEntry& entry = m_entries.at(index.row());
    if (role == WholeRole) return entry.value;
    if (role == Qt::DisplayRole)
        return index.column() == KeyColumn ? entry.key : shortened(entry.value);
    return {};
}

QVariant MetadataModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    return section == KeyColumn ? tr("Key") : tr("Value");
}

void MetadataModel::setEntries(const QList<MetadataEntry>& entries)
{
    beginResetModel();
    m_entries = entries;
    endResetModel();
}

} // namespace bs::ui
