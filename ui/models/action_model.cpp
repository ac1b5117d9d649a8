#include "ui/models/action_model.h"

#include <QAction>
#include <QKeySequence>
#include <QMenu>

#include <algorithm>

namespace bs::ui {

QString plainText(const QAction& action)
{
    QString text = action.text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QStringLiteral("..."))) text.chop(3);
    return text;
}

void ActionModel::collect(const QObject* root)
{
    QList<QPointer<QAction>> found;
    for (QAction* const action : root->findChildren<QAction*>())
        if (!action->isSeparator() && action->menu() == nullptr && action->isVisible() &&
            !plainText(*action).isEmpty())
            found.append(action);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        if (a->isEnabled() != b->isEnabled()) return a->isEnabled();
        return plainText(*a).localeAwareCompare(plainText(*b)) < 0;
    });
    beginResetModel();
    m_actions = found;
    endResetModel();
}

QAction* ActionModel::actionAt(int row) const
{
    return row >= 0 && row < m_actions.size() ? m_actions[row].data() : nullptr;
}

int ActionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_actions.size());
}

QVariant ActionModel::data(const QModelIndex& index, int role) const
{
    const QAction* const action = index.isValid() ? actionAt(index.row()) : nullptr;
    if (action == nullptr) return {};
    switch (role) {
    case Qt::DisplayRole:
        return plainText(*action);
    case Qt::DecorationRole:
        return action->icon();
    case Qt::ToolTipRole:
        return action->toolTip();
    case KeyRole:
        return action->shortcut().toString(QKeySequence::NativeText);
    default:
        return {};
    }
}

Qt::ItemFlags ActionModel::flags(const QModelIndex& index) const
{
    const QAction* const action = index.isValid() ? actionAt(index.row()) : nullptr;
    return action != nullptr && action->isEnabled() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable
                                                    : Qt::NoItemFlags;
}

} // namespace bs::ui
