#pragma once

#include <QColor>
#include <QFont>

class QCPItemText;
class QCustomPlot;
class QPalette;
class QWidget;

namespace bs::ui {

/// The colour of the series with this number, told apart also with the common kinds of colour
/// blindness.
QColor seriesColour(int index, const QPalette& palette);
/// Between text (1) and background (0): for what should not shout.
QColor quietColour(const QPalette& palette, double share);
QFont smallerFont(QFont font);

/// Background, axes and legend in the widget's palette and font.
void stylePlot(QCustomPlot* plot, const QWidget* widget);
/// A card with figures that stands over the chart.
void styleCard(QCPItemText* card, const QWidget* widget);
/// Puts a card beside a pixel of the chart, on the side that has room, and never over the edge.
void placeCard(QCPItemText* card, QCustomPlot* plot, const QPointF& at, const QString& text);
/// A sentence in the middle of an empty chart.
void styleEmpty(QCPItemText* label, const QWidget* widget);

} // namespace bs::ui
