#pragma once

#include "ui/models/candidate_model.h"

#include <QFrame>

class QLabel;
class QTableView;

namespace bs::ui {

/// A card that stands beside a token and says what both models think of it.
class TokenCard : public QFrame
{
    Q_OBJECT

public:
    /// It stays within `parent`.
    explicit TokenCard(QWidget* parent);

    CandidateModel* model() { return &m_model; }
    /// Shows the model's rows beside `token`, in coordinates of the parent.
    void showAt(const QRect& token, const QString& heading);

private:
    CandidateModel m_model;
    QLabel* m_heading;
    QTableView* m_table;
};

} // namespace bs::ui
