#include "tests/support/window_fixture.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QDialog>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>

#include <set>

using namespace bs::ui;

/// What a screen reader hears and what the keyboard reaches, in the window with a model and in
/// every dialog.
class TstAccessibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { f = std::make_unique<bs::test::WindowFixture>(); }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    void whatLacksANameOrATabIsFound()
    {
        QWidget root;
        QPushButton named(QStringLiteral("Press"), &root);
        QPushButton silent(&root);
        QLineEdit far(&root);
        far.setAccessibleName(QStringLiteral("Far"));
        far.setFocusPolicy(Qt::ClickFocus);
        root.show();
        QCOMPARE(nameless(&root).size(), 1);
        QVERIFY(nameless(&root).first().contains(QStringLiteral("QPushButton")));
        QCOMPARE(unreachable(&root).size(), 1);
        QVERIFY(unreachable(&root).first().contains(QStringLiteral("QLineEdit")));
    }

    void everyPartOfTheWindowHasAName()
    {
        f->newWindow();
        QCOMPARE(nameless(&f->window()), QStringList());
        openStack();
        QCOMPARE(nameless(&f->window()), QStringList());
        for (const QString& name : showAllPages()) {
            QVERIFY2(nameless(&f->window()).isEmpty(),
                     qPrintable(name + QStringLiteral(": ") + nameless(&f->window()).join(u',')));
        }
    }

    void everyPartOfADialogHasAName_data() { dialogs(); }
    void everyPartOfADialogHasAName()
    {
        QFETCH(QString, action);
        QFETCH(QString, file);
        QDialog* const dialog = opened(action, file);
        QVERIFY(dialog != nullptr);
        QCOMPARE(nameless(dialog), QStringList());
        dialog->reject();
    }

    void tabReachesEveryPartOfADialog_data() { dialogs(); }
    void tabReachesEveryPartOfADialog()
    {
        QFETCH(QString, action);
        QFETCH(QString, file);
        QDialog* const dialog = opened(action, file);
        QVERIFY(dialog != nullptr);
        QCOMPARE(unreachable(dialog), QStringList());
        dialog->reject();
    }

    void tabReachesEveryPartOfTheWindow()
    {
        openStack();
        QCOMPARE(unreachable(&f->window()), QStringList());
    }

    /// Every chart that is drawn has the same as a table, and a sentence.
    void chartsHaveASentenceAndATable()
    {
        openStack();
        int charts = 0;
        for (QWidget* const widget : f->window().findChildren<QWidget*>()) {
            if (!widget->inherits("bs::ui::TwinPanel")) continue;
            ++charts;
            QVERIFY2(widget->findChild<QTableView*>() != nullptr, qPrintable(widget->objectName()));
            QStringList described;
            for (const QWidget* const part : widget->findChildren<QWidget*>())
                if (part->inherits("bs::ui::Chart"))
                    described.append(part->accessibleName() + part->accessibleDescription());
            QCOMPARE(described.size(), 1);
            QVERIFY2(described.first().size() > 10, qPrintable(described.first()));
        }
        QVERIFY(charts >= 3);
    }

private:
    static void dialogs()
    {
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("file");
        QTest::newRow("compress") << "actionCompress"
                                  << "demo.gguf";
        QTest::newRow("measure") << "actionMeasure"
                                 << "demo.bitstack";
        QTest::newRow("export") << "actionExport"
                                << "demo.bitstack";
        QTest::newRow("template") << "actionTemplate"
                                  << "demo.bitstack";
        QTest::newRow("palette") << "actionPalette"
                                 << "demo.bitstack";
        QTest::newRow("preferences") << "actionPreferences"
                                     << "demo.bitstack";
        QTest::newRow("log") << "actionLog"
                             << "demo.bitstack";
    }

    void openStack()
    {
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(f->session().stack());
    }

    QDialog* opened(const QString& action, const QString& file)
    {
        f->newWindow();
        f->window().openPath(f->file(file));
        [this] { QTRY_VERIFY(f->isReady()); }();
        f->trigger(action.toLatin1().constData());
        QDialog* found = nullptr;
        [&] {
            QTRY_VERIFY((found = qobject_cast<QDialog*>(QApplication::activeModalWidget())) !=
                        nullptr);
        }();
        QTest::qWait(50); // what it asks a worker for
        return found;
    }

    /// Every tab of the centre and of the docks, one after the other; their names.
    QStringList showAllPages()
    {
        QStringList names;
        for (QTabBar* const bar : f->window().findChildren<QTabBar*>())
            for (int i = 0; i < bar->count(); ++i) {
                bar->setCurrentIndex(i);
                QTest::qWait(1);
                names.append(bar->tabText(i));
            }
        return names;
    }

    static bool isControl(QAccessible::Role role)
    {
        static const std::set<QAccessible::Role> kControls{
            QAccessible::PushButton, QAccessible::CheckBox,     QAccessible::RadioButton,
            QAccessible::ComboBox,   QAccessible::EditableText, QAccessible::SpinBox,
            QAccessible::Slider,     QAccessible::List,         QAccessible::Table,
            QAccessible::Tree,       QAccessible::ButtonMenu,   QAccessible::ButtonDropDown,
            QAccessible::Graphic,    QAccessible::Chart,        QAccessible::ProgressBar};
        return kControls.contains(role);
    }

    /// What Qt itself puts together: its parts are heard through the whole.
    static bool isInner(const QWidget* widget)
    {
        const QWidget* const parent = widget->parentWidget();
        return widget->objectName().startsWith(QLatin1String("qt_")) ||
               (parent != nullptr &&
                (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox") ||
                 parent->inherits("QLineEdit") || parent->inherits("QTabBar") ||
                 parent->inherits("QMenuBar") || parent->inherits("QToolBar") ||
                 parent->inherits("QAbstractItemView")));
    }

    static QString describe(const QWidget* widget)
    {
        QStringList path;
        for (const QWidget* w = widget; w != nullptr && path.size() < 4; w = w->parentWidget())
            path.prepend(QLatin1String(w->metaObject()->className()) + QLatin1Char(' ') +
                         w->objectName());
        return path.join(QStringLiteral(" > "));
    }

    /// Visible controls that a screen reader could only call "button".
    static QStringList nameless(const QWidget* root)
    {
        QStringList found;
        for (QWidget* const widget : root->findChildren<QWidget*>()) {
            if (!widget->isVisible() || isInner(widget)) continue;
            QAccessibleInterface* const face = QAccessible::queryAccessibleInterface(widget);
            if (face == nullptr || !isControl(face->role())) continue;
            if (face->text(QAccessible::Name).trimmed().isEmpty()) found.append(describe(widget));
        }
        return found;
    }

    /// Visible, enabled controls that no number of Tabs leads to.
    static QStringList unreachable(QWidget* root)
    {
        std::set<const QWidget*> reached;
        for (QWidget* w = root->nextInFocusChain(); reached.insert(w).second;
             w = w->nextInFocusChain())
            ;
        QStringList found;
        for (QWidget* const widget : root->findChildren<QWidget*>()) {
            if (!widget->isVisible() || !widget->isEnabled() || isInner(widget)) continue;
            const bool control = qobject_cast<QAbstractButton*>(widget) != nullptr ||
                                 qobject_cast<QLineEdit*>(widget) != nullptr ||
                                 qobject_cast<QAbstractSpinBox*>(widget) != nullptr ||
                                 qobject_cast<QAbstractSlider*>(widget) != nullptr ||
                                 qobject_cast<QAbstractItemView*>(widget) != nullptr;
            if (!control || qobject_cast<QScrollBar*>(widget) != nullptr) continue;
            const bool byTab =
                (widget->focusPolicy() & Qt::TabFocus) != 0 && reached.contains(widget);
            if (!byTab && !inGroup(widget)) found.append(describe(widget));
        }
        return found;
    }

    /// Arrow keys go on from the one of a group that Tab reaches.
    static bool inGroup(const QWidget* widget)
    {
        return widget->inherits("QRadioButton") || widget->inherits("QTabBar");
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstAccessibility)
#include "tst_accessibility.moc"
