#include "tests/support/window_fixture.h"
#include "ui/models/measurements_model.h"
#include "ui/models/memory_model.h"
#include "ui/models/speed_model.h"
#include "ui/models/worst_tokens_model.h"
#include "ui/pages/memory_panel.h"
#include "ui/pages/prompt_edit.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/memory_plot.h"
#include "ui/plots/speed_plot.h"
#include "ui/plots/token_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QSlider>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

#include <csignal>

using namespace bs::ui;

/// Metrics, zoom, memory, speed and tokens, clicked through in the window against a scripted
/// worker.
class TstWindowLooks : public QObject
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

    void theCurveShowsOtherMetrics()
    {
        openStack();
        auto* const metric = f->find<QComboBox>("curveMetric");
        auto* const curve = f->find<CurvePlot>("curvePlot");
        choose(metric, CurveMetric::KlMean);
        QTRY_VERIFY(curve->series().isEmpty()); // predictions are of perplexity
        QVERIFY(curve->yLabel().startsWith(QStringLiteral("Mean KL")));
        measure(true);
        QTRY_COMPARE(curve->series().size(), 1);
        QTRY_COMPARE(curve->series().first().dots.size(), 5);
        QVERIFY(curve->series().first().dots.first().error > 0);

        choose(metric, CurveMetric::KlMedian);
        QTRY_COMPARE(curve->metric(), CurveMetric::KlMedian);
        QTRY_VERIFY(curve->lineNames().contains(QStringLiteral("demo, 99 %")));
        const auto* const table = f->find<QTableView>("curveTable")->model();
        QCOMPARE(table->headerData(3, Qt::Horizontal).toString(), QStringLiteral("Quartiles"));
        QVERIFY(!table->index(0, 3).data().toString().isEmpty());

        choose(metric, CurveMetric::SameTop);
        QTRY_COMPARE(curve->metric(), CurveMetric::SameTop);
        QTRY_VERIFY(table->index(0, 2).data().toString().endsWith(QLatin1Char('%')));
        QVERIFY(curve->summary().contains(QStringLiteral("same top token")));
        choose(metric, CurveMetric::Perplexity);
        QTRY_COMPARE(curve->series().size(), 2); // the original's line is back
        QVERIFY(curve->isLogarithmic());
    }

    void comparingNeedsTheOriginal()
    {
        f->script({{"source_path", f->file(QStringLiteral("demo.gguf"))}});
        f->newWindow();
        openStack();
        f->trigger("actionMeasure");
        QTRY_VERIFY(f->find<QDialog>("measureDialog") != nullptr);
        f->find<QLineEdit>("measureText")->setText(f->file(QStringLiteral("text.txt")));
        auto* const reference = f->find<QLineEdit>("measureReference");
        QCOMPARE(reference->text(), f->path(QStringLiteral("demo.gguf"))); // known from the stack
        QVERIFY(!reference->isEnabled());
        f->find<QCheckBox>("measureCompare")->setChecked(true);
        QVERIFY(reference->isEnabled());
        QVERIFY(f->find<QWidget>("measureStart")->isEnabled());
        reference->setText(QStringLiteral("/nowhere.gguf"));
        QVERIFY(!f->find<QWidget>("measureStart")->isEnabled());
        f->find<QDialog>("measureDialog")->reject();
    }

    void zoomIsInTheMenuForTheChartThatIsSeen()
    {
        openStack();
        auto* const curve = f->find<CurvePlot>("curvePlot");
        QTRY_COMPARE(curve->series().size(), 2);
        const QRectF all = curve->view();
        f->trigger("actionZoomIn");
        QVERIFY(curve->isZoomed());
        f->trigger("actionZoomIn");
        f->trigger("actionZoomBack");
        QVERIFY(curve->isZoomed());
        f->trigger("actionZoomAll");
        QCOMPARE(curve->view(), all);
        f->trigger("actionShowMemory");
        auto* const memory = f->find<MemoryPlot>("memoryPlot");
        QTRY_VERIFY(memory->isSeen() && !memory->lines().isEmpty());
        f->trigger("actionZoomIn");
        QVERIFY(memory->isZoomed() && !curve->isZoomed());
        f->trigger("actionLogarithmicSize");
        QVERIFY(curve->isLogarithmicX() && f->find<SpeedPlot>("speedPlot")->isLogarithmicX());
    }

    void seriesAreHiddenByKeys()
    {
        openStack();
        auto* const curve = f->find<CurvePlot>("curvePlot");
        QTRY_COMPARE(curve->series().size(), 2);
        auto* const list = curve->parentWidget()->parentWidget()->findChild<QListWidget*>(
            QStringLiteral("chartSeries"));
        QVERIFY(list != nullptr);
        QCOMPARE(list->count(), 2);
        list->setCurrentRow(0);
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(!curve->isLineShown(QStringLiteral("predicted")));
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(curve->isLineShown(QStringLiteral("predicted")));
    }

    void memoryRemembersWhatHappened()
    {
        f->script({{"tokens", 400}, {"token_ms", 5}});
        f->newWindow();
        openStack();
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_Home);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000);
        say(QStringLiteral("Talk"));
        QTRY_COMPARE(f->session().phase(), EngineSession::Phase::Answering);
        f->trigger("actionStop");
        QTRY_VERIFY(f->isReady());
        ::kill(static_cast<pid_t>(f->session().workerProcessId()), SIGKILL);
        const auto* const table = f->find<QTableView>("memoryTable")->model();
        const auto events = [&] {
            QStringList all;
            for (int row = 0; row < table->rowCount(); ++row)
                all.append(table->index(row, MemoryModel::Event).data().toString());
            all.removeAll(QString());
            return all;
        };
        QTRY_COMPARE(events(), (QStringList{"model opened", "size changed", "answer began",
                                            "answer ended", "engine lost", "model opened"}));
        f->trigger("actionShowMemory");
        auto* const plot = f->find<MemoryPlot>("memoryPlot");
        QTRY_VERIFY(plot->lineNames().contains(QStringLiteral("engine lost")));
        QVERIFY(!plot->isLineShown(QStringLiteral("free memory")));
        QTest::qWait(2 * MemoryPanel::kRefreshMs);
        QTest::keyClick(plot, Qt::Key_Right);
        QVERIFY(plot->cardText().contains(QStringLiteral("model opened\nsize 149.0 MB")));
        QVERIFY(plot->summary().contains(QStringLiteral("219.0 MB at most")));
    }

    void answersAreTimedAtTheirSize()
    {
        openStack();
        const auto* const table = f->find<QTableView>("speedTable")->model();
        QCOMPARE(table->rowCount(), 0);
        say(QStringLiteral("Talk"));
        QTRY_COMPARE(table->rowCount(), 1);
        QCOMPARE(table->index(0, SpeedModel::Speed).data().toString(), QStringLiteral("12.5"));
        QCOMPARE(table->index(0, SpeedModel::Size).data().toString(), QStringLiteral("149.0 MB"));
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_Home);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000);
        f->trigger("actionShowSpeed");
        auto* const plot = f->find<SpeedPlot>("speedPlot");
        QTest::keyClick(plot, Qt::Key_Right);
        QVERIFY(plot->cardText().startsWith(QStringLiteral("demo\n149.0 MB\n12.5 tokens/s")));
        QTest::keyClick(plot, Qt::Key_Return); // that size
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000);
    }

    void theLastAnswerIsLookedAtTokenByToken()
    {
        openStack();
        auto* const look = f->find<QAction>("actionLookAtAnswer");
        QVERIFY(!look->isEnabled());
        say(QStringLiteral("Talk"));
        QTRY_VERIFY(look->isEnabled());
        look->trigger();
        auto* const plot = f->find<TokenPlot>("tokenPlot");
        QTRY_VERIFY(plot->isSeen());
        auto* const table = f->find<QTableView>("tokenTable");
        QTRY_COMPARE(table->model()->rowCount(), 40);
        const QStringList asked = f->requests(QStringLiteral("token_divergence"));
        QCOMPARE(asked.size(), 1);
        QVERIFY(asked.first().contains(QStringLiteral("\"role\":\"assistant\"")));
        QVERIFY(asked.first().contains(QStringLiteral("\"budget_bytes\":149000000")));
        auto* const worst = f->find<QListView>("worstTokens");
        QVERIFY(worst->isVisible());
        QCOMPARE(worst->model()->rowCount(), 3);
        QVERIFY(f->window().minimumSizeHint().height() <= 700);
        worst->setFocus();
        QTest::keyClick(worst, Qt::Key_Down);
        QTest::keyClick(worst, Qt::Key_Down);
        QVERIFY(plot->cardText().contains(QStringLiteral("word10")) ||
                plot->cardText().contains(QStringLiteral("word20")));
        plot->showRow(0); // and the other way round
        QCOMPARE(worst->currentIndex().data(WorstTokensModel::PositionRole).toInt(), 0);
        QVERIFY(plot->summary().startsWith(QStringLiteral("40 tokens at 149.0 MB against")));
    }

    void aTextIsLookedAtAndTheLookCanBeStopped()
    {
        f->script({{"job_ms", 4000}});
        f->newWindow();
        openStack();
        f->trigger("actionLookAtText");
        auto* const dialog = f->find<QFileDialog>("tokenText");
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(f->file(QStringLiteral("text.txt")));
        dialog->reject();
        auto* const cancel = f->find<QToolButton>("tokenCancel");
        QTRY_VERIFY(cancel->isVisible());
        QVERIFY(!f->find<QAction>("actionLookAtText")->isEnabled());
        QTRY_COMPARE(f->requests(QStringLiteral("token_divergence")).size(), 1);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTRY_VERIFY(!cancel->isVisible());
        QVERIFY(f->find<QAction>("actionLookAtText")->isEnabled());
        QCOMPARE(f->find<QTableView>("tokenTable")->model()->rowCount(), 0);
    }

    void everyChartLeavesAsAFile()
    {
        openStack();
        say(QStringLiteral("Talk"));
        QTRY_COMPARE(f->find<QTableView>("speedTable")->model()->rowCount(), 1);
        f->trigger("actionLookAtAnswer");
        QTRY_COMPARE(f->find<QTableView>("tokenTable")->model()->rowCount(), 40);
        QTRY_VERIFY(!f->find<MemoryPlot>("memoryPlot")->lines().isEmpty());
        for (const auto& [name, header] :
             {std::pair{"memoryPlot", "time,event,engine_bytes,"},
              {"speedPlot", "file,file_bytes,tokens_per_second,kind,when"},
              {"tokenPlot", "index,token,kld_nats,"},
              {"curvePlot", "series,file_bytes,perplexity_times_original,"}}) {
            auto* const chart = f->find<Chart>(name);
            for (const char* const way : {"chartPng", "chartPng2", "chartSvg", "chartPdf"}) {
                const QString file = QLatin1String(name) + QLatin1String(way);
                save(chart, way, file);
                QVERIFY2(QFileInfo(f->path(file)).size() > 2000, qPrintable(file));
            }
            QCOMPARE(QImage(f->path(QLatin1String(name) + QStringLiteral("chartPng"))).width(),
                     900);
            save(chart, "chartCsv", QStringLiteral("figures.csv"));
            QFile csv(f->path(QStringLiteral("figures.csv")));
            QVERIFY(csv.open(QIODevice::ReadOnly));
            QVERIFY2(csv.readLine().startsWith(header), name);
            QVERIFY2(!csv.readLine().isEmpty(), name);
        }
    }

    void sixTabsFit()
    {
        openStack();
        f->window().resize(1340, 700);
        for (const char* const name : {"actionShowCurve", "actionShowHeat", "actionShowOrder",
                                       "actionShowMemory", "actionShowSpeed", "actionShowTokens"}) {
            f->trigger(name);
            QTest::qWait(10);
            const QSize least = f->window().minimumSizeHint();
            QVERIFY2(least.width() <= 1366 && least.height() <= 700, name);
        }
        const auto bars = f->window().findChildren<QTabBar*>();
        const auto six = std::find_if(bars.begin(), bars.end(),
                                      [](const QTabBar* bar) { return bar->count() == 6; });
        QVERIFY(six != bars.end());
        QCOMPARE((*six)->tabText(5), QStringLiteral("Tokens"));
        for (int tab = 0; tab < 6; ++tab)
            QVERIFY((*six)->rect().contains((*six)->tabRect(tab)));
        for (const char* const name :
             {"memoryPlot", "memoryTable", "speedPlot", "speedTable", "tokenPlot", "tokenTable",
              "worstTokens", "curveMetric", "chartSeriesButton", "chartSeries"})
            QVERIFY2(!f->find<QWidget>(name)->accessibleName().isEmpty(), name);
    }

private:
    void openStack()
    {
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(f->session().stack() != nullptr);
    }

    void say(const QString& text)
    {
        auto* const prompt = f->find<PromptEdit>("promptEdit");
        QTest::keyClicks(prompt, text);
        QTest::keyClick(prompt, Qt::Key_Return);
    }

    /// Through the file dialog, which must not be the system's.
    void save(Chart* chart, const char* command, const QString& name)
    {
        const QList<QAction*> actions = chart->actions();
        const auto action = std::find_if(actions.begin(), actions.end(), [&](QAction* a) {
            return a->objectName() == QLatin1String(command);
        });
        QVERIFY2(action != actions.end(), command);
        (*action)->trigger();
        auto* const dialog = f->find<QFileDialog>("chartFile");
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(f->path(name));
        dialog->reject();
        QTRY_VERIFY(f->find<QFileDialog>("chartFile") == nullptr);
    }

    static void choose(QComboBox* box, CurveMetric metric)
    {
        box->setCurrentIndex(box->findData(QVariant::fromValue(metric)));
    }

    void measure(bool compare)
    {
        f->trigger("actionMeasure");
        QTRY_VERIFY(f->find<QDialog>("measureDialog") != nullptr);
        f->find<QLineEdit>("measureText")->setText(f->file(QStringLiteral("text.txt")));
        f->find<QCheckBox>("measureCompare")->setChecked(compare);
        f->find<QLineEdit>("measureReference")->setText(f->file(QStringLiteral("demo.gguf")));
        QTRY_VERIFY(f->find<QWidget>("measureStart")->isEnabled());
        f->click("measureStart");
        QTRY_VERIFY(f->find<QLabel>("messageText")->text().startsWith(QStringLiteral("Measured")));
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowLooks)
#include "tst_window_looks.moc"
