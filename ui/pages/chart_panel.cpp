#include "ui/pages/chart_panel.h"

#include "ui/plots/curve_plot.h"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QToolButton>

namespace bs::ui {

ChartPanel::ChartPanel(const QList<QAction*>& actions, QWidget* parent)
    : ChartPanel(actions, new CurvePlot, new MeasurementsModel, parent)
{
}

ChartPanel::ChartPanel(const QList<QAction*>& actions, CurvePlot* plot, MeasurementsModel* model,
                       QWidget* parent)
    : TwinPanel(plot, model, parent)
    , m_plot(plot)
    , m_model(model)
{
    model->setParent(this);
    m_plot->setObjectName(QStringLiteral("curvePlot"));
    table()->setObjectName(QStringLiteral("curveTable"));
    table()->setAccessibleName(tr("Measurements"));
    table()->verticalHeader()->hide();
    table()->setSelectionBehavior(QAbstractItemView::SelectRows);
    table()->horizontalHeader()->setSectionResizeMode(MeasurementsModel::File,
                                                      QHeaderView::Stretch);
    addWindowActions(actions);
    linkSelection();
    connect(m_plot, &CurvePlot::dotChosen, this, &ChartPanel::dotChosen);
    connect(table(), &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT dotChosen(index.data(MeasurementsModel::PathRole).toString(),
                         index.data(MeasurementsModel::BytesRole).toLongLong(),
                         index.data(MeasurementsModel::DenseRole).toBool());
    });
}

void ChartPanel::addWindowActions(const QList<QAction*>& actions)
{
    for (QAction* const action : actions) {
        auto* const button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolButtonStyle(action == actions.first() ? Qt::ToolButtonTextBesideIcon
                                                             : Qt::ToolButtonIconOnly);
        button->setAccessibleName(action->text());
        tools()->addWidget(button);
        if (action == actions.first()) tools()->addStretch(1);
    }
}

/// A point of the chart is a row of the table: both count series after series.
void ChartPanel::linkSelection()
{
    QItemSelectionModel* const selection = table()->selectionModel();
    connect(m_plot, &CurvePlot::pointShown, this, [this, selection](qsizetype number) {
        if (number >= 0 && !isTableShown())
            selection->setCurrentIndex(m_model->index(static_cast<int>(number), 0),
                                       QItemSelectionModel::ClearAndSelect |
                                           QItemSelectionModel::Rows);
    });
    connect(selection, &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& row) {
                if (isTableShown()) m_plot->showPoint(row.isValid() ? row.row() : -1);
            });
}

void ChartPanel::setSeries(const QList<CurveSeries>& measured)
{
    m_measured = measured;
    update();
}

void ChartPanel::setStack(const StackPointer& stack)
{
    m_stored = stack ? storedSeries(*stack) : QList<CurveSeries>();
    update();
}

void ChartPanel::update()
{
    const QList<CurveSeries>& series = m_measured.isEmpty() ? m_stored : m_measured;
    if (series != m_plot->series()) {
        m_plot->setSeries(series);
        m_model->setSeries(series);
    }
    setSummary(m_model->summary());
}

void ChartPanel::setLogarithmic(bool on)
{
    m_plot->setLogarithmic(on);
}

void ChartPanel::setSizeAxis(const SizeAxis& axis)
{
    m_plot->setSizeAxis(axis);
}

} // namespace bs::ui
