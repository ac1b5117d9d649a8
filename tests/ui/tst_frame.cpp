#include "tests/support/window_fixture.h"
#include "ui/dialogs/command_palette.h"
#include "ui/models/memory_parts.h"
#include "ui/models/recent_files_model.h"
#include "ui/models/words.h"
#include "ui/widgets/memory_bar.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QSignalSpy>
#include <QSlider>

#include <cmath>

using namespace bs::ui;

/// What belongs to the window as a whole: commands, memory.
class TstFrame : public QObject
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

    /// What cleanup() asks for in every test of the window.
    void aWarningIsNoticed()
    {
        qWarning("planted");
        QCOMPARE(m_warnings.take(), QStringLiteral("planted"));
    }

    void everyCommandHasTextKeyOrTipAndIsListed()
    {
        ActionModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.collect(&f->window());
        QCOMPARE(resets.size(), 1);
        QVERIFY(model.rowCount() > 20);
        QStringList names;
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex index = model.index(row);
            QVERIFY(!index.data(Qt::ToolTipRole).toString().isEmpty());
            names.append(index.data().toString());
        }
        QVERIFY(names.contains(QStringLiteral("File: Open folder")));
        QVERIFY(names.contains(QStringLiteral("File: Quit")));
        QCOMPARE(names.removeDuplicates(), 0);
    }

    void thePaletteFindsAndRuns()
    {
        f->trigger("actionPalette");
        auto* const palette = f->find<CommandPalette>("commandPalette");
        QVERIFY(palette != nullptr && palette->isVisible());
        auto* const text = palette->findChild<QLineEdit*>(QStringLiteral("commandText"));
        auto* const list = palette->findChild<QListView*>(QStringLiteral("commandList"));
        QCOMPARE(palette->focusWidget(), text);
        const int all = list->model()->rowCount();
        QTest::keyClicks(text, QStringLiteral("table SHOW"));
        QCOMPARE(list->model()->rowCount(), 1);
        QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("Chart: Show as table"));
        QTest::keyClicks(text, QStringLiteral("zzz"));
        QCOMPARE(list->model()->rowCount(), 0);
        QTest::keyClick(text, Qt::Key_Down);   // nothing to choose
        QTest::keyClick(text, Qt::Key_Return); // nothing to run
        QVERIFY(palette->isVisible());
        text->clear();
        QCOMPARE(list->model()->rowCount(), all);
        QTest::keyClick(text, Qt::Key_Down);
        QCOMPARE(list->currentIndex().row(), 1);
        QTest::keyClicks(text, QStringLiteral("table show"));
        auto* const table = f->find<QAction>("actionTable");
        QVERIFY(!table->isChecked());
        QTest::keyClick(text, Qt::Key_Return);
        QTRY_VERIFY(table->isChecked());
        QTRY_VERIFY(f->find<CommandPalette>("commandPalette") == nullptr);
    }

    void whatCannotBeUsedNowDoesNotRun()
    {
        f->trigger("actionPalette");
        auto* const palette = f->find<CommandPalette>("commandPalette");
        auto* const text = palette->findChild<QLineEdit*>(QStringLiteral("commandText"));
        QVERIFY(!f->find<QAction>("actionCompress")->isEnabled());
        QTest::keyClicks(text, QStringLiteral("file compress"));
        QTest::keyClick(text, Qt::Key_Return);
        QVERIFY(palette->isVisible());
        QTest::keyClick(palette, Qt::Key_Escape);
        QVERIFY(!palette->isVisible());
    }

    void severalFilesDroppedAtOnce()
    {
        QMimeData data;
        const QStringList paths{f->file(QStringLiteral("demo.gguf")),
                                f->file(QStringLiteral("second.gguf")),
                                f->file(QStringLiteral("third.bitstack"))};
        QList<QUrl> urls{QUrl(QStringLiteral("https://somewhere/else.gguf"))};
        for (const QString& path : paths)
            urls.append(QUrl::fromLocalFile(path));
        data.setUrls(urls);
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f->window(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f->window(), &drop);
        QVERIFY(f->find<QLabel>("messageText")->text().contains(QStringLiteral("demo.gguf")));
        QTRY_VERIFY(f->isReady());
        QCOMPARE(f->session().path(), paths[0]);
        const RecentFilesModel recent;
        QCOMPARE(recent.paths(), paths); // the one that is open first
    }

    void aLayoutIsKeptAndReset()
    {
        auto* dock = f->find<QDockWidget>("dockAnswers");
        dock->close();
        f->window().close(); // which keeps the layout
        f->newWindow();
        dock = f->find<QDockWidget>("dockAnswers");
        QVERIFY(!dock->isVisible());
        f->window().addDockWidget(Qt::RightDockWidgetArea, f->find<QDockWidget>("dockModel"));
        f->trigger("actionResetLayout");
        QVERIFY(dock->isVisible());
        QCOMPARE(f->window().dockWidgetArea(f->find<QDockWidget>("dockModel")),
                 Qt::LeftDockWidgetArea);
        // One that an older version kept has other docks, and is left alone.
        QSettings().setValue(QStringLiteral("window/state"), f->window().saveState(1));
        f->newWindow();
        QVERIFY(f->find<QDockWidget>("dockAnswers")->isVisible());
    }

    void sizesCanBeUndone()
    {
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        auto* const slider = f->find<QSlider>("sizeSlider");
        auto* const undo = f->find<QAction>("actionUndoSize");
        auto* const redo = f->find<QAction>("actionRedoSize");
        QVERIFY(!undo->isEnabled());
        QTRY_VERIFY(slider->isEnabled());
        const qint64 first = f->session().state().fileBytes;
        for (int i = 0; i < 3; ++i) // a held key is one change
            QTest::keyClick(slider, Qt::Key_Left);
        const qint64 second = f->session().wantedBudget().value();
        QVERIFY(second < first);
        QTest::qWait(1100);
        QTest::keyClick(slider, Qt::Key_Home);
        const qint64 third = f->session().wantedBudget().value();
        undo->trigger();
        QCOMPARE(f->session().wantedBudget().value(), second);
        undo->trigger();
        QCOMPARE(f->session().wantedBudget().value(), first);
        QVERIFY(!undo->isEnabled());
        redo->trigger();
        redo->trigger();
        QCOMPARE(f->session().wantedBudget().value(), third);
        QTRY_COMPARE(f->session().state().fileBytes, third);
        f->window().openPath(f->file(QStringLiteral("other.bitstack")));
        QTRY_VERIFY(!undo->isEnabled()); // sizes of another model
    }

    void whatASizeTakesIsToldBeforeItIsLoaded()
    {
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        auto* const slider = f->find<QSlider>("sizeSlider");
        auto* const told = f->find<QLabel>("sizeWeights");
        QTRY_VERIFY(slider->isEnabled());
        QTRY_VERIFY(!f->session().sizes().isEmpty());
        const qint64 loaded = f->session().state().weightBytes;
        slider->setValue(slider->maximum() * 37 / 100);
        const QString before = told->text();
        QCOMPARE(f->session().state().weightBytes, loaded); // not yet
        QTRY_VERIFY(f->session().state().weightBytes != loaded);
        const auto bytes = [](const QString& text) {
            return static_cast<double>(
                parseSizeText(text.section(QStringLiteral(" of "), 0, 0), nullptr));
        };
        const auto now = static_cast<double>(f->session().state().weightBytes);
        QVERIFY2(std::abs(bytes(before) - now) < .03 * now, qPrintable(before));
        QVERIFY(std::abs(bytes(told->text()) - now) < .01 * now);
    }

    void memoryIsShownByItsParts()
    {
        auto* const bar = f->find<MemoryBar>("memoryBar");
        QVERIFY(bar->parts().parts.isEmpty());
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_COMPARE(bar->parts().parts.size(), 3);
        const EngineState& state = f->session().state();
        QCOMPARE(bar->parts().parts[0].bytes, state.weightBytes);
        QCOMPARE(bar->parts().free, state.freeMemoryBytes);
        QVERIFY(bar->accessibleDescription().contains(QStringLiteral("KV cache")));
        QVERIFY(bar->height() >= bar->minimumSizeHint().height());
    }

    void memoryWarnsInTime()
    {
        EngineState state;
        QCOMPARE(MemoryParts(state).sentence(), QString());
        state.loaded = true;
        state.weightBytes = 600;
        state.kvBytes = 100;
        state.rssBytes = 790;
        state.freeMemoryBytes = 210;
        QCOMPARE(MemoryParts(state).parts[2].bytes, qint64(90));
        QVERIFY(MemoryParts(state).level() == MemoryParts::Level::Fine);
        state.freeMemoryBytes = 790 / 4;
        QVERIFY(MemoryParts(state).level() == MemoryParts::Level::Scarce);
        QVERIFY(MemoryParts(state).sentence().contains(QStringLiteral("scarce")));
        state.freeMemoryBytes = 80;
        QVERIFY(MemoryParts(state).level() == MemoryParts::Level::Critical);
        QVERIFY(MemoryParts(state).sentence().contains(QStringLiteral("smaller size")));
        // On a card the process's memory is another.
        state.device = QStringLiteral("cuda:0 (NVIDIA H200)");
        state.rssBytes = 100'000;
        state.freeMemoryBytes = 210;
        QCOMPARE(MemoryParts(state).used, qint64(700));
        QCOMPARE(MemoryParts(state).parts.size(), 2);
        QVERIFY(MemoryParts(state).level() == MemoryParts::Level::Fine);
        state.device += QStringLiteral(", 12 of 32 layers; cpu (avx2, 2 threads)");
        QCOMPARE(MemoryParts(state).used, qint64(100'000));
        state.rssBytes = 10; // pages that are not in memory yet: what is held counts all the same
        QCOMPARE(MemoryParts(state).used, qint64(700));
        QCOMPARE(MemoryParts(state).parts[2].bytes, qint64(0));
    }

private:
    bs::test::QtWarnings m_warnings;
    std::unique_ptr<bs::test::WindowFixture> f;
};

QTEST_MAIN(TstFrame)
#include "tst_frame.moc"
