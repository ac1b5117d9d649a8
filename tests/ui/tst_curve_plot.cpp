#include "tests/support/qt_warnings.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_style.h"

#include <QApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bs::ui;

namespace {

QList<CurveSeries> demoCurve()
{
    CurveSeries dense{QStringLiteral("uncompressed"),
                      QStringLiteral("/m/demo.gguf"),
                      QStringLiteral("d"),
                      true,
                      {{98'000'000, 20.0, 0.4, 8184}}};
    CurveSeries stack{QStringLiteral("demo"),
                      QStringLiteral("/m/demo.bitstack"),
                      QStringLiteral("s"),
                      false,
                      {{75'000'000, 46, 1.1, 8184},
                       {105'500'000, 26.9, 0.6, 8184},
                       {149'000'000, 20.9, 0.4, 8184}}};
    return {dense, stack};
}

/// Pixels whose colour is clearly the first series' blue.
int pixelsOf(const QImage& image, QRgb colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += (image.pixel(x, y) & RGB_MASK) == (colour & RGB_MASK) ? 1 : 0;
    return count;
}

int bluePixels(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor c = image.pixelColor(x, y);
            if (c.blue() > c.red() + 60 && c.blue() > c.green() + 20) ++count;
        }
    return count;
}

} // namespace

class TstCurvePlot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hoverShowsValuesAndClickChooses()
    {
        CurvePlot plot;
        plot.resize(500, 380);
        plot.setSeries(demoCurve());
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy chosen(&plot, &CurvePlot::dotChosen);
        QWidget* const canvas = plot.childAt(plot.rect().center());
        const CurveDot dot = demoCurve().at(1).dots.at(1);
        const QPoint at = plot.positionOf(dot);
        QTest::mouseMove(canvas, at + QPoint(2, 2));
        QTRY_COMPARE(plot.cardText(), QStringLiteral("demo\n105.5 MB\nperplexity 26.90 ± 0.60"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, at);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("/m/demo.bitstack"));
        QCOMPARE(chosen.at(0).at(1).toLongLong(), 105'500'000LL);
        QTest::mouseMove(canvas, QPoint(3, 3));
        QTRY_COMPARE(plot.cardText(), QString());
        QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(chosen.count(), 1);
    }

    void keysStepThroughPoints()
    {
        CurvePlot plot;
        plot.setSeries(demoCurve());
        plot.show();
        plot.setFocus();
        QSignalSpy chosen(&plot, &CurvePlot::dotChosen);
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(plot.cardText().startsWith(QStringLiteral("uncompressed")));
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(1).toLongLong(), 75'000'000LL);
    }

    void logarithmicAxisKeepsPointsInside()
    {
        CurvePlot plot;
        plot.resize(500, 380);
        plot.setSeries(demoCurve());
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        for (const bool logarithmic : {false, true}) {
            plot.setLogarithmic(logarithmic);
            plot.setBudget(160'000'000);
            QTest::qWait(20);
            int above = 1000;
            const QList<CurveDot> dots = demoCurve().at(1).dots;
            for (const CurveDot& dot : dots) {
                QVERIFY(plot.rect().contains(plot.positionOf(dot)));
                QVERIFY(plot.positionOf(dot).x() > 0);
                above = std::min(above, plot.positionOf(dot).y());
            }
            QCOMPARE(above, plot.positionOf(demoCurve().at(1).dots.at(0)).y()); // the worst on top
        }
    }

    void pngHoldsTheCurve()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("curve.png"));
        CurvePlot plot;
        plot.setSeries(demoCurve());
        Picture half;
        half.size = {600, 400};
        QString problem;
        QVERIFY2(plot.savePicture(path, half, &problem), qPrintable(problem));
        const QImage image(path);
        QCOMPARE(image.size(), QSize(1200, 800));
        QVERIFY(bluePixels(image) > 800);
        // Though it was never on a screen, lines have their own colours, not those they are made with.
        QCOMPARE(pixelsOf(image, QColor(Qt::blue).rgb()), 0);
        QVERIFY(pixelsOf(image, seriesColour(0, plot.palette()).rgb()) > 800);
        CurvePlot empty;
        QVERIFY(empty.savePicture(path, half, &problem));
        QCOMPARE(bluePixels(QImage(path)), 0);
        QVERIFY(!plot.savePicture(QStringLiteral("/nowhere/curve.png"), half, &problem));
        QVERIFY(problem.contains(QStringLiteral("/nowhere/curve.png")));
    }

    void darkPaletteIsFollowed()
    {
        CurvePlot plot;
        plot.resize(400, 300);
        plot.setSeries(demoCurve());
        QPalette dark;
        dark.setColor(QPalette::Base, Qt::black);
        dark.setColor(QPalette::Text, Qt::white);
        plot.setPalette(dark);
        QCOMPARE(plot.grab().toImage().pixelColor(1, 1), QColor(Qt::black));
    }

    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstCurvePlot)
#include "tst_curve_plot.moc"
