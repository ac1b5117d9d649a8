#include "core/store/message_tree.h"
#include "tests/support/window_fixture.h"
#include "ui/pages/chat_view.h"
#include "ui/pages/prompt_edit.h"
#include "ui/plots/curve_plot.h"

#include <QDir>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QToolBar>

#include <csignal>

using namespace bs::ui;

/// The chat side of the window, clicked through against a scripted worker.
class TstWindow : public QObject
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

    void emptyStateOffersTheDemo()
    {
        QVERIFY(f->find<QPushButton>("emptyOpen")->isVisible());
        // No demo model in this cache: the command that fetches it is shown.
        QVERIFY(f->find<QLabel>("emptyDemoHint")
                    ->text()
                    .contains(QStringLiteral("fetch-demo-model.sh")));
        QVERIFY(QDir().mkpath(f->path(QStringLiteral("cache/bitstack"))));
        f->file(QStringLiteral("cache/bitstack/SmolLM2-135M-Instruct.Q4_1.gguf"));
        f->newWindow();
        QVERIFY(f->find<QPushButton>("emptyDemo")->isEnabled());
        f->click("emptyDemo");
        QTRY_VERIFY(f->isReady());
        QVERIFY(f->session().path().endsWith(QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf")));
    }

    void opensAndShowsTheCard()
    {
        open(QStringLiteral("demo.gguf"));
        const auto* const table = f->find<QTableView>("cardTable");
        QStringList values;
        for (int row = 0; row < table->model()->rowCount(); ++row)
            values.append(table->model()->index(row, 1).data().toString());
        for (const char* const value :
             {"demo.gguf", "llama", "134.5 million", "Q4_1", "98.3 MB", "47.2 MB"})
            QVERIFY2(values.contains(QLatin1String(value)), value);
        QVERIFY(f->find<QPushButton>("sizeCompress")->isVisible()); // one size only
        QVERIFY(f->window().windowTitle().contains(QStringLiteral("demo.gguf")));
        QVERIFY(f->find<QLabel>("memoryLabel")->text().contains(QStringLiteral("free memory")));
        QVERIFY(f->requests(QStringLiteral("open"))
                    .first()
                    .contains(QStringLiteral("\"budget_bytes\":null")));
        // Remembered for the next start.
        f->newWindow();
        QCOMPARE(RecentFilesModel().paths(), QStringList{f->path(QStringLiteral("demo.gguf"))});
    }

    void contextLengthShowsItsCacheBeforeLoading()
    {
        open(QStringLiteral("demo.gguf"));
        auto* const spin = f->find<QSpinBox>("contextSpin");
        QCOMPARE(spin->maximum(), 8192);
        spin->setValue(4096);
        const auto* const card = f->find<QTableView>("cardTable")->model();
        QCOMPARE(card->index(card->rowCount() - 1, 1).data().toString(), QStringLiteral("94.4 MB"));
        QCOMPARE(f->session().state().context, 2048);
        f->click("contextApply");
        QTRY_COMPARE(f->session().state().context, 4096);
        QTRY_VERIFY(f->isReady());
    }

    void badFileIsOneSentence()
    {
        f->window().openPath(f->file(QStringLiteral("bad.gguf")));
        QTRY_VERIFY(message().contains(QStringLiteral("no GGUF file")));
        QVERIFY(f->find<QPushButton>("emptyOpen")->isVisible());
        f->window().openPath(f->path(QStringLiteral("missing.gguf")));
        QTRY_VERIFY(message().contains(QStringLiteral("missing.gguf")));
        // What is open stays open.
        open(QStringLiteral("demo.gguf"));
        f->window().openPath(f->path(QStringLiteral("bad.gguf")));
        QTRY_VERIFY(message().contains(QStringLiteral("no GGUF file")));
        QTRY_VERIFY(f->isReady());
        QVERIFY(f->session().path().endsWith(QStringLiteral("demo.gguf")));
        QVERIFY(f->session().state().loaded);
    }

    void droppedFileOpens()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(f->file(QStringLiteral("demo.gguf")))});
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f->window(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f->window(), &drop);
        QTRY_VERIFY(f->isReady());
    }

    void slidesByMouseKeyboardAndText()
    {
        open(QStringLiteral("demo.bitstack"));
        auto* const slider = f->find<QSlider>("sizeSlider");
        auto* const exact = f->find<QLineEdit>("sizeExact");
        QCOMPARE(slider->value(), slider->maximum()); // the largest that fits
        QTRY_VERIFY(!f->session().sizes().isEmpty());

        QTest::keyClick(slider, Qt::Key_Home);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000LL);
        QCOMPARE(f->find<QLabel>("sizeHeadline")->text(), QStringLiteral("74.5 MB"));
        QTRY_VERIFY(f->find<QLabel>("sizeDepth")->text().contains(QStringLiteral("1 to 2")));
        QVERIFY(f->find<QLabel>("sizeGain")->text().contains(QStringLiteral("One more MB")));

        QTest::keyClick(slider, Qt::Key_PageUp);
        QTRY_COMPARE(f->session().state().fileBytes,
                     81'500'000LL); // a tenth, fitted to the plan below it
        QTest::keyClick(slider, Qt::Key_Right);
        QTRY_COMPARE(f->session().state().fileBytes, 82'500'000LL);
        QTest::keyClick(slider, Qt::Key_End);
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000LL);
        QVERIFY(f->find<QLabel>("sizeGain")->text().contains(QStringLiteral("Everything")));

        const int before = slider->value();
        QTest::mouseClick(slider, Qt::LeftButton, {}, {slider->width() / 4, slider->height() / 2});
        QVERIFY(slider->value() < before);
        QTRY_VERIFY(f->session().state().fileBytes < 149'000'000LL);

        type(exact, QStringLiteral("105.5MB"));
        QTRY_COMPARE(f->session().state().fileBytes, 105'500'000LL);
        QCOMPARE(exact->text(), QStringLiteral("105500000"));
        type(exact, QStringLiteral("12MB"));
        QTRY_VERIFY(message().contains(QStringLiteral("74.5 MB")));
        type(exact, QStringLiteral("lots"));
        QTRY_VERIFY(message().contains(QStringLiteral("lots")));
        QCOMPARE(f->session().state().fileBytes, 105'500'000LL);
        f->trigger("actionSmallest");
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000LL);
    }

    void slidesAreGathered()
    {
        open(QStringLiteral("demo.bitstack"));
        auto* const slider = f->find<QSlider>("sizeSlider");
        for (int value = 900; value >= 100; value -= 2)
            slider->setValue(value);
        QTRY_COMPARE(f->session().state().fileBytes, 81'500'000LL);
        QVERIFY(f->requests(QStringLiteral("slide")).size() < 10);
    }

    void answerStreamsAndStops()
    {
        f->script({{"tokens", 5000}, {"token_ms", 2}});
        open(QStringLiteral("demo.gguf"));
        auto* const prompt = f->find<PromptEdit>("promptEdit");
        QVERIFY(prompt->hasFocus());
        QTest::keyClicks(prompt, QStringLiteral("Why do"));
        QTest::keyClick(prompt, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(prompt, QStringLiteral("things fall?"));
        QTest::keyClick(prompt, Qt::Key_Return);
        QVERIFY(prompt->toPlainText().isEmpty());
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity is the force")));
        QVERIFY(chat().contains(QStringLiteral("Why do\nthings fall?")));
        QVERIFY(f->find<QPushButton>("chatStop")->isVisible());
        QTRY_VERIFY(f->find<QLabel>("chatMeter")->text().contains(QStringLiteral("12.5 tokens/s")));
        f->click("chatStop");
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(chat().contains(QStringLiteral("stopped")));
        QVERIFY(f->find<QLabel>("chatMeter")->text().contains(QStringLiteral("of 2048 tokens")));
        QVERIFY(f->find<QPushButton>("chatSend")->isVisible());
    }

    void conversationIsStoredMessageByMessage()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("First"));
        send(QStringLiteral("Second"));
        f->trigger("actionRegenerate");
        QTRY_VERIFY(!f->requests(QStringLiteral("reset_context")).isEmpty());
        QTRY_VERIFY(f->isReady());
        const QJsonObject last =
            QJsonDocument::fromJson(f->requests(QStringLiteral("generate")).last().mid(9).toUtf8())
                .object();
        QCOMPARE(last["messages"].toArray().size(), 3); // First, its answer, Second
        f->closeWindow();                               // all is written then
        bs::Store store =
            bs::Store::open(f->path(QStringLiteral("test.sqlite")).toStdString()).value();
        const auto conversations = store.listConversations().value();
        QCOMPARE(conversations.size(), std::size_t{1});
        QCOMPARE(conversations.front().title, std::string("First"));
        QStringList kept;
        const auto messages = store.messages(conversations.front().id).value();
        for (const bs::MessageRecord& m : messages)
            kept.append(QString::fromStdString(m.role + ": " + m.content.substr(0, 7)));
        // The last answer was made twice: both are kept.
        QCOMPARE(kept, (QStringList{"user: First", "assistant: Gravity", "user: Second",
                                    "assistant: Gravity", "assistant: Gravity"}));
        const bs::MessageTree tree(messages);
        QCOMPARE(tree.path(conversations.front().leaf).size(), std::size_t{4});
        QCOMPARE(tree.versions(messages.back().id).size(), std::size_t{2});
    }

    void newConversationForgets()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("First"));
        f->trigger("actionNew");
        QVERIFY(chat().isEmpty());
        send(QStringLiteral("Other"));
        const QJsonObject last =
            QJsonDocument::fromJson(f->requests(QStringLiteral("generate")).last().mid(9).toUtf8())
                .object();
        QCOMPARE(last["messages"].toArray().size(), 1);
    }

    void answerSettingsReachTheWorkerAndAreKept()
    {
        f->find<QSpinBox>("seed")->setValue(7);
        f->find<QDoubleSpinBox>("temperature")->setValue(0);
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Hello"));
        const QString request = f->requests(QStringLiteral("generate")).last();
        QVERIFY(request.contains(QStringLiteral("\"seed\":7")));
        QVERIFY2(request.contains(QStringLiteral("\"temperature\":0")), qPrintable(request));
        f->newWindow();
        QCOMPARE(f->find<QSpinBox>("seed")->value(), 7);
    }

    void slidingDuringAnAnswerMarksItMixed()
    {
        f->script({{"tokens", 400}, {"token_ms", 2}});
        open(QStringLiteral("demo.bitstack"));
        QTest::keyClicks(f->find<PromptEdit>("promptEdit"), QStringLiteral("Go"));
        f->click("chatSend");
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity")));
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_Home);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000LL);
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(chat().contains(QStringLiteral("mixed sizes")));
    }

    void noticeStandsBelowTheAnswer()
    {
        f->script({{"notice", "plain ChatML stands in"}});
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Hello"));
        QTRY_VERIFY(chat().contains(QStringLiteral(" · plain ChatML stands in")));
    }

    void killedWorkerComesBackSmaller()
    {
        f->script({{"tokens", 200}, {"die_after_tokens", 20}});
        open(QStringLiteral("demo.bitstack"));
        QTest::keyClicks(f->find<PromptEdit>("promptEdit"), QStringLiteral("Tell me"));
        f->click("chatSend");
        QTRY_VERIFY(message().contains(QStringLiteral("memory ran out")));
        QVERIFY(message().contains(QStringLiteral("started again at 74.5 MB")));
        QTRY_VERIFY(f->isReady());
        QCOMPARE(f->session().state().fileBytes,
                 74'500'000LL); // half of it, but not below the smallest
        QVERIFY(chat().contains(QStringLiteral("Tell me"))); // the conversation is whole
        QVERIFY(chat().contains(QStringLiteral("Gravity")));
        QVERIFY(chat().contains(QStringLiteral("broken off")));
        send(QStringLiteral("And now?"));
        QCOMPARE(f->requests(QStringLiteral("generate")).size(), 2);
        const QJsonObject last =
            QJsonDocument::fromJson(f->requests(QStringLiteral("generate")).last().mid(9).toUtf8())
                .object();
        QCOMPARE(last["messages"].toArray().size(), 3);
    }

    void workerKilledWhileIdleComesBack()
    {
        open(QStringLiteral("demo.gguf"));
        ::kill(static_cast<pid_t>(f->session().workerProcessId()), SIGABRT);
        QTRY_VERIFY(message().contains(QStringLiteral("SIGABRT")));
        QTRY_VERIFY(f->isReady());
        send(QStringLiteral("Still there?"));
        QVERIFY(chat().contains(QStringLiteral("Gravity")));
    }

    void sizeThatNeverFitsEndsWithASentence()
    {
        f->script({{"die_on_open_above", 1}});
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->find<QPushButton>("messageOffer")->isVisible() &&
                    f->session().phase() == EngineSession::Phase::Empty);
        QVERIFY(message().contains(QStringLiteral("memory ran out")));
        f->script({});
        f->click("messageOffer"); // Try again
        QTRY_VERIFY(f->isReady());
    }

    void everyActionHasTextTooltipAndOthersHaveNames()
    {
        const auto actions = f->window().findChildren<QAction*>();
        for (const QAction* const action : actions) {
            if (action->isSeparator() || action->objectName().isEmpty()) continue;
            if (action->objectName().startsWith(QLatin1String("_q_"))) continue; // Qt's own
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->objectName()));
        }
        for (const char* const name :
             {"sizeSlider", "sizeExact", "contextSpin", "promptEdit", "chatView", "cardTable"})
            QVERIFY2(!f->find<QWidget>(name)->accessibleName().isEmpty(), name);
    }

    void darkPaletteIsFollowed()
    {
        const QPalette light = QApplication::palette();
        QPalette dark(QColor(0x2b, 0x2d, 0x30));
        dark.setColor(QPalette::Base, QColor(0x1e, 0x1f, 0x22));
        dark.setColor(QPalette::Highlight, QColor(0x4a, 0x90, 0xd9));
        QApplication::setPalette(dark);
        open(QStringLiteral("demo.bitstack"));
        send(QStringLiteral("Hello"));
        f->window().openPath(f->path(QStringLiteral("missing.gguf")));
        QTRY_VERIFY(!message().isEmpty());
        QTest::qWait(50);
        const QImage image = f->window().grab().toImage();
        QApplication::setPalette(light);
        qint64 bright = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                bright += image.pixelColor(x, y).lightness() > 128 ? 1 : 0;
        // Text and lines only.
        QVERIFY(bright < qint64{image.width()} * image.height() / 10);
    }

    void fitsASmallScreen()
    {
        const QSize least = f->window().minimumSizeHint();
        QVERIFY2(least.width() <= 1366 && least.height() <= 700,
                 qPrintable(QStringLiteral("%1x%2").arg(least.width()).arg(least.height())));
        open(QStringLiteral("demo.bitstack"));
        const QSize opened = f->window().minimumSizeHint();
        QVERIFY2(opened.width() <= 1366 && opened.height() <= 700,
                 qPrintable(QStringLiteral("%1x%2").arg(opened.width()).arg(opened.height())));
    }

private:
    void open(const QString& name)
    {
        f->window().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    void send(const QString& text)
    {
        QTest::keyClicks(f->find<PromptEdit>("promptEdit"), text);
        const qsizetype before = f->requests(QStringLiteral("generate")).size();
        QTest::keyClick(f->find<PromptEdit>("promptEdit"), Qt::Key_Return);
        QTRY_COMPARE(f->requests(QStringLiteral("generate")).size(), before + 1);
        QTRY_VERIFY(f->isReady());
    }

    static void type(QLineEdit* edit, const QString& text)
    {
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }

    QString chat() { return f->find<ChatView>("chatView")->toPlainText(); }
    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindow)
#include "tst_window.moc"
