#include "tests/support/window_fixture.h"
#include "ui/models/memory_follow.h"
#include "ui/widgets/size_ticks.h"

#include <QLabel>
#include <QMenu>

using namespace bs::ui;

/// The sizes that have names, and the size that follows the free memory.
class TstWindowSize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { f = std::make_unique<bs::test::WindowFixture>(); }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    void aClickOnATickGoesThere()
    {
        openStack();
        auto* const ticks = f->find<SizeTicks>("sizeTicks");
        QTRY_COMPARE(ticks->ticks().size(), 2);
        QCOMPARE(ticks->accessibleDescription(),
                 QStringLiteral("Depth 4 on average: 106.4 MB "
                                "As large as a Q4_K_M: 103.5 MB"));
        const QPoint at(ticks->positionOf(ticks->ticks().at(1)), 2);
        QTest::mouseClick(ticks, Qt::LeftButton, {}, at);
        QTRY_COMPARE(f->session().state().fileBytes, 103'500'000LL);
        f->trigger("actionUndoSize");
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000LL);
    }

    void knownSizesAreInTheMenuToo()
    {
        openStack();
        QTRY_VERIFY(action(QStringLiteral("As large as a Q4_K_M: 103.5 MB")) != nullptr);
        action(QStringLiteral("As large as a Q4_K_M: 103.5 MB"))->trigger();
        QTRY_COMPARE(f->session().state().fileBytes, 103'500'000LL);
        f->trigger("actionClose");
        QTRY_VERIFY(action(QStringLiteral("As large as a Q4_K_M: 103.5 MB")) == nullptr);
    }

    void followingIsARule_data()
    {
        QTest::addColumn<qint64>("free");
        QTest::addColumn<double>("pressure");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("next"); // 0: stay
        // 100 MB beside the file are held. All: held and free.
        QTest::newRow("neither scarce nor roomy") << 60'000'000LL << 0.0 << 100'000'000LL << 0LL;
        QTest::newRow("scarce: a fifth of 220 MB shall be free")
            << 20'000'000LL << 0.0 << 100'000'000LL << 76'000'000LL;
        QTest::newRow("very scarce: no further than the smallest")
            << 1'000'000LL << 0.0 << 80'000'000LL << 60'000'000LL;
        QTest::newRow("at the smallest already") << 0LL << 1.0 << 60'000'000LL << 0LL;
        QTest::newRow("free, but all wait for memory: a small step")
            << 200'000'000LL << 0.5 << 100'000'000LL << 95'000'000LL;
        QTest::newRow("free again: up to the wish")
            << 300'000'000LL << 0.0 << 80'000'000LL << 120'000'000LL;
        QTest::newRow("free again, still under pressure")
            << 300'000'000LL << 0.06 << 80'000'000LL << 0LL;
        QTest::newRow("some free: as much as leaves a fifth")
            << 90'000'000LL << 0.0 << 70'000'000LL << 108'000'000LL;
        QTest::newRow("not above the wish") << 300'000'000LL << 0.0 << 120'000'000LL << 0LL;
    }

    void followingIsARule()
    {
        QFETCH(qint64, free);
        QFETCH(double, pressure);
        QFETCH(qint64, size);
        QFETCH(qint64, next);
        EngineState state;
        state.fileBytes = size;
        state.weightBytes = size;
        state.rssBytes = size + 100'000'000;
        state.freeMemoryBytes = free;
        state.memoryPressure = pressure;
        const MemoryFollow rule{120'000'000, 60'000'000};
        QCOMPARE(rule.next(state).value_or(0), next);
    }

    void sizeFollowsTheFreeMemory()
    {
        setFree(22'900'000'000);
        f->script({{"free_memory_file", f->path(QStringLiteral("free"))}});
        openStack();
        f->window().follower()->setPauses(0, 0);
        f->trigger("actionFollowMemory");
        QCOMPARE(f->session().state().fileBytes, 149'000'000LL);
        setFree(10'000'000);
        QTRY_VERIFY(f->session().state().fileBytes < 149'000'000LL);
        QTRY_VERIFY(message().startsWith(QStringLiteral("Memory is scarce: the size went down")));
        setFree(22'900'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000LL); // what was chosen, no more
        QTRY_VERIFY(message().startsWith(QStringLiteral("Memory is free again")));
        f->trigger("actionFollowMemory");
        setFree(10'000'000);
        QTest::qWait(EngineSession::kStatusIntervalMs + 500);
        QCOMPARE(f->session().state().fileBytes, 149'000'000LL); // not when it is off
    }

    void followingIsKept()
    {
        f->newWindow();
        f->trigger("actionFollowMemory");
        f->newWindow();
        QVERIFY(f->find<QAction>("actionFollowMemory")->isChecked());
        QVERIFY(f->window().follower()->isOn());
    }

private:
    void openStack()
    {
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(f->session().stack());
    }

    QAction* action(const QString& text)
    {
        for (QAction* const action : f->window().findChildren<QAction*>())
            if (action->text() == text) return action;
        return nullptr;
    }

    void setFree(qint64 bytes)
    {
        QFile out(f->path(QStringLiteral("free")));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::number(bytes));
    }

    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowSize)
#include "tst_window_size.moc"
