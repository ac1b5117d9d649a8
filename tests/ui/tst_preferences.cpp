#include "tests/support/window_fixture.h"
#include "ui/jobs/cached_files.h"
#include "ui/jobs/log.h"
#include "ui/jobs/log_file.h"
#include "ui/models/progress_words.h"
#include "ui/models/words.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/translation.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QXmlStreamReader>

using namespace bs::ui;

/// Preferences, cached files, the log and the language, clicked through.
class TstPreferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { f = std::make_unique<bs::test::WindowFixture>(); }

    void cleanup()
    {
        f->closeWindow();
        WorkerClient::setThreads(0);
        installLanguage(QStringLiteral("en"));
        QCOMPARE(m_warnings.take(), QString());
    }

    void threadsLoadTheModelAgainAtItsSize()
    {
        openStack();
        f->session().slide(100'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 100'000'000LL);
        const qint64 before = f->session().workerProcessId();
        QVERIFY(!commandLine().contains("--threads"));
        f->trigger("actionPreferences");
        f->find<QSpinBox>("preferThreads")->setValue(1);
        ok();
        QTRY_VERIFY(f->session().workerProcessId() > 0 && f->session().workerProcessId() != before);
        QTRY_VERIFY(f->isReady());
        QVERIFY(commandLine().contains("--threads 1"));
        QCOMPARE(f->session().state().fileBytes, 100'000'000LL);

        f->newWindow(); // and it is kept
        f->trigger("actionPreferences");
        QCOMPARE(f->find<QSpinBox>("preferThreads")->value(), 1);
    }

    void contextIsThatOfTheNextModel()
    {
        f->newWindow();
        f->trigger("actionPreferences");
        f->find<QSpinBox>("preferContext")->setValue(4096);
        ok();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QVERIFY(f->requests(QStringLiteral("open"))
                    .last()
                    .contains(QStringLiteral("\"context\":4096")));
        openStack();
        QVERIFY(f->requests(QStringLiteral("open"))
                    .last()
                    .contains(QStringLiteral("\"context\":4096")));
    }

    void cancelChangesNothing()
    {
        f->newWindow();
        f->trigger("actionPreferences");
        f->find<QSpinBox>("preferThreads")->setValue(1);
        f->find<QDialogButtonBox>("preferButtons")->button(QDialogButtonBox::Cancel)->click();
        QCOMPARE(Preferences::load(), Preferences{});
    }

    void cachedFilesShowTheirSizeAndAreCleared()
    {
        const QString folder = f->path(QStringLiteral("cache/bitstack/calibration/deep"));
        QVERIFY(QDir().mkpath(folder));
        QFile text(folder + QStringLiteral("/text.ids"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        QCOMPARE(text.write(QByteArray(150'000, 'x')), 150'000);
        text.close();
        f->newWindow();
        f->trigger("actionPreferences");
        const char* const button = "clear:Texts for calibration";
        QTRY_VERIFY(f->find<QPushButton>(button) != nullptr);
        QVERIFY(shows(QStringLiteral("150.0 kB")));
        QVERIFY(f->find<QPushButton>(button)->isEnabled());
        QVERIFY(!f->find<QPushButton>("clear:Demo model")->isEnabled());
        f->click(button);
        QTRY_VERIFY(!shows(QStringLiteral("150.0 kB")));
        QTRY_VERIFY(!f->find<QPushButton>(button)->isEnabled());
        QVERIFY(!QFile::exists(text.fileName()));
        QVERIFY(QDir(f->path(QStringLiteral("cache/bitstack/calibration"))).exists());
    }

    void logHoldsWhatHappenedAndTurns()
    {
        const QString folder = f->path(QStringLiteral("state/bitstack"));
        {
            const LogFile kept(folder);
            openStack();
            f->find<MessageBar>("messageBar")
                ->showMessage(MessageBar::Kind::Error, QStringLiteral("It is broken."));
            f->trigger("actionLog");
            const QString text = f->find<QPlainTextEdit>("logText")->toPlainText();
            QVERIFY2(text.contains(QStringLiteral("started")), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("[info] It is broken.")), qPrintable(text));
            f->click("logCopy");
            QCOMPARE(QGuiApplication::clipboard()->text(), text);
            f->closeWindow();

            const QString line(1000, QLatin1Char('x'));
            for (int i = 0; i < 4000; ++i)
                qCInfo(bs::ui::log).noquote() << i << line;
            QVERIFY(LogFile::tail(5000).contains(QStringLiteral("3999 xxx")));
            QVERIFY(LogFile::tail(5000).size() <= 5000);
        }
        const QFileInfoList files = QDir(folder).entryInfoList(QDir::Files);
        QCOMPARE(files.size(), LogFile::kFiles);
        for (const QFileInfo& file : files)
            QVERIFY(file.size() <= LogFile::kBytes + 2000);
        QVERIFY(LogFile::path().isEmpty());
    }

    void languageIsGerman()
    {
        installLanguage(QStringLiteral("de"));
        f->newWindow();
        QCOMPARE(f->find<QAction>("actionOpen")->text(), QStringLiteral("Ö&ffnen ..."));
        QVERIFY(shows(QStringLiteral("Öffnen Sie ein Modell")));
        QCOMPARE(sizeText(105'500'000), QStringLiteral("105,5 MB"));
        QCOMPARE(parseSizeText(QStringLiteral("105,5MB"), nullptr), 105'500'000LL);
        QCOMPARE(parseSizeText(QStringLiteral("105.5MB"), nullptr), 105'500'000LL);
        QCOMPARE(progressText(QStringLiteral("evaluating")), QStringLiteral("wertet aus"));
        QCOMPARE(progressText(QStringLiteral("size (4 of 5), window 10 of 12")),
                 QStringLiteral("Größe (4 von 5), Fenster 10 von 12"));
        for (const char* own : {"/m/layer %1 of 3.bitstack", "model.layers.3.mlp.up_proj", ""})
            QCOMPARE(progressText(QLatin1String(own)), QLatin1String(own));
        installLanguage(QStringLiteral("en"));
        f->newWindow();
        QCOMPARE(f->find<QAction>("actionOpen")->text(), QStringLiteral("&Open..."));
    }

    /// Texts that are looked up under another name than they are filed under stay as they are.
    void nothingStaysEnglish()
    {
        const auto [sources, translations] = texts();
        QVERIFY(sources.size() > 500);
        installLanguage(QStringLiteral("de"));
        openStack();
        QStringList english;
        for (const QString& text : shownTexts())
            if (sources.contains(text) && !translations.contains(text)) english.append(text);
        english.removeDuplicates();
        QCOMPARE(english.join(QStringLiteral(" | ")), QString());
    }

    void languageIsKept()
    {
        f->newWindow();
        f->trigger("actionPreferences");
        auto* const language = f->find<QComboBox>("preferLanguage");
        QCOMPARE(language->count(), 3);
        language->setCurrentIndex(language->findData(QStringLiteral("de")));
        ok();
        QCOMPARE(Preferences::load().language, QStringLiteral("de"));
    }

private:
    void openStack()
    {
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
    }

    void ok() { f->find<QDialogButtonBox>("preferButtons")->button(QDialogButtonBox::Ok)->click(); }

    /// All sources of the translation, and what they become.
    static std::pair<QSet<QString>, QSet<QString>> texts()
    {
        QSet<QString> sources;
        QSet<QString> translations;
        QFile in(QStringLiteral(BS_TRANSLATION));
        if (!in.open(QIODevice::ReadOnly)) return {};
        QXmlStreamReader xml(&in);
        while (!xml.atEnd()) {
            xml.readNext();
            if (!xml.isStartElement()) continue;
            if (xml.name() == QLatin1String("source")) sources.insert(xml.readElementText());
            if (xml.name() == QLatin1String("translation"))
                translations.insert(xml.readElementText());
        }
        return {sources, translations};
    }

    QStringList shownTexts()
    {
        QStringList all;
        for (const QAction* const action : f->window().findChildren<QAction*>())
            all << action->text() << action->iconText() << action->toolTip();
        for (const QWidget* const widget : f->window().findChildren<QWidget*>())
            all << widget->toolTip() << widget->accessibleName() << widget->windowTitle();
        for (const QLabel* const label : f->window().findChildren<QLabel*>())
            all << label->text();
        for (const QAbstractButton* const button : f->window().findChildren<QAbstractButton*>())
            all << button->text();
        for (const QLineEdit* const edit : f->window().findChildren<QLineEdit*>())
            all << edit->placeholderText();
        for (const QMenu* const menu : f->window().findChildren<QMenu*>())
            all << menu->title();
        return all;
    }

    QByteArray commandLine()
    {
        QFile in(QStringLiteral("/proc/%1/cmdline").arg(f->session().workerProcessId()));
        return in.open(QIODevice::ReadOnly) ? in.readAll().replace('\0', ' ') : QByteArray();
    }

    bool shows(const QString& part)
    {
        for (const QLabel* const label : f->window().findChildren<QLabel*>())
            if (label->text().contains(part)) return true;
        return false;
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstPreferences)
#include "tst_preferences.moc"
