#include "ui/models/compare_summary_model.h"

#include "ui/models/compare_words.h"
#include "ui/models/words.h"

#include <QFont>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

Side sideOf(const QModelIndex& index)
{
    return index.row() == 0 ? Side::A : Side::B;
}

/// As many decimals as give the error two digits.
QString withError(const Measured& measured)
{
    const double error = measured.error;
    const int decimals =
        error > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 5) : 3;
    const QLocale locale;
    const QString value = locale.toString(measured.value, 'f', decimals);
    return error > 0 ? QStringLiteral("%1 ± %2").arg(value, locale.toString(error, 'f', decimals))
                     : value;
}

std::optional<double> valueOf(const std::optional<Measured>& measured)
{
    return measured ? std::optional(measured->value) : std::nullopt;
}

std::optional<double> positive(double value)
{
    return value > 0 ? std::optional(value) : std::nullopt;
}

/// Whether there is an uncompressed model to be held against, and this is another one.
bool isWanted(const CompareFigures& figures)
{
    return figures.reference == CompareFigures::Reference::Other;
}

QString unwanted(const CompareFigures& figures)
{
    return figures.reference == CompareFigures::Reference::Itself
               ? CompareSummaryModel::tr("uncompressed")
               : QStringLiteral("–");
}

bool isMeasured(int column)
{
    return column <= CompareSummaryModel::SameTop;
}

} // namespace

int CompareSummaryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kSides.size());
}

int CompareSummaryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CompareSummaryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Side side = sideOf(index);
    const bool better = isBetter(side, index.column());
    switch (role) {
    case Qt::DisplayRole:
        return better ? QStringLiteral("✓ ") + text(side, index.column())
                      : text(side, index.column());
    case Qt::AccessibleTextRole:
        return better ? tr("%1, the better one").arg(text(side, index.column()))
                      : text(side, index.column());
    case Qt::FontRole: {
        QFont font;
        font.setBold(better);
        return better ? QVariant(font) : QVariant();
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        return hint(index.column());
    default:
        return {};
    }
}

QVariant CompareSummaryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole && section < rowCount()
                   ? QVariant(section == 0 ? sideName(Side::A) : sideName(Side::B))
                   : QVariant();
    if (role == Qt::ToolTipRole) return hint(section);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Perplexity:
        return tr("Perplexity");
    case Divergence:
        return tr("KL divergence");
    case SameTop:
        return tr("Same top");
    case Disk:
        return tr("On disk");
    case Memory:
        return tr("In memory");
    case Speed:
        return tr("Tokens/s");
    default:
        return {};
    }
}

QString CompareSummaryModel::hint(int column) const
{
    const QString apart = isMeasured(column) && !m_sameWay
                              ? tr(" A and B were not measured on the same text in the same way.")
                              : QString();
    switch (column) {
    case Perplexity:
        return tr("How surprised the model is by a text; smaller is better.") + apart;
    case Divergence:
        return tr("How far its probabilities are from the uncompressed model's, in nats a token; "
                  "smaller is better.") +
               apart;
    case SameTop:
        return tr("How often its likeliest token is the uncompressed model's; larger is better.") +
               apart;
    case Disk:
        return tr("Bytes of a file of this size; smaller is better.");
    case Memory:
        return tr("What the weights take once loaded; smaller is better.");
    case Speed:
        return tr("Of this answer; larger is better. %1").arg(m_speedNote).trimmed();
    default:
        return {};
    }
}

QString CompareSummaryModel::text(Side side, int column) const
{
    const CompareFigures& f = m_figures[side];
    if (!f.known) return {};
    const QString none = tr("not measured");
    switch (column) {
    case Perplexity:
        return f.perplexity ? withError(*f.perplexity) : none;
    case Divergence:
        if (!isWanted(f)) return unwanted(f);
        return f.divergence ? withError(*f.divergence) : none;
    case SameTop:
        if (!isWanted(f)) return unwanted(f);
        return f.sameTop ? tr("%1 %").arg(QLocale().toString(100 * f.sameTop->value, 'f', 1))
                         : none;
    case Disk:
        return sizeText(f.fileBytes);
    case Memory:
        return sizeText(f.weightBytes);
    case Speed:
        return f.tokensPerSecond > 0 ? QLocale().toString(f.tokensPerSecond, 'f', 1)
                                     : QStringLiteral("–");
    default:
        return {};
    }
}

std::optional<double> CompareSummaryModel::value(Side side, int column) const
{
    const CompareFigures& f = m_figures[side];
    switch (column) {
    case Perplexity:
        return valueOf(f.perplexity);
    case Divergence:
        return valueOf(f.divergence);
    case SameTop:
        return valueOf(f.sameTop);
    case Disk:
        return positive(static_cast<double>(f.fileBytes));
    case Memory:
        return positive(static_cast<double>(f.weightBytes));
    default:
        return positive(f.tokensPerSecond);
    }
}

/// As shown: two that look the same are not told apart.
bool CompareSummaryModel::isBetter(Side side, int column) const
{
    const Side other = otherOf(side);
    const std::optional<double> mine = value(side, column);
    const std::optional<double> theirs = value(other, column);
    if (!mine || !theirs || (isMeasured(column) && !m_sameWay)) return false;
    if (text(side, column) == text(other, column)) return false;
    const bool larger = column == SameTop || column == Speed;
    return larger ? *mine > *theirs : *mine < *theirs;
}

void CompareSummaryModel::setFigures(const Both<CompareFigures>& figures, bool sameWay,
                                     const QString& speedNote)
{
    m_figures = figures;
    m_sameWay = sameWay;
    m_speedNote = speedNote;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool CompareSummaryModel::lacksMeasurements(Side side) const
{
    const CompareFigures& f = m_figures[side];
    return f.known && (!f.perplexity || (isWanted(f) && !f.divergence) || !m_sameWay);
}

QString CompareSummaryModel::markdown() const
{
    QString table = QStringLiteral("| |");
    for (int c = 0; c < ColumnCount; ++c)
        table +=
            QStringLiteral(" %1 |").arg(headerData(c, Qt::Horizontal, Qt::DisplayRole).toString());
    table += QStringLiteral("\n|---|") + QStringLiteral("---|").repeated(ColumnCount) +
             QLatin1Char('\n');
    for (const Side side : kSides) {
        table += QStringLiteral("| %1 |").arg(sideName(side));
        for (int c = 0; c < ColumnCount; ++c)
            table += (isBetter(side, c) ? QStringLiteral(" **%1** |") : QStringLiteral(" %1 |"))
                         .arg(text(side, c));
        table += QLatin1Char('\n');
    }
    return table;
}

} // namespace bs::ui
