#include "ui/plots/heat_map.h"

#include "ui/models/chart_roles.h"
#include "ui/plots/plot_style.h"

#include <QItemSelectionModel>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bs::ui {

namespace {

constexpr int kMostLabels = 12;
constexpr int kScaleWidth = 12;

/// Evenly spaced; lightness (of CIE L*a*b*) about 18, 34, 49, 63, 77, 91.
constexpr std::array<unsigned, 6> kStops{0x3a1a5c, 0x34508c, 0x217c8c,
                                         0x35a577, 0x96c84e, 0xf8e44a};

QCPColorGradient heatGradient()
{
    QCPColorGradient gradient;
    gradient.clearColorStops();
    for (std::size_t i = 0; i < kStops.size(); ++i)
        gradient.setColorStopAt(static_cast<double>(i) / (kStops.size() - 1),
                                QColor(QRgb(kStops.at(i))));
    gradient.setNanHandling(QCPColorGradient::nhTransparent);
    return gradient;
}

QSharedPointer<QCPAxisTicker> tickerOf(const HeatScale& scale)
{
    constexpr double kMostTicks = 6;
    if (scale.logarithmic) return QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog);
    if (!scale.whole) return QSharedPointer<QCPAxisTicker>(new QCPAxisTicker);
    const QSharedPointer<QCPAxisTickerFixed> whole(new QCPAxisTickerFixed);
    whole->setTickStep(std::max(1.0, std::ceil(scale.upper / kMostTicks)));
    return whole;
}

} // namespace

QColor heatColour(double value)
{
    QCPColorGradient gradient = heatGradient();
    return QColor::fromRgb(gradient.color(value, QCPRange(0, 1)));
}

HeatMap::HeatMap(QWidget* parent)
    : Chart(parent)
{
    setAccessibleName(tr("Blocks by layer and matrix"));
    m_map = new QCPColorMap(canvas()->xAxis, canvas()->yAxis);
    m_map->setInterpolate(false);
    m_map->setAntialiased(false);
    m_scale = new QCPColorScale(canvas());
    m_scale->setType(QCPAxis::atRight);
    m_scale->setBarWidth(kScaleWidth);
    canvas()->plotLayout()->addElement(0, 1, m_scale);
    auto* const margins = new QCPMarginGroup(canvas());
    canvas()->axisRect()->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    m_scale->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
    m_map->setColorScale(m_scale);
    m_map->setGradient(heatGradient());
    canvas()->xAxis->setLabel(tr("Layer"));
    canvas()->xAxis->grid()->setVisible(false);
    canvas()->yAxis->grid()->setVisible(false);
    m_frame = new QCPItemRect(canvas());
    m_card = new QCPItemText(canvas());
    m_card->setVisible(false);
    m_emptyLabel = new QCPItemText(canvas());
    m_emptyLabel->setText(tr("Blocks are shown here\nonce a .bitstack file is open."));
    connect(canvas(), &QCustomPlot::mouseMove, this,
            [this](QMouseEvent* event) { showCard(cellAt(event->position())); });
    connect(canvas(), &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        const QModelIndex hit = cellAt(event->position());
        if (hit.isValid()) m_selection->setCurrentIndex(hit, QItemSelectionModel::ClearAndSelect);
    });
    restyle();
}

void HeatMap::setModel(const StackGridModel* model, QItemSelectionModel* selection)
{
    m_model = model;
    m_selection = selection;
    connect(model, &QAbstractItemModel::modelReset, this, &HeatMap::rebuild);
    connect(model, &QAbstractItemModel::dataChanged, this, [this] {
        updateColours();
        if (m_shown.isValid()) showCard(m_shown);
    });
    connect(selection, &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                updateFrame();
                showCard(hasFocus() ? current : QModelIndex());
            });
    rebuild();
}

QString HeatMap::title() const
{
    return m_model == nullptr ? QString() : StackGridModel::nameOf(m_model->value());
}

bool HeatMap::hasValue(int row, int column) const
{
    return m_model->index(row, column).data(ValueRole).isValid();
}

void HeatMap::rebuild()
{
    updateShape();
    updateColours();
    updateFrame();
    showCard({});
}

/// Which rows lie along x, and which columns are one cell that fills its line.
void HeatMap::updateShape()
{
    const int rows = m_model->rowCount();
    const int columns = m_model->columnCount();
    m_bandRows.clear();
    m_width = 0;
    for (int column = 0; column < columns; ++column) {
        QList<int> filled;
        for (int row = 0; row < rows; ++row)
            if (hasValue(row, column)) filled.append(row);
        m_bandRows.append(filled.size() == 1 ? filled.first() : -1);
        if (filled.size() > 1) m_width = std::max(m_width, filled.last() + 1);
    }
    m_width = std::max(m_width, 1);
    const bool empty = columns == 0;
    m_emptyLabel->setVisible(empty);
    m_scale->setVisible(!empty);
    const QSharedPointer<QCPAxisTickerText> layers(new QCPAxisTickerText);
    const int every = (m_width + kMostLabels - 1) / kMostLabels;
    for (int x = 0; x < m_width && !empty; x += every)
        layers->addTick(x, QString::number(x));
    const QSharedPointer<QCPAxisTickerText> classes(new QCPAxisTickerText);
    for (int column = 0; column < columns; ++column)
        classes->addTick(columns - 1 - column,
                         m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    canvas()->xAxis->setTicker(layers);
    canvas()->yAxis->setTicker(classes);
    for (QCPAxis* const axis : {canvas()->xAxis, canvas()->yAxis}) {
        axis->setTicks(!empty);
        axis->setTickLabels(!empty);
    }
    const int height = std::max(1, columns);
    m_map->data()->setSize(m_width, height);
    // The ranges are from middle to middle; of a single cell they are its edges.
    const auto middles = [](int cells) {
        return cells > 1 ? QCPRange(0, cells - 1) : QCPRange(-0.5, 0.5);
    };
    m_map->data()->setRange(middles(m_width), middles(height));
    canvas()->xAxis->setRange(-0.5, m_width - 0.5);
    canvas()->yAxis->setRange(-0.5, height - 0.5);
}

QModelIndex HeatMap::cell(int x, int column) const
{
    const int row = isBand(column) ? m_bandRows.at(column) : x;
    return hasValue(row, column) ? m_model->index(row, column) : QModelIndex();
}

void HeatMap::updateColours()
{
    const HeatScale scale = m_model->scale();
    const int columns = static_cast<int>(m_bandRows.size());
    m_map->data()->fill(std::nan(""));
    for (int column = 0; column < columns; ++column)
        for (int x = 0; x < m_width; ++x)
            if (const QModelIndex at = cell(x, column); at.isValid())
                m_map->data()->setCell(x, columns - 1 - column,
                                       std::max(at.data(ValueRole).toDouble(), scale.lower));
    m_scale->setDataScaleType(scale.logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_scale->axis()->setTicker(tickerOf(scale));
    m_scale->axis()->setNumberFormat(scale.logarithmic ? QStringLiteral("gb")
                                                       : QStringLiteral("g"));
    m_scale->axis()->setNumberPrecision(scale.logarithmic ? 0 : 6);
    updateScaleLabel();
    m_scale->setDataRange(QCPRange(scale.lower, scale.upper));
    updateMarks();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

/// Left out where it would be cut: the choice over the map says the same. Its middle is the
/// scale's, which ends above the layers' numbers and their name.
void HeatMap::updateScaleLabel()
{
    if (m_model == nullptr) return;
    const QString label = title();
    const QFontMetrics metrics(m_scale->axis()->labelFont());
    const int room = height() - 3 * metrics.height();
    m_scale->axis()->setLabel(metrics.horizontalAdvance(label) < room ? label : QString());
}

/// Dark on light cells, light on dark ones.
void HeatMap::updateMarks()
{
    constexpr double kLight = 0.45;
    const HeatScale scale = m_model->scale();
    QCPColorGradient gradient = heatGradient();
    qsizetype used = 0;
    const int columns = static_cast<int>(m_bandRows.size());
    for (int column = 0; column < columns; ++column)
        for (int x = 0; x < m_width; ++x) {
            if (isBand(column) && x > 0) break;
            const QModelIndex at = cell(x, column);
            const QString text = at.data(MarkRole).toString();
            if (text.isEmpty()) continue;
            if (used == m_marks.size()) m_marks.append(new QCPItemText(canvas()));
            QCPItemText* const mark = m_marks.at(used++);
            const QColor colour = QColor::fromRgb(
                gradient.color(std::max(at.data(ValueRole).toDouble(), scale.lower),
                               QCPRange(scale.lower, scale.upper), scale.logarithmic));
            const double light =
                0.30 * colour.redF() + 0.59 * colour.greenF() + 0.11 * colour.blueF();
            mark->setText(text);
            mark->setFont(smallerFont(font()));
            mark->setColor(light > kLight ? Qt::black : Qt::white);
            mark->position->setCoords(isBand(column) ? (m_width - 1) / 2.0 : x,
                                      columns - 1 - column);
        }
    while (m_marks.size() > used)
        canvas()->removeItem(m_marks.takeLast());
}

void HeatMap::updateFrame()
{
    const QModelIndex current =
        m_selection == nullptr ? QModelIndex() : m_selection->currentIndex();
    m_frame->setVisible(current.isValid());
    if (current.isValid()) {
        const bool band = isBand(current.column());
        const double y = static_cast<double>(m_bandRows.size()) - 1 - current.column();
        m_frame->topLeft->setCoords(band ? -0.5 : current.row() - 0.5, y + 0.5);
        m_frame->bottomRight->setCoords(band ? m_width - 0.5 : current.row() + 0.5, y - 0.5);
    }
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void HeatMap::resizeEvent(QResizeEvent* event)
{
    Chart::resizeEvent(event);
    updateScaleLabel();
}

void HeatMap::restyle()
{
    stylePlot(canvas(), this);
    styleCard(m_card, this);
    styleEmpty(m_emptyLabel, this);
    const QColor quiet = quietColour(palette(), 0.75);
    QCPAxis* const axis = m_scale->axis();
    axis->setTickLabelColor(quiet);
    axis->setLabelColor(quiet);
    axis->setTickLabelFont(smallerFont(font()));
    axis->setLabelFont(smallerFont(font()));
    axis->setSubTickPen(Qt::NoPen);
    for (QCPAxis* const side : m_scale->axis()->axisRect()->axes()) {
        side->setBasePen(QPen(quietColour(palette(), 0.35)));
        side->setTickPen(QPen(quietColour(palette(), 0.35)));
    }
    for (QCPAxis* const side : {canvas()->xAxis, canvas()->yAxis})
        side->setTickLength(0, 4);
    m_frame->setPen(QPen(palette().color(QPalette::Text), 2));
    m_frame->setBrush(Qt::NoBrush);
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace bs::ui
