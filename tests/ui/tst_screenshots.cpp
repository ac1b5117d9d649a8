// The window with a real engine, a real model and real measurements: pictures of every page, and
// no text in them that does not fit. Pictures go to BS_SCREENSHOTS; BS_STACK names the model that
// is opened; without it the demo model is compressed, once for all looks of a build.
#include "tests/support/qt_warnings.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/prompt_edit.h"
#include "ui/plots/curve_plot.h"
#include "ui/window/main_window.h"
#include "ui/window/translation.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace bs::ui;

constexpr QSize kScreen(1366, 740); // a small laptop's, less its panel

class TstScreenshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("BITSTACK_WORKER", BS_PROGRAM);
        qputenv("XDG_CACHE_HOME", m_folder.filePath(QStringLiteral("cache")).toUtf8());
        m_pictures = qEnvironmentVariable("BS_SCREENSHOTS", QStringLiteral("screenshots"));
        QVERIFY(QDir().mkpath(m_pictures));
        const QString look = qEnvironmentVariable("BS_LOOK");
        installLanguage(look == QLatin1String("german") ? QStringLiteral("de")
                                                        : QStringLiteral("en"));
        if (look == QLatin1String("dark")) goDark();
        m_stack = qEnvironmentVariable("BS_STACK");
        if (m_stack.isEmpty()) compressDemoModel();
        m_window = std::make_unique<MainWindow>(m_folder.filePath(QStringLiteral("test.sqlite")));
        m_window->resize(kScreen);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }
    void cleanupTestCase() { m_window.reset(); }

    void empty() { picture(QStringLiteral("empty")); }

    void compress()
    {
        m_window->openPath(QStringLiteral(BS_DEMO_MODEL));
        QTRY_VERIFY_WITH_TIMEOUT(isReady(), 60000);
        trigger("actionCompress");
        QTRY_VERIFY(find<QPushButton>("compressStart")->isEnabled());
        auto* const dialog = find<QDialog>("compressDialog");
        save(dialog->grab(), QStringLiteral("compress"));
        QCOMPARE(clipped(dialog).join(QLatin1Char('\n')), QString());
        dialog->reject();
        picture(QStringLiteral("dense"));
        trigger("actionClose");
    }

    void chat()
    {
        m_window->openPath(m_stack);
        QTRY_VERIFY_WITH_TIMEOUT(isReady() && m_window->session()->stack(), 60000);
        find<QSpinBox>("maxTokens")->setValue(60);
        find<QDoubleSpinBox>("temperature")->setValue(0); // the same pictures every time
        ask(QStringLiteral("What is the capital of France?"));
        const auto stack = *m_window->session()->card().stack;
        auto* const exact = find<QLineEdit>("sizeExact");
        exact->setText(QString::number((7 * stack.smallestBytes + 3 * stack.largestBytes) / 10));
        QTest::keyClick(exact, Qt::Key_Return);
        QTRY_VERIFY(m_window->session()->state().fileBytes < stack.largestBytes);
        ask(QStringLiteral("Why is the sky blue?"));
        picture(QStringLiteral("chat"));
    }

    void measuredCurve()
    {
        trigger("actionMeasure");
        find<QLineEdit>("measureText")->setText(textFile());
        find<QSpinBox>("measureCount")->setValue(4);
        find<QSpinBox>("measureChunks")->setValue(1);
        auto* const dialog = find<QDialog>("measureDialog");
        QTest::qWait(150);
        save(dialog->grab(), QStringLiteral("measure"));
        QCOMPARE(clipped(dialog).join(QLatin1Char('\n')), QString());
        QTRY_VERIFY(find<QPushButton>("measureStart")->isEnabled());
        QTest::mouseClick(find<QPushButton>("measureStart"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(measuredDots() >= 4, 200000);
        QTRY_VERIFY_WITH_TIMEOUT(find<QAction>("actionMeasure")->isEnabled(), 200000);
        picture(QStringLiteral("curve"));
    }

    void comparison()
    {
        trigger("actionShowCompare");
        picture(QStringLiteral("compare empty"));
        trigger("actionComparePinA");
        trigger("actionSmallest");
        const EngineSession* const session = m_window->session();
        QTRY_COMPARE_WITH_TIMEOUT(session->state().fileBytes, session->card().stack->smallestBytes,
                                  20000);
        trigger("actionComparePinB");
        auto* const page = find<ComparePage>("comparePage");
        QTRY_VERIFY_WITH_TIMEOUT(page->comparison()->canRun(), 20000);
        trigger("actionLargest");
        find<QSpinBox>("compareTokens")->setValue(40);
        auto* const prompt = find<PromptEdit>("comparePrompt");
        QTest::keyClicks(prompt, QStringLiteral("Why is the sky blue?"));
        QTest::keyClick(prompt, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!page->comparison()->scores(Side::A, Side::B).isEmpty(), 120000);
        auto* const answer = find<QWidget>("compareAnswerA");
        answer->setFocus();
        QTest::keyClick(answer, Qt::Key_Right); // to where they part
        QTRY_VERIFY(find<QWidget>("tokenCard")->isVisible());
        picture(QStringLiteral("compare"));
        QTRY_VERIFY(find<QPushButton>("keepFind")->isEnabled());
        find<QSpinBox>("keepTokens")->setValue(10);
        find<QPushButton>("keepFind")->click();
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("keepSlide")->isVisible(), 200000);
        picture(QStringLiteral("compare keep"));
    }

    void recipe()
    {
        trigger("actionShowHeat");
        auto* const cells = find<QTableView>("heatTable");
        cells->setCurrentIndex(cells->model()->index(5, 2));
        trigger("actionRecipeRaise");
        find<QAction>("actionRecipeWholeClass")->setChecked(true);
        cells->setCurrentIndex(cells->model()->index(9, 5));
        trigger("actionRecipeLower");
        trigger("actionRecipeUse");
        QTRY_VERIFY(find<QLabel>("recipeSummary")->text().contains(QLatin1String(" MB")));
        QTRY_VERIFY(find<QAction>("actionRecipeSave")->isEnabled());
        picture(QStringLiteral("recipe"));
        trigger("actionRecipeKeepAt");
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        auto* const dialog = find<QDialog>("keepDialog");
        save(dialog->grab(), QStringLiteral("keep"));
        QCOMPARE(clipped(dialog).join(QLatin1Char('\n')), QString());
        dialog->reject();
    }

    void inspect()
    {
        trigger("actionShowInspect");
        auto* const tree = find<QTreeView>("tensorTree");
        QTRY_VERIFY_WITH_TIMEOUT(tree->model()->rowCount() > 10, 20000);
        tree->expand(tree->model()->index(3, 0));
        tree->setCurrentIndex(tree->model()->index(2, 0, tree->model()->index(3, 0)));
        auto* const charts = find<QTabWidget>("tensorCharts");
        QTRY_VERIFY_WITH_TIMEOUT(charts->isVisible(), 20000);
        for (int i = 0; i < charts->count(); ++i) {
            charts->setCurrentIndex(i);
            picture(QStringLiteral("inspect %1").arg(i));
        }
    }

    void everyPage()
    {
        for (QTabBar* const bar : m_window->findChildren<QTabBar*>())
            for (int i = 0; i < bar->count() && bar->isVisible(); ++i) {
                const QString name = bar->tabText(i);
                bar->setCurrentIndex(i);
                QTest::qWait(400); // tables are read, charts drawn
                picture(QStringLiteral("page ") + name.toLower().remove(QLatin1Char('&')));
            }
    }

    void dialogs_data()
    {
        QTest::addColumn<QString>("action");
        for (const char* const name : {"actionExport", "actionTemplate", "actionPalette",
                                       "actionPreferences", "actionLog", "actionRecipePlans"})
            QTest::newRow(name) << name;
    }
    void dialogs()
    {
        QFETCH(QString, action);
        trigger(action.toLatin1().constData());
        QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
        auto* const dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog != nullptr);
        QTest::qWait(600);
        save(dialog->grab(), action);
        QCOMPARE(clipped(dialog).join(QLatin1Char('\n')), QString());
        dialog->reject();
    }

    /// The cards come when the dialog is open already.
    void preferencesWithCards()
    {
        auto* const dialog = new PreferencesDialog(Preferences{}, {}, m_window.get());
        dialog->open();
        QTest::qWait(150);
        const qint64 all = 150'754'000'000;
        const QString card = QStringLiteral("NVIDIA RTX PRO 6000 Blackwell Server Edition");
        dialog->showDevices({{QStringLiteral("cpu"), QStringLiteral("cpu (avx2, 2 threads)"), 1, 0},
                             {QStringLiteral("cuda:0"), QStringLiteral("NVIDIA H200"), all, all},
                             {QStringLiteral("cuda:1"), card, 5'000, all}});
        auto* const combo = dialog->findChild<QComboBox*>(QStringLiteral("preferDevice"));
        combo->setCurrentIndex(combo->count() - 1);
        QTest::qWait(150);
        save(dialog->grab(), QStringLiteral("preferences cards"));
        QCOMPARE(clipped(dialog).join(QLatin1Char('\n')), QString());
        QVERIFY(combo->width() >= combo->sizeHint().width());
        dialog->reject();
    }

private:
    static void goDark()
    {
        QPalette dark;
        for (const auto& [role, colour] : {std::pair{QPalette::Window, 0x2b2b2b},
                                           {QPalette::Base, 0x1e1e1e},
                                           {QPalette::AlternateBase, 0x262626},
                                           {QPalette::Button, 0x353535},
                                           {QPalette::WindowText, 0xe0e0e0},
                                           {QPalette::Text, 0xe0e0e0},
                                           {QPalette::ButtonText, 0xe0e0e0},
                                           {QPalette::ToolTipBase, 0x353535},
                                           {QPalette::ToolTipText, 0xe0e0e0},
                                           {QPalette::Highlight, 0x3d7eb8},
                                           {QPalette::HighlightedText, 0xffffff},
                                           {QPalette::Light, 0x4a4a4a},
                                           {QPalette::Midlight, 0x404040},
                                           {QPalette::Mid, 0x606060},
                                           {QPalette::Dark, 0x1a1a1a},
                                           {QPalette::Link, 0x7ab6e8}})
            dark.setColor(role, QColor(QRgb(colour)));
        dark.setColor(QPalette::PlaceholderText, QColor(0x90, 0x90, 0x90));
        for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
            dark.setColor(QPalette::Disabled, role, QColor(0x80, 0x80, 0x80));
        QApplication::setPalette(dark);
    }

    void compressDemoModel()
    {
        m_stack = QDir(m_pictures).filePath(QStringLiteral("demo.bitstack"));
        const QFileInfo stack(m_stack);
        if (stack.exists() &&
            stack.lastModified() > QFileInfo(QStringLiteral(BS_PROGRAM)).lastModified())
            return;
        QProcess program;
        program.start(QStringLiteral(BS_PROGRAM),
                      {QStringLiteral("compress"), QStringLiteral(BS_DEMO_MODEL),
                       QStringLiteral("-o"), m_stack, QStringLiteral("--codec"),
                       QStringLiteral("bitstack"), QStringLiteral("--blocks"), QStringLiteral("6"),
                       QStringLiteral("--calibration"), textFile(),
                       QStringLiteral("--calibration-tokens"), QStringLiteral("1024"),
                       QStringLiteral("--force")});
        QVERIFY(program.waitForFinished(400000));
        QVERIFY2(program.exitCode() == 0, program.readAllStandardError().constData());
    }

    void ask(const QString& text)
    {
        auto* const prompt = find<PromptEdit>("promptEdit");
        QTest::keyClicks(prompt, text);
        QTest::keyClick(prompt, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session()->phase() == EngineSession::Phase::Answering,
                                 20000);
        QTRY_VERIFY_WITH_TIMEOUT(isReady(), 120000);
    }

    static QString textFile() { return QStringLiteral(BS_TEXT); }

    template <class T>
    T* find(const char* name)
    {
        return m_window->findChild<T*>(QLatin1String(name));
    }
    void trigger(const char* action) { find<QAction>(action)->trigger(); }
    bool isReady() { return m_window->session()->phase() == EngineSession::Phase::Ready; }

    int measuredDots()
    {
        int count = 0;
        for (const CurveSeries& series : find<CurvePlot>("curvePlot")->series())
            if (!series.relative) count += static_cast<int>(series.dots.size());
        return count;
    }

    void picture(const QString& name)
    {
        QTest::qWait(150);
        save(m_window->grab(), name);
        QCOMPARE(clipped(m_window.get()).join(QLatin1Char('\n')), QString());
        QCOMPARE(m_window->size(), kScreen); // nothing asked for more
    }

    void save(const QPixmap& pixmap, QString name)
    {
        const QString look = qEnvironmentVariable("BS_LOOK", QStringLiteral("light"));
        name = look + QLatin1Char(' ') + name + QStringLiteral(".png");
        QVERIFY(pixmap.save(
            QDir(m_pictures).filePath(name.replace(QLatin1Char(' '), QLatin1Char('-')))));
    }

    /// Visible texts that have less room than they need.
    static QStringList clipped(const QWidget* root)
    {
        QStringList found;
        for (QWidget* const widget : root->findChildren<QWidget*>()) {
            if (!widget->isVisible() || widget->visibleRegion().isEmpty()) continue;
            const auto* const label = qobject_cast<QLabel*>(widget);
            const auto* const button = qobject_cast<QAbstractButton*>(widget);
            QString text;
            QSize needs;
            if (label != nullptr && !label->inherits("bs::ui::ElidedLabel")) {
                text = label->text();
                needs = label->wordWrap() ? QSize(0, label->heightForWidth(label->width()))
                                          : label->sizeHint();
            } else if (button != nullptr) {
                text = button->text();
                needs = button->minimumSizeHint();
            }
            if (text.isEmpty()) continue;
            if (widget->width() < needs.width() || widget->height() < needs.height())
                found.append(QStringLiteral("%1 \"%2\": %3x%4 of %5x%6")
                                 .arg(widget->objectName(), text.left(60))
                                 .arg(widget->width())
                                 .arg(widget->height())
                                 .arg(needs.width())
                                 .arg(needs.height()));
        }
        return found;
    }

    QTemporaryDir m_folder;
    QString m_pictures;
    QString m_stack;
    std::unique_ptr<MainWindow> m_window;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstScreenshots)
#include "tst_screenshots.moc"
