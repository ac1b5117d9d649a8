#pragma once

#include "ui/models/measurements_model.h"
#include "ui/models/size_unit.h"
#include "ui/pages/twin_panel.h"

class QAction;
class QComboBox;

namespace bs::ui {

class CurvePlot;

/// The quality-against-size chart, the same as a table, and what can be done with it. What a file
/// says about itself is shown until something has been measured.
class ChartPanel : public TwinPanel
{
    Q_OBJECT

public:
    /// The actions belong to the window's menu; their buttons stand here too.
    explicit ChartPanel(const QList<QAction*>& actions, QWidget* parent = nullptr);

    CurvePlot* plot() { return m_plot; }
    /// What is wanted: metricChosen() follows where a person chooses another.
    CurveMetric metric() const;
    void setSeries(const QList<CurveSeries>& measured, CurveMetric metric);
    /// Of the file that is open; nullptr: it is no stack.
    void setStack(const StackPointer& stack);
    void setLogarithmic(bool on);
    void setSizeAxis(const SizeAxis& axis);
    /// Whether a model is open that could be measured.
    void setModelOpen(bool open);

Q_SIGNALS:
    void dotChosen(const QString& path, qint64 bytes, bool dense);
    void metricChosen();

private:
    ChartPanel(const QList<QAction*>& actions, CurvePlot* plot, MeasurementsModel* model,
               QWidget* parent);
    void addWindowActions(const QList<QAction*>& actions);
    void addMetrics();
    void linkSelection();
    void update();
    void updateEmptyText();

    CurvePlot* m_plot;
    MeasurementsModel* m_model;
    QComboBox* m_metric;
    bool m_modelOpen = false;
    QList<CurveSeries> m_measured;
    QList<CurveSeries> m_stored;
};

} // namespace bs::ui
