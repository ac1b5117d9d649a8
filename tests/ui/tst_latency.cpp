#include "tests/support/window_fixture.h"
#include "ui/pages/prompt_edit.h"

#include <QElapsedTimer>
#include <QSlider>
#include <QSpinBox>
#include <QTimer>

#include <algorithm>

/// A heart that beats every 5 ms tells how long the event loop was held up.
class TstLatency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamingAndSlidingLeaveTheWindowResponsive()
    {
        constexpr double kLimitMs = 50;
        bs::test::WindowFixture f;
        f.script({{"tokens", 3000}, {"token_ms", 1}});
        f.newWindow().openPath(f.file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f.isReady());
        QTest::keyClicks(f.find<bs::ui::PromptEdit>("promptEdit"), QStringLiteral("Talk"));
        f.find<QSpinBox>("maxTokens")->setValue(3000);

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
        heart.stop();
        hand.stop();

        QVERIFY(gaps.size() > 300);
        std::sort(gaps.begin(), gaps.end());
        const double most = gaps.at(gaps.size() * 99 / 100);
        qInfo("%zu beats, median %.1f ms, 99 %% %.1f ms, longest %.1f ms", gaps.size(),
              gaps.at(gaps.size() / 2), most, gaps.back());
        QVERIFY2(most < kLimitMs, qPrintable(QString::number(most)));
        QCOMPARE(m_warnings.take(), QString());
    }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstLatency)
#include "tst_latency.moc"
