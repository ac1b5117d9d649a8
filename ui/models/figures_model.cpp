#include "ui/models/figures_model.h"

#include "ui/models/chart_roles.h"
#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

QString figure(double number)
{
    return QLocale().toString(number, 'g', 4);
}

QString percent(double share)
{
    return FiguresModel::tr("%1 %").arg(QLocale().toString(100 * share, 'g', 3));
}

double shareOf(qint64 count, qint64 all)
{
    return all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
}

} // namespace

int FiguresModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FiguresModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_headers.size());
}

QVariant FiguresModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    const Cell& cell = row.cells.at(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::EditRole:
        return cell.number.isValid() ? cell.number : QVariant(cell.text);
    case ValueRole:
        return row.y;
    case PlaceRole:
        return row.x;
    case LabelRole:
        return row.label;
    case Qt::ToolTipRole:
    case CardRole:
        return row.card;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant FiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal || section < 0 ||
        section >= m_headers.size())
        return {};
    return m_headers.at(section);
}

void FiguresModel::set(const QStringList& headers, const QList<Row>& rows, const QString& summary)
{
    beginResetModel();
    m_headers = headers;
    m_rows = rows;
    m_summary = summary;
    endResetModel();
}

void FiguresModel::setValues(const TensorDetails& details)
{
    QList<Row> rows;
    for (const TensorDetails::Bar& bar : details.values) {
        const double share = shareOf(bar.count, details.count);
        const QString count = QLocale().toString(bar.count);
        rows.append({(bar.from + bar.to) / 2,
                     static_cast<double>(bar.count),
                     {},
                     tr("%1 to %2\n%3 values, %4")
                         .arg(figure(bar.from), figure(bar.to), count, percent(share)),
                     {{figure(bar.from), bar.from},
                      {figure(bar.to), bar.to},
                      {count, bar.count},
                      {percent(share), share}}});
    }
    QString summary = tr("Values from %1 to %2, mean %3, standard deviation %4.")
                          .arg(figure(details.min), figure(details.max), figure(details.mean),
                               figure(details.deviation));
    if (details.below + details.above > 0)
        summary += tr(" %1 lie outside what is drawn.")
                       .arg(QLocale().toString(details.below + details.above));
    set({tr("From"), tr("To"), tr("Values"), tr("Share")}, rows,
        details.count > 0 ? summary : tr("There are no values."));
}

void FiguresModel::setCodes(const TensorDetails& details)
{
    QList<Row> rows;
    double least = INFINITY;
    double most = 0;
    for (const TensorDetails::Bar& bar : details.codes) {
        const double share = shareOf(bar.count, details.count + details.notFinite);
        const QString count = QLocale().toString(bar.count);
        least = std::min(least, share);
        most = std::max(most, share);
        rows.append({(bar.from + bar.to) / 2,
                     static_cast<double>(bar.count),
                     bar.label,
                     tr("code %1\n%2 weights, %3").arg(bar.label, count, percent(share)),
                     {{bar.label, {}}, {count, bar.count}, {percent(share), share}}});
    }
    set({tr("Code"), tr("Weights"), tr("Share")}, rows,
        rows.isEmpty() ? tr("Only matrices of a stack have codes.")
                       : tr("Codes of a weight's first signs, 1 is minus: each has %1 to %2 of the "
                            "weights.")
                             .arg(percent(least), percent(most)));
}

void FiguresModel::setResiduals(const TensorDetails& details)
{
    QList<Row> rows;
    for (const TensorDetails::Residual& r : details.residuals) {
        const QString bits = QLocale().toString(r.bitsPerWeight, 'f', 2);
        rows.append({r.bitsPerWeight,
                     100 * r.error,
                     {},
                     tr("depth %1\n%2, %3 bits per weight\n%4 of the matrix is missing")
                         .arg(r.depth)
                         .arg(sizeText(r.bytes), bits, percent(r.error)),
                     {{QString::number(r.depth), r.depth},
                      {sizeText(r.bytes), r.bytes},
                      {bits, r.bitsPerWeight},
                      {percent(r.error), r.error}}});
    }
    QString summary = tr("Only matrices of a stack have depths.");
    if (details.residuals.size() > 1) {
        const TensorDetails::Residual& first = details.residuals.at(1);
        const TensorDetails::Residual& last = details.residuals.at(details.residuals.size() - 2);
        summary =
            tr("The first block leaves %1 of what all blocks make (by norm), all but the last "
               "%2.")
                .arg(percent(first.error), percent(last.error));
    }
    set({tr("Depth"), tr("Size"), tr("Bits per weight"), tr("Error left")}, rows, summary);
}

} // namespace bs::ui
