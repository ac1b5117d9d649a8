#include "ui/models/worst_tokens_model.h"

#include "ui/models/token_model.h"
#include "ui/models/words.h"

namespace bs::ui {

namespace {

constexpr qsizetype kBefore = 28; ///< characters

QString onOneLine(QString text)
{
    return text.replace(QLatin1Char('\n'), QChar(0x21B5))
        .replace(QLatin1Char('\t'), QLatin1Char(' '));
}

QString choicesText(const QList<TokenRecord::Choice>& choices, int most)
{
    QStringList texts;
    for (const TokenRecord::Choice& choice : choices.mid(0, most))
        texts.append(WorstTokensModel::tr("%1 %2 %")
                         .arg(tokenText(choice.text))
                         .arg(numberText(100 * choice.probability, 'f', 0)));
    return texts.join(QStringLiteral(", "));
}

} // namespace

int WorstTokensModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_record ? 0 : static_cast<int>(m_record->worst.size());
}

QVariant WorstTokensModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const TokenRecord::Worst& worst = m_record->worst.at(index.row());
    const TokenRecord::Position& position = m_record->positions.at(worst.position);
    switch (role) {
    case Qt::DisplayRole: {
        const QString before = onOneLine(worst.before.right(kBefore));
        return (worst.before.size() > kBefore ? QString(QChar(0x2026)) : QString()) + before +
               QLatin1Char('[') + onOneLine(position.text) + QLatin1Char(']') +
               onOneLine(worst.after);
    }
    case LeadRole:
        return tr("KL %1").arg(numberText(position.divergence, 'g', 3));
    case ChoicesRole:
        return tr("original %1 · here %2")
            .arg(choicesText(worst.reference, 2), choicesText(worst.model, 2));
    case Qt::ToolTipRole:
        return tr("Original expected: %1\nThis size expected: %2")
            .arg(choicesText(worst.reference, 5), choicesText(worst.model, 5));
    case Qt::AccessibleTextRole:
        return tr("%1: %2. %3")
            .arg(data(index, LeadRole).toString(), data(index, Qt::DisplayRole).toString(),
                 data(index, ChoicesRole).toString());
    case PositionRole:
        return worst.position;
    default:
        return {};
    }
}

void WorstTokensModel::setRecord(const TokenPointer& record)
{
    beginResetModel();
    m_record = record;
    endResetModel();
}

int WorstTokensModel::rowOf(int position) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (m_record->worst.at(row).position == position) return row;
    return -1;
}

} // namespace bs::ui
