#include "ui/models/plans_model.h"

#include "ui/models/recipe_edit.h"
#include "ui/models/words.h"

namespace bs::ui {

int PlansModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_plans.size());
}

int PlansModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlansModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PlanRecord& plan = m_plans.at(index.row());
    if (role == Qt::ToolTipRole && index.column() == RulesColumn)
        return textsOf(plan.rules).join(QStringLiteral(", "));
    if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
    switch (index.column()) {
    case NameColumn:
        return QString::fromStdString(plan.name);
    case SizeColumn:
        return sizeText(static_cast<qint64>(plan.fileBytes));
    case RulesColumn:
        return plan.rules.size() > 3 ? tr("%1 rules").arg(plan.rules.size())
                                     : textsOf(plan.rules).join(QStringLiteral(", "));
    default:
        return whenText(QString::fromStdString(plan.created));
    }
}

bool PlansModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const QString name = value.toString().trimmed();
    if (role != Qt::EditRole || !index.isValid() || index.column() != NameColumn || name.isEmpty())
        return false;
    PlanRecord& plan = m_plans[index.row()];
    if (name.toStdString() == plan.name) return false;
    plan.name = name.toStdString();
    Q_EMIT dataChanged(index, index);
    Q_EMIT renamed(plan.id, name);
    return true;
}

Qt::ItemFlags PlansModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == NameColumn ? flags | Qt::ItemIsEditable : flags;
}

QVariant PlansModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case SizeColumn:
        return tr("Size");
    case RulesColumn:
        return tr("Rules");
    default:
        return tr("Saved");
    }
}

void PlansModel::setPlans(const QList<PlanRecord>& plans)
{
    beginResetModel();
    m_plans = plans;
    endResetModel();
}

const PlanRecord* PlansModel::planAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_plans.at(row) : nullptr;
}

} // namespace bs::ui
