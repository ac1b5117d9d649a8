#include "tests/support/qt_warnings.h"
#include "tests/support/stack_fixture.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/order_plot.h"

#include <QApplication>
#include <QImage>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace bs::ui;
using bs::test::bareStack;
using bs::test::smallStack;

namespace {

/// CIE lightness, 0 to 100.
double lightness(const QColor& c)
{
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    const double y =
        0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

bool near(const QColor& a, const QColor& b)
{
    return std::abs(a.red() - b.red()) < 6 && std::abs(a.green() - b.green()) < 6 &&
           std::abs(a.blue() - b.blue()) < 6;
}

} // namespace

/// The charts of a stack, drawn and asked.
class TstStackPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        bs::test::QtWarnings::watch();
        m_grid.setStack(smallStack());
        m_grid.setPlan({2, 1, 2, 1, 1});
        m_grid.setValue(StackGridModel::Value::Depth);
        m_order.setStack(smallStack());
        m_order.setBudget(8'000'000);
    }

    void coloursRiseInLightness()
    {
        double before = lightness(heatColour(0));
        for (int i = 1; i <= 20; ++i) {
            const double now = lightness(heatColour(i / 20.0));
            QVERIFY2(now > before + 2,
                     qPrintable(QStringLiteral("%1: %2 after %3").arg(i).arg(now).arg(before)));
            before = now;
        }
    }

    void cellsHaveTheColoursOfTheirValues()
    {
        HeatMap map;
        QItemSelectionModel selection(&m_grid);
        show(map, m_grid, selection);
        const auto colourAt = [&](int row, int column) {
            return map.grab().toImage().pixelColor(map.positionOf(m_grid.index(row, column)));
        };
        QVERIFY(near(colourAt(0, 0), heatColour(2 / 3.0)));
        QVERIFY(near(colourAt(1, 0), heatColour(1 / 3.0)));
        QVERIFY(near(colourAt(2, 2), heatColour(1.75 / 3))); // the embedding fills its line
        m_grid.setPlan({2, 1, 3, 2, 1});                     // the slider
        QTest::qWait(20);
        QVERIFY(near(colourAt(0, 0), heatColour(1)));
        m_grid.setValue(StackGridModel::Value::NextGain);
        QTest::qWait(20);
        QCOMPARE(map.title(), QStringLiteral("Gain of the next MB (nats a token)"));
        QVERIFY(near(colourAt(0, 0), heatColour(0))); // nothing is left: the bottom of the scale
    }

    void aSingleLayerFillsTheWidth()
    {
        QJsonObject json = bs::test::smallStackJson();
        QJsonArray matrices = json.value(QLatin1String("matrices")).toArray();
        QJsonObject last = matrices.at(4).toObject();
        last.insert(QLatin1String("layer"), 0);
        last.insert(QLatin1String("class"), QStringLiteral("v_proj"));
        matrices.replace(4, last);
        json.insert(QLatin1String("matrices"), matrices);
        m_grid.setStack(StackRecord::fromJson(json));
        HeatMap map;
        QItemSelectionModel selection(&m_grid);
        show(map, m_grid, selection);
        const QImage image = map.grab().toImage();
        for (const int aside : {-100, 0, 100})
            QVERIFY(near(image.pixelColor(map.positionOf(m_grid.index(0, 0)) + QPoint(aside, 0)),
                         heatColour(2 / 3.0)));
        map.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(selection.currentIndex(), m_grid.index(0, 1));
    }

    void keysAndMouseMoveTheFrame()
    {
        HeatMap map;
        QItemSelectionModel selection(&m_grid);
        show(map, m_grid, selection);
        map.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&map, Qt::Key_Right);
        QCOMPARE(selection.currentIndex(), m_grid.index(0, 0));
        QVERIFY(
            map.cardText().startsWith(QStringLiteral("layers.0.self_attn.q_proj\ndepth 2 of 3")));
        QCOMPARE(map.accessibleDescription(), map.cardText());
        QTest::keyClick(&map, Qt::Key_Right);
        QCOMPARE(selection.currentIndex(), m_grid.index(1, 0));
        QTest::keyClick(&map, Qt::Key_Right); // the edge
        QTest::keyClick(&map, Qt::Key_Down);  // the embedding, which is one cell
        QCOMPARE(selection.currentIndex().isValid(), true);
        QTest::keyClick(&map, Qt::Key_Home);
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(selection.currentIndex(), m_grid.index(2, 2));
        QTest::keyClick(&map, Qt::Key_Up);
        QTest::keyClick(&map, Qt::Key_Up);
        QCOMPARE(selection.currentIndex(), m_grid.index(0, 0));

        QWidget* const canvas = map.childAt(map.rect().center());
        QTest::mouseMove(canvas, map.positionOf(m_grid.index(1, 0)));
        QTRY_VERIFY(map.cardText().startsWith(QStringLiteral("layers.1.self_attn.q_proj")));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, map.positionOf(m_grid.index(0, 1)));
        QCOMPARE(selection.currentIndex(), m_grid.index(0, 1));
        map.setSummary(QStringLiteral("All of it."));
        QTest::mouseMove(canvas, QPoint(1, 1));
        QTRY_COMPARE(map.cardText(), QString());
        QCOMPARE(map.accessibleDescription(), QStringLiteral("All of it."));
    }

    void orderShowsWhatTheFileStores()
    {
        OrderPlot plot;
        QItemSelectionModel selection(&m_order);
        show(plot, m_order, selection);
        QCOMPARE(plot.seriesNames(), (QStringList{"gain left, as the order counts it",
                                                  "predicted rise", "measured rise"}));
        QCOMPARE(plot.budgetPosition(), 8.0);
        m_order.setBudget(9'000'000);
        plot.updateBudget();
        QCOMPARE(plot.budgetPosition(), 9.0);
        plot.setSizeAxis({SizeUnit::BitsPerWeight, 9'000'000});
        QCOMPARE(plot.budgetPosition(), 8.0);
        QVERIFY(plot.positionOf(0).y() < plot.positionOf(3).y()); // falls
        m_order.setStack(bareStack());
        QCOMPARE(plot.seriesNames(), QStringList());
        QCOMPARE(plot.budgetPosition(), 0.0);
    }

    void orderIsWalkedWithKeysAndMouse()
    {
        OrderPlot plot;
        QItemSelectionModel selection(&m_order);
        show(plot, m_order, selection);
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right); // begins at what is loaded
        QCOMPARE(selection.currentIndex().row(), m_order.currentRow());
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(plot.cardText().startsWith(
            QStringLiteral("layers.0.mlp.up_proj, depth 2\nfile of 9.00 MB")));
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(selection.currentIndex().row(), 0);
        QTest::keyClick(&plot, Qt::Key_End);
        QCOMPARE(selection.currentIndex().row(), 6);
        QVERIFY(plot.cardText().contains(
            QStringLiteral("measured rise -0.002"))); // below the axis, told all the same
        QWidget* const canvas = plot.childAt(plot.rect().center());
        QTest::mouseMove(canvas, plot.positionOf(2));
        QTRY_VERIFY(plot.cardText().startsWith(QStringLiteral("embed_tokens#0, depth 2")));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, plot.positionOf(2));
        QCOMPARE(selection.currentIndex().row(), 2);
    }

    void picturesOfEveryKind()
    {
        HeatMap map;
        QItemSelectionModel selection(&m_grid);
        show(map, m_grid, selection);
        OrderPlot plot;
        QItemSelectionModel rows(&m_order);
        show(plot, m_order, rows);
        CurvePlot curve;
        curve.setSeries(storedSeries(*smallStack()));
        QCOMPARE(curve.yLabel(),
                 QStringLiteral("Perplexity over the original's"));
        for (Chart* const chart :
             {static_cast<Chart*>(&map), static_cast<Chart*>(&plot), static_cast<Chart*>(&curve)}) {
            for (const int scale : {1, 2}) {
                Picture png;
                png.scale = scale;
                const QString path = save(*chart, png, QStringLiteral("a.png"));
                QCOMPARE(QImage(path).size(), QSize(900, 560) * scale);
            }
            Picture drawing;
            drawing.kind = Picture::Kind::Svg;
            QFile svg(save(*chart, drawing, QStringLiteral("a.svg")));
            QVERIFY(svg.open(QIODevice::ReadOnly));
            const QByteArray text = svg.readAll();
            QXmlStreamReader xml(text);
            while (!xml.atEnd())
                xml.readNext();
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
            QVERIFY(text.contains(chart->title().toHtmlEscaped().toUtf8()));
            drawing.kind = Picture::Kind::Pdf;
            QFile pdf(save(*chart, drawing, QStringLiteral("a.pdf")));
            QVERIFY(pdf.open(QIODevice::ReadOnly));
            const QByteArray document = pdf.readAll();
            QVERIFY(document.startsWith("%PDF-"));
            QVERIFY(document.contains("/MediaBox [0 0 675"));
            QString problem;
            QVERIFY(!chart->savePicture(QStringLiteral("/nowhere/a.pdf"), drawing, &problem));
            QVERIFY(problem.contains(QStringLiteral("/nowhere/a.pdf")));
        }
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    template <class Plot, class Model>
    static void show(Plot& plot, Model& model, QItemSelectionModel& selection)
    {
        plot.setModel(&model, &selection);
        plot.resize(500, 380);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(20);
    }

    QString save(Chart& chart, const Picture& how, const QString& name) const
    {
        const QString path = m_folder.filePath(name);
        QString problem;
        return chart.savePicture(path, how, &problem) ? path : problem;
    }

    QTemporaryDir m_folder;
    StackGridModel m_grid;
    LoadingOrderModel m_order;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstStackPlots)
#include "tst_stack_plots.moc"
