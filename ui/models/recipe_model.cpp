#include "ui/models/recipe_model.h"

#include "ui/models/recipe_edit.h"

#include <QUndoCommand>

#include <utility>

namespace bs::ui {

class RecipeModel::Change : public QUndoCommand
{
public:
    Change(RecipeModel* model, Recipe to, const QString& what)
        : QUndoCommand(what)
        , m_model(model)
        , m_from(model->m_recipe)
        , m_to(std::move(to))
    {
    }
    void undo() override { m_model->set(m_from); }
    void redo() override { m_model->set(m_to); }

private:
    RecipeModel* m_model;
    Recipe m_from;
    Recipe m_to;
};

int RecipeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_recipe.size());
}

int RecipeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RecipeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RecipeRule& rule = m_recipe.at(static_cast<std::size_t>(index.row()));
    if (role == Qt::DisplayRole)
        return index.column() == TargetColumn ? targetWords(rule.target) : ruleWords(rule);
    if (role == Qt::ToolTipRole) return QString::fromStdString(textOf(rule));
    return {};
}

QVariant RecipeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    return section == TargetColumn ? tr("Matrix") : tr("Rule");
}

QStringList RecipeModel::texts() const
{
    QStringList texts;
    for (const RecipeRule& rule : m_recipe)
        texts.append(QString::fromStdString(textOf(rule)));
    return texts;
}

void RecipeModel::edit(const Recipe& recipe, const QString& what)
{
    if (recipe != m_recipe) m_history.push(new Change(this, recipe, what));
}

void RecipeModel::removeRow(int row)
{
    if (row < 0 || row >= rowCount()) return;
    const RecipeRule rule = m_recipe.at(static_cast<std::size_t>(row));
    edit(withoutRule(m_recipe, rule.target), tr("clear %1").arg(targetWords(rule.target)));
}

void RecipeModel::reset()
{
    m_history.clear();
    if (!m_recipe.empty()) set({});
}

void RecipeModel::set(const Recipe& recipe)
{
    beginResetModel();
    m_recipe = recipe;
    endResetModel();
    Q_EMIT changed();
}

} // namespace bs::ui
