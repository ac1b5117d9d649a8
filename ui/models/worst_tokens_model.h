#pragma once

#include "ui/jobs/token_record.h"

#include <QAbstractListModel>

namespace bs::ui {

/// The tokens at which a model is farthest from its reference, the worst first, in their text and
/// with what both expected instead.
class WorstTokensModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        LeadRole = Qt::UserRole, ///< how far
        ChoicesRole,             ///< what both expected
        PositionRole,            ///< row of the token in TokenModel
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    void setRecord(const TokenPointer& record);
    /// The row of a token; -1: it is not among the worst.
    int rowOf(int position) const;

private:
    TokenPointer m_record;
};

} // namespace bs::ui
