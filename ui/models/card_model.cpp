#include "ui/models/card_model.h"

#include "ui/models/words.h"

#include <QFileInfo>

namespace bs::ui {

int CardModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CardModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant CardModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    if (role == Qt::DisplayRole) return index.column() == 0 ? row.label : row.value;
    if (role == Qt::ToolTipRole) return row.hint.isEmpty() ? row.value : row.hint;
    return {};
}

QList<CardModel::Row> CardModel::rowsOf(const ModelCard& card, qint64 context)
{
    QList<Row> rows;
    if (card.path.isEmpty()) return rows;
    rows.append({tr("File"), QFileInfo(card.path).fileName(), card.path});
    rows.append(
        {tr("Format"),
         card.codec.isEmpty() ? card.format : tr("%1, codec %2").arg(card.format, card.codec),
         {}});
    rows.append({tr("Architecture"), card.architecture, {}});
    rows.append({tr("Parameters"), countText(card.parameters),
                 tr("%1 layers of width %2").arg(card.layers).arg(card.width)});
    if (!card.dtype.isEmpty()) rows.append({tr("Weights"), card.dtype, {}});
    rows.append({tr("Size"), sizeText(card.bytes), exactBytesText(card.bytes)});
    if (card.truncated)
        rows.append(
            {tr("Cut off"), tr("yes, opens in part"), tr("The file ends before its last block.")});
    rows.append(
        {tr("Tokenizer"), card.tokenizer, tr("%1 tokens in the vocabulary").arg(card.vocabulary)});
    if (card.stack)
        rows.append(
            {tr("Stack"),
             tr("%1 blocks, %2 matrices").arg(card.stack->blocks).arg(card.stack->matrices),
             tr("Smallest plan %1, largest %2")
                 .arg(sizeText(card.stack->smallestBytes), sizeText(card.stack->largestBytes))});
    rows.append({tr("KV cache"), sizeText(card.kvBytesPerToken * context),
                 tr("For a context of %1 tokens, %2 each; comes on top of the weights")
                     .arg(context)
                     .arg(sizeText(card.kvBytesPerToken))});
    return rows;
}

void CardModel::setCard(const ModelCard& card, qint64 context)
{
    const QList<Row> rows = rowsOf(card, context);
    if (rows == m_rows) return;
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

} // namespace bs::ui
