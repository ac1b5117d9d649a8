#include "core/store/store.h"
#include "tests/support/window_fixture.h"
#include "ui/models/jobs_model.h"
#include "ui/models/runs_model.h"
#include "ui/pages/runs_page.h"

#include <QCheckBox>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>

using namespace bs::ui;
using bs::RunColumn;

/// The queue, the sweep and the run table, clicked through against a scripted worker.
class TstWindowRuns : public QObject
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

    void jobsWaitForEachOther()
    {
        f->script({{"job_ms", 300}});
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionShowJobs");
        QVERIFY(f->find<QLabel>("jobsEmpty")->isVisible());
        compress(QStringLiteral("one.bitstack"));
        compress(QStringLiteral("two.bitstack")); // while the first one runs
        QTRY_COMPARE(jobs(), (QStringList{"running", "waiting"}));
        QTRY_VERIFY(
            f->find<QLabel>("jobTitle")->text().endsWith(QStringLiteral("one more job waits")));
        QTRY_COMPARE(jobs(), (QStringList{"running", "done"}));
        QTRY_COMPARE(jobs(), (QStringList{"done", "done"}));
        QVERIFY(QFile::exists(f->path(QStringLiteral("two.bitstack"))));
        QVERIFY(!f->find<QWidget>("jobStrip")->isVisible());
        auto* const list = f->find<QListView>("jobList");
        list->setCurrentIndex(list->model()->index(0, 0)); // newest first
        const QString details = f->find<QPlainTextEdit>("jobDetails")->toPlainText();
        QVERIFY2(details.contains(QStringLiteral("Compressed to two.bitstack (149.0 MB)")),
                 qPrintable(details));
        f->trigger("actionCopyJob");
        QCOMPARE(QApplication::clipboard()->text(), details);
        Q_EMIT list->activated(list->currentIndex());
        QTRY_VERIFY(f->isReady() && f->session().path() == f->path(QStringLiteral("two.bitstack")));
        f->trigger("actionClearJobs");
        QVERIFY(jobs().isEmpty());
    }

    void waitingJobsAreReorderedAndRemoved()
    {
        f->script({{"job_ms", 20000}});
        open(QStringLiteral("demo.gguf"));
        for (const char* const name : {"a.bitstack", "b.bitstack", "c.bitstack"})
            compress(QLatin1String(name));
        QTRY_COMPARE(jobs(), (QStringList{"running", "waiting", "waiting"}));
        f->trigger("actionShowJobs");
        auto* const list = f->find<QListView>("jobList");
        list->setCurrentIndex(list->model()->index(2, 0));
        QVERIFY(f->find<QAction>("actionEarlierJob")->isEnabled());
        QVERIFY(!f->find<QAction>("actionLaterJob")->isEnabled());
        QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(outputs(), (QStringList{"a.bitstack", "c.bitstack", "b.bitstack"}));
        QCOMPARE(list->currentIndex().row(), 1); // it stays chosen
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(outputs(), (QStringList{"a.bitstack", "b.bitstack"}));
        list->setCurrentIndex(list->model()->index(0, 0));
        QVERIFY(!f->find<QAction>("actionRemoveJob")->isEnabled()); // it runs
    }

    void stoppingTakesLessThanASecond_data()
    {
        QTest::addColumn<bool>("deaf");
        QTest::newRow("a worker that listens") << false;
        QTest::newRow("a worker that does not") << true;
    }

    void stoppingTakesLessThanASecond()
    {
        QFETCH(bool, deaf);
        f->script({{"job_ms", 60000}, {"deaf", deaf}});
        open(QStringLiteral("demo.gguf"));
        compress(QStringLiteral("a.bitstack"));
        QTRY_VERIFY(f->find<QProgressBar>("jobBar")->isVisible() &&
                    !f->requests(QStringLiteral("compress")).isEmpty());
        QElapsedTimer clock;
        clock.start();
        f->trigger("actionStopJob");
        QCOMPARE(jobs(), QStringList{"stopping"});
        QTRY_COMPARE(jobs(), QStringList{"stopped"});
        QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(message().contains(QStringLiteral("Stopped")));
        // And it can go on.
        f->script({{"job_ms", 50}});
        f->find<QListView>("jobList")->setCurrentIndex(
            f->find<QListView>("jobList")->model()->index(0, 0));
        f->trigger("actionGoOnJob");
        QTRY_COMPARE(jobs(), QStringList{"done"});
        QCOMPARE(f->requests(QStringLiteral("compress")).size(), 2);
        QVERIFY(f->requests(QStringLiteral("compress"))
                    .last()
                    .contains(QStringLiteral("\"resume\":true")));
    }

    void failedJobSaysWhyAndIsTriedAgain()
    {
        open(QStringLiteral("demo.gguf"));
        f->jobs()->queue()->add(QStringLiteral("unheard_of"), {});
        QTRY_VERIFY(message().contains(QStringLiteral("unknown method unheard_of")));
        QCOMPARE(jobs(), QStringList{"failed"});
        f->click("messageOffer");
        QTRY_COMPARE(f->requests(QStringLiteral("unheard_of")).size(), 2);
    }

    void quittingAsksOnceAndTheNextStartOffersToGoOn()
    {
        f->script({{"job_ms", 60000}});
        open(QStringLiteral("demo.gguf"));
        QVERIFY(f->window().close()); // nothing runs: no question
        f->window().show();
        compress(QStringLiteral("a.bitstack"));
        compress(QStringLiteral("b.bitstack"));
        QTRY_COMPARE(jobs(), (QStringList{"running", "waiting"}));
        QTRY_COMPARE(f->requests(QStringLiteral("compress")).size(), 1);
        QVERIFY(!f->window().close());
        auto* const box = f->find<QMessageBox>("quitQuestion");
        QVERIFY(box != nullptr && box->isVisible());
        QVERIFY(box->text().contains(QStringLiteral("2 jobs are not finished")));
        QVERIFY(!f->window().close()); // the question is asked already
        QCOMPARE(f->window().findChildren<QMessageBox*>(QStringLiteral("quitQuestion")).size(), 1);
        f->click("quitNot");
        QTRY_COMPARE(f->find<QMessageBox>("quitQuestion"), nullptr);
        QVERIFY(f->window().isVisible());
        QCOMPARE(jobs(), (QStringList{"running", "waiting"}));
        QVERIFY(!f->window().close());
        f->click("quitNow");
        QTRY_VERIFY(!f->window().isVisible());

        f->script({{"job_ms", 20}});
        f->newWindow();
        QCOMPARE(jobs(), (QStringList{"left from before", "left from before"}));
        QVERIFY2(message().contains(QStringLiteral("2 jobs were not finished")),
                 qPrintable(message()));
        QVERIFY(f->window().close()); // these are kept anyway: no question
        f->newWindow();
        QCOMPARE(jobs().size(), 2);
        QTest::qWait(50);
        QCOMPARE(f->requests(QStringLiteral("compress")).size(), 1); // none began by itself
        f->trigger("actionGoOnJob");                                 // none is chosen: all of them
        QTRY_COMPARE(jobs(), (QStringList{"done", "done"}));
        QVERIFY(QFile::exists(f->path(QStringLiteral("a.bitstack"))));
        f->newWindow();
        QVERIFY(jobs().isEmpty());
    }

    void anEndingSessionIsNotAsked()
    {
        f->script({{"job_ms", 60000}});
        open(QStringLiteral("demo.gguf"));
        compress(QStringLiteral("a.bitstack"));
        QTRY_COMPARE(jobs(), QStringList{"running"});
        // Only an application makes session managers; who is told of its end does not look at it.
        QObject manager;
        Q_EMIT qGuiApp->commitDataRequest(reinterpret_cast<QSessionManager&>(manager));
        QVERIFY(f->window().close());
        f->newWindow();
        QCOMPARE(jobs(), QStringList{"left from before"});
    }

    void measuredSizesAreNotMeasuredAgain()
    {
        f->script({{"job_ms", 1000}});
        open(QStringLiteral("demo.bitstack"));
        MeasureSettings settings = measurement();
        settings.budgets = {80'000'000, 100'000'000, 120'000'000};
        f->jobs()->measure(settings);
        showRuns();
        QTRY_COMPARE(rows(), 1);
        f->closeWindow();
        f->script({{"job_ms", 20}});
        f->newWindow();
        QCOMPARE(jobs(), QStringList{"left from before"});
        f->click("messageOffer");
        QTRY_COMPARE(jobs(), QStringList{"done"});
        const QString request = f->requests(QStringLiteral("measure")).last();
        QVERIFY2(!request.contains(QStringLiteral("80000000")), qPrintable(request));
        QVERIFY(request.contains(QStringLiteral("120000000")));
        showRuns();
        QTRY_VERIFY(rows() >= 3);
        // The run that was cut off does not stand as running.
        filter(QStringLiteral("state:running"));
        QTRY_COMPARE(rows(), 0);
        filter(QStringLiteral("state:failed"));
        QTRY_COMPARE(rows(), 1);
    }

    void runsAreFilteredSortedAndOpened()
    {
        fill();
        showRuns();
        QTRY_COMPARE(rows(), 6);
        QCOMPARE(f->find<QLabel>("runCount")->text(), QStringLiteral("6 rows"));
        filter(QStringLiteral("codec:nested ppl<25"));
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(f->find<QLabel>("runCount")->text(), QStringLiteral("2 of 6 rows"));
        filter(QStringLiteral("ppl<<"));
        QTRY_VERIFY(f->find<QLabel>("runFilterProblem")->isVisible());
        QCOMPARE(rows(), 2); // as before, until the line can be read
        filter(QStringLiteral("nowhere"));
        QTRY_VERIFY(f->find<QLabel>("runsEmpty")->isVisible());
        QVERIFY(!f->find<QLabel>("runFilterProblem")->isVisible());
        filter({});
        QTRY_COMPARE(rows(), 6);
        auto* const table = f->find<QTableView>("runTable");
        table->setCurrentIndex(cell(0, RunColumn::Perplexity));
        f->trigger("actionSortRuns");
        QTRY_COMPARE(cell(0, RunColumn::Perplexity).data().toString(), QStringLiteral("20.000"));
        f->trigger("actionSortRuns");
        QTRY_COMPARE(cell(0, RunColumn::Perplexity).data().toString(), QStringLiteral("44.000"));

        // A point opens its file at its size.
        const int row = rowWith(RunColumn::Size, QStringLiteral("105.5 MB"));
        table->setCurrentIndex(cell(row, RunColumn::Size));
        f->trigger("actionOpenRun");
        QTRY_VERIFY(f->isReady());
        QCOMPARE(f->session().path(), f->path(QStringLiteral("demo.bitstack")));
        QTRY_COMPARE(f->session().state().fileBytes, 105'500'000LL);
        table->setCurrentIndex(
            cell(rowWith(RunColumn::Size, QStringLiteral("80.0 MB")), RunColumn::Size));
        Q_EMIT table->activated(table->currentIndex());
        QTRY_COMPARE(f->session().state().fileBytes, 80'000'000LL);
    }

    void onlyWhatDiffersIsShown()
    {
        fill();
        showRuns();
        QTRY_COMPARE(rows(), 6);
        auto* const table = f->find<QTableView>("runTable");
        const auto hidden = [&](RunColumn column) {
            return table->isColumnHidden(static_cast<int>(column));
        };
        QVERIFY(!hidden(RunColumn::Machine));
        f->trigger("actionOnlyDiffering");
        QVERIFY(hidden(RunColumn::Machine));
        QVERIFY(!hidden(RunColumn::Perplexity));
        QVERIFY(!hidden(RunColumn::Codec));
        QVERIFY2(f->find<QLabel>("runsSame")->text().contains(QStringLiteral("Machine: here")),
                 qPrintable(f->find<QLabel>("runsSame")->text()));
        filter(QStringLiteral("codec:nested"));
        QTRY_COMPARE(rows(), 4);
        QVERIFY(hidden(RunColumn::Codec));
        f->trigger("actionOnlyDiffering");
        QVERIFY(!hidden(RunColumn::Machine));
        QVERIFY(!f->find<QLabel>("runsSame")->isVisible());
    }

    void notesAreKept()
    {
        fill();
        showRuns();
        QTRY_COMPARE(rows(), 6);
        auto* const table = f->find<QTableView>("runTable");
        table->setCurrentIndex(cell(0, RunColumn::Kind));
        f->trigger("actionEditNote");
        auto* const editor = table->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        QTest::keyClicks(editor, QStringLiteral("the odd one"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(cell(0, RunColumn::Note).data().toString(), QStringLiteral("the odd one"));
        f->newWindow();
        showRuns();
        filter(QStringLiteral("note:\"odd one\""));
        QTRY_VERIFY(rows() >= 1 && rows() < 6);
    }

    void deletedRunsComeBack()
    {
        fill();
        showRuns();
        QTRY_COMPARE(rows(), 6);
        auto* const table = f->find<QTableView>("runTable");
        table->setCurrentIndex(
            cell(rowWith(RunColumn::Sweep, QStringLiteral("widths")), RunColumn::Id));
        QTest::keyClick(table, Qt::Key_Delete);
        QTRY_COMPARE(rows(), 2);
        QVERIFY(f->find<QWidget>("runUndoBar")->isVisible());
        QVERIFY(f->find<QLabel>("runUndoText")->text().contains(QStringLiteral("all its sizes")));
        f->click("runUndo");
        QTRY_COMPARE(rows(), 6);
        QVERIFY(!f->find<QWidget>("runUndoBar")->isVisible());
        table->selectAll();
        f->trigger("actionDeleteRuns");
        QTRY_COMPARE(rows(), 0);
        QVERIFY(f->find<QLabel>("runUndoText")->text().contains(QStringLiteral("3 runs")));
        f->trigger("actionUndoDeleteRuns");
        QTRY_COMPARE(rows(), 6);
        // One deletion after another.
        for (const int left : {5, 4}) {
            table->setCurrentIndex(cell(0, RunColumn::Id));
            f->trigger("actionDeleteRuns");
            QTRY_COMPARE(rows(), left);
        }
        f->click("runUndo");
        QTRY_COMPARE(rows(), 5);
        QVERIFY(f->find<QWidget>("runUndoBar")->isVisible());
        f->click("runUndo");
        QTRY_COMPARE(rows(), 6);
        QVERIFY(!f->find<QAction>("actionUndoDeleteRuns")->isEnabled());
    }

    void rowsLeaveAsTheyAreShown()
    {
        fill();
        showRuns();
        filter(QStringLiteral("size=105.5MB"));
        QTRY_COMPARE(rows(), 1);
        f->find<QTableView>("runTable")->selectAll();
        f->trigger("actionCopyRuns");
        QTRY_VERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("run\tfile\t")));
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("\t105500000\t20.4\t")));
        f->trigger("actionSaveRuns");
        auto* const dialog = f->find<QFileDialog>("runsFile");
        QVERIFY(dialog != nullptr);
        const QString path = f->path(QStringLiteral("out.csv"));
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(message().contains(QStringLiteral("One row was written")));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count("\r\n"), 2);
    }

    void sweepQueuesItsJobsAndItsRunsAreFound()
    {
        f->script({{"job_ms", 10}});
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionSweep");
        auto* const problem = f->find<QLabel>("sweepProblem");
        QVERIFY(problem->text().contains(QStringLiteral("Add a text")));
        QVERIFY(!f->find<QPushButton>("sweepStart")->isEnabled());
        auto* const text = f->find<QLineEdit>("sweepTextEdit");
        QTest::keyClicks(text, f->file(QStringLiteral("wiki.txt")));
        QTest::keyClick(text, Qt::Key_Return); // adds it, and does not press the button
        QCOMPARE(f->find<QListWidget>("sweepTextList")->count(), 1);
        QCOMPARE(f->find<QListWidget>("sweepModelList")->count(), 1); // the one that is open
        f->find<QLineEdit>("sweepName")->setText(QStringLiteral("my sweep"));
        f->find<QCheckBox>("sweepBitstack")->setChecked(true);
        f->find<QLineEdit>("sweepBlocks")->setText(QStringLiteral("8 x"));
        QVERIFY(problem->text().contains(QStringLiteral("Blocks")));
        f->find<QLineEdit>("sweepBlocks")->setText(QStringLiteral("8, 16"));
        f->find<QSpinBox>("sweepSpread")->setValue(2);
        f->find<QLineEdit>("sweepBudgets")->setText(QStringLiteral("20MB 100MB"));
        QCOMPARE(problem->text(), QString());
        auto* const summary = f->find<QLabel>("sweepSummary");
        QVERIFY2(
            summary->text().contains(QStringLiteral("Jobs: 6 (compressions: 3, measurements: 3).")),
            qPrintable(summary->text()));
        // Three times what one takes: 95 s, 149 MB.
        QTRY_VERIFY2(summary->text().contains(QStringLiteral("about 5 min")),
                     qPrintable(summary->text()));
        QVERIFY2(summary->text().contains(QStringLiteral("447.0 MB stay")),
                 qPrintable(summary->text()));
        f->click("sweepStart");
        QTRY_COMPARE_WITH_TIMEOUT(f->jobs()->queue()->count(Job::State::Done), 6, 20000);
        QVERIFY(QFile::exists(f->path(QStringLiteral("demo-my-sweep-bitstack-r16-b16.bitstack"))));
        showRuns();
        filter(QStringLiteral("sweep:my-sweep"));
        // 20 MB is below the smallest size; the uncompressed model is measured once.
        QTRY_COMPARE(rows(), 3 * 3 + 1);
        filter(QStringLiteral("sweep:other"));
        QTRY_COMPARE(rows(), 0);
        // A job's result is its run.
        f->trigger("actionShowJobs");
        auto* const list = f->find<QListView>("jobList");
        list->setCurrentIndex(list->model()->index(0, 0));
        f->trigger("actionOpenJobResult");
        QTRY_COMPARE(rows(), 3);
    }

private:
    void open(const QString& name)
    {
        f->window().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    void compress(const QString& output)
    {
        CompressSettings settings;
        settings.path = f->path(QStringLiteral("demo.gguf"));
        settings.output = f->path(output);
        f->jobs()->compress(settings);
    }

    MeasureSettings measurement()
    {
        MeasureSettings settings;
        settings.path = f->path(QStringLiteral("demo.bitstack"));
        settings.text = f->file(QStringLiteral("text.txt"));
        settings.includeDense = false;
        settings.database = f->path(QStringLiteral("test.sqlite"));
        return settings;
    }

    /// Three runs with six points.
    void fill()
    {
        const std::string stackPath = f->file(QStringLiteral("demo.bitstack")).toStdString();
        bs::Store store =
            bs::Store::open(f->path(QStringLiteral("test.sqlite")).toStdString()).value();
        const auto model = store.addModel({"m", "/m/demo.gguf", "llama", 5}).value();
        const auto stack =
            store.addArtifact({"a", model, "nested", "{}", stackPath, 149'000'000}).value();
        const auto dense =
            store.addArtifact({"m", model, "dense", "{}", "/m/demo.gguf", 98'300'000}).value();
        const auto run = [&](const char* settings) {
            bs::RunRecord record;
            record.kind = "perplexity";
            record.model = model;
            record.modelPath = stackPath;
            record.settings = settings;
            record.machine = "here";
            return store.startRun(record).value();
        };
        const auto add = [&](std::int64_t id, std::int64_t artifact, std::uint64_t bytes,
                             double value) {
            bs::MeasurementRecord m;
            m.run = id;
            m.artifact = artifact;
            m.fileBytes = bytes;
            m.metric = "perplexity";
            m.value = value;
            m.dataHash = "abcdef";
            m.context = 2048;
            QVERIFY(store.addMeasurement(m));
        };
        const auto swept = run(R"({"text":"/t/wiki.txt","sweep":"widths"})");
        add(swept, stack, 80'000'000, 44);
        add(swept, stack, 105'500'000, 20.4);
        add(swept, stack, 149'000'000, 20.1);
        add(swept, dense, 98'300'000, 20);
        const auto other = run(R"({"text":"/t/code.txt"})");
        add(other, stack, 80'000'000, 31);
        add(run(R"({"text":"/t/code.txt"})"), dense, 98'300'000, 22);
    }

    void showRuns()
    {
        f->trigger("actionShowRuns");
        QCOMPARE(f->find<QTabWidget>("pages")->currentWidget(), f->find<QWidget>("runsPage"));
    }

    void filter(const QString& line) { f->find<QLineEdit>("runFilter")->setText(line); }
    int rows() { return f->find<QTableView>("runTable")->model()->rowCount(); }

    QModelIndex cell(int row, RunColumn column)
    {
        return f->find<QTableView>("runTable")->model()->index(row, static_cast<int>(column));
    }

    int rowWith(RunColumn column, const QString& text)
    {
        for (int row = 0; row < rows(); ++row)
            if (cell(row, column).data().toString() == text) return row;
        return -1;
    }

    /// States of the queue's jobs, in order.
    QStringList jobs()
    {
        QStringList states;
        const auto* const model = f->find<QListView>("jobList")->model();
        for (int row = 0; row < model->rowCount(); ++row)
            states.append(model->index(row, 0).data(JobsModel::StateRole).toString());
        return states;
    }

    QStringList outputs()
    {
        QStringList names;
        for (const Job& job : f->jobs()->queue()->jobs())
            names.append(job.output().section(QLatin1Char('/'), -1));
        return names;
    }

    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowRuns)
#include "tst_window_runs.moc"
