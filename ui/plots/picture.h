#pragma once

#include "ui/plots/chart.h"

#include <QColor>
#include <QFont>

namespace bs::ui {

struct PictureTitle
{
    QString text;
    QFont font;
    QColor colour;
};

/// Draws a plot with a title over it into a file, whole or not at all. False: not written, and why.
bool writePicture(QCustomPlot* plot, const PictureTitle& title, const Picture& how,
                  const QString& path, QString* problem);

} // namespace bs::ui
