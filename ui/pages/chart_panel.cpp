#include "ui/pages/chart_panel.h"

#include "ui/plots/curve_plot.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/series_button.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
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
    , m_metric(new QComboBox(this))
{
    model->setParent(this);
    m_plot->setObjectName(QStringLiteral("curvePlot"));
    table()->setObjectName(QStringLiteral("curveTable"));
    table()->setAccessibleName(tr("Measurements"));
    table()->horizontalHeader()->setSectionResizeMode(MeasurementsModel::File,
                                                      QHeaderView::Stretch);
    addMetrics();
    addWindowActions(actions);
    linkSelection();
    updateEmptyText();
    connect(m_plot, &CurvePlot::dotChosen, this, &ChartPanel::dotChosen);
    connect(table(), &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT dotChosen(index.data(MeasurementsModel::PathRole).toString(),
                         index.data(MeasurementsModel::BytesRole).toLongLong(),
                         index.data(MeasurementsModel::DenseRole).toBool());
    });
}

void ChartPanel::addMetrics()
{
    m_metric->setObjectName(QStringLiteral("curveMetric"));
    m_metric->setAccessibleName(tr("What the curve shows"));
    m_metric->setToolTip(
        tr("What the curve shows. KL divergence and same top token are known where "
           "a measurement was compared with the original"));
    for (const CurveMetric metric : {CurveMetric::Perplexity, CurveMetric::KlMean,
                                     CurveMetric::KlMedian, CurveMetric::SameTop})
        m_metric->addItem(metricName(metric), QVariant::fromValue(metric));
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_metric->setMinimumContentsLength(8);
    connect(m_metric, &QComboBox::currentIndexChanged, this, [this] {
        updateEmptyText();
        Q_EMIT metricChosen();
    });
}

CurveMetric ChartPanel::metric() const
{
    return m_metric->currentData().value<CurveMetric>();
}

void ChartPanel::setModelOpen(bool open)
{
    m_modelOpen = open;
    updateEmptyText();
}

void ChartPanel::updateEmptyText()
{
    if (!m_modelOpen)
        m_plot->setEmptyText(tr("No measurements yet.\nOpen a model and measure its curve."));
    else if (metric() == CurveMetric::Perplexity)
        m_plot->setEmptyText(
            tr("No measurements of this model yet.\n\"Measure curve\" makes them."));
    else
        m_plot->setEmptyText(tr("Nothing was compared with the original yet.\n\"Measure curve\" "
                                "does it where you ask for it."));
}

void ChartPanel::addWindowActions(const QList<QAction*>& actions)
{
    for (QAction* const action : actions) {
        QToolButton* const button = actionButton(action, this);
        tools()->addWidget(button);
        if (action != actions.first()) continue;
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        tools()->addWidget(m_metric, 1);
        tools()->addWidget(new SeriesButton(m_plot, this));
    }
}

/// A point of the chart is a row of the table: both count series after series.
void ChartPanel::linkSelection()
{
    linkRows(m_plot);
    connect(m_plot, &PointChart::linesChanged, this,
            [this] { m_model->setFront(m_plot->front()); });
}

void ChartPanel::setSeries(const QList<CurveSeries>& measured, CurveMetric metric)
{
    if (metric != this->metric()) return; // another was chosen meanwhile
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
    const bool stored = m_measured.isEmpty() && metric() == CurveMetric::Perplexity;
    const QList<CurveSeries>& series = stored ? m_stored : m_measured;
    if (series != m_plot->series() || metric() != m_plot->metric()) {
        m_plot->setSeries(series, metric());
        m_model->setSeries(series, metric(), m_plot->front());
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
