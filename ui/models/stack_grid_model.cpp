#include "ui/models/stack_grid_model.h"

#include "ui/models/chart_roles.h"
#include "ui/models/recipe_edit.h"
#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

/// Gains further apart than a factor of this are told apart on a logarithmic scale, which reaches
/// kGainSpan below the largest.
constexpr double kFarApart = 10;
constexpr double kGainSpan = 1e4;

QString figure(double value, int digits)
{
    return QLocale().toString(value, 'g', digits);
}

QString depthText(const StackCell& cell)
{
    return cell.depthMin == cell.depthMax
               ? QString::number(cell.depthMin)
               : StackGridModel::tr("%1 to %2").arg(cell.depthMin).arg(cell.depthMax);
}

QString shortName(const QString& name)
{
    return name.startsWith(QLatin1String("model.")) ? name.mid(6) : name;
}

QString placeOf(const StackCell& cell)
{
    return cell.layer < 0 ? cell.kind
                          : StackGridModel::tr("%1 of layer %2").arg(cell.kind).arg(cell.layer);
}

} // namespace

int StackGridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.layers.size());
}

int StackGridModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.kinds.size());
}

QVariant StackGridModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const StackCell& cell = m_grid.at(index.row(), index.column());
    if (!cell.valid) return {};
    switch (role) {
    case Qt::DisplayRole:
        return textOf(cell);
    case Qt::EditRole:
    case ValueRole:
        return valueOf(cell);
    case Qt::ToolTipRole:
    case CardRole:
        return cardOf(cell);
    case MarkRole:
        return markOf(cell);
    case Qt::AccessibleTextRole:
        return cardOf(cell).replace(QLatin1Char('\n'), QStringLiteral(", "));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant StackGridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || section < 0) return {};
    if (orientation == Qt::Horizontal)
        return section < m_grid.kinds.size() ? m_grid.kinds.at(section) : QVariant();
    if (section >= m_grid.layers.size()) return {};
    const int layer = m_grid.layers.at(section);
    return layer < 0 ? tr("outside") : tr("layer %1").arg(layer);
}

void StackGridModel::setStack(StackPointer stack)
{
    if (stack == m_stack) return;
    beginResetModel();
    m_stack = std::move(stack);
    m_grid = m_stack ? stackGrid(*m_stack, m_plan) : StackGrid();
    if (!offers(m_value)) m_value = Value::Depth;
    endResetModel();
}

void StackGridModel::setPlan(const QList<int>& plan)
{
    if (plan == m_plan) return;
    m_plan = plan;
    if (!m_stack) return;
    m_grid = stackGrid(*m_stack, m_plan);
    update();
}

void StackGridModel::setRecipe(const Recipe& recipe)
{
    if (recipe == m_recipe) return;
    m_recipe = recipe;
    update();
}

const StackCell* StackGridModel::cellAt(const QModelIndex& index) const
{
    if (!index.isValid() || !checkIndex(index)) return nullptr;
    const StackCell& cell = m_grid.at(index.row(), index.column());
    return cell.valid ? &cell : nullptr;
}

QVariant StackGridModel::markOf(const StackCell& cell) const
{
    const RecipeRule* const rule = ruleFor(m_recipe, cell.name.toStdString());
    return rule != nullptr ? QVariant(ruleMark(*rule)) : QVariant();
}

void StackGridModel::setValue(Value value)
{
    if (value == m_value || !offers(value)) return;
    m_value = value;
    update();
}

void StackGridModel::update()
{
    if (rowCount() > 0 && columnCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

bool StackGridModel::offers(Value value) const
{
    return value == Value::Depth || value == Value::BitsPerWeight || (m_stack && m_stack->hasGains);
}

QString StackGridModel::nameOf(Value value)
{
    switch (value) {
    case Value::BitsPerWeight:
        return tr("Bits per weight");
    case Value::GainLeft:
        return tr("Gain left (nats a token)");
    case Value::NextGain:
        return tr("Gain of the next MB (nats a token)");
    case Value::Depth:
        break;
    }
    return tr("Depth (blocks loaded)");
}

double StackGridModel::valueOf(const StackCell& cell) const
{
    switch (m_value) {
    case Value::BitsPerWeight:
        return cell.bitsPerWeight();
    case Value::GainLeft:
        return cell.gainLeft;
    case Value::NextGain:
        return cell.nextGain;
    case Value::Depth:
        break;
    }
    return cell.depth;
}

QString StackGridModel::textOf(const StackCell& cell) const
{
    switch (m_value) {
    case Value::BitsPerWeight:
        return QLocale().toString(cell.bitsPerWeight(), 'f', 2);
    case Value::GainLeft:
        return figure(cell.gainLeft, 3);
    case Value::NextGain:
        return cell.nextBytes > 0 ? figure(cell.nextGain, 3) : tr("all loaded");
    case Value::Depth:
        break;
    }
    return depthText(cell);
}

QString StackGridModel::cardOf(const StackCell& cell) const
{
    QStringList lines{shortName(cell.name),
                      tr("depth %1 of %2").arg(depthText(cell)).arg(cell.blocks),
                      tr("%1 of %2, %3 bits per weight")
                          .arg(sizeText(static_cast<qint64>(cell.bytes)),
                               sizeText(static_cast<qint64>(cell.allBytes)),
                               QLocale().toString(cell.bitsPerWeight(), 'f', 2))};
    if (cell.slabs > 1) lines.append(tr("in %1 slabs of rows").arg(cell.slabs));
    if (const RecipeRule* const rule = ruleFor(m_recipe, cell.name.toStdString()))
        lines.append(tr("recipe: %1 (%2)").arg(ruleWords(*rule), targetWords(rule->target)));
    if (!m_stack->hasGains) return lines.join(QLatin1Char('\n'));
    if (cell.nextBytes > 0)
        lines += {tr("blocks not loaded would save %1 nats a token").arg(figure(cell.gainLeft, 3)),
                  tr("next: %1, %2 nats a token for a MB")
                      .arg(sizeText(cell.nextBytes), figure(cell.nextGain, 3))};
    else
        lines.append(tr("everything is loaded"));
    return lines.join(QLatin1Char('\n'));
}

HeatScale StackGridModel::scale() const
{
    double most = 0;
    double least = INFINITY; // of those above 0
    for (const StackCell& cell : m_grid.cells) {
        if (!cell.valid) continue;
        if (m_value == Value::Depth)
            most = std::max<double>(most, cell.blocks);
        else if (m_value == Value::BitsPerWeight)
            most = std::max(most, cell.weights > 0 ? cell.allBytes * 8 / cell.weights : 0);
        else
            most = std::max(most, valueOf(cell));
        if (valueOf(cell) > 0) least = std::min(least, valueOf(cell));
    }
    if (!(most > 0)) most = 1;
    const bool gains = m_value == Value::GainLeft || m_value == Value::NextGain;
    const bool far = gains && most > kFarApart * least;
    return {far ? std::max(least, most / kGainSpan) : 0, most, far, nameOf(m_value),
            m_value == Value::Depth};
}

QString StackGridModel::summary() const
{
    if (!m_stack) return tr("No stack is open.");
    const StackCell* least = nullptr;
    const StackCell* most = nullptr;
    for (const StackCell& cell : m_grid.cells) {
        if (!cell.valid) continue;
        if (least == nullptr || valueOf(cell) < valueOf(*least)) least = &cell;
        if (most == nullptr || valueOf(cell) > valueOf(*most)) most = &cell;
    }
    if (least == nullptr) return tr("The stack has no matrices.");
    if (valueOf(*least) == valueOf(*most))
        return tr("%1: %2 everywhere.").arg(nameOf(m_value), textOf(*least));
    return tr("%1: from %2 (%3) to %4 (%5).")
        .arg(nameOf(m_value), textOf(*least), placeOf(*least), textOf(*most), placeOf(*most));
}

} // namespace bs::ui
