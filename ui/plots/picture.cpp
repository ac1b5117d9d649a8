#include "ui/plots/picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

namespace bs::ui {

namespace {

/// Text is laid out for the screen; a device of another density would make it spill.
constexpr int kDotsPerInch = 96;

/// A title over the plot for as long as it lives.
class TitleRow
{
public:
    TitleRow(QCustomPlot* plot, const PictureTitle& title)
        : m_plot(plot)
    {
        QFont font = title.font;
        font.setPointSizeF(font.pointSizeF() * 1.25);
        m_plot->plotLayout()->insertRow(0);
        m_element = new QCPTextElement(m_plot, title.text, font);
        m_element->setTextColor(title.colour);
        m_element->setMargins(QMargins(0, 8, 0, 4));
        m_plot->plotLayout()->addElement(0, 0, m_element);
    }

    ~TitleRow()
    {
        m_plot->plotLayout()->remove(m_element);
        m_plot->plotLayout()->simplify();
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }

    TitleRow(const TitleRow&) = delete;
    TitleRow& operator=(const TitleRow&) = delete;

private:
    QCustomPlot* m_plot;
    QCPTextElement* m_element;
};

bool paint(QCustomPlot* plot, QPaintDevice* device, const QSize& size)
{
    QCPPainter painter;
    if (!painter.begin(device)) return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot->toPainter(&painter, size.width(), size.height());
    return painter.end();
}

bool drawSvg(QCustomPlot* plot, const QString& title, const QSize& size, QIODevice* out)
{
    QSvgGenerator svg;
    svg.setOutputDevice(out);
    svg.setResolution(kDotsPerInch);
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    svg.setTitle(title);
    return paint(plot, &svg, size);
}

bool drawPdf(QCustomPlot* plot, const QString& title, const QSize& size, QIODevice* out)
{
    constexpr double kPointsPerInch = 72;
    QPdfWriter pdf(out);
    pdf.setTitle(title);
    pdf.setResolution(kDotsPerInch);
    pdf.setPageSize(QPageSize(QSizeF(size) * kPointsPerInch / kDotsPerInch, QPageSize::Point));
    pdf.setPageMargins(QMarginsF());
    return paint(plot, &pdf, size);
}

} // namespace

bool writePicture(QCustomPlot* plot, const PictureTitle& title, const Picture& how,
                  const QString& path, QString* problem)
{
    // One that was never on a screen has not been drawn either, and lines get their pens then.
    if (!plot->isVisible()) plot->resize(how.size);
    plot->replot();
    const TitleRow row(plot, title);
    QBuffer drawn;
    drawn.open(QIODevice::WriteOnly);
    bool done = false;
    switch (how.kind) {
    case Picture::Kind::Png:
        done = plot->toPixmap(how.size.width(), how.size.height(), how.scale).save(&drawn, "PNG");
        break;
    case Picture::Kind::Svg:
        done = drawSvg(plot, title.text, how.size, &drawn);
        break;
    case Picture::Kind::Pdf:
        done = drawPdf(plot, title.text, how.size, &drawn);
        break;
    }
    QSaveFile file(path);
    if (done && file.open(QIODevice::WriteOnly) && file.write(drawn.data()) == drawn.size() &&
        file.commit())
        return true;
    if (problem != nullptr)
        *problem =
            QCoreApplication::translate("Picture", "%1: cannot be written (%2)")
                .arg(path, done ? file.errorString()
                                : QCoreApplication::translate("Picture", "it could not be drawn"));
    return false;
}

} // namespace bs::ui
