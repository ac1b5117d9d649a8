#include "ui/pages/chart_panel.h"

#include "ui/plots/curve_plot.h"

#include <QAction>
#include <QHeaderView>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace bs::ui {

ChartPanel::ChartPanel(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent)
    , m_plot(new CurvePlot(this))
    , m_table(new QTableView(this))
    , m_pages(new QStackedWidget(this))
{
    m_plot->setObjectName(QStringLiteral("curvePlot"));
    m_table->setObjectName(QStringLiteral("curveTable"));
    m_table->setAccessibleName(tr("Measurements"));
    m_table->setModel(&m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(MeasurementsModel::File,
                                                      QHeaderView::Stretch);
    m_pages->addWidget(m_plot);
    m_pages->addWidget(m_table);

    auto* const buttons = new QHBoxLayout;
    buttons->setContentsMargins(6, 2, 6, 2);
    buttons->setSpacing(4);
    for (QAction* const action : actions) {
        auto* const button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolButtonStyle(action == actions.first() ? Qt::ToolButtonTextBesideIcon
                                                             : Qt::ToolButtonIconOnly);
        button->setAccessibleName(action->text());
        buttons->addWidget(button);
        if (action == actions.first()) buttons->addStretch(1);
    }
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buttons);
    column->addWidget(m_pages, 1);

    connect(m_plot, &CurvePlot::dotChosen, this, &ChartPanel::dotChosen);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT dotChosen(index.data(MeasurementsModel::PathRole).toString(),
                         index.data(MeasurementsModel::BytesRole).toLongLong(),
                         index.data(MeasurementsModel::DenseRole).toBool());
    });
}

void ChartPanel::setSeries(const QList<CurveSeries>& series)
{
    if (series == m_plot->series()) return;
    m_plot->setSeries(series);
    m_model.setSeries(series);
}

void ChartPanel::setLogarithmic(bool on)
{
    m_plot->setLogarithmic(on);
}

void ChartPanel::setTableShown(bool on)
{
    m_pages->setCurrentIndex(on ? 1 : 0);
}

} // namespace bs::ui
