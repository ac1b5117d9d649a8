#pragma once

#include "ui/jobs/records.h"
#include "ui/jobs/token_record.h"
#include "ui/pages/twin_panel.h"

class QAction;
class QListView;
class QProgressBar;
class QToolButton;

namespace bs::ui {

class TokenModel;
class TokenPlot;
class WorstTokensModel;

/// Where in a text the size that is set differs from the original: the chart, and below it the
/// worst tokens in their text. Choosing one of them shows it in the chart, and the other way round.
class TokenPanel : public TwinPanel
{
    Q_OBJECT

public:
    /// The actions begin a look; their buttons stand here too.
    explicit TokenPanel(const QList<QAction*>& actions, QWidget* parent = nullptr);

    void setRecord(const TokenPointer& record);
    void setRunning(bool running);
    void setProgress(const JobProgress& progress);

Q_SIGNALS:
    void cancelRequested();

private:
    TokenPanel(const QList<QAction*>& actions, TokenModel* model, QWidget* parent);
    void buildTools(const QList<QAction*>& actions);
    void buildWorst();

    TokenModel* m_model;
    TokenPlot* m_plot;
    WorstTokensModel* m_worst;
    QListView* m_list;
    QList<QToolButton*> m_begin;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
};

} // namespace bs::ui
