#include "ui/plots/memory_plot.h"

#include "ui/models/memory_model.h"
#include "ui/models/words.h"

#include <QLocale>
#include <qcustomplot.h>

namespace bs::ui {

namespace {

constexpr double kMegabyte = 1e6;

/// Seconds since the first sample, as the time of day.
class ClockTicker : public QCPAxisTickerTime
{
public:
    explicit ClockTicker(const QDateTime& start)
        : m_start(start)
    {
    }

protected:
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*form*/,
                         int /*precision*/) override
    {
        return clockText(m_start.addMSecs(qRound64(tick * 1000)));
    }

private:
    QDateTime m_start;
};

PlotLine::Marker markerFor(MemoryModel::Mark mark)
{
    using Mark = MemoryModel::Mark;
    switch (mark) {
    case Mark::Opened:
        return PlotLine::Marker::Square;
    case Mark::Slid:
        return PlotLine::Marker::Diamond;
    case Mark::AnswerBegan:
        return PlotLine::Marker::Triangle;
    case Mark::AnswerEnded:
        return PlotLine::Marker::Down;
    default:
        return PlotLine::Marker::Cross;
    }
}

} // namespace

MemoryPlot::MemoryPlot(const MemoryModel* model, QWidget* parent)
    : PointChart(parent)
    , m_model(model)
{
    setAccessibleName(title());
    setValueLabel(tr("Memory (MB)"));
    canvas()->xAxis->setLabel(tr("Time"));
    setLineShown(tr("free memory"), false); // a machine's memory dwarfs a model's
    setEmptyText(tr("What the engine holds is drawn here\nonce a model is open."));
    refresh();
}

void MemoryPlot::refresh()
{
    using Mark = MemoryModel::Mark;
    using Sample = MemoryModel::Sample;
    const auto& samples = m_model->samples();
    QList<double> times; // seconds from the first, by row
    times.reserve(static_cast<qsizetype>(samples.size()));
    for (const Sample& s : samples)
        times.append(static_cast<double>(samples.front().when.msecsTo(s.when)) / 1000);
    QList<PlotLine> lines;
    const auto addLine = [&](const QString& name, qint64 Sample::*bytes, int colour) {
        PlotLine line;
        line.name = name;
        line.colour = colour;
        int row = 0;
        for (const Sample& s : samples) {
            line.points.append(
                {times.at(row), static_cast<double>(s.*bytes) / kMegabyte, {}, {}, row});
            ++row;
        }
        if (!line.points.isEmpty()) lines.append(line);
    };
    addLine(tr("engine in all"), &Sample::rssBytes, 0);
    addLine(tr("weights"), &Sample::weightBytes, 1);
    addLine(tr("KV cache"), &Sample::kvBytes, 2);
    addLine(tr("free memory"), &Sample::freeBytes, 3);
    for (const Mark mark : {Mark::Opened, Mark::Slid, Mark::AnswerBegan, Mark::AnswerEnded,
                            Mark::Closed, Mark::WorkerLost}) {
        PlotLine marks;
        marks.name = MemoryModel::markName(mark);
        marks.style = PlotLine::Style::Points;
        marks.marker = markerFor(mark);
        marks.colour = mark == Mark::WorkerLost ? 4 : -1;
        int row = 0;
        for (const Sample& s : samples) {
            if (s.mark == mark)
                marks.points.append(
                    {times.at(row), static_cast<double>(s.rssBytes) / kMegabyte, {}, {}, row});
            ++row;
        }
        if (!marks.points.isEmpty()) lines.append(marks);
    }
    if (!samples.empty()) {
        const QSharedPointer<QCPAxisTickerTime> ticker(new ClockTicker(samples.front().when));
        ticker->setTickCount(4);
        canvas()->xAxis->setTicker(ticker);
    }
    const int shown = shownRow();
    setLines(lines);
    showRow(shown);
}

QString MemoryPlot::cardOf(int row) const
{
    return m_model->cardOf(row);
}

} // namespace bs::ui
