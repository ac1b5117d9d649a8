#include "ui/pages/speed_panel.h"

#include "ui/plots/speed_plot.h"
#include "ui/widgets/series_button.h"

#include <QBoxLayout>
#include <QTableView>

namespace bs::ui {

SpeedPanel::SpeedPanel(QWidget* parent)
    : SpeedPanel(new SpeedModel, parent)
{
}

SpeedPanel::SpeedPanel(SpeedModel* model, QWidget* parent)
    : TwinPanel(new SpeedPlot(model), model, parent)
    , m_plot(static_cast<SpeedPlot*>(chart()))
    , m_model(model)
{
    model->setParent(this);
    m_plot->setObjectName(QStringLiteral("speedPlot"));
    table()->setObjectName(QStringLiteral("speedTable"));
    table()->setAccessibleName(tr("Speed against size"));
    linkRows(m_plot);
    tools()->addStretch(1);
    tools()->addWidget(new SeriesButton(m_plot, this));
    addButtons();
    connect(m_plot, &PointChart::rowChosen, this, &SpeedPanel::choose);
    connect(table(), &QTableView::activated, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    setSummary(m_model->summary());
}

void SpeedPanel::choose(int row)
{
    const QModelIndex index = m_model->index(row, 0);
    Q_EMIT sizeChosen(index.data(SpeedModel::PathRole).toString(),
                      index.data(SpeedModel::BytesRole).toLongLong());
}

void SpeedPanel::setSpeeds(const QList<SpeedRecord>& speeds)
{
    m_model->setSpeeds(speeds);
    m_plot->refresh();
    setSummary(m_model->summary());
}

void SpeedPanel::setBudget(std::optional<qint64> bytes)
{
    m_plot->setBudget(bytes);
}

void SpeedPanel::setSizeAxis(const SizeAxis& axis)
{
    m_plot->setSizeAxis(axis);
}

void SpeedPanel::setLogarithmicSize(bool on)
{
    m_plot->setLogarithmicX(on);
}

} // namespace bs::ui
