#include "tests/support/window_fixture.h"
#include "ui/plots/curve_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTableView>

using namespace bs::ui;

/// Compressing and measuring, clicked through against a scripted worker.
class TstWindowJobs : public QObject
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

    void compressShowsItsForecastThenRunsAndOffersTheResult()
    {
        f->script({{"job_ms", 150}});
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionCompress");
        QTRY_COMPARE(f->find<QLabel>("forecastTime")->text(), QStringLiteral("about 2 min"));
        QVERIFY(
            f->find<QLabel>("forecastDisk")->text().contains(QStringLiteral("310.0 MB needed")));
        QVERIFY(f->find<QLabel>("forecastMemory")->text().contains(QStringLiteral("900.0 MB")));
        QCOMPARE(f->find<QLineEdit>("compressOutput")->text(),
                 f->path(QStringLiteral("demo.bitstack")));
        auto* const codec = f->find<QComboBox>("compressCodec");
        QCOMPARE(codec->currentData().toString(), QStringLiteral("nested"));
        QVERIFY(f->requests(QStringLiteral("forecast"))
                    .last()
                    .contains(QStringLiteral("\"codec\":\"nested\"")));
        QVERIFY(!f->find<QSpinBox>("compressBlocks")->isEnabled());
        QVERIFY(!f->find<QSpinBox>("compressRank")->isEnabled());
        codec->setCurrentIndex(codec->findData(QStringLiteral("bitstack")));
        QVERIFY(f->find<QSpinBox>("compressBlocks")->isEnabled());
        QVERIFY(f->find<QSpinBox>("compressRank")->isEnabled());
        f->find<QSpinBox>("compressBlocks")->setValue(4);
        QVERIFY(!f->find<QPushButton>("compressStart")->isEnabled()); // until it is forecast again
        QTRY_VERIFY(f->find<QPushButton>("compressStart")->isEnabled());
        f->click("compressStart");
        QTRY_VERIFY(f->find<QProgressBar>("jobBar")->isVisible());
        QTRY_VERIFY(f->find<QProgressBar>("jobBar")->value() > 0);
        QVERIFY(f->find<QLabel>("jobDetail")->text().contains(QStringLiteral(" left")));
        QVERIFY(f->isReady()); // the chat goes on meanwhile
        QTRY_VERIFY(message().contains(QStringLiteral("Compressed to demo.bitstack (149.0 MB)")));
        const QString request = f->requests(QStringLiteral("compress")).last();
        QVERIFY(request.contains(QStringLiteral("\"codec\":\"bitstack\"")));
        QVERIFY(request.contains(QStringLiteral("\"blocks\":4")));
        QVERIFY(request.contains(QStringLiteral("\"calibration\":null")));
        f->click("messageOffer");
        QTRY_VERIFY(f->isReady() && f->session().card().stack);
        QVERIFY(f->find<QWidget>("sizeSlider")->isVisible());
    }

    void exportShowsItsSizeBeforeItWrites()
    {
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionExport");
        auto* const size = f->find<QLabel>("exportSize");
        QTRY_VERIFY(size->text().contains(QStringLiteral("270.9 MB will be written")));
        QCOMPARE(f->find<QLineEdit>("exportOutput")->text(), f->path(QStringLiteral("demo-hf")));
        auto* const form = f->find<QComboBox>("exportForm");
        form->setCurrentIndex(2);
        QVERIFY(!f->find<QPushButton>("exportStart")->isEnabled()); // until its size is known
        QTRY_VERIFY(size->text().contains(QStringLiteral("144.8 MB will be written")));
        f->find<QLineEdit>("exportOutput")->setText(f->file(QStringLiteral("there.gguf")));
        QVERIFY(size->text().contains(QStringLiteral("already there")));
        QVERIFY(!f->find<QPushButton>("exportStart")->isEnabled());
        f->find<QCheckBox>("exportReplace")->setChecked(true);
        QTRY_VERIFY(f->find<QPushButton>("exportStart")->isEnabled());
        f->click("exportStart");
        QTRY_VERIFY(message().contains(QStringLiteral("Exported to there.gguf (144.8 MB)")));
        const QString request = f->requests(QStringLiteral("export")).last();
        QVERIFY(request.contains(QStringLiteral("\"format\":\"gguf\"")));
        QVERIFY(request.contains(QStringLiteral("\"type\":\"Q8_0\"")));
        QVERIFY(request.contains(QStringLiteral("\"force\":true")));
        QVERIFY(!request.contains(QStringLiteral("\"budget_bytes\":null")));
    }

    void compressCanBeCanceled()
    {
        f->script({{"job_ms", 20000}});
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionCompress");
        QTRY_VERIFY(f->find<QPushButton>("compressStart")->isEnabled());
        f->click("compressStart");
        QTRY_VERIFY(!f->requests(QStringLiteral("compress")).isEmpty());
        QVERIFY(f->requests(QStringLiteral("compress"))
                    .last()
                    .contains(QStringLiteral("\"codec\":\"nested\"")));
        QVERIFY(f->find<QAction>("actionCompress")->isEnabled()); // another one would wait
        QTRY_VERIFY(f->find<QPushButton>("jobCancel")->isVisible()); // on a busy machine it comes later
        f->click("jobCancel");
        QTRY_VERIFY(message().contains(QStringLiteral("Stopped")));
        QVERIFY(f->find<QAction>("actionCompress")->isEnabled());
        QVERIFY(!QFile::exists(f->path(QStringLiteral("demo.bitstack"))));
    }

    void diskTooSmallIsRefused()
    {
        f->script({{"free_disk_bytes", 12'000'000}});
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionCompress");
        QTRY_VERIFY(f->find<QLabel>("compressProblem")
                        ->text()
                        .contains(QStringLiteral("The disk is too small")));
        QVERIFY(f->find<QLabel>("compressProblem")
                    ->text()
                    .contains(QStringLiteral("12.0 MB are free")));
        QVERIFY(!f->find<QPushButton>("compressStart")->isEnabled());
    }

    void inputsThatCannotWorkAreSaid()
    {
        f->file(QStringLiteral("demo.bitstack"));
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionCompress");
        auto* const problem = f->find<QLabel>("compressProblem");
        QTRY_VERIFY(problem->text().contains(QStringLiteral("already there")));
        f->find<QCheckBox>("compressReplace")->setChecked(true);
        QTRY_VERIFY(f->find<QPushButton>("compressStart")->isEnabled());
        f->find<QRadioButton>("calibrationFile")->setChecked(true);
        QTRY_VERIFY(problem->text().contains(QStringLiteral("text file to calibrate")));
        QCOMPARE(f->find<QSpinBox>("calibrationTokens")->value(), 32768);
        f->find<QLineEdit>("calibrationPath")->setText(f->file(QStringLiteral("text.txt")));
        QTRY_VERIFY(f->find<QPushButton>("compressStart")->isEnabled());
        f->find<QLineEdit>("compressOutput")->setText(f->path(QStringLiteral("demo.gguf")));
        QTRY_VERIFY(problem->text().contains(QStringLiteral("model itself")));
    }

    void curvePointsAppearOneByOneAndStay()
    {
        f->script({{"job_ms", 200}});
        open(QStringLiteral("demo.bitstack"));
        auto* const plot = f->find<CurvePlot>("curvePlot");
        QCOMPARE(dots(), 0);
        measure(3);
        QTRY_COMPARE(dots(), 1); // while the others still run
        QVERIFY(f->find<QProgressBar>("jobBar")->isVisible());
        QTRY_COMPARE(dots(), 4);
        QTRY_VERIFY(message().contains(QStringLiteral("Measured")));
        QVERIFY(plot->series().first().dense);
        QCOMPARE(plot->series().last().dots.first().bytes, 74'500'000LL);
        QCOMPARE(f->find<QTableView>("curveTable")->model()->rowCount(), 4);

        f->newWindow(); // there again after a restart, before anything is opened
        QTRY_COMPARE(dots(), 4);
        open(QStringLiteral("demo.bitstack"));
        QTRY_COMPARE(dots(), 4);
    }

    void clickOnAPointLoadsItsSize()
    {
        f->script({{"job_ms", 5}});
        open(QStringLiteral("demo.bitstack"));
        measure(3);
        QTRY_VERIFY(message().contains(QStringLiteral("Measured")));
        QTRY_COMPARE(dots(), 4);
        auto* const plot = f->find<CurvePlot>("curvePlot");
        QTest::qWait(50);
        const QPoint at = plot->positionOf(plot->series().last().dots.at(1));
        QTest::mouseClick(plot->childAt(at), Qt::LeftButton, {}, at);
        QTRY_COMPARE(f->session().state().fileBytes, 111'500'000LL);
        // And with a point of a file that is not open, that file is.
        open(QStringLiteral("demo.gguf"));
        QTRY_COMPARE(dots(), 4);
        QTest::qWait(50);
        const QPoint low = plot->positionOf(plot->series().last().dots.at(0));
        QTest::mouseClick(plot->childAt(low), Qt::LeftButton, {}, low);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000LL);
        QTRY_VERIFY(f->isReady());
        QVERIFY(f->session().path().endsWith(QStringLiteral("demo.bitstack")));
    }

    void measuringCanBeCanceledAndKeepsItsPoints()
    {
        f->script({{"job_ms", 300}});
        open(QStringLiteral("demo.bitstack"));
        measure(9);
        QTRY_COMPARE(dots(), 1);
        f->click("jobCancel");
        QTRY_VERIFY(message().contains(QStringLiteral("Stopped")));
        QVERIFY(dots() >= 1);
        QVERIFY(dots() < 9);
    }

    void damagedDatabaseIsSaid()
    {
        QFile database(f->path(QStringLiteral("test.sqlite")));
        f->closeWindow();
        QVERIFY(database.open(QIODevice::WriteOnly | QIODevice::Truncate));
        database.write(QByteArray(4096, 'x'));
        database.close();
        f->newWindow();
        QTRY_VERIFY(message().contains(QStringLiteral("test.sqlite")));
        open(QStringLiteral("demo.gguf")); // and everything else works
    }

private:
    void open(const QString& name)
    {
        f->window().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    void measure(int sizes)
    {
        f->trigger("actionMeasure");
        QVERIFY(!f->find<QPushButton>("measureStart")->isEnabled()); // no text yet
        f->find<QLineEdit>("measureText")->setText(f->file(QStringLiteral("text.txt")));
        f->find<QSpinBox>("measureCount")->setValue(sizes);
        f->find<QLineEdit>("measureFrom")->setText(QStringLiteral("1MB"));
        QVERIFY(!f->find<QPushButton>("measureStart")->isEnabled()); // below the smallest plan
        f->find<QLineEdit>("measureFrom")->setText(QStringLiteral("74.5MB"));
        f->click("measureStart");
    }

    /// Measured ones: what the file says of itself comes when it comes.
    int dots()
    {
        int count = 0;
        for (const CurveSeries& series : f->find<CurvePlot>("curvePlot")->series())
            if (!series.relative) count += static_cast<int>(series.dots.size());
        return count;
    }

    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowJobs)
#include "tst_window_jobs.moc"
