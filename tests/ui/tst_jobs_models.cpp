#include "tests/support/qt_warnings.h"
#include "ui/jobs/job_queue.h"
#include "ui/jobs/kept_jobs.h"
#include "ui/jobs/sweep.h"
#include "ui/models/job_words.h"
#include "ui/models/jobs_model.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QJsonArray>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bs::ui;

/// The queue, its list, what is kept of it, and the plan of a sweep, without a worker.
class TstJobsModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("BitStackTest"));
        QCoreApplication::setApplicationName(QStringLiteral("jobs"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QSettings().clear();
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void jobsRunInTheirOrderAndFinishedOnesStandLast()
    {
        JobQueue queue;
        JobsModel model(&queue);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const qint64 a = add(queue, "a");
        const qint64 b = add(queue, "b");
        const qint64 c = add(queue, "c");
        QCOMPARE(queue.nextWaiting()->id, a);
        QCOMPARE(picture(queue), QStringLiteral("a waiting, b waiting, c waiting"));
        queue.begin(a);
        QCOMPARE(picture(queue), QStringLiteral("a running, b waiting, c waiting"));
        QVERIFY(queue.running()->started.isValid());
        queue.finish(a, {});
        QCOMPARE(picture(queue), QStringLiteral("b waiting, c waiting, a done"));
        queue.begin(b);
        queue.setStopping(b);
        QCOMPARE(picture(queue), QStringLiteral("b stopping, c waiting, a done"));
        queue.fail(b, {kCanceledCode, {}, {}});
        QCOMPARE(picture(queue), QStringLiteral("c waiting, b stopped, a done"));
        queue.begin(c);
        queue.fail(c, {5, QStringLiteral("disk full"), {}});
        QCOMPARE(picture(queue), QStringLiteral("c failed, b stopped, a done"));
        queue.letGoOn(b);
        QCOMPARE(picture(queue), QStringLiteral("b waiting, c failed, a done"));
        queue.letGoOn(a); // what is done stays so
        queue.clearFinished();
        QCOMPARE(picture(queue), QStringLiteral("b waiting"));
        QCOMPARE(model.rowCount(), 1);
    }

    void waitingJobsChangePlacesOthersDoNot()
    {
        JobQueue queue;
        JobsModel model(&queue);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy moves(&model, &QAbstractItemModel::rowsMoved);
        const qint64 a = add(queue, "a");
        const qint64 b = add(queue, "b");
        const qint64 c = add(queue, "c");
        queue.begin(a);
        moves.clear();
        QVERIFY(!queue.move(a, 1));  // it runs
        QVERIFY(!queue.move(b, -1)); // before what runs
        QVERIFY(!queue.move(c, 1));
        QCOMPARE(moves.size(), 0);
        QVERIFY(queue.move(c, -1));
        QCOMPARE(picture(queue), QStringLiteral("a running, c waiting, b waiting"));
        QVERIFY(queue.move(c, 1));
        QCOMPARE(picture(queue), QStringLiteral("a running, b waiting, c waiting"));
        QCOMPARE(moves.size(), 2);
        queue.remove(a); // it runs
        queue.remove(b);
        QCOMPARE(picture(queue), QStringLiteral("a running, c waiting"));
    }

    void whatWaitsForAJobGoesWithIt()
    {
        JobQueue queue;
        const qint64 made = queue.add(QStringLiteral("compress"),
                                      {{"path", "/m/a.gguf"}, {"output", "/m/a.bitstack"}});
        queue.add(QStringLiteral("measure"), {{"path", "/m/a.bitstack"}});
        queue.add(QStringLiteral("measure"), {{"path", "/m/other.bitstack"}});
        queue.remove(made);
        QCOMPARE(queue.jobs().size(), 1);
        QCOMPARE(queue.jobs().first().path(), QStringLiteral("/m/other.bitstack"));
    }

    void leftJobsWaitUntilTheyAreLetGoOn()
    {
        JobQueue queue;
        add(queue, "new");
        Job old;
        old.method = QStringLiteral("compress");
        old.params = {{"path", "/m/old"}};
        queue.addLeft({old, old});
        QCOMPARE(picture(queue),
                 QStringLiteral("new waiting, old left from before, old left from before"));
        queue.begin(queue.jobs().first().id);
        QCOMPARE(queue.nextWaiting(), nullptr);
        QCOMPARE(queue.unfinished().size(), 3);
        queue.letAllLeftGoOn();
        QCOMPARE(picture(queue), QStringLiteral("new running, old waiting, old waiting"));
    }

    void progressTellsRateAndTimeLeft()
    {
        JobQueue queue;
        JobsModel model(&queue);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const qint64 id = add(queue, "a");
        queue.begin(id);
        changes.clear();
        queue.setProgress(id,
                          {QStringLiteral("compressing"), 3, 30, 270, QStringLiteral("layer 3")});
        QCOMPARE(changes.size(), 1);
        QTest::qWait(60);
        queue.setProgress(id,
                          {QStringLiteral("compressing"), 6, 30, 240, QStringLiteral("layer 6")});
        const QModelIndex row = model.index(0);
        QCOMPARE(row.data(JobsModel::ShareRole).toDouble(), 0.2);
        const QString text = row.data(JobsModel::RestRole).toString();
        QVERIFY2(text.startsWith(QStringLiteral("20 % · 4 min left · compressing · layer 6 · ")),
                 qPrintable(text));
        QVERIFY2(text.endsWith(QStringLiteral(" % a minute")), qPrintable(text));
        QCOMPARE(row.data(JobsModel::StateRole).toString(), QStringLiteral("running"));
        // A new phase begins with a rate of its own.
        queue.setProgress(id, {QStringLiteral("writing"), 0, 1, -1, {}});
        QCOMPARE(row.data(JobsModel::RestRole).toString(), QStringLiteral("0 % · writing"));
    }

    void rowsSayWhatCameOfThem_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QJsonObject>("params");
        QTest::addColumn<QJsonObject>("result");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("outcome");
        const QJsonObject paths{{"path", "/m/demo.gguf"}, {"output", "/m/demo.bitstack"}};
        const auto with = [&](QJsonObject more) {
            for (const QString& key : paths.keys())
                more.insert(key, paths[key]);
            return more;
        };
        QTest::newRow("compress") << "compress" << with({{"codec", "nested"}, {"calibration", {}}})
                                  << QJsonObject{{"file_bytes", 147'600'000}, {"seconds", 209}}
                                  << "Compress demo.gguf"
                                  << "nested · calibrated on its own text"
                                  << "Compressed to demo.bitstack (147.6 MB) in 3 min.";
        QTest::newRow("compress as published")
            << "compress"
            << with({{"codec", "bitstack"},
                     {"rank", 16},
                     {"blocks", 8},
                     {"calibration", "/t/a.txt"}})
            << QJsonObject{{"file_bytes", 1'000'000}, {"seconds", 4}} << "Compress demo.gguf"
            << "bitstack, rank 16, 8 blocks · a.txt"
            << "Compressed to demo.bitstack (1.00 MB) in 4 s.";
        QTest::newRow("measure") << "measure"
                                 << with({{"text", "/t/wiki.txt"},
                                          {"budgets", QJsonArray{1, 2}},
                                          {"spread", 3},
                                          {"include_dense", true},
                                          {"sweep", "w"}})
                                 << QJsonObject{{"results", QJsonArray{1, 2}}, {"note", "left out"}}
                                 << "Measure demo.gguf"
                                 << "6 sizes · wiki.txt · sweep w"
                                 << "Measured 2 sizes. Note: left out.";
        QTest::newRow("export") << "export"
                                << with({{"format", "gguf"}, {"type", "Q8_0"}, {"budget_bytes", 9}})
                                << QJsonObject{{"bytes", 5'000'000}} << "Export demo.gguf"
                                << "GGUF Q8_0 · 9 B"
                                << "Exported to demo.bitstack (5.00 MB).";
    }

    void rowsSayWhatCameOfThem()
    {
        QFETCH(QString, method);
        QFETCH(QJsonObject, params);
        QFETCH(QJsonObject, result);
        QFETCH(QString, title);
        QFETCH(QString, settings);
        QFETCH(QString, outcome);
        JobQueue queue;
        JobsModel model(&queue);
        const qint64 id = queue.add(method, params);
        const QModelIndex row = model.index(0);
        QCOMPARE(row.data().toString(), title);
        QCOMPARE(row.data(JobsModel::RestRole).toString(), settings);
        QCOMPARE(row.data(JobsModel::ShareRole).toDouble(), -1.0);
        queue.begin(id);
        queue.finish(id, result);
        QCOMPARE(row.data(JobsModel::RestRole).toString(), outcome);
        const QString details = row.data(JobsModel::DetailsRole).toString();
        for (const QString& part : {title, settings, outcome, QStringLiteral("/m/demo.gguf")})
            QVERIFY2(details.contains(part), qPrintable(details));
        QCOMPARE(row.data(Qt::ToolTipRole).toString(), details);
    }

    void failuresAreToldInFull()
    {
        JobQueue queue;
        JobsModel model(&queue);
        const qint64 id = add(queue, "a");
        queue.begin(id);
        queue.fail(id, {5, QStringLiteral("no space left"), QStringLiteral("line 1\nline 2")});
        const QString details = model.index(0).data(JobsModel::DetailsRole).toString();
        QVERIFY(details.contains(QStringLiteral("failed")));
        QVERIFY(details.endsWith(QStringLiteral("no space left\nline 1\nline 2")));
    }

    void measuringGoesOnWithWhatIsNotMeasuredYet()
    {
        JobQueue queue;
        const qint64 id =
            queue.add(QStringLiteral("measure"), {{"budgets", QJsonArray{10, 20, 30}}});
        queue.begin(id);
        queue.setMeasured(id, 10);
        queue.setMeasured(id, 77); // the uncompressed model
        QCOMPARE(queue.unfinished().first().params["budgets"].toArray(), (QJsonArray{20, 30}));
        queue.setMeasured(id, 20);
        queue.setMeasured(id, 30);
        // None would mean the largest size.
        QCOMPARE(queue.unfinished().first().params["budgets"].toArray(), QJsonArray{30});
    }

    void whatWasNotFinishedIsThereAtTheNextStart()
    {
        JobQueue queue;
        const qint64 a = add(queue, "a");
        add(queue, "b");
        queue.begin(a);
        {
            KeptJobs first;
            QVERIFY(first.takeOver().isEmpty());
            first.keep(queue.unfinished());
            KeptJobs second; // another window, while the first one is open
            QVERIFY(second.takeOver().isEmpty());
            second.keep({});
        }
        KeptJobs next;
        const QList<Job> left = next.takeOver();
        QCOMPARE(left.size(), 2);
        QCOMPARE(left.first().method, QStringLiteral("compress"));
        QCOMPARE(left.first().path(), QStringLiteral("/m/a"));
        QVERIFY(KeptJobs().takeOver().isEmpty()); // they are the other's now
        next.keep({});
    }

    void jobsOfAProgramThatWasKilledAreTakenOver()
    {
        QSettings kept;
        kept.beginGroup(QStringLiteral("jobs"));
        const QString list = QStringLiteral(R"([{"method":"compress","params":{"path":"/m/a"}}])");
        kept.setValue(QStringLiteral("999999999-1"), list); // above any process number
        kept.setValue(QStringLiteral("%1-999").arg(QCoreApplication::applicationPid()), list);
        kept.setValue(QStringLiteral("free-1-1"), QStringLiteral("no JSON"));
        kept.sync();
        KeptJobs jobs;
        QCOMPARE(jobs.takeOver().size(), 1); // this program's are not free
    }

    void sweepMeasuresEachFileAsSoonAsItIsMade()
    {
        SweepSettings s;
        s.name = QStringLiteral("first try");
        const QString model = file(QStringLiteral("demo.gguf"));
        const QString stack = file(QStringLiteral("made.bitstack"));
        s.models = {model, stack};
        s.codecs = {QStringLiteral("nested"), QStringLiteral("bitstack")};
        s.blocks = {8, 16};
        s.ranks = {4};
        s.calibrationTokens = {16384};
        s.texts = {QStringLiteral("/t/a.txt"), QStringLiteral("/t/b.txt")};
        s.budgets = {60'000'000};
        const SweepPlan plan = planSweep(s);
        QCOMPARE(plan.compressions(), 3);
        QCOMPARE(plan.measurements(), 3 * 2 + 2);
        QStringList lines;
        for (const SweepPlan::Step& step : plan.steps)
            lines.append(step.compresses
                             ? QStringLiteral("make ") + name(step.compress.output)
                             : QStringLiteral("%1 on %2%3")
                                   .arg(name(step.measure.path), name(step.measure.text),
                                        step.measure.includeDense ? QStringLiteral(" and dense")
                                                                  : QString()));
        QCOMPARE(lines, (QStringList{"make demo-first-try-nested.bitstack",
                                     "demo-first-try-nested.bitstack on a.txt and dense",
                                     "demo-first-try-nested.bitstack on b.txt and dense",
                                     "make demo-first-try-bitstack-r4-b8.bitstack",
                                     "demo-first-try-bitstack-r4-b8.bitstack on a.txt",
                                     "demo-first-try-bitstack-r4-b8.bitstack on b.txt",
                                     "make demo-first-try-bitstack-r4-b16.bitstack",
                                     "demo-first-try-bitstack-r4-b16.bitstack on a.txt",
                                     "demo-first-try-bitstack-r4-b16.bitstack on b.txt",
                                     "made.bitstack on a.txt and dense",
                                     "made.bitstack on b.txt and dense"}));
        const QJsonObject sent = plan.steps.at(1).measure.toJson();
        QCOMPARE(sent["sweep"].toString(), QStringLiteral("first try"));
        QCOMPARE(sent["spread"].toInt(), 5);
        QVERIFY(sent["leave_out_smaller"].toBool());
        // Files of an earlier try are not made again.
        file(QStringLiteral("demo-first-try-nested.bitstack"));
        const SweepPlan again = planSweep(s);
        QCOMPARE(again.compressions(), 2);
        QCOMPARE(again.filesThere, 1);
        QCOMPARE(again.measurements(), plan.measurements());
    }

private:
    static qint64 add(JobQueue& queue, const char* name)
    {
        return queue.add(QStringLiteral("compress"),
                         {{"path", QStringLiteral("/m/") + QLatin1String(name)}});
    }

    /// "a running, b waiting"
    static QString picture(const JobQueue& queue)
    {
        QStringList rows;
        for (const Job& job : queue.jobs())
            rows.append(name(job.path()) + QLatin1Char(' ') + jobStateText(job.state));
        return rows.join(QStringLiteral(", "));
    }

    static QString name(const QString& path) { return path.section(QLatin1Char('/'), -1); }

    QString file(const QString& name) const
    {
        QFile made(m_folder.filePath(name));
        return made.open(QIODevice::WriteOnly) ? made.fileName() : QString();
    }

    QTemporaryDir m_folder;
    bs::test::QtWarnings m_warnings;
};

QTEST_GUILESS_MAIN(TstJobsModels)
#include "tst_jobs_models.moc"
