#pragma once

#include "ui/models/measurements_model.h"

#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QStackedWidget;
class QTableView;

namespace bs::ui {

class CurvePlot;

/// The accuracy-against-size chart, the same as a table, and what can be done with it.
class ChartPanel : public QWidget
{
    Q_OBJECT

public:
    /// The actions belong to the window's menu; their buttons stand here too.
    explicit ChartPanel(const QList<QAction*>& actions, QWidget* parent = nullptr);

    CurvePlot* plot() { return m_plot; }
    void setSeries(const QList<CurveSeries>& series);
    void setLogarithmic(bool on);
    void setTableShown(bool on);

Q_SIGNALS:
    void dotChosen(const QString& path, qint64 bytes, bool dense);

private:
    CurvePlot* m_plot;
    MeasurementsModel m_model;
    QTableView* m_table;
    QStackedWidget* m_pages;
};

} // namespace bs::ui
