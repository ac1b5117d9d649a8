#include "tests/support/window_fixture.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/order_plot.h"

#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QTableView>
#include <QTimer>

using namespace bs::ui;

/// The charts of an open stack, clicked through in the window against a scripted worker.
class TstWindowCharts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<bs::test::WindowFixture>();
        f->newWindow();
    }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    /// QCustomPlot keeps mouse events to itself unless it is told not to.
    void aRightClickOpensTheMenu()
    {
        openStack();
        for (const char* const name : {"curvePlot", "heatMap", "orderPlot"}) {
            auto* const chart = f->find<Chart>(name);
            QVERIFY2(chart != nullptr, name);
            QWidget* const canvas = chart->childAt(chart->rect().center());
            bool opened = false;
            QTimer::singleShot(50, this, [&opened] {
                opened = QApplication::activePopupWidget() != nullptr;
                if (opened) QApplication::activePopupWidget()->close();
            });
            const QPoint at = canvas->rect().center();
            QContextMenuEvent click(QContextMenuEvent::Mouse, at, canvas->mapToGlobal(at));
            QApplication::sendEvent(canvas, &click);
            QTRY_VERIFY2(opened, name);
        }
    }

    void chartsFollowTheSlider()
    {
        openStack();
        f->trigger("actionShowHeat");
        auto* const map = f->find<HeatMap>("heatMap");
        QTRY_VERIFY(isShown(map));
        QVERIFY(map->hasFocus());
        const auto* const grid = f->find<QTableView>("heatTable")->model();
        QCOMPARE(grid->rowCount(), 30);
        QCOMPARE(grid->columnCount(), 7);
        QCOMPARE(grid->index(29, 6).data().toString(), QStringLiteral("8")); // everything
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_Home);
        QTRY_COMPARE(grid->index(29, 6).data().toString(), QStringLiteral("1"));
        QCOMPARE(map->summary(), QStringLiteral("Depth (blocks loaded): 1 everywhere."));
        QCOMPARE(map->accessibleDescription(), map->summary());

        f->trigger("actionShowOrder");
        auto* const plot = f->find<OrderPlot>("orderPlot");
        QTRY_VERIFY(isShown(plot));
        QTRY_VERIFY(!isShown(map));
        QCOMPARE(plot->budgetPosition(), 74.5);
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_End);
        QTRY_COMPARE(plot->budgetPosition(), 149.0);
        QVERIFY(plot->summary().contains(QStringLiteral("1,470 blocks")));
    }

    void heatShowsWhatIsChosen()
    {
        openStack();
        f->trigger("actionShowHeat");
        auto* const choice = f->find<QComboBox>("heatValue");
        QCOMPARE(choice->count(), 4);
        const auto* const grid = f->find<QTableView>("heatTable")->model();
        const QString depth = grid->index(0, 0).data().toString();
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Down);
        QCOMPARE(choice->currentText(), QStringLiteral("Bits per weight"));
        QVERIFY(grid->index(0, 0).data().toString() != depth);
        QVERIFY(
            f->find<HeatMap>("heatMap")->summary().startsWith(QStringLiteral("Bits per weight: ")));
        // Kept while another file is opened.
        openStack();
        QCOMPARE(choice->currentText(), QStringLiteral("Bits per weight"));
        f->trigger("actionClose");
        QTRY_COMPARE(grid->rowCount(), 0);
        QVERIFY(!choice->isEnabled());
    }

    void chartAndTableShareTheirSelection()
    {
        openStack();
        f->trigger("actionShowHeat");
        auto* const map = f->find<HeatMap>("heatMap");
        QTRY_VERIFY(isShown(map));
        QTest::keyClick(map, Qt::Key_Down);
        QTest::keyClick(map, Qt::Key_Down);
        auto* const table = f->find<QTableView>("heatTable");
        QCOMPARE(table->currentIndex(), table->model()->index(0, 1));
        command(map, "chartCopy")->trigger();
        QCOMPARE(QApplication::clipboard()->image().size(), map->size());
        command(map, "chartTable")->trigger();
        QVERIFY(table->isVisible());
        QVERIFY(table->hasFocus());
        command(table, "chartCopy")->trigger();
        QCOMPARE(QApplication::clipboard()->text(), table->currentIndex().data().toString());
        table->setCurrentIndex(table->model()->index(4, 3));
        command(table, "chartTable")->trigger();
        QTRY_VERIFY(map->cardText().startsWith(QStringLiteral("layers.4.o_proj")));
    }

    void figuresAndPicturesAreSaved()
    {
        openStack();
        f->trigger("actionShowOrder");
        auto* const plot = f->find<OrderPlot>("orderPlot");
        save(command(plot, "chartCsv"), QStringLiteral("order.csv"));
        QFile csv(f->path(QStringLiteral("order.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QByteArrayList lines = csv.readAll().split('\n');
        QVERIFY(lines.at(0).startsWith("file_bytes,loads,"));
        QCOMPARE(lines.size(), 1 + 1471 + 4 + 1);
        for (const char* const name : {"chartPng", "chartPng2", "chartSvg", "chartPdf"}) {
            const QString file = QLatin1String(name) + QStringLiteral(".file");
            save(command(plot, name), file);
            QVERIFY2(QFileInfo(f->path(file)).size() > 1000, name);
        }
        save(command(plot, "chartCsv"), QStringLiteral("nowhere/order.csv"));
        QVERIFY(message().contains(QStringLiteral("cannot be written")));
    }

    void predictionsStandUntilSomethingIsMeasured()
    {
        openStack();
        auto* const curve = f->find<CurvePlot>("curvePlot");
        QTRY_COMPARE(curve->series().size(), 2);
        QVERIFY(curve->series().at(0).predicted);
        QVERIFY(curve->yLabel().startsWith(QStringLiteral("Perplexity over the original's")));
        QCOMPARE(f->find<QTableView>("curveTable")->model()->rowCount(), 8);
        f->trigger("actionMeasure");
        QTRY_VERIFY(f->find<QDialog>("measureDialog") != nullptr);
        auto* const text = f->find<QLineEdit>("measureText");
        text->setText(f->file(QStringLiteral("text.txt")));
        QTRY_VERIFY(f->find<QWidget>("measureStart")->isEnabled());
        f->click("measureStart");
        QTRY_VERIFY(!curve->series().isEmpty() && !curve->series().at(0).relative);
        QVERIFY(curve->yLabel().startsWith(QStringLiteral("Perplexity")));
        QTRY_VERIFY(message().startsWith(QStringLiteral("Measured")));
    }

    void withoutPredictionsTheChartSaysWhatToDo()
    {
        f->script({{"predictions", 0}});
        f->newWindow();
        openStack();
        QVERIFY(f->find<CurvePlot>("curvePlot")->series().isEmpty());
        QCOMPARE(f->find<OrderPlot>("orderPlot")->seriesNames().size(), 1);
    }

    void sizesInOtherUnits()
    {
        openStack();
        auto* const plot = f->find<OrderPlot>("orderPlot");
        for (const auto& [name, position] : {std::pair{"actionUnitMiB", 149e6 / 1048576},
                                             {"actionUnitBytes", 149e6},
                                             {"actionUnitBits", 149e6 * 8 / 134'515'008},
                                             {"actionUnitMB", 149.0}}) {
            f->trigger(name);
            QCOMPARE(plot->budgetPosition(), position);
            QVERIFY(f->find<QAction>(name)->isChecked());
        }
    }

    void fitsASmallScreen()
    {
        openStack();
        for (const char* const name : {"actionShowCurve", "actionShowHeat", "actionShowOrder"}) {
            f->trigger(name);
            QTest::qWait(10);
            const QSize least = f->window().minimumSizeHint();
            QVERIFY2(least.width() <= 1366 && least.height() <= 700, name);
        }
        for (const char* const name : {"heatMap", "heatTable", "heatValue", "orderPlot",
                                       "orderTable", "curvePlot", "curveTable"})
            QVERIFY2(!f->find<QWidget>(name)->accessibleName().isEmpty(), name);
    }

private:
    void openStack()
    {
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(f->session().stack() != nullptr);
    }

    /// Docks behind another tab are moved aside, not hidden.
    static bool isShown(const QWidget* widget)
    {
        const QRect place(widget->mapTo(widget->window(), QPoint()), widget->size());
        return widget->isVisible() && widget->window()->rect().intersects(place);
    }

    static QAction* command(QWidget* widget, const char* name)
    {
        const QList<QAction*> actions = widget->actions();
        for (QAction* const action : actions)
            if (action->objectName() == QLatin1String(name)) return action;
        qFatal("there is no such command");
    }

    /// Through the file dialog, which must not be the system's.
    void save(QAction* action, const QString& name)
    {
        action->trigger();
        auto* const dialog = f->window().findChild<QFileDialog*>(QStringLiteral("chartFile"));
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(f->path(name));
        dialog->reject();
        QTRY_VERIFY(f->window().findChild<QFileDialog*>(QStringLiteral("chartFile")) == nullptr);
        QVERIFY(!message().isEmpty());
    }

    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowCharts)
#include "tst_window_charts.moc"
