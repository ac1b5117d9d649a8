#include "tests/support/qt_warnings.h"
#include "ui/plots/axis_ticks.h"
#include "ui/plots/curve_plot.h"

#include <QElapsedTimer>
#include <QRubberBand>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <ctime>

using namespace bs::ui;

namespace {

CurveSeries series(const char* name, int points, double shift = 0)
{
    CurveSeries made;
    made.name = QLatin1String(name);
    made.path = QStringLiteral("/m/%1.bitstack").arg(made.name);
    for (int i = 0; i < points; ++i) {
        const double x = static_cast<double>(i) / std::max(1, points - 1);
        made.dots.append({50'000'000 + qRound64(x * 100e6),
                          20 + 30 * std::exp(-4 * x) + shift + 0.5 * std::sin(i * 0.7), 0.6, 100});
    }
    return made;
}

/// A plot on screen, and its canvas.
struct Shown
{
    explicit Shown(const QList<CurveSeries>& series)
    {
        plot.resize(520, 400);
        plot.setSeries(series);
        plot.show();
        static_cast<void>(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(20);
        canvas = plot.childAt(plot.rect().center());
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton,
              Qt::KeyboardModifiers keys = {}) const
    {
        QTest::mousePress(canvas, button, keys, from);
        for (int step = 1; step <= 4; ++step)
            moveTo(from + (to - from) * step / 4, button, keys);
        QTest::mouseRelease(canvas, button, keys, to);
    }

    /// QTest's own has no button down.
    void moveTo(QPoint at, Qt::MouseButton button, Qt::KeyboardModifiers keys) const
    {
        QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, button,
                         keys);
        QApplication::sendEvent(canvas, &move);
    }

    CurvePlot plot;
    QWidget* canvas = nullptr;
};

} // namespace

/// Looking into a chart: zoom, pan, legend, detail.
class TstPointChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFrameIsZoomedToAndUndone()
    {
        Shown shown({series("a", 9)});
        QSignalSpy changed(&shown.plot, &XyChart::zoomChanged);
        QSignalSpy chosen(&shown.plot, &CurvePlot::dotChosen);
        const QRectF all = shown.plot.view();
        shown.drag({120, 60}, {300, 220});
        QVERIFY(shown.plot.isZoomed());
        QCOMPARE(changed.count(), 1);
        QCOMPARE(chosen.count(), 0);
        const QRectF part = shown.plot.view();
        QVERIFY(all.contains(part));
        QVERIFY(part.width() < 0.6 * all.width());
        shown.drag({150, 100}, {260, 200});
        QVERIFY(part.contains(shown.plot.view()));
        shown.plot.zoomBack();
        QCOMPARE(shown.plot.view(), part);
        QTest::keyClick(&shown.plot, Qt::Key_Backspace);
        QCOMPARE(shown.plot.view(), all);
        QVERIFY(!shown.plot.isZoomed());
        QCOMPARE(changed.count(), 2);
        shown.plot.zoomBack(); // nothing left to undo
        QCOMPARE(shown.plot.view(), all);
    }

    void aFlatFrameZoomsOneAxis()
    {
        Shown shown({series("a", 9)});
        const QRectF all = shown.plot.view();
        shown.drag({120, 100}, {300, 104});
        QVERIFY(shown.plot.view().width() < all.width());
        QCOMPARE(shown.plot.view().top(), all.top());
        QCOMPARE(shown.plot.view().height(), all.height());
        QTest::keyClick(&shown.plot, Qt::Key_Home);
        QCOMPARE(shown.plot.view(), all);
    }

    void wheelZoomsAboutTheMouseAndOneStepGoesBack()
    {
        Shown shown({series("a", 9)});
        const QRectF all = shown.plot.view();
        const auto turn = [&](int delta, Qt::KeyboardModifiers keys) {
            QWheelEvent wheel({200, 150}, shown.canvas->mapToGlobal(QPointF(200, 150)), {},
                              {0, delta}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
            QApplication::sendEvent(shown.canvas, &wheel);
        };
        turn(120, {});
        QVERIFY(!shown.plot.isZoomed()); // only with Ctrl
        const CurveDot under = shown.plot.series().first().dots.at(3);
        turn(120, Qt::ControlModifier);
        turn(120, Qt::ControlModifier);
        QVERIFY(shown.plot.isZoomed());
        QVERIFY(std::abs(all.width() / shown.plot.view().width() - 1.25 * 1.25) < 1e-9);
        QVERIFY(shown.plot.positionOf(under).x() != -1);
        shown.plot.zoomBack();
        QCOMPARE(shown.plot.view(), all);
        turn(120, Qt::ControlModifier);
        turn(-120, Qt::ControlModifier);
        turn(-120, Qt::ControlModifier);
        QVERIFY(!shown.plot.isZoomed()); // never beyond everything
        QCOMPARE(shown.plot.view(), all);
    }

    void panningMovesTheView_data()
    {
        QTest::addColumn<int>("button");
        QTest::addColumn<int>("keys");
        QTest::newRow("middle button") << int(Qt::MiddleButton) << int(Qt::NoModifier);
        QTest::newRow("with Shift") << int(Qt::LeftButton) << int(Qt::ShiftModifier);
    }

    void panningMovesTheView()
    {
        QFETCH(int, button);
        QFETCH(int, keys);
        Shown shown({series("a", 9)});
        shown.plot.zoom(2);
        const QRectF before = shown.plot.view();
        const CurveDot dot = shown.plot.series().first().dots.at(4);
        const QPoint at = shown.plot.positionOf(dot);
        shown.drag({200, 150}, {170, 190}, static_cast<Qt::MouseButton>(button),
                   static_cast<Qt::KeyboardModifiers>(keys));
        const QPoint moved = shown.plot.positionOf(dot) - at;
        QVERIFY(std::abs(moved.x() + 30) <= 1 && std::abs(moved.y() - 40) <= 1);
        QVERIFY(std::abs(shown.plot.view().width() - before.width()) < 1e-6);
        shown.plot.zoomBack();
        QCOMPARE(shown.plot.view(), before);
    }

    void doubleClickShowsEverythingAndNewPointsLeaveThePartAlone()
    {
        Shown shown({series("a", 9)});
        shown.plot.zoom(3);
        const QRectF part = shown.plot.view();
        shown.plot.setSeries({series("a", 9), series("b", 9, 40)});
        QCOMPARE(shown.plot.view(), part);
        QTest::mouseDClick(shown.canvas, Qt::LeftButton, {}, {30, 5});
        QVERIFY(!shown.plot.isZoomed());
        QVERIFY(shown.plot.view().bottom() > 80); // the new ones, too
    }

    void ticksFollowWhatIsSeen()
    {
        QVERIFY(logarithmicTicks(20, 60).size() >= 4);
        QVERIFY(logarithmicTicks(22.1, 22.9).size() >= 4);
        const QList<double> many = logarithmicTicks(1e-6, 1e6);
        QVERIFY(many.size() >= 4 && many.size() <= 8);
        Shown shown({series("a", 9)});
        const QImage before = shown.plot.grab().toImage();
        shown.drag({60, 120}, {61, 160}); // a part of the height
        QTest::qWait(20);
        const QImage after = shown.plot.grab().toImage();
        // Numbers beside the axis are others, and there still are some.
        const auto ink = [](const QImage& image) {
            int count = 0;
            for (int y = 20; y < image.height() - 60; ++y)
                for (int x = 18; x < 45; ++x)
                    if (image.pixelColor(x, y).lightness() < 140) ++count;
            return count;
        };
        QVERIFY(ink(after) > 40);
        QVERIFY(before.copy(18, 0, 27, 340) != after.copy(18, 0, 27, 340));
    }

    void legendHidesALineAndTheFrontIsCountedAgain()
    {
        Shown shown({series("a", 9), series("b", 9, -5)});
        QSignalSpy lines(&shown.plot, &PointChart::linesChanged);
        QCOMPARE(shown.plot.lineNames(), (QStringList{"a", "b", "Pareto front"}));
        QVERIFY(!shown.plot.front().at(8)); // b is better
        QTest::mouseClick(shown.canvas, Qt::LeftButton, {},
                          shown.plot.legendPosition(QStringLiteral("b")));
        QVERIFY(!shown.plot.isLineShown(QStringLiteral("b")));
        QVERIFY(lines.count() >= 1);
        QVERIFY(shown.plot.front().at(8));
        QCOMPARE(shown.plot.positionOf(9), QPoint(-1, -1));
        QTest::keyClick(&shown.plot, Qt::Key_Left); // the last that is shown
        QVERIFY(shown.plot.cardText().startsWith(QStringLiteral("a\n150.0 MB")));
        shown.plot.setLineShown(QStringLiteral("b"), true);
        QVERIFY(!shown.plot.front().at(8));
    }

    void theLegendStandsBelowAndBreaksItsLines()
    {
        Shown shown({series("a", 9), series("b", 9, -5)});
        const QPoint a = shown.plot.legendPosition(QStringLiteral("a"));
        const QPoint b = shown.plot.legendPosition(QStringLiteral("b"));
        QVERIFY(a.y() > 330 && b.y() == a.y() && b.x() > a.x());
        for (int row = 0; row < 18; ++row)
            QVERIFY(shown.plot.positionOf(row).y() < a.y() - 20);
        const QByteArray name(60, 'n');
        shown.plot.setSeries({series("a", 9), series(name.constData(), 9, -5)});
        QTest::qWait(20);
        QVERIFY(shown.plot.legendPosition(QString::fromLatin1(name)).y() >
                shown.plot.legendPosition(QStringLiteral("a")).y());
    }

    void aLargeOriginalDoesNotPushThePointsTogether()
    {
        CurveSeries dense = series("uncompressed", 1);
        dense.dense = true;
        dense.dots = {{140'000'000, 20}};
        Shown shown({dense, series("a", 9)});
        QVERIFY(shown.plot.view().right() > 140);
        dense.dots = {{900'000'000, 15}};
        shown.plot.setSeries({dense, series("a", 9)});
        QVERIFY(shown.plot.view().right() < 200);
        QVERIFY(shown.plot.view().top() < 15); // its height is seen all the same
        shown.plot.setLineShown(QStringLiteral("a"), false);
        QVERIFY(shown.plot.view().right() > 900);
    }

    void sharesAreNeverLogarithmic()
    {
        Shown shown({series("a", 9)});
        QVERIFY(shown.plot.isLogarithmic());
        CurveSeries shares = series("a", 3);
        for (CurveDot& dot : shares.dots)
            dot = {dot.bytes, 0.9};
        shown.plot.setSeries({shares}, CurveMetric::SameTop);
        QVERIFY(!shown.plot.isLogarithmic());
        QVERIFY(shown.plot.view().top() > 60); // percent
        QTest::keyClick(&shown.plot, Qt::Key_Right);
        QVERIFY(shown.plot.cardText().contains(QStringLiteral("same top token 90.0 %")));
        shown.plot.setSeries({series("a", 3)});
        QVERIFY(shown.plot.isLogarithmic());
    }

    void sizesOnALogarithmicAxis()
    {
        Shown shown({series("a", 9)});
        const auto& dots = shown.plot.series().first().dots;
        const auto gap = [&](int i) {
            return shown.plot.positionOf(dots.at(i + 1)).x() -
                   shown.plot.positionOf(dots.at(i)).x();
        };
        QVERIFY(std::abs(gap(0) - gap(7)) <= 1);
        shown.plot.setLogarithmicX(true);
        QVERIFY(gap(0) > gap(7) + 10);
        for (const CurveDot& dot : dots)
            QVERIFY(shown.plot.rect().contains(shown.plot.positionOf(dot)));
    }

    /// A hundred thousand points, moved as a hand moves them: every frame, from the event to the
    /// picture. In processor time, which other programs do not add to: all of it is this thread's.
    void aHundredThousandPointsPan()
    {
        constexpr int kPoints = 100'000;
        constexpr double kLimitMs = 33;
        Shown shown({series("many", kPoints / 2), series("more", kPoints / 2, 3)});
        shown.plot.resize(900, 560);
        QTest::qWait(50);
        shown.plot.zoom(1.3);
        QTest::qWait(50);
        std::vector<double> frames;
        std::vector<double> waited;
        QTest::mousePress(shown.canvas, Qt::MiddleButton, {}, {450, 280});
        for (int i = 1; i <= 60; ++i) {
            QElapsedTimer frame;
            frame.start();
            const std::clock_t begin = std::clock();
            shown.moveTo({450 + 3 * (i % 2 == 0 ? -i : i), 280 + i % 7}, Qt::MiddleButton, {});
            QCoreApplication::processEvents(); // the replot that was queued
            static_cast<void>(shown.plot.grab());
            frames.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
            waited.push_back(static_cast<double>(frame.nsecsElapsed()) / 1e6);
        }
        QTest::mouseRelease(shown.canvas, Qt::MiddleButton, {}, {450, 280});
        std::sort(frames.begin(), frames.end());
        std::sort(waited.begin(), waited.end());
        qInfo("%d points: median %.1f ms (by the clock %.1f), 95 %% %.1f ms, longest %.1f ms",
              kPoints, frames.at(frames.size() / 2), waited.at(waited.size() / 2),
              frames.at(frames.size() * 95 / 100), frames.back());
        QVERIFY(frames.at(frames.size() / 2) < kLimitMs);
        // What is under the mouse is found among all of them, too.
        const std::clock_t begin = std::clock();
        for (int i = 0; i < 100; ++i)
            QTest::mouseMove(shown.canvas, {300 + i, 300});
        QVERIFY(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC <
                100 * kLimitMs);
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    /// A legend without entries once left the axes 50 pixels.
    void anEmptyChartIsAsWideAsItsPlace()
    {
        Shown shown({});
        const QImage image = shown.plot.grab().toImage();
        bool drawn = false;
        for (int y = 0; y < image.height(); ++y)
            drawn = drawn || image.pixelColor(480, y) != image.pixelColor(518, 2);
        QVERIFY(drawn);
    }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstPointChart)
#include "tst_point_chart.moc"
