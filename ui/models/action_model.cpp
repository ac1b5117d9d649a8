#include "ui/models/action_model.h"

#include <QAction>
#include <QKeySequence>
#include <QMenu>

#include <algorithm>

namespace bs::ui {

namespace {

/// "Open folder" of "Open &folder..."
QString plain(QString text)
{
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QStringLiteral("..."))) text.chop(3);
    return text;
}

} // namespace

void ActionModel::collect(const QObject* root)
{
    QList<Row> rows;
    for (const QMenu* const menu : root->findChildren<QMenu*>())
        for (QAction* const action : menu->actions()) {
            const bool listed = std::any_of(rows.begin(), rows.end(), [action](const Row& row) {
                return row.action == action; // of another menu
            });
            if (!listed && !action->isSeparator() && action->menu() == nullptr &&
                action->isVisible() && !menu->title().isEmpty())
                rows.append(
                    {action, plain(menu->title()) + QStringLiteral(": ") + plain(action->text())});
        }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        if (a.action->isEnabled() != b.action->isEnabled()) return a.action->isEnabled();
        return a.text.localeAwareCompare(b.text) < 0;
    });
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

QAction* ActionModel::actionAt(int row) const
{
    return row >= 0 && row < m_rows.size() ? m_rows[row].action.data() : nullptr;
}

int ActionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ActionModel::data(const QModelIndex& index, int role) const
{
    const QAction* const action = index.isValid() ? actionAt(index.row()) : nullptr;
    if (action == nullptr) return {};
    switch (role) {
    case Qt::DisplayRole:
        return m_rows[index.row()].text;
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
