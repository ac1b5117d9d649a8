#include "ui/models/token_model.h"

#include "ui/models/words.h"

#include <QFileInfo>
#include <QLocale>

#include <array>

namespace bs::ui {

namespace {

QString choiceText(const TokenRecord::Choice& choice)
{
    return TokenModel::tr("%1 (%2 %)")
        .arg(tokenText(choice.text))
        .arg(numberText(100 * choice.probability, 'f', 1));
}

} // namespace

int TokenModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_record ? 0 : static_cast<int>(m_record->positions.size());
}

int TokenModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TokenModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const TokenRecord::Position& p = m_record->positions.at(index.row());
    const bool text = index.column() == Token || index.column() >= ReferenceTop;
    if (role == Qt::TextAlignmentRole && !text)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
    const bool plain = role == Qt::EditRole;
    switch (index.column()) {
    case Index:
        return p.index;
    case Token:
        return plain ? p.text : tokenText(p.text);
    case Divergence:
        return plain ? QVariant(p.divergence) : QVariant(numberText(p.divergence, 'f', 4));
    case Surprise:
        return plain ? QVariant(p.nll) : QVariant(numberText(p.nll, 'f', 3));
    case ReferenceTop:
        return plain ? p.reference.text : choiceText(p.reference);
    case ModelTop:
        return plain ? p.model.text : choiceText(p.model);
    default:
        return {};
    }
}

QVariant TokenModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    static constexpr std::array kKeys{"index",    "token",        "kld_nats",
                                      "nll_nats", "original_top", "top"};
    if (role == Qt::EditRole)
        return QString(QLatin1String(kKeys.at(static_cast<std::size_t>(section))));
    if (role == Qt::ToolTipRole && section == Divergence)
        return tr("Divergence from the original, in nats; a lower bound within 1 %");
    if (role == Qt::ToolTipRole && section == Surprise)
        return tr("How little the model expected this token, in nats");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Index:
        return tr("Position");
    case Token:
        return tr("Token");
    case Divergence:
        return tr("KL");
    case Surprise:
        return tr("Surprise");
    case ReferenceTop:
        return tr("Original expected");
    default:
        return tr("This size expected");
    }
}

void TokenModel::setRecord(const TokenPointer& record)
{
    beginResetModel();
    m_record = record;
    endResetModel();
}

QString TokenModel::cardOf(int row) const
{
    const TokenRecord::Position& p = m_record->positions.at(row);
    return tr("%1 · token %2\nKL %3 nats\noriginal expected %4\nthis size expected %5")
        .arg(tokenText(p.text), QLocale().toString(p.index), numberText(p.divergence, 'f', 4),
             choiceText(p.reference), choiceText(p.model));
}

QString TokenModel::summary() const
{
    if (!m_record) return tr("No text was looked at.");
    const QString reference =
        m_record->dense ? QFileInfo(m_record->reference).fileName() : tr("everything it holds");
    QString text =
        tr("%1 tokens at %2 against %3: mean KL %4 nats, median %5, the same first "
           "choice at %6 %.")
            .arg(QLocale().toString(rowCount()), sizeText(m_record->fileBytes), reference,
                 numberText(m_record->mean, 'g', 3), numberText(m_record->median, 'g', 3))
            .arg(numberText(100 * m_record->sameTop, 'f', 1));
    if (!m_record->note.isEmpty()) text += tr(" (%1)").arg(m_record->note);
    return text;
}

} // namespace bs::ui
