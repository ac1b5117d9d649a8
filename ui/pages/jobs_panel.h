#pragma once

#include "ui/models/jobs_model.h"

#include <QWidget>

class QAction;
class QLabel;
class QListView;
class QPlainTextEdit;

namespace bs::ui {

class BackgroundJobs;

/// The queue: what runs, what waits, what came of the rest; below it everything about the chosen
/// one.
class JobsPanel : public QWidget
{
    Q_OBJECT

public:
    struct Actions
    {
        QAction* show;
        QAction* sweep;
        QAction* stop;
        QAction* goOn;
        QAction* earlier;
        QAction* later;
        QAction* openResult;
        QAction* copy;
        QAction* remove;
        QAction* clear;
    };

    JobsPanel(BackgroundJobs* jobs, const Actions& actions, QWidget* parent = nullptr);

    void focusList();

Q_SIGNALS:
    /// What came of a job shall be shown.
    void resultRequested(const bs::ui::Job& job);

private:
    void build();
    void connectActions();
    void updateActions();
    void updateDetails();
    /// nullptr: none is chosen.
    const Job* chosen() const;

    BackgroundJobs* m_jobs;
    Actions m_actions;
    JobsModel m_model;
    QListView* m_list;
    QLabel* m_empty;
    QPlainTextEdit* m_details;
};

} // namespace bs::ui
