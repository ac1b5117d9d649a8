#include "tests/support/window_fixture.h"
#include "ui/models/device_words.h"
#include "ui/widgets/message_bar.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

using namespace bs::ui;

namespace {

const QString kProcessor = QStringLiteral("cpu (scripted, 1 thread)");
const QString kNotice = QStringLiteral(
    "/models/<b>.gguf: does not fit: 98.3 MB of weights need 110.0 MB of memory on cuda:0, 5.00 kB "
    "is free; the model runs on the processor");

QJsonObject card(int number, const char* name, qint64 freeBytes)
{
    return {{"id", QStringLiteral("cuda:%1").arg(number)},
            {"name", name},
            {"free_bytes", freeBytes},
            {"total_bytes", 141'000'000'000LL}};
}

QJsonArray oneCard()
{
    return {card(0, "NVIDIA H200", 120'400'000'000)};
}

QJsonArray twoCards()
{
    return {card(0, "NVIDIA H200", 120'400'000'000), card(1, "NVIDIA H200", 5'000)};
}

QList<ComputeDevice> devices(const QJsonArray& cards)
{
    QJsonArray all{QJsonObject{
        {"id", "cpu"}, {"name", kProcessor}, {"free_bytes", 7}, {"total_bytes", QJsonValue()}}};
    for (const QJsonValue& card : cards)
        all.append(card);
    return ComputeDevice::listFromJson({{"devices", all}});
}

QStringList lines(const QList<DeviceChoice>& choices)
{
    QStringList lines;
    for (const DeviceChoice& choice : choices)
        lines.append(choice.id + QStringLiteral(" | ") + choice.text);
    return lines;
}

} // namespace

/// What models run on: the choice, what is told of it, and machines without cards.
class TstWindowDevices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { f = std::make_unique<bs::test::WindowFixture>(); }

    void cleanup()
    {
        f->closeWindow();
        WorkerClient::setDevice(QStringLiteral("auto"));
        QCOMPARE(m_warnings.take(), QString());
    }

    void choicesAreTheDevicesThereAre_data()
    {
        QTest::addColumn<QList<ComputeDevice>>("there");
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<QStringList>("choices");
        const QString automatic = QStringLiteral("auto | Automatic");
        const QString cpu = QStringLiteral("cpu | ") + kProcessor;
        QTest::newRow("not known yet") << QList<ComputeDevice>() << QStringLiteral("auto")
                                       << QStringList{automatic, QStringLiteral("cpu | Processor")};
        QTest::newRow("a card is chosen, not known yet")
            << QList<ComputeDevice>() << QStringLiteral("cuda:0")
            << QStringList{automatic, QStringLiteral("cpu | Processor"),
                           QStringLiteral("cuda:0 | cuda:0")};
        QTest::newRow("none") << devices({}) << QStringLiteral("cpu")
                              << QStringList{automatic, cpu};
        QTest::newRow("one") << devices(oneCard()) << QStringLiteral("cuda:0")
                             << QStringList{automatic, cpu,
                                            QStringLiteral("cuda:0 | NVIDIA H200, 120.4 GB of "
                                                           "141.0 GB free")};
        QTest::newRow("two of a kind")
            << devices(twoCards()) << QStringLiteral("auto")
            << QStringList{automatic, cpu,
                           QStringLiteral("cuda:0 | cuda:0: NVIDIA H200, 120.4 GB of 141.0 GB "
                                          "free"),
                           QStringLiteral("cuda:1 | cuda:1: NVIDIA H200, 5.00 kB of 141.0 GB "
                                          "free")};
        QTest::newRow("the chosen one is gone")
            << devices({}) << QStringLiteral("cuda:1")
            << QStringList{automatic, cpu, QStringLiteral("cuda:1 | cuda:1 (not found)")};
    }

    void choicesAreTheDevicesThereAre()
    {
        QFETCH(QList<ComputeDevice>, there);
        QFETCH(QString, chosen);
        QFETCH(QStringList, choices);
        QCOMPARE(lines(deviceChoices(there, chosen)), choices);
    }

    void choiceIsKeptAndSent()
    {
        f->script({{"devices", twoCards()}});
        f->newWindow();
        choose(QStringLiteral("cuda:1"));
        QCOMPARE(Preferences::load().device, QStringLiteral("cuda:1"));
        QCOMPARE(message(), QString()); // no model has to be opened again
        openStack();
        QVERIFY(lastOpen().contains(QStringLiteral(R"("device":"cuda:1")")));
        QCOMPARE(label(), QStringLiteral("cuda:1 (NVIDIA H200)"));
        f->newWindow();
        f->trigger("actionPreferences");
        QCOMPARE(f->find<QComboBox>("preferDevice")->currentData(), QStringLiteral("cuda:1"));
        openStack();
        QVERIFY(lastOpen().contains(QStringLiteral(R"("device":"cuda:1")")));
    }

    /// By the worker that then starts; nothing else has asked one before.
    void cardsAreAskedForWhenTheyAreToBeSeen()
    {
        f->script({{"devices", oneCard()}});
        f->newWindow();
        QCOMPARE(label(), QString());
        f->trigger("actionPreferences");
        auto* const combo = f->find<QComboBox>("preferDevice");
        QCOMPARE(combo->count(), 2);
        combo->setCurrentIndex(1);
        QTRY_COMPARE(combo->count(), 3);
        QCOMPARE(combo->currentData(), QStringLiteral("cpu")); // what was chosen meanwhile
        QCOMPARE(combo->itemText(2), QStringLiteral("NVIDIA H200, 120.4 GB of 141.0 GB free"));
        QTRY_COMPARE(label(), kProcessor);
        QVERIFY(details().contains(QStringLiteral("NVIDIA H200, 120.4 GB of 141.0 GB free")));
        press(QDialogButtonBox::Cancel);
        f->trigger("actionPreferences"); // and each time again
        QTRY_COMPARE(f->requests(QStringLiteral("hello")).size(), 2);
        QCOMPARE(f->find<QComboBox>("preferDevice")->currentData(), QStringLiteral("auto"));
    }

    void engineThatCannotStartIsTold()
    {
        qputenv("BITSTACK_WORKER", "/nowhere/bitstack");
        f->newWindow();
        f->trigger("actionPreferences");
        QTRY_VERIFY(f->find<MessageBar>("messageBar")
                        ->sentence()
                        .contains(QStringLiteral("/nowhere/bitstack")));
        QVERIFY(f->find<QPushButton>("messageOffer")->isHidden()); // there is nothing to open
        QCOMPARE(f->find<QComboBox>("preferDevice")->count(), 2);
    }

    void missingCardStaysChosen()
    {
        f->script({{"devices", oneCard()}});
        Preferences kept;
        kept.device = QStringLiteral("cuda:1");
        kept.save();
        f->newWindow();
        f->trigger("actionPreferences");
        auto* const combo = f->find<QComboBox>("preferDevice");
        QTRY_COMPARE(combo->currentText(), QStringLiteral("cuda:1 (not found)"));
        f->find<QSpinBox>("preferContext")->setValue(4096);
        press(QDialogButtonBox::Ok);
        QCOMPARE(Preferences::load().device, QStringLiteral("cuda:1"));
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(message().contains(QStringLiteral("there is no card cuda:1")));
        choose(QStringLiteral("auto"));
        f->click("messageOffer"); // "Try again"
        QTRY_VERIFY(f->isReady());
        QCOMPARE(label(), QStringLiteral("cuda:0 (NVIDIA H200)"));
    }

    void settingThatIsNoDeviceIsAutomatic()
    {
        QSettings().setValue(QStringLiteral("engine/device"), QStringLiteral("tpu:\n0"));
        QCOMPARE(Preferences::load(), Preferences{});
    }

    void anotherDeviceOffersToOpenTheModelAgain()
    {
        f->script({{"devices", oneCard()}});
        openStack();
        f->session().slide(100'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 100'000'000LL);
        QCOMPARE(label(), QStringLiteral("cuda:0 (NVIDIA H200)"));
        choose(QStringLiteral("auto"));
        QCOMPARE(message(), QString()); // that it was before
        choose(QStringLiteral("cpu"));
        QVERIFY(message().contains(QStringLiteral("demo.bitstack stays where it is")));
        QCOMPARE(f->requests(QStringLiteral("open")).size(), 1);
        QCOMPARE(label(), QStringLiteral("cuda:0 (NVIDIA H200)"));
        f->click("messageOffer");
        QTRY_COMPARE(label(), kProcessor);
        QTRY_VERIFY(f->isReady());
        QCOMPARE(f->session().state().fileBytes, 100'000'000LL);
        QVERIFY(lastOpen().contains(QStringLiteral(R"("device":"cpu")")));
        QCOMPARE(message(), QString());
    }

    void threadsLoadTheModelAgainAndOnTheDevice()
    {
        f->script({{"devices", oneCard()}});
        openStack();
        f->trigger("actionPreferences");
        f->find<QSpinBox>("preferThreads")->setValue(1);
        choose(QStringLiteral("cpu"));
        QTRY_COMPARE(label(), kProcessor);
        QCOMPARE(message(), QString());
        WorkerClient::setThreads(0);
    }

    void whyItIsTheProcessorIsToldOnceForEachOpen()
    {
        f->script({{"devices", oneCard()}, {"device_notice", kNotice}});
        openStack();
        QCOMPARE(message(), kNotice);
        QCOMPARE(f->find<MessageBar>("messageBar")->kind(), MessageBar::Kind::Notice);
        QCOMPARE(f->find<QLabel>("messageText")->textFormat(), Qt::PlainText);
        QCOMPARE(label(), kProcessor);
        QCOMPARE(details(), kNotice + QStringLiteral("\n\nWhen the engine was last asked:\n"
                                                     "NVIDIA H200, 120.4 GB of 141.0 GB free"));
        QVERIFY(f->find<QLabel>("deviceLabel")->toolTip().contains(QStringLiteral("&lt;b&gt;")));
        f->find<MessageBar>("messageBar")->hide();
        f->session().slide(100'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 100'000'000LL);
        QTest::qWait(EngineSession::kStatusIntervalMs + 300); // states go on saying it
        QCOMPARE(message(), QString());
        f->session().reopen();
        QTRY_COMPARE(message(), kNotice);
        f->trigger("actionClose");
        QTRY_VERIFY(!details().contains(kNotice));
    }

    /// That is what a person should read first.
    void lostEngineIsNotHiddenByTheNotice()
    {
        f->script({{"devices", oneCard()},
                   {"device_notice", kNotice},
                   {"die_on_open_above", 100'000'000}});
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QVERIFY2(message().contains(QStringLiteral("was killed")), qPrintable(message()));
        QVERIFY(details().startsWith(kNotice));
    }

    void withoutCardsNothingIsSaid()
    {
        openStack();
        QVERIFY(lastOpen().contains(QStringLiteral(R"("device":"auto")")));
        QCOMPARE(label(), kProcessor);
        QCOMPARE(details(), QString());
        QCOMPARE(f->find<QLabel>("deviceLabel")->toolTip(), QString());
        QCOMPARE(message(), QString());
        f->trigger("actionPreferences");
        auto* const combo = f->find<QComboBox>("preferDevice");
        QCOMPARE(combo->count(), 2);
        QCOMPARE(combo->itemText(0), QStringLiteral("Automatic"));
        QCOMPARE(combo->itemText(1), kProcessor);
        QCOMPARE(combo->currentIndex(), 0);
        press(QDialogButtonBox::Ok);
        QCOMPARE(message(), QString());
    }

private:
    void openStack()
    {
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
    }

    void choose(const QString& id)
    {
        if (f->find<QComboBox>("preferDevice") == nullptr) f->trigger("actionPreferences");
        auto* const combo = f->find<QComboBox>("preferDevice");
        QTRY_VERIFY(combo->findData(id) >= 0);
        combo->setCurrentIndex(combo->findData(id));
        press(QDialogButtonBox::Ok);
    }

    /// Gone before the next one is looked for.
    void press(QDialogButtonBox::StandardButton which)
    {
        f->find<QDialogButtonBox>("preferButtons")->button(which)->click();
        QTRY_VERIFY(f->find<QDialogButtonBox>("preferButtons") == nullptr);
    }

    QString lastOpen() const { return f->requests(QStringLiteral("open")).last(); }
    QString label() { return f->find<QLabel>("deviceLabel")->text(); }
    QString details() { return f->find<QLabel>("deviceLabel")->accessibleDescription(); }
    QString message() { return f->find<MessageBar>("messageBar")->sentence(); }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowDevices)
#include "tst_window_devices.moc"
