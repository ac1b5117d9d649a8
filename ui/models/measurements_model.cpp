#include "ui/models/measurements_model.h"

#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>

namespace bs::ui {

int MeasurementsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MeasurementsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant MeasurementsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    const Column column = m_columns.at(index.column());
    if (role == BytesRole) return row.dot.bytes;
    if (role == PathRole) return row.path;
    if (role == DenseRole) return row.dense;
    if (role == Qt::TextAlignmentRole && column != File && column != Front)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && column == Size) return exactBytesText(row.dot.bytes);
    if (role == Qt::ToolTipRole && column == Front && m_front.value(index.row()))
        return tr("No other point is at most as large and better");
    if (column == Front && (role == Qt::DisplayRole || role == Qt::EditRole))
        return role == Qt::EditRole ? QVariant(m_front.value(index.row()) ? 1 : 0)
                                    : QVariant(frontText(index.row()));
    if (role == Qt::EditRole) return numberOf(row, column);
    return role == Qt::DisplayRole ? QVariant(textOf(row, column)) : QVariant();
}

QString MeasurementsModel::frontText(int row) const
{
    return m_front.value(row) ? tr("yes") : QString();
}

QString MeasurementsModel::textOf(const Row& row, Column column) const
{
    switch (column) {
    case File:
        return row.file;
    case Size:
        return sizeText(row.dot.bytes);
    case Value:
        return row.relative ? tr("%1 × original").arg(numberText(row.dot.value, 'f', 3))
                            : metricNumber(m_metric, row.dot.value);
    case StandardError:
        return row.dot.error > 0 ? QStringLiteral("± ") + metricNumber(m_metric, row.dot.error)
                                 : QString();
    case Quartiles:
        return row.dot.low && row.dot.high ? tr("%1 to %2")
                                                 .arg(metricNumber(m_metric, *row.dot.low),
                                                      metricNumber(m_metric, *row.dot.high))
                                           : QString();
    case Far:
        return row.dot.far ? metricNumber(m_metric, *row.dot.far) : QString();
    case Tokens:
        return row.dot.tokens > 0 ? QLocale().toString(row.dot.tokens) : QString();
    case Front:
        break;
    }
    return {};
}

QVariant MeasurementsModel::numberOf(const Row& row, Column column) const
{
    switch (column) {
    case Size:
        return row.dot.bytes;
    case Value:
        return row.dot.value;
    case StandardError:
        return row.dot.error > 0 ? QVariant(row.dot.error) : QVariant();
    case Far:
        return row.dot.far ? QVariant(*row.dot.far) : QVariant();
    case Tokens:
        return row.dot.tokens > 0 ? QVariant(row.dot.tokens) : QVariant();
    default:
        return textOf(row, column);
    }
}

QString MeasurementsModel::keyOf(Column column) const
{
    // Never in one table with the other kind: a model's own figures give way to measured ones.
    const bool relative = !m_rows.isEmpty() && m_rows.first().relative;
    switch (column) {
    case File:
        return QStringLiteral("series");
    case Size:
        return QStringLiteral("file_bytes");
    case Value:
        return relative ? QStringLiteral("perplexity_times_original") : metricKey(m_metric);
    case StandardError:
        return QStringLiteral("standard_error");
    case Quartiles:
        return QStringLiteral("kld_25_to_75");
    case Far:
        return QStringLiteral("kld_99");
    case Tokens:
        return QStringLiteral("tokens");
    case Front:
        break;
    }
    return QStringLiteral("pareto_front");
}

QString MeasurementsModel::titleOf(Column column) const
{
    switch (column) {
    case File:
        return tr("File");
    case Size:
        return tr("Size");
    case Value:
        return metricName(m_metric);
    case StandardError:
        return tr("Error");
    case Quartiles:
        return tr("Quartiles");
    case Far:
        return tr("99 %");
    case Tokens:
        return tr("Tokens");
    case Front:
        break;
    }
    return tr("Front");
}

QVariant MeasurementsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size()) return {};
    const Column column = m_columns.at(section);
    if (role == Qt::ToolTipRole && column == Front)
        return tr("Pareto front: points that no other beats in size and quality");
    if (role == Qt::EditRole) return keyOf(column);
    return role == Qt::DisplayRole ? QVariant(titleOf(column)) : QVariant();
}

QString MeasurementsModel::summary() const
{
    if (m_rows.isEmpty()) return tr("No measurements.");
    const bool falling = higherIsBetter(m_metric);
    const auto [least, most] =
        std::minmax_element(m_rows.begin(), m_rows.end(), [falling](const Row& a, const Row& b) {
            return falling ? a.dot.value > b.dot.value : a.dot.value < b.dot.value;
        });
    const auto value = [this](const Row& row) {
        if (m_metric == CurveMetric::Perplexity) return QLocale().toString(row.dot.value, 'f', 2);
        return metricNumber(m_metric, row.dot.value);
    };
    if (m_rows.size() == 1)
        return tr("One point: %1 at %2 (%3).")
            .arg(metricText(m_metric, least->dot.value, least->relative),
                 sizeText(least->dot.bytes), least->file);
    QString text = tr("%1 points: from perplexity %2 at %3 (%4) to %5 at %6 (%7).");
    QString first = value(*least);
    if (m_rows.first().relative) {
        text = tr("%1 points: from %2 times the original's perplexity at %3 (%4) to %5 times at %6 "
                  "(%7).");
    } else if (m_metric != CurveMetric::Perplexity) {
        text = tr("%1 points: from %2 at %3 (%4) to %5 at %6 (%7).");
        first = metricText(m_metric, least->dot.value, false);
    }
    return text.arg(QLocale().toString(m_rows.size()), first, sizeText(least->dot.bytes),
                    least->file, value(*most), sizeText(most->dot.bytes), most->file);
}

void MeasurementsModel::setSeries(const QList<CurveSeries>& series, CurveMetric metric,
                                  const QList<bool>& front)
{
    beginResetModel();
    m_metric = metric;
    m_front = front;
    m_rows.clear();
    for (const CurveSeries& s : series)
        for (const CurveDot& dot : s.dots)
            m_rows.append({s.name, s.path, s.dense, s.relative, dot});
    m_columns = {File, Size, Value};
    if (metric == CurveMetric::KlMedian)
        m_columns += {Quartiles, Far};
    else if (metric != CurveMetric::SameTop)
        m_columns += {StandardError};
    m_columns += {Tokens, Front};
    endResetModel();
}

void MeasurementsModel::setFront(const QList<bool>& front)
{
    if (front == m_front) return;
    m_front = front;
    if (m_rows.isEmpty()) return;
    const int column = columnOf(Front);
    Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

} // namespace bs::ui
