#pragma once

#include "ui/jobs/library.h"
#include "ui/models/plans_model.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace bs::ui {

class UndoBar;

/// Named plans of the open stack: taken up again, renamed, deleted (and brought back).
class PlansDialog : public QDialog
{
    Q_OBJECT

public:
    PlansDialog(Library* library, const ModelCard& card, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const bs::PlanRecord& plan);

private:
    void build();
    void refresh();
    void showPlans(const QString& artifactHash, const QList<PlanRecord>& plans);
    void choose();
    void remove();
    void undo();
    void updateButtons();

    Library* m_library;
    ModelCard m_card;
    PlansModel m_model;
    QTableView* m_table;
    QLabel* m_empty;
    UndoBar* m_undo;
    QPushButton* m_open;
    QPushButton* m_rename;
    QPushButton* m_remove;
    std::optional<PlanRecord> m_removed;
};

} // namespace bs::ui
