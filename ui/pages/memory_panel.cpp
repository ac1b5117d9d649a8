#include "ui/pages/memory_panel.h"

#include "ui/jobs/engine_session.h"
#include "ui/plots/memory_plot.h"
#include "ui/widgets/series_button.h"

#include <QBoxLayout>
#include <QTableView>

namespace bs::ui {

MemoryPanel::MemoryPanel(EngineSession* session, QWidget* parent)
    : MemoryPanel(session, new MemoryModel, parent)
{
}

MemoryPanel::MemoryPanel(EngineSession* session, MemoryModel* model, QWidget* parent)
    : TwinPanel(new MemoryPlot(model), model, parent)
    , m_session(session)
    , m_plot(static_cast<MemoryPlot*>(chart()))
    , m_model(model)
{
    model->setParent(this);
    m_plot->setObjectName(QStringLiteral("memoryPlot"));
    table()->setObjectName(QStringLiteral("memoryTable"));
    table()->setAccessibleName(tr("Memory over time"));
    linkRows(m_plot);
    tools()->addStretch(1);
    tools()->addWidget(new SeriesButton(m_plot, this));
    addButtons();
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &MemoryPanel::refresh);
    connect(session, &EngineSession::stateChanged, this, &MemoryPanel::readState);
    connect(session, &EngineSession::phaseChanged, this, &MemoryPanel::readPhase);
    connect(session, &EngineSession::workerLost, this, [this] {
        m_last = {};
        note(MemoryModel::Mark::WorkerLost);
    });
    refresh();
}

void MemoryPanel::readState()
{
    using Mark = MemoryModel::Mark;
    const EngineState& state = m_session->state();
    Mark mark = Mark::None;
    if (state.loaded && (!m_last.loaded || state.path != m_last.path))
        mark = Mark::Opened;
    else if (state.loaded && state.fileBytes != m_last.fileBytes)
        mark = Mark::Slid;
    else if (!state.loaded && m_last.loaded)
        mark = Mark::Closed;
    else if (!state.loaded)
        return;
    m_last = state;
    note(mark);
}

void MemoryPanel::readPhase()
{
    const bool answering = m_session->phase() == EngineSession::Phase::Answering;
    if (answering == m_answering) return;
    m_answering = answering;
    if (m_last.loaded)
        note(answering ? MemoryModel::Mark::AnswerBegan : MemoryModel::Mark::AnswerEnded);
}

void MemoryPanel::note(MemoryModel::Mark mark)
{
    m_model->add(m_last, mark, QDateTime::currentDateTimeUtc());
    if (!m_refreshTimer.isActive()) m_refreshTimer.start();
}

void MemoryPanel::refresh()
{
    m_plot->refresh();
    setSummary(m_model->summary());
}

} // namespace bs::ui
