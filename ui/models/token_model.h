#pragma once

#include "ui/jobs/token_record.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// Every token of a text that was looked at: how far the model is from its reference there.
class TokenModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Index, Token, Divergence, Surprise, ReferenceTop, ModelTop, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// nullptr: nothing was looked at.
    void setRecord(const TokenPointer& record);
    const TokenPointer& record() const { return m_record; }
    /// Figures of a token, a line each.
    QString cardOf(int row) const;
    QString summary() const;

private:
    TokenPointer m_record;
};

} // namespace bs::ui
