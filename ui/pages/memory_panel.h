#pragma once

#include "ui/models/memory_model.h"
#include "ui/pages/twin_panel.h"

namespace bs::ui {

class EngineSession;
class MemoryPlot;

/// What the engine held since the window was opened, with marks at what happened.
class MemoryPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit MemoryPanel(EngineSession* session, QWidget* parent = nullptr);

    MemoryModel* model() { return m_model; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    MemoryPanel(EngineSession* session, MemoryModel* model, QWidget* parent);
    void readState();
    void readPhase();
    void note(MemoryModel::Mark mark);
    void refresh();

    EngineSession* m_session;
    MemoryPlot* m_plot;
    MemoryModel* m_model;
    EngineState m_last;
    bool m_answering = false;
};

} // namespace bs::ui
