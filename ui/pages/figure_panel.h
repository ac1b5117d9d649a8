#pragma once

#include "ui/models/figures_model.h"
#include "ui/pages/twin_panel.h"
#include "ui/plots/figure_plot.h"

namespace bs::ui {

/// A histogram or a line of figures, and the same as a table.
class FigurePanel : public TwinPanel
{
    Q_OBJECT

public:
    /// `name`: chart and table are named after it.
    FigurePanel(const QString& name, FigurePlot::Style style, const FigurePlot::Titles& titles,
                QWidget* parent = nullptr);

    FiguresModel* model() { return m_model; }

private:
    FigurePanel(const QString& name, FigurePlot* plot, FiguresModel* model, QWidget* parent);

    FiguresModel* m_model;
};

} // namespace bs::ui
