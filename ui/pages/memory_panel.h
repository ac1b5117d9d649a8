#pragma once

#include "ui/models/memory_model.h"
#include "ui/pages/twin_panel.h"

#include <QTimer>

namespace bs::ui {

class EngineSession;
class MemoryPlot;

/// What the engine held since the window was opened, with marks at what happened.
class MemoryPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit MemoryPanel(EngineSession* session, QWidget* parent = nullptr);

    /// A drag of the slider brings a state every 30 ms, a chart of hours takes half of that.
    static constexpr int kRefreshMs = 200;

    MemoryModel* model() { return m_model; }

private:
    MemoryPanel(EngineSession* session, MemoryModel* model, QWidget* parent);
    void readState();
    void readPhase();
    void note(MemoryModel::Mark mark);
    void refresh();

    EngineSession* m_session;
    MemoryPlot* m_plot;
    MemoryModel* m_model;
    QTimer m_refreshTimer;
    EngineState m_last;
    bool m_answering = false;
};

} // namespace bs::ui
