#include "core/store/store.h"
#include "tests/support/small_models.h"
#include "tests/support/temp_folder.h"
#include "tests/support/window_fixture.h"
#include "ui/models/jobs_model.h"
#include "ui/pages/chat_view.h"
#include "ui/pages/prompt_edit.h"

#include <QJsonArray>
#include <QLabel>
#include <QListView>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>

#include <csignal>

using namespace bs::ui;

/// Workers that are killed while they answer, slide or work on a job: the window stays, says so and
/// comes back, and what was said is whole.
class TstWindowKills : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { f = std::make_unique<bs::test::WindowFixture>(); }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    void whileItAnswers()
    {
        f->script({{"tokens", 5000}, {"token_ms", 2}});
        open(QStringLiteral("demo.bitstack"));
        say(QStringLiteral("Tell me"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity is the force")));
        QCOMPARE(f->session().phase(), EngineSession::Phase::Answering);
        killEngine();
        comesBackSmaller();
        QVERIFY(chat().contains(QStringLiteral("Tell me")));
        QVERIFY(chat().contains(QStringLiteral("Gravity is the force")));
        QVERIFY(chat().contains(QStringLiteral("broken off")));
        f->script({{"tokens", 5}});
        goesOn(QStringLiteral("And now?"), 3);
        conversationIsWhole(
            {"user: Tell me", "assistant: Gravity", "user: And now", "assistant: Gravity"});
    }

    void whileItSlides()
    {
        open(QStringLiteral("demo.bitstack"));
        say(QStringLiteral("First"));
        QTRY_VERIFY(f->isReady() && chat().contains(QStringLiteral("tokens/s")));
        const qsizetype before = f->requests(QStringLiteral("slide")).size();
        // The next worker is quick again.
        killEngine();
        QTRY_VERIFY(f->isReady() && !message().isEmpty());
        f->script({{"slide_ms", 20000}});
        f->window().openPath(f->path(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady() && f->session().state().fileBytes == 149'000'000LL);
        f->find<QSlider>("sizeSlider")->setValue(500);
        QTRY_COMPARE(f->requests(QStringLiteral("slide")).size(), before + 1);
        f->script({});
        killEngine();
        comesBackSmaller();
        QVERIFY(f->window().isVisible());
        QVERIFY(chat().contains(QStringLiteral("First")));
        f->find<QSlider>("sizeSlider")->setValue(1000); // and slides again
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000LL);
        goesOn(QStringLiteral("Second"), 3);
        conversationIsWhole(
            {"user: First", "assistant: Gravity", "user: Second", "assistant: Gravity"});
    }

    void whileItSlidesDuringAnAnswer()
    {
        f->script({{"tokens", 5000}, {"token_ms", 2}});
        open(QStringLiteral("demo.bitstack"));
        say(QStringLiteral("Tell me"));
        QTRY_VERIFY(chat().contains(QStringLiteral("Gravity is the force")));
        f->find<QSlider>("sizeSlider")->setValue(400);
        QTRY_VERIFY(!f->requests(QStringLiteral("slide")).isEmpty());
        killEngine();
        QTRY_VERIFY(message().contains(QStringLiteral("started again")));
        QTRY_VERIFY(f->isReady());
        QVERIFY(f->session().state().fileBytes < 149'000'000LL);
        QVERIFY(chat().contains(QStringLiteral("broken off")));
    }

    void whileItCompresses()
    {
        f->script({{"job_ms", 30000}, {"tokens", 300}, {"token_ms", 5}});
        open(QStringLiteral("demo.gguf"));
        say(QStringLiteral("Go on"));
        CompressSettings settings;
        settings.path = f->path(QStringLiteral("demo.gguf"));
        settings.output = f->path(QStringLiteral("made.bitstack"));
        f->jobs()->compress(settings);
        QTRY_VERIFY(!f->requests(QStringLiteral("compress")).isEmpty());
        const qint64 engine = f->session().workerProcessId();
        f->script({{"job_ms", 20}});
        killJob();
        QTRY_VERIFY(message().contains(QStringLiteral("memory ran out")));
        QVERIFY(message().contains(QStringLiteral("Compress demo.gguf")));
        QCOMPARE(jobs(), QStringList{"failed"});
        // The chat never noticed.
        QCOMPARE(f->session().workerProcessId(), engine);
        QTRY_VERIFY(f->isReady());
        QVERIFY(!chat().contains(QStringLiteral("broken off")));
        f->click("messageOffer"); // Try again
        QTRY_COMPARE(jobs(), QStringList{"done"});
        QVERIFY(QFile::exists(settings.output));
    }

    void whileItMeasures()
    {
        f->script({{"job_ms", 1500}});
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionShowRuns");
        MeasureSettings settings;
        settings.path = f->path(QStringLiteral("demo.bitstack"));
        settings.text = f->file(QStringLiteral("text.txt"));
        settings.budgets = {80'000'000, 100'000'000, 120'000'000};
        settings.includeDense = false;
        settings.database = f->path(QStringLiteral("test.sqlite"));
        f->jobs()->measure(settings);
        f->jobs()->measure(settings);
        QTRY_COMPARE(rows(), 1);
        f->script({{"job_ms", 20}});
        killJob();
        QTRY_VERIFY(message().contains(QStringLiteral("memory ran out")));
        // The next one goes on. What was measured stays, and the run does not stand as running for
        // ever.
        QTRY_COMPARE(jobs(), (QStringList{"done", "failed"}));
        QTRY_COMPARE(rows(), 1 + 3);
        f->closeWindow();
        bs::Store store = opened();
        const auto runs = store.listRuns().value();
        QCOMPARE(runs.back().state, bs::RunState::Failed);
        QVERIFY(runs.back().error.find("memory ran out") != std::string::npos);
        QCOMPARE(runs.front().state, bs::RunState::Done);
    }

    /// The real program with a model of one layer.
    void theRealWorkerWhileItAnswers()
    {
        useRealWorker();
        f->newWindow().openPath(smallModel());
        QTRY_VERIFY_WITH_TIMEOUT(f->isReady(), 20000);
        f->find<QSpinBox>("maxTokens")->setValue(16);
        const QSignalSpy tokens(&f->session(), &EngineSession::tokenArrived);
        // At the first token, wherever the worker is by then.
        const auto kill =
            connect(&f->session(), &EngineSession::tokenArrived, this, [this] { killEngine(); });
        say(QStringLiteral("abc"));
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("memory ran out")), 20000);
        disconnect(kill);
        QVERIFY(tokens.size() >= 1);
        QTRY_VERIFY_WITH_TIMEOUT(f->isReady(), 20000);
        QVERIFY(f->session().state().loaded);
        QVERIFY(chat().contains(QStringLiteral("abc")));
        say(QStringLiteral("def"));
        QTRY_VERIFY_WITH_TIMEOUT(f->isReady() && chat().contains(QStringLiteral("tokens/s")),
                                 20000);
        QVERIFY(chat().contains(QStringLiteral("def")));
        f->closeWindow();
        bs::Store store = opened();
        const auto talks = store.listConversations().value();
        QCOMPARE(talks.size(), std::size_t{1});
        QStringList roles;
        const auto messages = store.messages(talks.front().id).value();
        for (const bs::MessageRecord& m : messages)
            roles.append(QString::fromStdString(m.role));
        QCOMPARE(roles, (QStringList{"user", "assistant", "user", "assistant"}));
    }

    void theRealWorkerWhileItMeasures()
    {
        useRealWorker();
        f->newWindow().openPath(smallModel());
        QTRY_VERIFY_WITH_TIMEOUT(f->isReady(), 20000);
        MeasureSettings settings;
        settings.path = f->session().path();
        QFile text(f->path(QStringLiteral("long.txt")));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(QByteArray("abcdefgh").repeated(200'000));
        text.close();
        settings.text = text.fileName();
        settings.context = 16;
        settings.chunks = 0;
        settings.database = f->path(QStringLiteral("test.sqlite"));
        f->jobs()->measure(settings);
        QSignalSpy progress(f->jobs(), &BackgroundJobs::progressed);
        QTRY_VERIFY_WITH_TIMEOUT(!progress.isEmpty(), 20000);
        killJob();
        QTRY_COMPARE_WITH_TIMEOUT(jobs(), QStringList{"failed"}, 20000);
        QVERIFY(f->isReady());
        f->closeWindow();
        bs::Store store = opened();
        const auto runs = store.listRuns().value();
        QCOMPARE(runs.size(), std::size_t{1});
        QCOMPARE(runs.front().state, bs::RunState::Failed);
        QVERIFY(runs.front().error.find("memory ran out") != std::string::npos);
    }

    /// A queue as a program leaves it that was killed.
    void jobsOfAKilledProgramAreOffered()
    {
        CompressSettings settings;
        settings.path = f->file(QStringLiteral("demo.gguf"));
        settings.output = f->path(QStringLiteral("made.bitstack"));
        QProcess gone;
        gone.start(QStringLiteral("true"), QStringList());
        QVERIFY(gone.waitForStarted());
        const qint64 pid = gone.processId();
        QVERIFY(gone.waitForFinished());
        Job job;
        job.method = QStringLiteral("compress");
        job.params = settings.toJson();
        QSettings kept;
        kept.setValue(QStringLiteral("jobs/%1-1").arg(pid),
                      QString::fromUtf8(
                          QJsonDocument(QJsonArray{job.toJson()}).toJson(QJsonDocument::Compact)));
        kept.sync();
        f->script({{"job_ms", 20}});
        f->newWindow();
        QVERIFY2(message().contains(QStringLiteral("Compress demo.gguf")), qPrintable(message()));
        f->click("messageOffer");
        QTRY_COMPARE(jobs(), QStringList{"done"});
        QVERIFY(f->requests(QStringLiteral("compress"))
                    .last()
                    .contains(QStringLiteral("\"resume\":true")));
    }

private:
    void open(const QString& name)
    {
        f->newWindow().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    static void useRealWorker() { qputenv("BITSTACK_WORKER", BS_PROGRAM); }

    QString smallModel()
    {
        QFile file(f->path(QStringLiteral("small.gguf")));
        const std::string bytes = bs::test::smallGguf();
        return file.open(QIODevice::WriteOnly) &&
                       file.write(bytes.data(), static_cast<qint64>(bytes.size())) > 0
                   ? file.fileName()
                   : QString();
    }

    void say(const QString& text)
    {
        QTest::keyClicks(f->find<PromptEdit>("promptEdit"), text);
        f->click("chatSend");
    }

    void killEngine() { kill(f->session().workerProcessId()); }
    void killJob() { kill(f->jobs()->workerProcessId()); }

    static void kill(qint64 pid)
    {
        QVERIFY(pid > 0);
        QCOMPARE(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
    }

    /// Half of the largest size is below the smallest one, which it then is.
    void comesBackSmaller()
    {
        QTRY_VERIFY(message().contains(QStringLiteral("memory ran out")));
        QVERIFY2(message().contains(QStringLiteral("started again at 74.5 MB")),
                 qPrintable(message()));
        QTRY_VERIFY(f->isReady());
        QCOMPARE(f->session().state().fileBytes, 74'500'000LL);
        QVERIFY(f->window().isVisible());
    }

    /// The next prompt is answered with everything that was said before it.
    void goesOn(const QString& prompt, qsizetype messages)
    {
        const qsizetype before = f->requests(QStringLiteral("generate")).size();
        say(prompt);
        QTRY_COMPARE(f->requests(QStringLiteral("generate")).size(), before + 1);
        QTRY_VERIFY(f->isReady());
        const QJsonObject last =
            QJsonDocument::fromJson(f->requests(QStringLiteral("generate")).last().mid(9).toUtf8())
                .object();
        QCOMPARE(last["messages"].toArray().size(), messages);
    }

    bs::Store opened()
    {
        return bs::Store::open(f->path(QStringLiteral("test.sqlite")).toStdString()).value();
    }

    void conversationIsWhole(const QStringList& beginnings)
    {
        f->closeWindow();
        bs::Store store = opened();
        const auto talks = store.listConversations().value();
        QCOMPARE(talks.size(), std::size_t{1});
        const auto messages = store.messages(talks.front().id).value();
        QCOMPARE(static_cast<qsizetype>(messages.size()), beginnings.size());
        for (std::size_t i = 0; i < messages.size(); ++i) {
            const QString said =
                QString::fromStdString(messages[i].role + ": " + messages[i].content);
            QVERIFY2(said.startsWith(beginnings.at(static_cast<qsizetype>(i))), qPrintable(said));
        }
    }

    int rows() { return f->find<QTableView>("runTable")->model()->rowCount(); }

    QStringList jobs()
    {
        QStringList states;
        const auto* const model = f->find<QListView>("jobList")->model();
        for (int row = 0; row < model->rowCount(); ++row)
            states.append(model->index(row, 0).data(JobsModel::StateRole).toString());
        return states;
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

QTEST_MAIN(TstWindowKills)
#include "tst_window_kills.moc"
