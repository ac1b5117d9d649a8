#pragma once

#include "ui/jobs/compare_records.h"

#include <QAbstractTableModel>

namespace bs::ui {

/// What both models think of the tokens that may stand at one place: a row for each of the
/// likeliest of either, and for the one that stands there.
class CandidateModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Token, ColumnA, ColumnB, ColumnCount };
    static constexpr int kEach = 5; ///< of each model

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// `owner`: whose answer the place is in, by whose likelihoods the rows are sorted. A model
    /// whose score is not known is nullptr.
    void setScores(Side owner, const TokenScore* a, const TokenScore* b);
    /// The same as a sentence.
    QString sentence() const;

private:
    struct Row
    {
        QString text;
        Both<QString> chances;
        bool written = false;
        double order = 0;
    };

    QList<Row> m_rows; ///< most probable first
};

} // namespace bs::ui
