#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace bs::ui {

/// A point of a chart.
struct PlotPoint
{
    double x = 0;
    double y = 0;
    std::optional<double> low = std::nullopt; ///< ends of its whisker
    std::optional<double> high = std::nullopt;
    int row = -1; ///< of the table that says the same; -1: nothing to look at
};

/// What is drawn in one colour with one kind of marker, by rising x.
struct PlotLine
{
    enum class Style {
        Curve,  ///< from point to point
        Dashed, ///< the same, for what nobody measured
        Steps,  ///< a value holds until the next point
        Points, ///< nothing between them
        Level,  ///< the first point's height over the whole width
    };
    enum class Marker { None, Disc, Circle, Square, Triangle, Diamond, Down, Cross };

    QString name;
    Style style = Style::Curve;
    Marker marker = Marker::None;
    int colour = -1; ///< number of the series; -1: between text and background
    QList<PlotPoint> points;
};

/// Markers differ where colours do: for those who see colours alike.
PlotLine::Marker markerOf(int series);

} // namespace bs::ui
