#pragma once

#include "ui/models/stack_grid_model.h"
#include "ui/pages/twin_panel.h"

class QComboBox;

namespace bs::ui {

class EngineSession;
class HeatMap;

/// What of the open stack is loaded, layer by matrix; follows the slider.
class HeatPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit HeatPanel(EngineSession* session, QWidget* parent = nullptr);

private:
    HeatPanel(EngineSession* session, HeatMap* map, StackGridModel* model, QWidget* parent);
    void readStack();
    void readState();
    void offerValues();

    EngineSession* m_session;
    StackGridModel* m_model;
    QComboBox* m_value;
};

} // namespace bs::ui
