#pragma once

#include <QToolButton>

class QListWidget;

namespace bs::ui {

class PointChart;

/// The lines of a chart by name, each with a box that hides it: the legend for the keyboard.
class SeriesButton : public QToolButton
{
    Q_OBJECT

public:
    explicit SeriesButton(PointChart* chart, QWidget* parent = nullptr);

private:
    void refresh();

    PointChart* m_chart;
    QListWidget* m_list;
};

} // namespace bs::ui
