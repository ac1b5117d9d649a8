#include "core/store/database.h"
#include "core/store/store.h"
#include "tests/support/qt_warnings.h"
#include "ui/jobs/library.h"
#include "ui/jobs/run_query.h"
#include "ui/models/runs_model.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bs::ui;
using bs::RunColumn;

/// The run table as an item model, and what filters and sorts it on a thread.
class TstRunsModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void rowsSayWhatWasMeasured()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.columnCount(), bs::kRunColumnCount);
        model.setView(table(), view({0, 1}));
        QCOMPARE(resets.size(), 1);
        const auto text = [&](int row, RunColumn column) {
            return model.index(row, static_cast<int>(column)).data().toString();
        };
        QCOMPARE(text(0, RunColumn::Id), QStringLiteral("2"));
        QCOMPARE(text(0, RunColumn::File), QStringLiteral("demo.bitstack"));
        QCOMPARE(text(0, RunColumn::Model), QStringLiteral("demo.gguf"));
        QCOMPARE(text(0, RunColumn::Size), QStringLiteral("60.8 MB"));
        QCOMPARE(text(0, RunColumn::Perplexity), QStringLiteral("23.305"));
        QCOMPARE(text(0, RunColumn::PerplexityError), QStringLiteral("± 0.701"));
        QCOMPARE(text(0, RunColumn::Divergence), QStringLiteral("0.0213"));
        QCOMPARE(text(0, RunColumn::SameTop), QStringLiteral("91.2 %"));
        QCOMPARE(text(0, RunColumn::Speed), QString());
        QCOMPARE(text(1, RunColumn::Size), QString()); // it measured nothing
        QCOMPARE(text(1, RunColumn::State), QStringLiteral("failed"));
        const QModelIndex size = model.index(0, static_cast<int>(RunColumn::Size));
        QCOMPARE(size.data(RunsModel::BytesRole).toLongLong(), 60'800'000LL);
        QCOMPARE(size.data(RunsModel::PathRole).toString(), QStringLiteral("/m/demo.bitstack"));
        QCOMPARE(size.data(RunsModel::RunRole).toLongLong(), 2LL);
        QVERIFY(!size.data(RunsModel::DenseRole).toBool());
        QVERIFY(size.data(Qt::ToolTipRole).toString().contains(QStringLiteral("bytes")));
        QCOMPARE(
            model.index(1, static_cast<int>(RunColumn::State)).data(Qt::ToolTipRole).toString(),
            QStringLiteral("the text is missing"));
        QVERIFY(
            model.headerData(static_cast<int>(RunColumn::SameTop), Qt::Horizontal, Qt::ToolTipRole)
                .toString()
                .endsWith(QStringLiteral("In the filter line: top")));
        QCOMPARE(model.rowOf(1, 0), 1);
        QCOMPARE(model.rowOf(1, 5), -1);
        QCOMPARE(model.sameText(RunColumn::Kind), QStringLiteral("Kind: perplexity"));
    }

    void everyColumnHasAHeadAndATip()
    {
        const RunsModel model;
        QSet<QString> heads;
        for (int column = 0; column < model.columnCount(); ++column) {
            const QString head =
                model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
            QVERIFY(!head.isEmpty());
            heads.insert(head);
            QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::ToolTipRole)
                         .toString()
                         .startsWith(QLatin1Char('.')));
        }
        QCOMPARE(heads.size(), model.columnCount());
    }

    void notesAreEditedInPlace()
    {
        RunsModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setView(table(), view({0, 1}));
        const QSignalSpy notes(&model, &RunsModel::noteEdited);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QModelIndex note = model.index(0, static_cast<int>(RunColumn::Note));
        const QModelIndex kind = model.index(0, static_cast<int>(RunColumn::Kind));
        QVERIFY(note.flags().testFlag(Qt::ItemIsEditable));
        QVERIFY(!kind.flags().testFlag(Qt::ItemIsEditable));
        QVERIFY(!model.setData(kind, QStringLiteral("x"), Qt::EditRole));
        QVERIFY(model.setData(note, QStringLiteral(" good one "), Qt::EditRole));
        QVERIFY(!model.setData(note, QStringLiteral("good one"), Qt::EditRole)); // as it is
        QCOMPARE(note.data().toString(), QStringLiteral("good one"));
        QCOMPARE(changes.size(), 1);
        QCOMPARE(notes.size(), 1);
        QCOMPARE(notes[0][0].toLongLong(), 2LL);
        QCOMPARE(notes[0][1].toString(), QStringLiteral("good one"));
        model.setView(model.table(), view({0})); // filtered: the same table still
        QCOMPARE(model.index(0, static_cast<int>(RunColumn::Note)).data().toString(),
                 QStringLiteral("good one"));
    }

    void queriesAreAnsweredByTheNewest()
    {
        RunQuery query;
        const QSignalSpy answers(&query, &RunQuery::answered);
        const QSignalSpy refusals(&query, &RunQuery::refused);
        const auto many = std::make_shared<const bs::RunTable>(50'000, table()->front());
        for (int i = 0; i < 30; ++i)
            query.ask({many, QStringLiteral("ppl<%1").arg(i), RunColumn::Id, true});
        query.ask({table(), QStringLiteral("state:failed"), RunColumn::Id, true});
        QTRY_VERIFY(!answers.isEmpty() &&
                    answers.last()[1].value<RunViewPointer>()->points.size() == 1);
        QVERIFY2(answers.size() < 15, qPrintable(QString::number(answers.size())));
        QTest::qWait(20);
        QCOMPARE(answers.last()[1].value<RunViewPointer>()->points.front(), 1U);
        query.ask({table(), QStringLiteral("colour:red"), RunColumn::Id, true});
        QTRY_COMPARE(refusals.size(), 1);
        QVERIFY(refusals[0][0].toString().contains(QStringLiteral("there is no column 'colour'")));
    }

    void rowsAreWrittenAndCopied()
    {
        const QTemporaryDir folder;
        RunQuery query;
        const QSignalSpy written(&query, &RunQuery::written);
        const QSignalSpy texts(&query, &RunQuery::textMade);
        const QSignalSpy failures(&query, &RunQuery::failed);
        const std::vector<RunColumn> columns{RunColumn::Id, RunColumn::Size};
        query.writeCsv(table(), {0, 1}, columns, folder.filePath(QStringLiteral("runs.csv")));
        QTRY_COMPARE(written.size(), 1);
        QCOMPARE(written[0][1].toInt(), 2);
        QFile file(folder.filePath(QStringLiteral("runs.csv")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("run,file_bytes\r\n2,60800000\r\n1,\r\n"));
        query.makeText(table(), {0}, columns);
        QTRY_COMPARE(texts.size(), 1);
        QCOMPARE(texts[0][0].toString(), QStringLiteral("run\tfile_bytes\n2\t60800000\n"));
        query.writeCsv(table(), {0}, columns, folder.filePath(QStringLiteral("no/such/runs.csv")));
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(failures[0][0].toString().contains(QStringLiteral("no/such")));
    }

    /// Another program holds the database for longer than is waited for.
    void whatCouldNotBeStoredIsStoredLater()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("held.sqlite"));
        QVERIFY(bs::Store::open(path.toStdString()));
        Library library(path);
        const QSignalSpy failures(&library, &Library::failed);
        const QSignalSpy lists(&library, &Library::conversationsListed);
        library.listConversations({});
        QTRY_COMPARE(lists.size(), 1);
        auto other = bs::Database::open(path.toStdString());
        QVERIFY(other);
        QVERIFY(other.value().execute("BEGIN EXCLUSIVE"));
        const Library::Key talk = library.newKey();
        const Library::Key first = library.newKey();
        const Library::Key second = library.newKey();
        library.createConversation(talk, {});
        library.addMessage(talk, first, {}, QStringLiteral("user"), QStringLiteral("one"), false);
        QTRY_COMPARE_WITH_TIMEOUT(failures.size(), 2, 20000);
        QVERIFY(other.value().execute("ROLLBACK"));
        library.addMessage(talk, second, first, QStringLiteral("user"), QStringLiteral("two"),
                           false);
        library.flush();
        QCOMPARE(failures.size(), 2);
        auto store = bs::Store::open(path.toStdString());
        QVERIFY(store);
        const auto kept = store.value().listConversations();
        QVERIFY(kept && kept.value().size() == 1);
        const auto messages = store.value().messages(kept.value().front().id);
        QVERIFY(messages && messages.value().size() == 2);
        QCOMPARE(messages.value()[0].content, std::string("one"));
        QCOMPARE(*messages.value()[1].parent, messages.value()[0].id);
    }

    void theLibraryKeepsRemovesAndBringsBack()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("t.sqlite"));
        {
            bs::Store store = bs::Store::open(path.toStdString()).value();
            bs::RunRecord run;
            run.kind = "perplexity";
            run.modelPath = "/m/demo.gguf";
            run.settings = "{}";
            QCOMPARE(store.startRun(run).value(), 1);
            QCOMPARE(store.startRun(run).value(), 2);
        }
        Library library(path);
        const QSignalSpy read(&library, &Library::runsRead);
        const QSignalSpy changes(&library, &Library::runsChanged);
        const auto rows = [&] {
            const qsizetype before = read.size();
            library.readRuns();
            [&] { QTRY_COMPARE(read.size(), before + 1); }();
            return read.last()[0].value<RunTablePointer>();
        };
        QCOMPARE(rows()->size(), std::size_t{2});
        library.setRunNote(2, QStringLiteral("kept"));
        QCOMPARE(rows()->front().run->note, std::string("kept"));
        library.removeRuns({2});
        QCOMPARE(rows()->size(), std::size_t{1});
        library.restoreRuns({2});
        QCOMPARE(rows()->size(), std::size_t{2});
        library.abandonRuns(QStringLiteral("/m/demo.gguf"),
                            QDateTime::currentDateTimeUtc().addSecs(-60), QStringLiteral("killed"));
        QCOMPARE(rows()->front().run->state, std::string("failed"));
        QCOMPARE(changes.size(), 4);
    }

private:
    static RunTablePointer table()
    {
        auto all = std::make_shared<bs::RunTable>();
        const auto info = [](qint64 id) {
            auto run = std::make_shared<bs::RunInfo>();
            run->id = id;
            run->kind = "perplexity";
            run->started = "2026-11-20T10:00:00.000Z";
            run->state = "done";
            return run;
        };
        const auto file = std::make_shared<const bs::RunFile>(
            bs::RunFile{"/m/demo.bitstack", "nested", "/m/demo.gguf"});
        bs::RunPoint point;
        point.run = info(2);
        point.file = file;
        point.fileBytes = 60'800'000;
        point.perplexity = 23.305;
        point.perplexityError = 0.701;
        point.kld = 0.0213;
        point.sameTop = 0.912;
        all->push_back(point);
        bs::RunPoint failed;
        const auto run = info(1);
        run->state = "failed";
        run->error = "the text is missing";
        failed.run = run;
        failed.file = file;
        all->push_back(failed);
        return all;
    }

    static RunViewPointer view(std::vector<std::uint32_t> points)
    {
        auto made = std::make_shared<bs::RunView>();
        made->points = std::move(points);
        return made;
    }

    bs::test::QtWarnings m_warnings;
};

QTEST_GUILESS_MAIN(TstRunsModels)
#include "tst_runs_models.moc"
