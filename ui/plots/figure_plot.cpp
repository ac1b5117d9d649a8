#include "ui/plots/figure_plot.h"

#include "ui/models/chart_roles.h"
#include "ui/plots/plot_style.h"

#include <QAbstractItemModel>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bs::ui {

FigurePlot::FigurePlot(Style style, const Titles& titles, QWidget* parent)
    : Chart(parent)
    , m_style(style)
    , m_titles(titles)
    , m_card(new QCPItemText(canvas()))
    , m_emptyLabel(new QCPItemText(canvas()))
{
    setAccessibleName(titles.title);
    if (style == Style::Bars) {
        m_bars = new QCPBars(canvas()->xAxis, canvas()->yAxis);
        m_chosenBar = new QCPBars(canvas()->xAxis, canvas()->yAxis);
    } else {
        m_line = canvas()->addGraph();
        m_chosenPoint = canvas()->addGraph();
        m_chosenPoint->setLineStyle(QCPGraph::lsNone);
    }
    canvas()->xAxis->setLabel(titles.x);
    canvas()->yAxis->setLabel(titles.y);
    m_emptyLabel->setText(titles.empty);
    m_card->setVisible(false);
    connect(canvas(), &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { showRow(rowNear(event->position())); });
    connect(canvas(), &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (const int row = rowNear(event->position()); row >= 0) choose(row);
    });
    restyle();
}

void FigurePlot::setModel(const QAbstractItemModel* model, QItemSelectionModel* selection)
{
    m_model = model;
    m_selection = selection;
    connect(model, &QAbstractItemModel::modelReset, this, &FigurePlot::rebuild);
    connect(selection, &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (hasFocus()) showRow(current.row());
            });
    rebuild();
}

double FigurePlot::valueOf(int row, int role) const
{
    return m_model->index(row, 0).data(role).toDouble();
}

void FigurePlot::rebuild()
{
    const int rows = m_model->rowCount();
    QList<double> x;
    QList<double> y;
    for (int row = 0; row < rows; ++row) {
        x.append(valueOf(row, PlaceRole));
        y.append(valueOf(row, ValueRole));
    }
    const double each = rows > 1 ? x.at(1) - x.at(0) : 1;
    if (m_bars != nullptr) {
        m_bars->setData(x, y, true);
        for (QCPBars* const bars : {m_bars, m_chosenBar})
            bars->setWidth(each * (rows > 40 ? 1.0 : 0.7));
    } else {
        m_line->setData(x, y);
    }
    showRow(-1);
    m_emptyLabel->setVisible(rows == 0);
    for (QCPAxis* const axis : {canvas()->xAxis, canvas()->yAxis}) {
        axis->setTicks(rows > 0);
        axis->setTickLabels(rows > 0);
        axis->grid()->setVisible(rows > 0);
    }
    if (rows > 0) {
        const double side = m_style == Style::Bars ? each * 0.6 : (x.last() - x.first()) * 0.04;
        canvas()->xAxis->setRange(x.first() - side, x.last() + side);
        const double most = *std::max_element(y.begin(), y.end());
        canvas()->yAxis->setRange(0, most > 0 ? most * 1.08 : 1);
    }
    updateTicks();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::updateTicks()
{
    const int rows = m_model->rowCount();
    if (rows == 0 || m_model->index(0, 0).data(LabelRole).toString().isEmpty()) {
        canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        return;
    }
    const QSharedPointer<QCPAxisTickerText> labels(new QCPAxisTickerText);
    constexpr int kMostLabels = 16;
    const int every = (rows + kMostLabels - 1) / kMostLabels;
    for (int row = 0; row < rows; row += every)
        labels->addTick(valueOf(row, PlaceRole), m_model->index(row, 0).data(LabelRole).toString());
    canvas()->xAxis->setTicker(labels);
}

QPoint FigurePlot::positionOf(int row) const
{
    return {qRound(canvas()->xAxis->coordToPixel(valueOf(row, PlaceRole))),
            qRound(canvas()->yAxis->coordToPixel(valueOf(row, ValueRole)))};
}

/// By its place along x: a low bar is as easy to hit as a high one.
int FigurePlot::rowNear(const QPointF& position) const
{
    if (m_model == nullptr || !canvas()->axisRect()->rect().contains(position.toPoint())) return -1;
    constexpr double kReach = 24; // pixels
    int best = -1;
    double nearest = kReach;
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (const double apart = std::abs(positionOf(row).x() - position.x()); apart < nearest) {
            nearest = apart;
            best = row;
        }
    return best;
}

void FigurePlot::showRow(int row)
{
    const bool shown = m_model != nullptr && row >= 0 && row < m_model->rowCount();
    QList<double> x;
    QList<double> y;
    QString card;
    if (shown) {
        x = {valueOf(row, PlaceRole)};
        y = {valueOf(row, ValueRole)};
        card = m_model->index(row, 0).data(CardRole).toString();
        placeCard(m_card, canvas(), positionOf(row), card);
    }
    if (m_chosenBar != nullptr) m_chosenBar->setData(x, y);
    if (m_chosenPoint != nullptr) m_chosenPoint->setData(x, y);
    m_card->setVisible(shown);
    setCardText(card);
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::choose(int row)
{
    m_selection->setCurrentIndex(m_model->index(row, 0),
                                 QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    showRow(row);
}

void FigurePlot::step(int by)
{
    const int rows = m_model == nullptr ? 0 : m_model->rowCount();
    if (rows == 0) return;
    const QModelIndex current = m_selection->currentIndex();
    choose(std::clamp(current.isValid() ? current.row() + by : 0, 0, rows - 1));
}

void FigurePlot::keyPressEvent(QKeyEvent* event)
{
    const int rows = m_model == nullptr ? 0 : m_model->rowCount();
    switch (event->key()) {
    case Qt::Key_Right:
        return step(1);
    case Qt::Key_Left:
        return step(-1);
    case Qt::Key_Home:
        return step(-rows);
    case Qt::Key_End:
        return step(rows);
    default:
        QWidget::keyPressEvent(event);
    }
}

void FigurePlot::focusOutEvent(QFocusEvent* event)
{
    showRow(-1);
    Chart::focusOutEvent(event);
}

void FigurePlot::leaveEvent(QEvent* event)
{
    if (!hasFocus()) showRow(-1);
    Chart::leaveEvent(event);
}

void FigurePlot::restyle()
{
    stylePlot(canvas(), this);
    styleCard(m_card, this);
    styleEmpty(m_emptyLabel, this);
    const QColor colour = seriesColour(0, palette());
    const QColor chosen = palette().color(QPalette::Text);
    if (m_bars != nullptr) {
        m_bars->setPen(Qt::NoPen);
        m_bars->setBrush(colour);
        m_chosenBar->setPen(QPen(chosen, 1));
        m_chosenBar->setBrush(chosen);
        canvas()->xAxis->grid()->setPen(Qt::NoPen);
    } else {
        m_line->setPen(QPen(colour, 2));
        m_line->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, 7));
        m_chosenPoint->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(chosen, 1.6), Qt::NoBrush, 13));
    }
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace bs::ui
