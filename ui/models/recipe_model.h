#pragma once

#include "core/stack/recipe.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <QUndoStack>

namespace bs::ui {

/// The rules of the recipe that is being edited, a row each. Every change can be undone.
class RecipeModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TargetColumn, RuleColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Recipe& recipe() const { return m_recipe; }
    /// As the worker reads them.
    QStringList texts() const;
    QUndoStack* history() { return &m_history; }

    /// Changes the recipe; `what` is what the menu says can be undone. Nothing happens if it is the
    /// same.
    void edit(const Recipe& recipe, const QString& what);
    void removeRow(int row);
    /// Another stack: no rules, and nothing to undo.
    void reset();

Q_SIGNALS:
    void changed();

private:
    class Change;
    void set(const Recipe& recipe);

    Recipe m_recipe;
    QUndoStack m_history;
};

} // namespace bs::ui
