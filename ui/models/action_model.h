#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QPointer>

class QAction;

namespace bs::ui {

/// Commands as rows: what the menus call them, without the marks of keys, and what is pressed for
/// them. Those that can be used now come first.
class ActionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { KeyRole = Qt::UserRole };

    using QAbstractListModel::QAbstractListModel;

    /// All commands below `root` that have a text; menus and separators are none.
    void collect(const QObject* root);
    QAction* actionAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    QList<QPointer<QAction>> m_actions;
};

/// "Open folder" of "Open &folder..."
QString plainText(const QAction& action);

} // namespace bs::ui
