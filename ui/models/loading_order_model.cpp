#include "ui/models/loading_order_model.h"

#include "ui/models/chart_roles.h"
#include "ui/models/words.h"

#include <QFont>
#include <QLocale>

#include <algorithm>
#include <array>

namespace bs::ui {

namespace {

using Row = LoadingOrderModel::Row;
using Column = LoadingOrderModel::Column;

QVariant orNothing(const std::optional<double>& value)
{
    return value ? QVariant(*value) : QVariant();
}

QString figure(double value)
{
    return QLocale().toString(value, 'g', 4);
}

QList<Row> rowsOf(const StackRecord& stack)
{
    QList<Row> rows;
    rows.reserve(stack.fileBytes.size() + stack.predicted.size());
    const auto left = [&](qsizetype i) {
        return stack.hasGains ? std::optional(stack.gainLeft.at(i)) : std::nullopt;
    };
    for (qsizetype i = 0; i < stack.fileBytes.size(); ++i) {
        Row row{stack.fileBytes.at(i), -1, 0, 0, 0, left(i), {}, {}};
        if (i > 0) {
            const StackRecord::Step& step = stack.order.at(stack.smallestCount + i - 1);
            const StackRecord::Matrix& matrix = stack.matrices.at(step.matrix);
            row.matrix = step.matrix;
            row.depth = step.depth;
            row.blockBytes = matrix.blockBytes.at(step.depth - 1);
            row.gain = stack.hasGains ? matrix.gains.at(step.depth - 1) : 0;
        }
        rows.append(row);
    }
    for (const StackRecord::Prediction& p : stack.predicted)
        rows.append({p.bytes, -1, 0, 0, 0, {}, p.predictedRise, p.measuredRise});
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.bytes < b.bytes; });
    return rows;
}

} // namespace

int LoadingOrderModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LoadingOrderModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QString LoadingOrderModel::loadsText(const Row& row) const
{
    if (row.matrix >= 0) {
        const QString& name = m_stack->matrices.at(row.matrix).name;
        return tr("%1, depth %2")
            .arg(name.startsWith(QLatin1String("model.")) ? name.mid(6) : name)
            .arg(row.depth);
    }
    if (row.measuredRise) return tr("measured when the file was made");
    return tr("smallest size, %1 blocks").arg(QLocale().toString(m_stack->smallestCount));
}

/// Invalid: the row has no such figure.
QVariant LoadingOrderModel::number(const Row& row, Column column) const
{
    switch (column) {
    case Size:
        return row.bytes;
    case BlockSize:
        return row.matrix >= 0 ? QVariant(row.blockBytes) : QVariant();
    case Gain:
        return row.matrix >= 0 ? QVariant(row.gain) : QVariant();
    case GainLeft:
        return orNothing(row.gainLeft);
    case PredictedRise:
        return orNothing(row.predictedRise);
    case MeasuredRise:
        return orNothing(row.measuredRise);
    case Loads:
        break;
    }
    return {};
}

QVariant LoadingOrderModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    const Column column = m_columns.at(index.column());
    if (role == CardRole) return cardOf(index.row());
    if (role == Qt::TextAlignmentRole && column != Loads)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && column == Size) return exactBytesText(row.bytes);
    if (role == Qt::FontRole && column == Loads && index.row() == m_current) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
    if (column == Loads) return loadsText(row);
    const QVariant value = number(row, column);
    if (role == Qt::EditRole || !value.isValid()) return value;
    if (column == Size || column == BlockSize) return sizeText(value.toLongLong());
    return figure(value.toDouble());
}

QVariant LoadingOrderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size()) return {};
    static constexpr std::array kFileNames{"file_bytes", "loads",          "block_bytes",  "gain",
                                           "gain_left",  "predicted_rise", "measured_rise"};
    const Column column = m_columns.at(section);
    if (role == Qt::EditRole) return QLatin1String(kFileNames.at(static_cast<std::size_t>(column)));
    if (role == Qt::ToolTipRole && column >= Gain) return tr("Nats a token");
    if (role != Qt::DisplayRole) return {};
    switch (column) {
    case Size:
        return tr("Size");
    case Loads:
        return tr("Loads");
    case BlockSize:
        return tr("Block");
    case Gain:
        return tr("Gain");
    case GainLeft:
        return tr("Gain left");
    case PredictedRise:
        return tr("Predicted rise");
    case MeasuredRise:
        return tr("Measured rise");
    }
    return {};
}

void LoadingOrderModel::setStack(StackPointer stack)
{
    if (stack == m_stack) return;
    beginResetModel();
    m_stack = std::move(stack);
    m_rows = m_stack ? rowsOf(*m_stack) : QList<Row>();
    m_columns.clear();
    if (m_stack) {
        m_columns = {Size, Loads, BlockSize};
        if (m_stack->hasGains) m_columns += {Gain, GainLeft};
        if (!m_stack->predicted.isEmpty()) m_columns += {PredictedRise, MeasuredRise};
    }
    m_current = rowAt(m_budget);
    endResetModel();
}

void LoadingOrderModel::setBudget(std::optional<qint64> bytes)
{
    m_budget = bytes;
    const int before = std::exchange(m_current, rowAt(bytes));
    if (before == m_current) return;
    for (const int row : {before, m_current})
        if (row >= 0 && row < rowCount())
            Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1), {Qt::FontRole});
}

int LoadingOrderModel::rowAt(std::optional<qint64> bytes) const
{
    if (!bytes) return -1;
    // Sizes between exact ones are off by less than a block; the newest row that is no larger wins.
    const auto after = std::upper_bound(m_rows.begin(), m_rows.end(), *bytes,
                                        [](qint64 b, const Row& row) { return b < row.bytes; });
    return static_cast<int>(after - m_rows.begin()) - 1;
}

QString LoadingOrderModel::cardOf(int row) const
{
    const Row& r = m_rows.at(row);
    QStringList lines{loadsText(r), tr("file of %1").arg(sizeText(r.bytes))};
    if (r.matrix >= 0) lines.append(tr("block of %1").arg(sizeText(r.blockBytes)));
    if (r.matrix >= 0 && m_stack->hasGains)
        lines.append(tr("gain %1 nats a token").arg(figure(r.gain)));
    if (r.gainLeft) lines.append(tr("gain left %1 nats a token").arg(figure(*r.gainLeft)));
    if (r.predictedRise)
        lines.append(tr("predicted rise %1 nats a token").arg(figure(*r.predictedRise)));
    if (r.measuredRise)
        lines.append(tr("measured rise %1 nats a token").arg(figure(*r.measuredRise)));
    return lines.join(QLatin1Char('\n'));
}

QString LoadingOrderModel::summary() const
{
    if (m_rows.isEmpty()) return tr("No stack is open.");
    QString text = tr("%1 blocks load one after another, from %2 to %3")
                       .arg(QLocale().toString(m_stack->order.size() - m_stack->smallestCount),
                            sizeText(m_rows.first().bytes), sizeText(m_rows.last().bytes));
    const qsizetype at = std::max(0, m_current);
    if (m_stack->hasGains && m_current >= 0) {
        // A measured row has no gain left of its own: the block before it has.
        qsizetype with = at;
        while (with > 0 && !m_rows.at(with).gainLeft)
            --with;
        const double all = m_stack->gainLeft.first();
        const double left = m_rows.at(with).gainLeft.value_or(all);
        if (all > 0)
            text += tr("; at %1 they have %2 % of their gain still to come")
                        .arg(sizeText(m_budget.value_or(0)),
                             QLocale().toString(100 * left / all, 'g', 2));
    }
    return text + QLatin1Char('.');
}

} // namespace bs::ui
