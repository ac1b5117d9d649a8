#include "ui/plots/order_plot.h"

#include "ui/plots/axis_ticks.h"
#include "ui/plots/plot_style.h"

#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

constexpr double kHoverPixels = 14;
/// The axis reaches this far below its largest value: the last blocks save next to nothing.
constexpr double kSpan = 1e5;
constexpr int kPageStep = 50;

} // namespace

OrderPlot::OrderPlot(QWidget* parent)
    : Chart(parent)
{
    setAccessibleName(tr("Loading order"));
    canvas()->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignBottom |
                                                                  Qt::AlignLeft); // all lines fall
    canvas()->xAxis->setNumberFormat(QStringLiteral("g"));
    canvas()->xAxis->setNumberPrecision(12);
    canvas()->yAxis->setLabel(tr("Loss (nats a token)"));
    canvas()->yAxis->setScaleType(QCPAxis::stLogarithmic);
    connect(canvas(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (m_model != nullptr) showRow(rowNear(event->position()));
    });
    connect(canvas(), &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        const int row = m_model == nullptr ? -1 : rowNear(event->position());
        if (row >= 0)
            m_selection->setCurrentIndex(m_model->index(row, 0),
                                         QItemSelectionModel::ClearAndSelect |
                                             QItemSelectionModel::Rows);
    });
    rebuild();
}

void OrderPlot::setModel(const LoadingOrderModel* model, QItemSelectionModel* selection)
{
    m_model = model;
    m_selection = selection;
    connect(model, &QAbstractItemModel::modelReset, this, &OrderPlot::rebuild);
    connect(
        selection, &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& current) { showRow(current.isValid() ? current.row() : -1); });
    rebuild();
}

void OrderPlot::setSizeAxis(const SizeAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    rebuild();
}

QString OrderPlot::title() const
{
    return tr("Loading order");
}

void OrderPlot::rebuild()
{
    canvas()->clearItems();
    canvas()->clearPlottables();
    m_names.clear();
    setCardText({});
    using Row = LoadingOrderModel::Row;
    addSeries(tr("gain left, as the order counts it"), &Row::gainLeft, 0);
    addSeries(tr("predicted rise"), &Row::predictedRise, 1);
    addSeries(tr("measured rise"), &Row::measuredRise, 2);
    m_ring = canvas()->addGraph();
    m_ring->removeFromLegend();
    m_ring->setLineStyle(QCPGraph::lsNone);
    m_budgetLine.add(canvas(), this);
    m_card = new QCPItemText(canvas());
    m_card->setVisible(false);
    m_emptyLabel = new QCPItemText(canvas());
    const bool empty = m_names.isEmpty();
    m_emptyLabel->setVisible(empty);
    m_emptyLabel->setText(
        m_model != nullptr && m_model->rowCount() > 0
            ? tr("This file stores no gains and no predictions.\nThe table has the order.")
            : tr("The loading order is shown here\nonce a .bitstack file is open."));
    canvas()->legend->setVisible(!empty);
    canvas()->xAxis->setLabel(m_axis.label());
    for (QCPAxis* const axis : {canvas()->xAxis, canvas()->yAxis}) {
        axis->setTickLabels(!empty);
        axis->setTicks(!empty);
        axis->grid()->setVisible(!empty);
    }
    stylePlot(canvas(), this);
    styleCard(m_card, this);
    styleEmpty(m_emptyLabel, this);
    m_ring->setScatterStyle(QCPScatterStyle(
        QCPScatterStyle::ssCircle, QPen(palette().color(QPalette::Text), 1.6), Qt::NoBrush, 13));
    updateRanges();
    updateBudget();
}

/// Left out where no row has the figure, or none above 0.
void OrderPlot::addSeries(const QString& name, Figure figure, int colour)
{
    if (m_model == nullptr) return;
    QList<double> x;
    QList<double> y;
    for (const LoadingOrderModel::Row& row : m_model->rows())
        if (const std::optional<double> value = row.*figure; value && *value > 0) {
            x.append(m_axis.valueOf(row.bytes));
            y.append(*value);
        }
    if (x.isEmpty()) return;
    const QColor pen = seriesColour(colour, palette());
    const QColor base = palette().color(QPalette::Base);
    QCPGraph* const graph = canvas()->addGraph();
    graph->setName(name);
    m_names.append(name);
    graph->setData(x, y, true);
    if (colour == 0) {
        graph->setPen(QPen(pen, 2));
        if (x.size() == 1) graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, pen, 6));
    } else if (colour == 1) {
        graph->setPen(QPen(pen, 2, Qt::DashLine));
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(pen, 1.5), base, 7));
    } else {
        graph->setPen(QPen(pen, 1.5));
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(pen, 1), pen, 7));
    }
}

void OrderPlot::updateRanges()
{
    double left = INFINITY;
    double right = -INFINITY;
    double low = INFINITY;
    double high = 0;
    for (int i = 0; i < canvas()->graphCount(); ++i)
        for (const QCPGraphData& dot : *canvas()->graph(i)->data()) {
            left = std::min(left, dot.key);
            right = std::max(right, dot.key);
            low = std::min(low, dot.value);
            high = std::max(high, dot.value);
        }
    if (!std::isfinite(left)) return;
    low = std::max(low, high / kSpan);
    const double side = std::max((right - left) * 0.04, right * 0.01);
    canvas()->xAxis->setRange(std::max(0.0, left - side), right + side);
    const double room = std::max(1.1, std::pow(high / low, 0.06));
    canvas()->yAxis->setRange(low / room, high * room * room);
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const QList<double> ticks = logarithmicTicks(low / room, high * room * room);
    for (const double tick : ticks)
        ticker->addTick(tick, QLocale().toString(tick, 'g', 4));
    canvas()->yAxis->setTicker(ticker);
}

void OrderPlot::updateBudget()
{
    const bool shown = m_model != nullptr && !m_names.isEmpty();
    m_budgetLine.place(m_axis, shown ? m_model->budget() : std::nullopt);
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

double OrderPlot::budgetPosition() const
{
    return m_budgetLine.position();
}

double OrderPlot::heightOf(const LoadingOrderModel::Row& row)
{
    return row.measuredRise.value_or(row.predictedRise.value_or(row.gainLeft.value_or(0)));
}

QPoint OrderPlot::positionOf(int row) const
{
    const LoadingOrderModel::Row& r = m_model->rows().at(row);
    const double height = heightOf(r);
    if (!(height > 0)) return {-1, -1};
    return {qRound(canvas()->xAxis->coordToPixel(m_axis.valueOf(r.bytes))),
            qRound(canvas()->yAxis->coordToPixel(height))};
}

int OrderPlot::rowNear(const QPointF& position) const
{
    // Rows lie by rising size: only those in reach are looked at, of hundreds of thousands.
    const QList<LoadingOrderModel::Row>& rows = m_model->rows();
    const double first = canvas()->xAxis->pixelToCoord(position.x() - kHoverPixels);
    const double last = canvas()->xAxis->pixelToCoord(position.x() + kHoverPixels);
    const auto from = std::partition_point(rows.begin(), rows.end(), [&](const auto& row) {
        return m_axis.valueOf(row.bytes) < first;
    });
    int best = -1;
    double nearest = kHoverPixels;
    for (int row = static_cast<int>(from - rows.begin());
         row < rows.size() && m_axis.valueOf(rows.at(row).bytes) <= last; ++row) {
        const QPoint at = positionOf(row);
        const double distance = std::hypot(at.x() - position.x(), at.y() - position.y());
        // The few measured sizes lie among thousands of blocks: they win where both are near.
        const double weight = rows.at(row).measuredRise ? 0.5 : 1;
        if (distance * weight < nearest && at.x() >= 0) {
            nearest = distance * weight;
            best = row;
        }
    }
    return best;
}

void OrderPlot::showRow(int row)
{
    const bool shown = row >= 0 && row < m_model->rowCount();
    const QPoint at = shown ? positionOf(row) : QPoint(-1, -1);
    m_card->setVisible(at.x() >= 0);
    if (at.x() >= 0) {
        const LoadingOrderModel::Row& r = m_model->rows().at(row);
        m_ring->setData({m_axis.valueOf(r.bytes)}, {heightOf(r)}, true);
        placeCard(m_card, canvas(), at, m_model->cardOf(row));
    } else {
        m_ring->setData({}, {});
    }
    setCardText(shown ? m_model->cardOf(row) : QString());
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void OrderPlot::step(int by)
{
    const int rows = m_model == nullptr ? 0 : m_model->rowCount();
    if (rows == 0) return;
    const QModelIndex current = m_selection->currentIndex();
    const int from = current.isValid() ? current.row() + by : std::max(0, m_model->currentRow());
    const int row = std::clamp(from, 0, rows - 1);
    m_selection->setCurrentIndex(m_model->index(row, 0),
                                 QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    showRow(row);
}

void OrderPlot::keyPressEvent(QKeyEvent* event)
{
    const int rows = m_model == nullptr ? 0 : m_model->rowCount();
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down:
        return step(1);
    case Qt::Key_Left:
    case Qt::Key_Up:
        return step(-1);
    case Qt::Key_PageDown:
        return step(kPageStep);
    case Qt::Key_PageUp:
        return step(-kPageStep);
    case Qt::Key_Home:
        return step(-rows);
    case Qt::Key_End:
        return step(rows);
    default:
        QWidget::keyPressEvent(event);
    }
}

void OrderPlot::focusOutEvent(QFocusEvent* event)
{
    if (m_model != nullptr) showRow(-1);
    Chart::focusOutEvent(event);
}

void OrderPlot::leaveEvent(QEvent* event)
{
    if (m_model != nullptr && !hasFocus()) showRow(-1);
    Chart::leaveEvent(event);
}

} // namespace bs::ui
