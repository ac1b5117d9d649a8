#include "core/store/database.h"
#include "core/store/store.h"
#include "tests/support/qt_warnings.h"
#include "ui/jobs/library.h"
#include "ui/pages/runs_page.h"
#include "ui/window/job_actions.h"

#include <QEventLoop>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

#include <time.h>

#include <algorithm>

using namespace bs::ui;

namespace {

constexpr int kRuns = 100'000;
constexpr double kFrameMs = 33;
constexpr double kHeldUpMs = 50;

/// Three measurements for each run, in one transaction.
bool fill(const std::string& path)
{
    if (!bs::Store::open(path)) return false; // makes it
    bs::Result<bs::Database> database = bs::Database::open(path);
    if (!database) return false;
    const std::string runs = std::to_string(kRuns);
    const bs::Result<void> done = database.value().execute(
        "BEGIN; INSERT INTO models VALUES (1, 'm', '/models/demo.gguf', 'llama', 134515008);"
        "INSERT INTO artifacts VALUES (1, 'a', 1, 'nested', '{}', '/models/demo.bitstack', 149);"
        "INSERT INTO artifacts VALUES (2, 'b', 1, 'bitstack', '{}', '/models/other.bitstack', 240);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        runs +
        ") "
        "INSERT INTO runs (id, kind, model, artifact, model_path, settings, version, machine, "
        "device, started, finished, state) SELECT i, 'perplexity', 1, 1 + i % 2, "
        "'/models/demo.bitstack', json_object('text', '/texts/wiki-' || (i % 7) || '.txt', "
        "'sweep', "
        "'sweep-' || (i % 100)), '0.1.0', 'machine-' || (i % 3), 'cpu', "
        "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1763000000 + i, 'unixepoch'), '', 'done' FROM n;"
        "INSERT INTO measurements (run, artifact, file_bytes, weight_bytes, metric, value, error, "
        "n, data_hash, context, scored) SELECT r.id, r.artifact, 25000000 + r.id * 1000, 1, "
        "k.metric, k.base + r.id % 1000 * k.step, 0.5, 8184, 'hash' || (r.id % 7), 2048, 'half' "
        "FROM runs r JOIN (SELECT 'perplexity' AS metric, 20.0 AS base, 0.03 AS step UNION ALL "
        "SELECT 'kld_mean', 0.01, 0.0005 UNION ALL SELECT 'same_top', 0.5, 0.0004) k; COMMIT;");
    return static_cast<bool>(done);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 1e9 : values[values.size() / 2];
}

/// Work of this thread so far.
double workedMs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// A heart that beats every 2 ms tells for how long at most the event loop was held up: by work of
/// the window's own thread, as other programs on a busy machine hold it up too.
class Heart
{
public:
    Heart()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_longest = std::max(m_longest, workedMs() - m_before);
            m_before = workedMs();
            ++m_beats;
        });
        m_timer.start(2);
    }
    double longestMs() const { return m_longest; }
    int beats() const { return m_beats; }

private:
    QTimer m_timer;
    double m_before = workedMs();
    double m_longest = 0;
    int m_beats = 0;
};

} // namespace

/// A hundred thousand runs: they scroll, and nothing that is done with them holds the window up.
class TstRunsSpeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QString path = m_folder.filePath(QStringLiteral("t.sqlite"));
        QVERIFY(fill(path.toStdString()));
        m_library = std::make_unique<Library>(path);
        m_page = std::make_unique<RunsPage>(m_library.get(), makeRunActions(&m_parent));
        m_page->resize(1000, 620);
        m_page->show();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), kRuns, 60000);
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void scrollingPaintsFastEnough_data()
    {
        QTest::addColumn<bool>("wheel");
        QTest::newRow("by wheel") << true;
        QTest::newRow("by page") << false;
    }

    void scrollingPaintsFastEnough()
    {
        QFETCH(bool, wheel);
        auto* const table = m_page->findChild<QTableView*>(QStringLiteral("runTable"));
        table->verticalScrollBar()->setValue(0);
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::qWait(50);
        std::vector<double> frames;
        for (int i = 0; i < 200; ++i) {
            const double before = workedMs();
            if (wheel)
                scroll(table);
            else
                QTest::keyClick(table, Qt::Key_PageDown);
            table->viewport()->repaint();
            QCoreApplication::processEvents();
            frames.push_back(workedMs() - before);
        }
        QVERIFY2(table->verticalScrollBar()->value() > 400, "it did not scroll");
        qInfo("median frame %.2f ms, longest %.2f ms", median(frames),
              *std::max_element(frames.begin(), frames.end()));
        QVERIFY2(median(frames) < kFrameMs, qPrintable(QString::number(median(frames))));
    }

    void readingDoesNotHoldTheWindowUp()
    {
        QSignalSpy answers(m_page->model(), &QAbstractItemModel::modelReset);
        const Heart heart;
        for (int round = 1; round <= 3; ++round) {
            m_page->refresh();
            QVERIFY(waitFor(answers, round));
        }
        isShort(heart);
    }

    void filteringDoesNotHoldTheWindowUp_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("found");
        QTest::newRow("numbers") << "ppl<21 size<60MB" << -1;
        QTest::newRow("a word") << "wiki-3" << -1;
        QTest::newRow("a sweep") << "sweep:sweep-42" << kRuns / 100;
        QTest::newRow("nothing") << "nowhere" << 0;
        QTest::newRow("everything") << "codec:t" << kRuns;
    }

    void filteringDoesNotHoldTheWindowUp()
    {
        QFETCH(QString, line);
        QFETCH(int, found);
        QSignalSpy answers(m_page->model(), &QAbstractItemModel::modelReset);
        const Heart heart;
        m_page->setFilter(line);
        QVERIFY(waitFor(answers, 1));
        if (found >= 0)
            QCOMPARE(rows(), found);
        else
            QVERIFY(rows() > 0 && rows() < kRuns);
        m_page->setFilter({});
        QVERIFY(waitFor(answers, 2));
        QCOMPARE(rows(), kRuns);
        isShort(heart);
    }

    void sortingDoesNotHoldTheWindowUp()
    {
        auto* const head = m_page->findChild<QHeaderView*>(QStringLiteral("runTableHead"));
        QSignalSpy answers(m_page->model(), &QAbstractItemModel::modelReset);
        const Heart heart;
        for (int round = 1; round <= 2; ++round) {
            const bool up = round == 1;
            head->setSortIndicator(static_cast<int>(bs::RunColumn::Data),
                                   up ? Qt::AscendingOrder : Qt::DescendingOrder);
            QVERIFY(waitFor(answers, round));
            const QModelIndex first =
                m_page->model()->index(0, static_cast<int>(bs::RunColumn::Data));
            QVERIFY(first.data().toString().startsWith(up ? QStringLiteral("wiki-0.txt")
                                                          : QStringLiteral("wiki-6.txt")));
        }
        isShort(heart);
    }

private:
    /// In an event loop without pauses, as QTRY_ makes them, and for the paint that follows.
    static bool waitFor(QSignalSpy& answers, qsizetype wanted)
    {
        while (answers.size() < wanted)
            if (!answers.wait(60000)) return false;
        QEventLoop loop;
        QTimer::singleShot(30, &loop, &QEventLoop::quit);
        loop.exec();
        return answers.size() == wanted;
    }

    static void isShort(const Heart& heart)
    {
        qInfo("%d beats, the event loop held up for %.1f ms at most", heart.beats(),
              heart.longestMs());
        QVERIFY(heart.beats() > 5);
        QVERIFY2(heart.longestMs() < kHeldUpMs, qPrintable(QString::number(heart.longestMs())));
    }

    int rows() const { return m_page->model()->rowCount(); }

    static void scroll(QTableView* table)
    {
        const QPointF at(50, 50);
        QWheelEvent event(at, table->viewport()->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(table->viewport(), &event);
    }

    QTemporaryDir m_folder;
    bs::test::QtWarnings m_warnings;
    QWidget m_parent;
    std::unique_ptr<Library> m_library;
    std::unique_ptr<RunsPage> m_page;
};

QTEST_MAIN(TstRunsSpeed)
#include "tst_runs_speed.moc"
