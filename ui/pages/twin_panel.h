#pragma once

#include "ui/plots/chart.h"

#include <functional>

class QAbstractItemModel;
class QBoxLayout;
class QLabel;
class QStackedWidget;
class QTableView;

namespace bs::ui {

class PointChart;

/// A chart and the same as a table, one of them shown at a time, with one sentence about both. A
/// context menu on either switches between them, copies, and writes pictures and CSV files.
class TwinPanel : public QWidget
{
    Q_OBJECT

public:
    /// The panel owns the chart; the model must outlive it.
    TwinPanel(Chart* chart, QAbstractItemModel* model, QWidget* parent = nullptr);

    Chart* chart() { return m_chart; }
    QTableView* table() { return m_table; }
    bool isTableShown() const;
    void setTableShown(bool on);
    /// Below the chart, and for screen readers.
    void setSummary(const QString& sentence);
    /// Asks for a file and writes to it.
    void askPicture(const Picture& how);
    void askCsv();

Q_SIGNALS:
    void saved(const QString& sentence);
    void failed(const QString& sentence);
    void tableShownChanged(bool on);

protected:
    /// The row of buttons over the chart.
    QBoxLayout* tools() { return m_tools; }
    /// Adds the ways to the table and to a file, for those who look for them there.
    void addButtons();
    void fitColumns();
    /// Between the chart or table and the sentence.
    void addBelow(QWidget* part);
    /// A row that is shown in one of the two is the current one of the other.
    void linkRows(PointChart* chart);
    /// The chart, or the table if that is shown.
    void copy();

private:
    void buildTable(QAbstractItemModel* model);
    void buildMenu();
    QAction* addCommand(const char* name, const QString& text, const QString& tip);
    void askFile(const QString& suffix, const QString& filter,
                 const std::function<bool(const QString&, QString*)>& write);

    Chart* m_chart;
    QTableView* m_table;
    QStackedWidget* m_pages;
    QBoxLayout* m_column;
    QBoxLayout* m_tools;
    QLabel* m_summary;
};

} // namespace bs::ui
