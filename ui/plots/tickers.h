#pragma once

#include "ui/plots/axis_ticks.h"

#include <QLocale>
#include <qcustomplot.h>

namespace bs::ui {

/// Round numbers on a logarithmic axis, for the part of it that is seen.
class LogTicker : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange& range) override { return range.size(); }
    int getSubTickCount(double /*tickStep*/) override { return 0; }
    QVector<double> createTickVector(double /*tickStep*/, const QCPRange& range) override
    {
        return logarithmicTicks(range.lower, range.upper);
    }
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*form*/,
                         int /*precision*/) override
    {
        return QLocale().toString(tick, 'g', 7);
    }
};

} // namespace bs::ui
