#pragma once

#include "ui/jobs/records.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// What is known about a model as rows of (what, value), for a person.
class CardModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    /// An empty path means no model. `context`: for the size of the KV cache.
    void setCard(const ModelCard& card, qint64 context);

private:
    struct Row
    {
        QString label;
        QString value;
        QString hint;
        bool operator==(const Row&) const = default;
    };

    static QList<Row> rowsOf(const ModelCard& card, qint64 context);

    QList<Row> m_rows;
};

} // namespace bs::ui
