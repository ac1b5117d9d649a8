#include "ui/plots/token_plot.h"

#include "ui/models/token_model.h"

#include <qcustomplot.h>

#include <algorithm>

namespace bs::ui {

TokenPlot::TokenPlot(const TokenModel* model, QWidget* parent)
    : PointChart(parent)
    , m_model(model)
{
    setAccessibleName(title());
    canvas()->xAxis->setLabel(tr("Position in the text (tokens)"));
    setValueLabel(tr("KL divergence (nats)"));
    setEmptyText(tr("Where in a text this size differs\nfrom the original is drawn here."));
    refresh();
}

void TokenPlot::refresh()
{
    QList<PlotLine> lines;
    if (const TokenPointer& record = m_model->record()) {
        PlotLine all;
        all.name = tr("every token");
        all.colour = 0;
        all.points.reserve(record->positions.size());
        int row = 0;
        for (const TokenRecord::Position& p : record->positions)
            all.points.append({static_cast<double>(p.index), p.divergence, {}, {}, row++});
        PlotLine worst;
        worst.name = tr("the worst");
        worst.style = PlotLine::Style::Points;
        worst.marker = PlotLine::Marker::Diamond;
        worst.colour = 1;
        for (const TokenRecord::Worst& w : record->worst)
            worst.points.append(all.points.at(w.position));
        std::sort(worst.points.begin(), worst.points.end(),
                  [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; });
        lines = {all, worst};
    }
    setLines(lines);
}

QString TokenPlot::cardOf(int row) const
{
    return m_model->cardOf(row);
}

} // namespace bs::ui
