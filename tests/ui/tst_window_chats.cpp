#include "tests/support/window_fixture.h"
#include "ui/models/conversations_model.h"
#include "ui/pages/chat_view.h"
#include "ui/pages/prompt_edit.h"

#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFrame>
#include <QInputDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTextBlock>
#include <QToolButton>

#include <cstdio>

using namespace bs::ui;

/// Conversations in the window: kept, found, renamed, deleted, exported; versions, branches, system
/// prompt, presets and template.
class TstWindowChats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<bs::test::WindowFixture>();
        f->newWindow();
        f->window().resize(1366, 768);
    }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    void conversationsAreListedChosenAndGoOn()
    {
        QVERIFY(f->find<QLabel>("conversationsEmpty")->isVisible());
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("First question"));
        f->trigger("actionNew");
        send(QStringLiteral("Second question"));
        QTRY_COMPARE(titles(), (QStringList{"Second question", "First question"}));
        QTRY_COMPARE(list()->currentIndex().row(), 0); // the one on screen
        choose(1);
        QTRY_VERIFY(chat().contains(QStringLiteral("First question")));
        QVERIFY(!chat().contains(QStringLiteral("Second")));
        send(QStringLiteral("And then"));
        QCOMPARE(lastRequest()["messages"].toArray().size(), 3);
        QTRY_COMPARE(titles(), (QStringList{"First question", "Second question"}));

        // They are there tomorrow; the one chosen then brings its model with it.
        f->newWindow();
        QTRY_COMPARE(titles().size(), 2);
        choose(0);
        QTRY_VERIFY(chat().contains(QStringLiteral("And then")));
        QTRY_VERIFY(f->isReady());
        QVERIFY(chat().contains(QStringLiteral("And then")));
        send(QStringLiteral("Still there"));
        QCOMPARE(lastRequest()["messages"].toArray().size(), 5);
    }

    void conversationOfAMissingModelIsShownAndSaysSo()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Question"));
        f->newWindow();
        QTRY_COMPARE(titles().size(), 1);
        QVERIFY(QFile::remove(f->path(QStringLiteral("demo.gguf"))));
        choose(0);
        QTRY_VERIFY(message().contains(QStringLiteral("demo.gguf")));
        QVERIFY(f->find<ChatView>("chatView")->isVisible());
        QVERIFY(!f->find<QPushButton>("chatSend")->isEnabled());
        // Another model goes on with it.
        open(QStringLiteral("other.gguf"));
        QVERIFY(chat().contains(QStringLiteral("Question")));
        send(QStringLiteral("And you?"));
        QCOMPARE(lastRequest()["messages"].toArray().size(), 3);
    }

    void searchFindsWhatWasSaid()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Über den Wolken"));
        f->trigger("actionNew");
        send(QStringLiteral("Below"));
        QTRY_COMPARE(titles().size(), 2);
        f->trigger("actionSearchConversations");
        auto* const search = f->find<QLineEdit>("conversationSearch");
        QVERIFY(search->hasFocus());
        QTest::keyClicks(search, QStringLiteral("WOLKEN"));
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Über den Wolken")});
        search->setText(QStringLiteral("no such words"));
        QTRY_COMPARE(titles(), QStringList());
        QVERIFY(f->find<QLabel>("conversationsEmpty")
                    ->text()
                    .contains(QStringLiteral("no such words")));
        search->setText(QStringLiteral("towards each")); // in the answers
        QTRY_COMPARE(titles().size(), 2);
        search->clear();
        QTRY_COMPARE(titles().size(), 2);
    }

    void renamedInPlace()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Question"));
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Question")});
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_F2);
        auto* const editor = list()->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        editor->selectAll();
        QTest::keyClicks(editor, QStringLiteral("Another"));
        // A list that arrives meanwhile takes nothing away.
        auto* const model = qobject_cast<ConversationsModel*>(list()->model());
        model->setConversations({model->record(0)});
        QTest::keyClicks(editor, QStringLiteral(" title"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Another title")});
        f->newWindow();
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Another title")});
    }

    void deletedAndBroughtBack()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Precious"));
        QTRY_COMPARE(titles().size(), 1);
        auto* const bar = f->find<QFrame>("conversationUndoBar");
        QVERIFY(!bar->isVisible());
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_Delete);
        QTRY_COMPARE(titles().size(), 0);
        QVERIFY(bar->isVisible());
        QVERIFY(
            f->find<QLabel>("conversationUndoText")->text().contains(QStringLiteral("Precious")));
        QVERIFY(chat().isEmpty());
        f->click("conversationUndo");
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Precious")});
        QTRY_VERIFY(chat().contains(QStringLiteral("Precious")));
        QVERIFY(!bar->isVisible());
        f->trigger("actionDeleteConversation");
        QTRY_COMPARE(titles().size(), 0);
        f->newWindow();
        QTest::qWait(50);
        QCOMPARE(titles().size(), 0);
    }

    void exportedAsMarkdownAndJson()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("To be kept"));
        QTRY_COMPARE(titles().size(), 1);
        for (const char* const name : {"out.md", "out.json"}) {
            f->trigger("actionExportConversation");
            auto* const dialog = f->find<QFileDialog>("conversationExport");
            QVERIFY(dialog != nullptr && dialog->isVisible());
            QVERIFY(dialog->selectedFiles().first().endsWith(QStringLiteral("To be kept.md")));
            dialog->selectFile(f->path(QLatin1String(name)));
            QMetaObject::invokeMethod(dialog, "accept");
            QTRY_VERIFY(message().contains(QLatin1String(name)));
            QTRY_VERIFY(f->find<QFileDialog>("conversationExport") == nullptr);
        }
        QVERIFY(contents(QStringLiteral("out.md")).startsWith("# To be kept\n"));
        const QJsonObject json =
            QJsonDocument::fromJson(contents(QStringLiteral("out.json"))).object();
        QCOMPARE(json["messages"].toArray().size(), 2);
        QCOMPARE(json["messages"].toArray().at(1)["answer"]["tokens"].toInt(), 40);
    }

    void whatCameOfAnAnswerIsOnDiskWhileItGoesOn()
    {
        f->script({{"tokens", 5000}, {"token_ms", 2}});
        open(QStringLiteral("demo.gguf"));
        type(QStringLiteral("Talk"));
        const std::string path = f->path(QStringLiteral("test.sqlite")).toStdString();
        // As a program would find it after this one was killed now.
        const auto stored = [&] {
            bs::Store store = bs::Store::open(path).value();
            const auto all = store.listConversations().value();
            return all.empty() ? std::vector<bs::MessageRecord>()
                               : store.messages(all.front().id).value();
        };
        QTRY_VERIFY(stored().size() == 2 && !stored().back().content.empty());
        QCOMPARE(f->session().phase(), EngineSession::Phase::Answering);
        QVERIFY(stored().back().partial);
        QCOMPARE(stored().front().content, std::string("Talk"));
        QVERIFY(QFile::copy(f->path(QStringLiteral("test.sqlite")),
                            f->path(QStringLiteral("killed.sqlite"))));
        // Leaving during the answer keeps all that came.
        f->closeWindow();
        QVERIFY(!stored().back().partial);
        QCOMPARE(stored().back().answer->stopReason, std::string("stopped"));
        // And the next start shows what was left when it was killed.
        QVERIFY(QFile::remove(f->path(QStringLiteral("test.sqlite"))));
        QVERIFY(QFile::rename(f->path(QStringLiteral("killed.sqlite")),
                              f->path(QStringLiteral("test.sqlite"))));
        f->newWindow();
        QTRY_COMPARE(titles().size(), 1);
        choose(0);
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity")));
        QVERIFY(chat().contains(QStringLiteral("not finished")));
    }

    void killedProgramLosesNoMoreThanTheLastSecond()
    {
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TALK_UNTIL_KILLED"), QStringLiteral("1"));
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(), {});
        QTRY_VERIFY_WITH_TIMEOUT(child.canReadLine(), 20000);
        const QString path = QString::fromUtf8(child.readLine().trimmed());
        QTest::qWait(3000);
        child.kill(); // SIGKILL
        QVERIFY(child.waitForFinished());
        {
            bs::Store store = bs::Store::open(path.toStdString()).value();
            const auto talks = store.listConversations().value();
            QCOMPARE(talks.size(), std::size_t{1});
            const auto messages = store.messages(talks.front().id).value();
            QCOMPARE(messages.size(), std::size_t{2});
            QCOMPARE(messages.front().content, std::string("Talk"));
            QVERIFY(messages.back().partial);
            QVERIFY(messages.back().content.starts_with("Gravity is the force"));
        }
        QVERIFY(QDir(QFileInfo(path).path()).removeRecursively());
    }

    void editedMessageKeepsItsVersions()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("What falls?"));
        send(QStringLiteral("Second"));
        clickLink(QStringLiteral("message:edit/0/0"));
        QTRY_COMPARE(prompt()->toPlainText(), QStringLiteral("What falls?"));
        QVERIFY(f->find<QPushButton>("chatCancelEdit")->isVisible());
        f->click("chatCancelEdit");
        QVERIFY(prompt()->toPlainText().isEmpty());
        clickLink(QStringLiteral("message:edit/0/0"));
        QTRY_COMPARE(prompt()->toPlainText(), QStringLiteral("What falls?"));
        prompt()->selectAll();
        send(QStringLiteral("What rises?"));
        QCOMPARE(lastRequest()["messages"].toArray().size(), 1);
        QVERIFY(chat().contains(QStringLiteral("What rises?")));
        QVERIFY(!chat().contains(QStringLiteral("Second")));
        QVERIFY(chat().contains(QStringLiteral("2/2")));
        clickLink(QStringLiteral("message:version/0/-1"));
        QTRY_VERIFY(chat().contains(QStringLiteral("What falls?")));
        QVERIFY(chat().contains(QStringLiteral("Second")));
        QVERIFY(chat().contains(QStringLiteral("1/2")));
        // What is shown is remembered.
        f->newWindow();
        QTRY_COMPARE(titles().size(), 1);
        choose(0);
        QTRY_VERIFY(chat().contains(QStringLiteral("Second")));
        clickLink(QStringLiteral("message:version/0/1"));
        QTRY_VERIFY(chat().contains(QStringLiteral("What rises?")));
    }

    void whatCanBeDoneIsReachedByKeyboard()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("By key"));
        auto* const view = f->find<ChatView>("chatView");
        view->setFocus(Qt::TabFocusReason);
        QTest::keyClick(view, Qt::Key_Tab); // Edit, the first link
        QTest::keyClick(view, Qt::Key_Return);
        QTRY_COMPARE(prompt()->toPlainText(), QStringLiteral("By key"));
        QVERIFY(prompt()->hasFocus());
    }

    void regeneratedAnswersAreVersions()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("First"));
        send(QStringLiteral("Second"));
        clickLink(QStringLiteral("message:regenerate/1/0")); // not the last one
        QTRY_COMPARE(f->requests(QStringLiteral("generate")).size(), 3);
        QTRY_VERIFY(f->isReady());
        QVERIFY(!f->requests(QStringLiteral("reset_context")).isEmpty());
        QCOMPARE(lastRequest()["messages"].toArray().size(), 1);
        QTRY_VERIFY(chat().contains(QStringLiteral("2/2")));
        QVERIFY(!chat().contains(QStringLiteral("Second")));
        clickLink(QStringLiteral("message:version/1/-1"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Second")));
    }

    void branchStartsAtAnyAnswer()
    {
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("First"));
        send(QStringLiteral("Second"));
        clickLink(QStringLiteral("message:branch/1/0"));
        QTRY_VERIFY(!chat().contains(QStringLiteral("Second")));
        QVERIFY(chat().contains(QStringLiteral("goes on from here")));
        clickLink(QStringLiteral("message:on/1/0"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Second")));
        clickLink(QStringLiteral("message:branch/1/0"));
        QTRY_VERIFY(!chat().contains(QStringLiteral("Second")));
        send(QStringLiteral("Other way"));
        QCOMPARE(lastRequest()["messages"].toArray().size(), 3);
        QVERIFY(chat().contains(QStringLiteral("2/2")));
        clickLink(QStringLiteral("message:version/2/-1"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Second")));
    }

    void sizesAndSeedOfAnAnswerAreKept()
    {
        f->script({{"tokens", 300}, {"token_ms", 2}});
        open(QStringLiteral("demo.bitstack"));
        type(QStringLiteral("Go"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity")));
        f->trigger("actionSmallest");
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(chat().contains(QStringLiteral("149.0 MB, 74.5 MB from token ")));
        const qint64 seed = lastRequest()["seed"].toInteger(-1);
        QVERIFY(seed >= 0); // drawn, and said
        QVERIFY(chat().contains(QStringLiteral("seed %1").arg(seed)));
        f->closeWindow();
        bs::Store store =
            bs::Store::open(f->path(QStringLiteral("test.sqlite")).toStdString()).value();
        const auto messages = store.messages(store.listConversations().value().front().id).value();
        const bs::AnswerRecord answer = messages.back().answer.value();
        QCOMPARE(answer.sizes.size(), std::size_t{2});
        QCOMPARE(answer.sizes[0].fileBytes, std::uint64_t{149'000'000});
        QCOMPARE(answer.sizes[1].fileBytes, std::uint64_t{74'500'000});
        QVERIFY(answer.sizes[1].token > 0 && answer.sizes[1].token < 300);
        QCOMPARE(answer.seed, std::optional<std::uint64_t>(seed));
        QCOMPARE(answer.context, std::uint64_t{2048});
        QCOMPARE(answer.topK, std::uint64_t{40});
    }

    void systemPromptBelongsToTheConversation()
    {
        auto* const system = f->find<QPlainTextEdit>("systemPrompt");
        open(QStringLiteral("demo.gguf"));
        system->setPlainText(QStringLiteral("Be brief."));
        send(QStringLiteral("One"));
        QCOMPARE(lastRequest()["messages"].toArray().at(0)["content"].toString(),
                 QStringLiteral("Be brief."));
        f->trigger("actionNew");
        system->setPlainText(QStringLiteral("Be long.\nVery."));
        send(QStringLiteral("Two"));
        QTRY_COMPARE(titles().size(), 2);
        choose(1);
        QTRY_COMPARE(system->toPlainText(), QStringLiteral("Be brief."));
        choose(0);
        QTRY_COMPARE(system->toPlainText(), QStringLiteral("Be long.\nVery."));
        system->setPlainText(QStringLiteral("Neither."));
        f->newWindow(); // at once: nothing may be lost
        QTRY_COMPARE(titles().size(), 2);
        choose(1);
        QTRY_COMPARE(f->find<QPlainTextEdit>("systemPrompt")->toPlainText(),
                     QStringLiteral("Be brief."));
        choose(0);
        QTRY_COMPARE(f->find<QPlainTextEdit>("systemPrompt")->toPlainText(),
                     QStringLiteral("Neither."));
    }

    void presetsSetTheSampling()
    {
        auto* const preset = f->find<QComboBox>("preset");
        auto* const temperature = f->find<QDoubleSpinBox>("temperature");
        QCOMPARE(preset->currentText(), QStringLiteral("Balanced"));
        choosePreset(QStringLiteral("Precise"));
        QCOMPARE(temperature->value(), 0.2);
        QCOMPARE(f->find<QSpinBox>("topK")->value(), 20);
        temperature->setValue(0.3);
        QCOMPARE(preset->currentIndex(), -1);
        f->find<QToolButton>("presetSave")->click();
        auto* const dialog = f->find<QInputDialog>("presetName");
        QVERIFY(dialog != nullptr);
        dialog->setTextValue(QStringLiteral("Mine"));
        dialog->accept();
        QTRY_COMPARE(preset->currentText(), QStringLiteral("Mine"));
        choosePreset(QStringLiteral("Creative"));
        QCOMPARE(temperature->value(), 1.1);
        open(QStringLiteral("demo.gguf"));
        send(QStringLiteral("Hello"));
        QCOMPARE(lastRequest()["temperature"].toDouble(), 1.1);
        f->newWindow();
        QCOMPARE(f->find<QComboBox>("preset")->currentText(), QStringLiteral("Creative"));
        choosePreset(QStringLiteral("Mine"));
        QCOMPARE(f->find<QDoubleSpinBox>("temperature")->value(), 0.3);
        f->find<QToolButton>("presetRemove")->click();
        QCOMPARE(f->find<QComboBox>("preset")->findText(QStringLiteral("Mine")), -1);
    }

    void templateIsShownCheckedAndUsed()
    {
        open(QStringLiteral("demo.gguf"));
        f->trigger("actionTemplate");
        auto* const edit = f->find<QPlainTextEdit>("templateText");
        auto* const verdict = f->find<QLabel>("templateVerdict");
        auto* const use = f->find<QPushButton>("templateUse");
        QTRY_COMPARE(edit->toPlainText(), QStringLiteral("{{ own }}\nTEMPLATE"));
        QTRY_VERIFY(use->isEnabled());
        QVERIFY(f->find<QPlainTextEdit>("templatePreview")
                    ->toPlainText()
                    .contains(QStringLiteral("And at night?")));
        edit->setPlainText(QStringLiteral("fine\nbad"));
        QVERIFY(!use->isEnabled());
        QTRY_VERIFY(verdict->text().contains(QStringLiteral("line 2: bad is unknown")));
        QVERIFY(!use->isEnabled());
        QCOMPARE(edit->extraSelections().size(), 1);
        QCOMPARE(edit->extraSelections().first().cursor.blockNumber(), 1);
        edit->setPlainText(QStringLiteral("mine"));
        QTRY_VERIFY(use->isEnabled());
        QVERIFY(edit->extraSelections().isEmpty());
        use->click();
        QTRY_VERIFY(f->find<QLabel>("templateState")->text().contains(QStringLiteral("changed")));
        send(QStringLiteral("Hello"));
        QCOMPARE(lastRequest()["chat_template"].toString(), QStringLiteral("mine"));
        // It is the conversation's: a new one takes it along, the model's own is one click away.
        f->trigger("actionTemplate");
        QTRY_COMPARE(f->find<QPlainTextEdit>("templateText")->toPlainText(),
                     QStringLiteral("mine"));
        f->find<QPushButton>("templateOwn")->click();
        QTRY_COMPARE(f->find<QPlainTextEdit>("templateText")->toPlainText(),
                     QStringLiteral("{{ own }}\nTEMPLATE"));
        QTRY_VERIFY(f->find<QPushButton>("templateUse")->isEnabled());
        f->find<QPushButton>("templateUse")->click();
        send(QStringLiteral("Again"));
        QVERIFY(lastRequest()["chat_template"].isNull());
    }

private:
    void open(const QString& name)
    {
        f->window().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    void type(const QString& text)
    {
        QTest::keyClicks(prompt(), text);
        QTest::keyClick(prompt(), Qt::Key_Return);
    }

    void send(const QString& text)
    {
        const qsizetype before = f->requests(QStringLiteral("generate")).size();
        type(text);
        QTRY_COMPARE(f->requests(QStringLiteral("generate")).size(), before + 1);
        QTRY_VERIFY(f->isReady());
    }

    QJsonObject lastRequest()
    {
        return QJsonDocument::fromJson(
                   f->requests(QStringLiteral("generate")).last().mid(9).toUtf8())
            .object();
    }

    QListView* list() { return f->find<QListView>("conversationList"); }
    PromptEdit* prompt() { return f->find<PromptEdit>("promptEdit"); }
    QString chat() { return f->find<ChatView>("chatView")->toPlainText(); }
    QString message()
    {
        const auto* const text = f->find<QLabel>("messageText");
        return text->isVisible() ? text->text() : QString();
    }

    QStringList titles()
    {
        QStringList all;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            all.append(list()->model()->index(row, 0).data().toString());
        return all;
    }

    void choose(int row)
    {
        const QModelIndex index = list()->model()->index(row, 0);
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                          list()->visualRect(index).center());
    }

    void choosePreset(const QString& name)
    {
        auto* const preset = f->find<QComboBox>("preset");
        const int at = preset->findText(name);
        QVERIFY(at >= 0);
        preset->setCurrentIndex(at);
        Q_EMIT preset->activated(at);
    }

    /// Clicks the link as a person does: where it stands.
    void clickLink(const QString& href)
    {
        auto* const view = f->find<ChatView>("chatView");
        const QTextDocument* const document = view->document();
        for (QTextBlock block = document->begin(); block.isValid(); block = block.next())
            for (auto at = block.begin(); !at.atEnd(); ++at) {
                if (at.fragment().charFormat().anchorHref() != href) continue;
                QTextCursor cursor(block);
                cursor.setPosition(at.fragment().position());
                view->setTextCursor(cursor);
                view->ensureCursorVisible();
                const QRect place = view->cursorRect(cursor);
                QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                                  place.center() + QPoint(2, 0));
                QTest::qWait(1);
                return;
            }
        QFAIL(qPrintable(QStringLiteral("no link %1").arg(href)));
    }

    QByteArray contents(const QString& name)
    {
        QFile file(f->path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

/// The window in a process of its own, in the middle of an answer that never ends; says where its
/// database is and waits to be killed.
int talkUntilKilled()
{
    bs::test::WindowFixture f;
    f.script({{"tokens", 1'000'000}, {"token_ms", 2}});
    f.newWindow().openPath(f.file(QStringLiteral("demo.gguf")));
    if (!QTest::qWaitFor([&] { return f.isReady(); }, 20000)) return 1;
    f.find<QSpinBox>("maxTokens")->setValue(100000);
    f.find<PromptEdit>("promptEdit")->setPlainText(QStringLiteral("Talk"));
    QTest::keyClick(f.find<PromptEdit>("promptEdit"), Qt::Key_Return);
    std::puts(qPrintable(f.path(QStringLiteral("test.sqlite"))));
    std::fflush(stdout);
    QTest::qWait(60000);
    return 1;
}

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (qEnvironmentVariableIsSet("TALK_UNTIL_KILLED")) return talkUntilKilled();
    TstWindowChats test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_window_chats.moc"
