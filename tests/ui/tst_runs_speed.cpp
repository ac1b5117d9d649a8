#include "core/store/database.h"
#include "core/store/store.h"
#include "tests/support/qt_warnings.h"
#include "ui/jobs/library.h"
#include "ui/pages/runs_page.h"
#include "ui/window/job_actions.h"

#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

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

/// A heart that beats every 2 ms tells for how long at most the event loop was held up.
class Heart
{
public:
    Heart()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_gaps.push_back(static_cast<double>(m_since.nsecsElapsed()) / 1e6);
            m_since.start();
        });
        m_since.start();
        m_timer.start(2);
    }
    double longestMs() const
    {
        return m_gaps.empty() ? 0 : *std::max_element(m_gaps.begin(), m_gaps.end());
    }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    std::vector<double> m_gaps;
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
        QElapsedTimer clock;
        clock.start();
        const Heart heart;
        QTRY_COMPARE_WITH_TIMEOUT(rows(), kRuns, 60000);
        qInfo("read and shown after %lld ms, the event loop held up for %.1f ms at most",
              static_cast<long long>(clock.elapsed()), heart.longestMs());
        QVERIFY2(heart.longestMs() < kHeldUpMs, qPrintable(QString::number(heart.longestMs())));
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
        QElapsedTimer clock;
        for (int i = 0; i < 200; ++i) {
            clock.start();
            if (wheel)
                scroll(table);
            else
                QTest::keyClick(table, Qt::Key_PageDown);
            table->viewport()->repaint();
            QCoreApplication::processEvents();
            frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        }
        QVERIFY2(table->verticalScrollBar()->value() > 400, "it did not scroll");
        qInfo("median frame %.2f ms, longest %.2f ms", median(frames),
              *std::max_element(frames.begin(), frames.end()));
        QVERIFY2(median(frames) < kFrameMs, qPrintable(QString::number(median(frames))));
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
        QElapsedTimer clock;
        clock.start();
        m_page->setFilter(line);
        QTRY_COMPARE_WITH_TIMEOUT(answers.size(), 1, 20000);
        if (found >= 0)
            QCOMPARE(rows(), found);
        else
            QVERIFY(rows() > 0 && rows() < kRuns);
        const auto filtered = clock.elapsed();
        QTest::qWait(20);
        qInfo("%d rows after %lld ms, the event loop held up for %.1f ms at most", rows(),
              static_cast<long long>(filtered), heart.longestMs());
        QVERIFY2(heart.longestMs() < kHeldUpMs, qPrintable(QString::number(heart.longestMs())));
        m_page->setFilter({});
        QTRY_COMPARE_WITH_TIMEOUT(answers.size(), 2, 20000);
        QCOMPARE(rows(), kRuns);
    }

    void sortingDoesNotHoldTheWindowUp()
    {
        auto* const head = m_page->findChild<QHeaderView*>(QStringLiteral("runTableHead"));
        QSignalSpy answers(m_page->model(), &QAbstractItemModel::modelReset);
        const Heart heart;
        head->setSortIndicator(static_cast<int>(bs::RunColumn::Data), Qt::AscendingOrder);
        QTRY_COMPARE_WITH_TIMEOUT(answers.size(), 1, 20000);
        QTest::qWait(20);
        const QModelIndex first = m_page->model()->index(0, static_cast<int>(bs::RunColumn::Data));
        QVERIFY(first.data().toString().startsWith(QStringLiteral("wiki-0.txt")));
        qInfo("the event loop held up for %.1f ms at most", heart.longestMs());
        QVERIFY2(heart.longestMs() < kHeldUpMs, qPrintable(QString::number(heart.longestMs())));
    }

private:
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
