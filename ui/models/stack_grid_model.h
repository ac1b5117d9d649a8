#pragma once

#include "core/stack/recipe.h"
#include "ui/models/stack_grid.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// What a colour scale spans.
struct HeatScale
{
    double lower = 0;
    double upper = 1;
    bool logarithmic = false;
    QString label;
    bool whole = false; ///< counted things: no ticks between them
    bool operator==(const HeatScale&) const = default;
};

/// The stack that is open at the plan that is loaded, layer by class; one value at a time. Values
/// without a stored gain are left out.
class StackGridModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class Value { Depth, BitsPerWeight, GainLeft, NextGain };
    Q_ENUM(Value)

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// nullptr: nothing is open.
    void setStack(StackPointer stack);
    void setPlan(const QList<int>& plan);
    /// Cells that a rule is about have a mark; the rule stands on their cards.
    void setRecipe(const Recipe& recipe);
    /// nullptr: there is none.
    const StackCell* cellAt(const QModelIndex& index) const;
    void setValue(Value value);
    Value value() const { return m_value; }

    /// False for the values that need gains where the file stores none.
    bool offers(Value value) const;
    static QString nameOf(Value value);
    /// The same for every plan where it can be, so that colours tell sizes apart.
    HeatScale scale() const;
    /// All of it in one sentence.
    QString summary() const;

private:
    void update();
    double valueOf(const StackCell& cell) const;
    QString textOf(const StackCell& cell) const;
    QString cardOf(const StackCell& cell) const;
    QVariant markOf(const StackCell& cell) const;

    Recipe m_recipe;
    StackPointer m_stack;
    QList<int> m_plan;
    StackGrid m_grid;
    Value m_value = Value::Depth;
};

} // namespace bs::ui
