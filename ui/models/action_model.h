#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QPointer>

class QAction;

namespace bs::ui {

/// Commands as rows: "Size: Smaller", menu and name without the marks of keys, and what is pressed
/// for them. Those that can be used now come first.
class ActionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { KeyRole = Qt::UserRole };

    using QAbstractListModel::QAbstractListModel;

    /// All commands of the menus below `root`.
    void collect(const QObject* root);
    QAction* actionAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row
    {
        QPointer<QAction> action;
        QString text;
    };

    QList<Row> m_rows;
};

} // namespace bs::ui
