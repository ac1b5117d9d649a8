#include "ui/plots/speed_plot.h"

#include "ui/models/speed_model.h"
#include "ui/models/words.h"

#include <qcustomplot.h>

#include <algorithm>

namespace bs::ui {

namespace {

/// A point at each x, in the middle of those there.
QList<PlotPoint> middles(const QList<PlotPoint>& points)
{
    QList<PlotPoint> result;
    for (qsizetype i = 0; i < points.size();) {
        QList<double> here;
        const double x = points.at(i).x;
        for (; i < points.size() && points.at(i).x == x; ++i)
            here.append(points.at(i).y);
        std::sort(here.begin(), here.end());
        const qsizetype half = here.size() / 2;
        result.append(
            {x,
             here.size() % 2 == 1 ? here.at(half) : (here.at(half - 1) + here.at(half)) / 2,
             {},
             {},
             -1});
    }
    return result;
}

} // namespace

SpeedPlot::SpeedPlot(const SpeedModel* model, QWidget* parent)
    : PointChart(parent)
    , m_model(model)
{
    setAccessibleName(title());
    setValueLabel(tr("Tokens a second (higher is better)"));
    setEmptyText(tr("How fast answers are is drawn here,\nsize by size, as you chat."));
    refresh();
}

void SpeedPlot::refresh()
{
    struct File
    {
        PlotLine answers;
        PlotLine benchmarks;
    };
    QMap<QString, File> files;
    int row = 0;
    for (const SpeedRecord& speed : m_model->speeds()) {
        File& file = files[SpeedModel::fileOf(speed)];
        (speed.answer ? file.answers : file.benchmarks)
            .points.append({m_axis.valueOf(static_cast<qint64>(speed.fileBytes)),
                            speed.tokensPerSecond,
                            {},
                            {},
                            row++});
    }
    QList<PlotLine> lines;
    int colour = 0;
    for (auto file = files.begin(); file != files.end(); ++file, ++colour) {
        const auto add = [&](PlotLine line, const QString& name, PlotLine::Style style,
                             PlotLine::Marker marker) {
            if (line.points.isEmpty()) return;
            line.name = name;
            line.style = style;
            line.marker = marker;
            line.colour = colour;
            lines.append(line);
        };
        PlotLine middle = file->answers;
        middle.points = middles(middle.points);
        if (middle.points.size() > 1)
            add(middle, tr("%1, median").arg(file.key()), PlotLine::Style::Dashed,
                PlotLine::Marker::None);
        add(file->answers, tr("%1, answers").arg(file.key()), PlotLine::Style::Points,
            PlotLine::Marker::Disc);
        add(file->benchmarks, tr("%1, benchmarks").arg(file.key()), PlotLine::Style::Points,
            PlotLine::Marker::Square);
    }
    canvas()->xAxis->setLabel(m_axis.label());
    setLines(lines);
}

void SpeedPlot::setBudget(std::optional<qint64> bytes)
{
    if (bytes == m_budget) return;
    m_budget = bytes;
    updateExtent();
    viewChanged();
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void SpeedPlot::setSizeAxis(const SizeAxis& axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    zoomAll();
    refresh();
}

std::optional<double> SpeedPlot::alwaysSeenX() const
{
    return m_budget ? std::optional(m_axis.valueOf(*m_budget)) : std::nullopt;
}

void SpeedPlot::viewChanged()
{
    PointChart::viewChanged();
    m_budgetLine.place(m_axis, isEmpty() ? std::nullopt : m_budget);
}

QString SpeedPlot::cardOf(int row) const
{
    const SpeedRecord& speed = m_model->speeds().at(row);
    return tr("%1\n%2\n%3 tokens/s\n%4, %5")
        .arg(SpeedModel::fileOf(speed), m_axis.text(static_cast<qint64>(speed.fileBytes)),
             numberText(speed.tokensPerSecond, 'f', 1), SpeedModel::kindOf(speed),
             whenText(QString::fromStdString(speed.when)));
}

} // namespace bs::ui
