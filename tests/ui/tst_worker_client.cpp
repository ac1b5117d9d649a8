#include "tests/support/qt_warnings.h"
#include "ui/jobs/worker_client.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace bs::ui;

class TstWorkerClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        bs::test::QtWarnings::watch();
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("BITSTACK_WORKER", BS_FAKE_WORKER);
        script({});
        m_model = m_folder->filePath(QStringLiteral("demo.bitstack"));
        QFile file(m_model);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }

    void requestStartsAndAnswers()
    {
        WorkerClient client;
        QSignalSpy ready(&client, &WorkerClient::ready);
        QJsonObject card;
        client.request(QStringLiteral("inspect"), {{"path", m_model}},
                       [&](const QJsonObject& result) { card = result; }, {});
        QTRY_VERIFY(!card.isEmpty());
        QCOMPARE(ready.count(), 1);
        QCOMPARE(ModelCard::fromJson(card).parameters, 134'515'008);
        QVERIFY(client.isReady());
    }

    void errorsCarryCodeAndSentence()
    {
        WorkerClient client;
        WorkerError error{0, {}, {}};
        client.request(QStringLiteral("inspect"), {{"path", "/nowhere.gguf"}}, {},
                       [&](const WorkerError& e) { error = e; });
        QTRY_COMPARE(error.code, 3);
        QVERIFY(error.message.contains(QStringLiteral("/nowhere.gguf")));
    }

    void whatLoadsAModelSaysOnWhichDevice()
    {
        // It shakes hands and writes down the rest.
        const QString sent = m_folder->filePath(QStringLiteral("sent"));
        program("#!/bin/sh\nread -r hello\necho '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}'\n"
                "exec cat > " +
                sent.toUtf8() + '\n');
        WorkerClient::setDevice(QStringLiteral("cuda:1"));
        WorkerClient client;
        client.start();
        for (const char* const method : {"inspect", "open", "measure", "keep", "token_divergence"})
            client.request(QLatin1String(method), {}, {}, {});
        client.request(QStringLiteral("open"), {{"device", "cpu"}}, {}, {});
        WorkerClient::setDevice(QStringLiteral("auto"));
        client.request(QStringLiteral("keep"), {}, {}, {});
        const QStringList wanted{QStringLiteral("inspect -"),
                                 QStringLiteral("open cuda:1"),
                                 QStringLiteral("measure cuda:1"),
                                 QStringLiteral("keep cuda:1"),
                                 QStringLiteral("token_divergence cuda:1"),
                                 QStringLiteral("open cpu"),
                                 QStringLiteral("keep auto")};
        QTRY_COMPARE(devicesIn(sent), wanted);
    }

    /// As of a text that is longer than a message may hold.
    void aMessageThatCannotBeReadEndsItsRequest()
    {
        script({{"unreadable", "inspect"}});
        WorkerClient client;
        WorkerError error{0, {}, {}};
        client.request(QStringLiteral("inspect"), {{"path", m_model}}, {},
                       [&](const WorkerError& e) { error = e; });
        QTRY_COMPARE(error.message, QStringLiteral("the text is too long"));
    }

    void newerRequestSilencesOlder()
    {
        WorkerClient client;
        int older = 0;
        int newer = 0;
        client.request(QStringLiteral("inspect"), {{"path", m_model}},
                       [&](const QJsonObject&) { ++older; }, {});
        client.request(QStringLiteral("inspect"), {{"path", m_model}},
                       [&](const QJsonObject&) { ++newer; }, {});
        QTRY_COMPARE(newer, 1);
        QCOMPARE(older, 0);
    }

    void lateNotificationsVanish()
    {
        script({{"tokens", 200}, {"token_ms", 1}});
        WorkerClient client;
        qint64 seen = 0;
        connect(&client, &WorkerClient::notified, this,
                [&](const QString&, qint64 id, const QJsonObject&) { seen = id; });
        const QJsonObject params{{"messages", QJsonArray()}, {"max_tokens", 200}};
        bool done = false;
        const qint64 first = client.request(QStringLiteral("generate"), params, {}, {});
        QTRY_COMPARE(seen, first);
        const qint64 second = client.request(QStringLiteral("generate"), params,
                                             [&](const QJsonObject&) { done = true; }, {});
        seen = 0;
        client.cancel(first);
        QTRY_VERIFY(done);
        QCOMPARE(seen, second); // none of the first one's came through after it was silenced
    }

    void cancelEndsAnAnswerAsStopped()
    {
        script({{"tokens", 5000}, {"token_ms", 5}});
        WorkerClient client;
        QString reason;
        const qint64 id = client.request(
            QStringLiteral("generate"), {{"messages", QJsonArray()}, {"max_tokens", 5000}},
            [&](const QJsonObject& r) { reason = Answer::fromJson(r).stopReason; }, {});
        QSignalSpy tokens(&client, &WorkerClient::notified);
        QTRY_VERIFY(tokens.count() > 2);
        client.cancel(id);
        QTRY_COMPARE(reason, QStringLiteral("stopped"));
    }

    void deathIsTold()
    {
        WorkerClient client;
        WorkerClient::Death death;
        bool died = false;
        connect(&client, &WorkerClient::died, this, [&](const WorkerClient::Death& d) {
            death = d;
            died = true;
        });
        script({{"die_after_tokens", 3}});
        client.request(QStringLiteral("generate"), {{"messages", QJsonArray()}, {"max_tokens", 50}},
                       {}, {});
        QTRY_VERIFY(died);
        QVERIFY(death.killed);
        QCOMPARE(death.signal, SIGKILL);
        QVERIFY(death.sentence.contains(QStringLiteral("memory ran out")));
        QVERIFY(death.details.contains(QStringLiteral("fake worker: out of memory")));
        QVERIFY(!client.isRunning());
        bool again = false; // and the next request starts a new one
        client.request(QStringLiteral("inspect"), {{"path", m_model}},
                       [&](const QJsonObject&) { again = true; }, {});
        QTRY_VERIFY(again);
    }

    void crashIsToldApartFromOutOfMemory()
    {
        WorkerClient client;
        QString sentence;
        connect(&client, &WorkerClient::died, this, [&](const WorkerClient::Death& d) {
            sentence = d.sentence;
            QVERIFY(!d.killed);
        });
        client.start();
        QTRY_VERIFY(client.isReady());
        ::kill(static_cast<pid_t>(client.processId()), SIGABRT);
        QTRY_VERIFY(!sentence.isEmpty());
        QVERIFY(sentence.contains(QStringLiteral("SIGABRT")));
    }

    void missingProgramIsTold()
    {
        qputenv("BITSTACK_WORKER", "/nowhere/bitstack");
        WorkerClient client;
        QString sentence;
        connect(&client, &WorkerClient::died, this,
                [&](const WorkerClient::Death& d) { sentence = d.sentence; });
        client.start();
        QTRY_VERIFY(!sentence.isEmpty());
        QVERIFY(sentence.contains(QStringLiteral("/nowhere/bitstack")));
    }

    void nonsenseEndsTheWorker_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        QTest::newRow("no JSON") << QByteArray("#!/bin/sh\necho hello\nsleep 5\n")
                                 << QStringLiteral("no message");
        QTest::newRow("endless line") << QByteArray("#!/bin/sh\nexec cat /dev/zero\n")
                                      << QStringLiteral("longer than 16 MiB");
        QTest::newRow("goes away")
            << QByteArray("#!/bin/sh\nexit 7\n") << QStringLiteral("exit code 7");
    }
    void nonsenseEndsTheWorker()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, words);
        program(text);
        WorkerClient client;
        QString sentence;
        connect(&client, &WorkerClient::died, this,
                [&](const WorkerClient::Death& d) { sentence = d.sentence; });
        client.start();
        QTRY_VERIFY(!sentence.isEmpty());
        QVERIFY2(sentence.contains(words), qPrintable(sentence));
    }

    void stopIsQuiet()
    {
        WorkerClient client;
        QSignalSpy died(&client, &WorkerClient::died);
        client.start();
        QTRY_VERIFY(client.isReady());
        client.stop();
        QTest::qWait(100);
        QCOMPARE(died.count(), 0);
        QVERIFY(!client.isRunning());
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    void script(QJsonObject fields)
    {
        fields.insert(QLatin1String("die_marker"), m_folder->filePath(QStringLiteral("died")));
        QFile out(m_folder->filePath(QStringLiteral("script.json")));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QJsonDocument(fields).toJson());
        qputenv("FAKE_WORKER_SCRIPT", out.fileName().toUtf8());
    }

    /// A worker that is a script for the shell.
    void program(const QByteArray& text)
    {
        QFile file(m_folder->filePath(QStringLiteral("worker.sh")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        file.close();
        qputenv("BITSTACK_WORKER", file.fileName().toUtf8());
    }

    /// Of each request that stands in a file: its method, and the device or "-".
    static QStringList devicesIn(const QString& path)
    {
        QFile in(path);
        if (!in.open(QIODevice::ReadOnly)) return {};
        QStringList found;
        while (!in.atEnd()) {
            const QJsonObject request = QJsonDocument::fromJson(in.readLine()).object();
            const QJsonObject params = request.value(QLatin1String("params")).toObject();
            found.append(request.value(QLatin1String("method")).toString() + QLatin1Char(' ') +
                         params.value(QLatin1String("device")).toString(QStringLiteral("-")));
        }
        return found;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_model;
    bs::test::QtWarnings m_warnings;
};

QTEST_GUILESS_MAIN(TstWorkerClient)
#include "tst_worker_client.moc"
