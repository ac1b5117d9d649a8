#pragma once

#include "ui/models/loading_order_model.h"
#include "ui/models/size_unit.h"
#include "ui/pages/twin_panel.h"

namespace bs::ui {

class EngineSession;
class OrderPlot;

/// In which order the open stack loads, and what each byte is expected to save; follows the slider.
class OrderPanel : public TwinPanel
{
    Q_OBJECT

public:
    explicit OrderPanel(EngineSession* session, QWidget* parent = nullptr);

    void setSizeUnit(SizeUnit unit);

private:
    OrderPanel(EngineSession* session, OrderPlot* plot, LoadingOrderModel* model, QWidget* parent);
    void readStack();
    void readState();

    EngineSession* m_session;
    OrderPlot* m_plot;
    LoadingOrderModel* m_model;
    SizeUnit m_unit = SizeUnit::Megabytes;
};

} // namespace bs::ui
