#pragma once

#include "ui/jobs/engine_session.h"
#include "ui/models/card_model.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;
class QTableView;

namespace bs::ui {

/// What the open model is, and the context length with the memory it costs.
class ModelPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ModelPanel(EngineSession* session, QWidget* parent = nullptr);

    /// Of the next model that is opened.
    void setContextLength(qint64 tokens);

private:
    void updateCard();
    void updateCache();
    void fitTable();

    EngineSession* m_session;
    CardModel m_cardModel;
    QTableView* m_table;
    QSpinBox* m_context;
    QPushButton* m_apply;
    QLabel* m_empty;
    QWidget* m_contextRow;
};

} // namespace bs::ui
