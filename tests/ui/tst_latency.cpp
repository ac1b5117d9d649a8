#include "core/base/memory.h"
#include "tests/support/window_fixture.h"
#include "ui/pages/chat_view.h"
#include "ui/pages/prompt_edit.h"

#include <QElapsedTimer>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QThread>
#include <QTimer>

#include <algorithm>

/// A heart that beats every 5 ms tells how long the event loop was held up.
class TstLatency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamingAndSlidingLeaveTheWindowResponsive_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("tokenMs");
        QTest::addColumn<int>("jobThreads"); // of a compression beside it
        QTest::addColumn<double>("limitMs"); // of 99 % of the beats
        QTest::newRow("as fast as a model answers") << 3000 << 1 << 0 << 50.0;
        QTest::newRow("while a model is compressed")
            << 3000 << 1 << QThread::idealThreadCount() << 50.0;
        // 30000 to 100000 a second, by the processor: both cores have their hands full.
        QTest::newRow("as fast as a pipe carries them") << 100'000 << 0 << 0 << 100.0;
    }

    void streamingAndSlidingLeaveTheWindowResponsive()
    {
        constexpr double kLongestMs = 200;
        QFETCH(int, tokens);
        QFETCH(int, tokenMs);
        QFETCH(int, jobThreads);
        QFETCH(double, limitMs);
        bs::test::WindowFixture f;
        f.script({{"tokens", tokens},
                  {"token_ms", tokenMs},
                  {"job_threads", jobThreads},
                  {"job_ms", 60000}});
        f.newWindow();
        if (jobThreads > 0) compress(f);
        f.window().openPath(f.file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f.isReady());
        QTest::keyClicks(f.find<bs::ui::PromptEdit>("promptEdit"), QStringLiteral("Talk"));
        f.find<QSpinBox>("maxTokens")->setValue(tokens);

        const QSignalSpy answers(&f.session(), &bs::ui::EngineSession::answered);
        std::vector<double> gaps;
        QElapsedTimer since;
        QTimer heart;
        heart.setTimerType(Qt::PreciseTimer);
        connect(&heart, &QTimer::timeout, this, [&] {
            gaps.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
            since.start();
        });
        auto* const slider = f.find<QSlider>("sizeSlider");
        QTimer hand;
        int step = 0;
        connect(&hand, &QTimer::timeout, this, [&] {
            ++step;
            slider->setValue(step % 80 < 40 ? step % 40 * 25 : 1000 - step % 40 * 25);
        });
        QTest::keyClick(f.find<bs::ui::PromptEdit>("promptEdit"), Qt::Key_Return);
        since.start();
        heart.start(5);
        hand.start(16);
        QTRY_VERIFY_WITH_TIMEOUT(f.isReady(), 40000);
        QTest::qWait(300); // what is done at the end of an answer
        heart.stop();
        hand.stop();

        // A fast machine is through with the last row in a second, 90 beats.
        QVERIFY2(gaps.size() > 20, qPrintable(QString::number(gaps.size())));
        QCOMPARE(answers.size(), 1);
        const auto answer = answers[0][0].value<bs::ui::Answer>();
        QCOMPARE(answer.tokens, tokens);
        const QString shown = f.find<bs::ui::ChatView>("chatView")->toPlainText();
        QVERIFY(shown.contains(answer.text.left(200)));
        QVERIFY(shown.contains(answer.text.right(200).trimmed()));
        for (const char* part : {"Regenerate", "Branch from here", "tokens/s"})
            QVERIFY2(shown.contains(QLatin1String(part)), part);
        std::sort(gaps.begin(), gaps.end());
        const double most = gaps.at(gaps.size() * 99 / 100);
        qInfo("%zu beats, median %.1f ms, 99 %% %.1f ms, 99.9 %% %.1f ms, longest %.1f ms",
              gaps.size(), gaps.at(gaps.size() / 2), most, gaps.at(gaps.size() * 999 / 1000),
              gaps.back());
        QVERIFY2(most < limitMs, qPrintable(QString::number(most)));
        QVERIFY2(gaps.back() < kLongestMs, qPrintable(QString::number(gaps.back())));
        QCOMPARE(m_warnings.take(), QString());
    }

    /// One conversation after another, 20000 tokens each: what was shown is given back.
    void memoryOfTheWindowStaysFlat()
    {
        constexpr int kConversations = 6;
        constexpr qint64 kMostGrowth = 12'000'000;
        bs::test::WindowFixture f;
        f.script({{"tokens", 20'000}, {"token_ms", 0}});
        f.newWindow().openPath(f.file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f.isReady());
        f.find<QSpinBox>("maxTokens")->setValue(20'000);
        const QSignalSpy answers(&f.session(), &bs::ui::EngineSession::answered);
        QList<qint64> held;
        for (int i = 1; i <= kConversations; ++i) {
            f.trigger("actionNew");
            QTest::keyClicks(f.find<bs::ui::PromptEdit>("promptEdit"), QStringLiteral("Talk"));
            QTest::keyClick(f.find<bs::ui::PromptEdit>("promptEdit"), Qt::Key_Return);
            QTRY_COMPARE_WITH_TIMEOUT(answers.size(), i, 20000);
            QTRY_VERIFY(f.isReady());
            held.append(static_cast<qint64>(bs::residentSetBytes()));
        }
        qInfo("the window holds %.1f MB after the first, %.1f MB after the second, %.1f MB after "
              "the last of %d answers",
              static_cast<double>(held.first()) / 1e6, static_cast<double>(held.at(1)) / 1e6,
              static_cast<double>(held.last()) / 1e6, kConversations);
        QVERIFY(held.last() - held.at(1) < kMostGrowth);
        QCOMPARE(m_warnings.take(), QString());
    }

private:
    static void compress(bs::test::WindowFixture& f)
    {
        f.window().openPath(f.file(QStringLiteral("demo.gguf")));
        QTRY_VERIFY(f.isReady());
        f.trigger("actionCompress");
        QTRY_VERIFY(f.find<QPushButton>("compressStart")->isEnabled());
        f.click("compressStart");
        QTRY_VERIFY(f.find<QProgressBar>("jobBar")->isVisible());
    }

    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstLatency)
#include "tst_latency.moc"
