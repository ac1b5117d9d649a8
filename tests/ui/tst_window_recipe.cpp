#include "tests/support/window_fixture.h"
#include "ui/plots/heat_map.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>

#include <csignal>

using namespace bs::ui;

/// The recipe, clicked through in the window against a scripted worker.
class TstWindowRecipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        f = std::make_unique<bs::test::WindowFixture>();
        f->newWindow();
        f->window().openPath(f->file(QStringLiteral("demo.bitstack")));
        QTRY_VERIFY(f->isReady());
        QTRY_VERIFY(f->session().stack() != nullptr);
        f->session().slide(100'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 100'000'000);
        f->trigger("actionShowHeat");
    }

    void cleanup()
    {
        f->closeWindow();
        QCOMPARE(m_warnings.take(), QString());
    }

    void nothingCanBeEditedBeforeAMatrixIsChosen()
    {
        for (const char* const name :
             {"actionRecipeRaise", "actionRecipeLower", "actionRecipeLeaveOut",
              "actionRecipeKeepAt", "actionRecipeClear", "actionRecipeUse"})
            QVERIFY2(!action(name)->isEnabled(), name);
        QVERIFY(text("recipeSummary").startsWith(QStringLiteral("Choose a matrix")));
        choose(0, 0);
        QVERIFY(action("actionRecipeRaise")->isEnabled());
        QVERIFY(!action("actionRecipeClear")->isEnabled());
    }

    void anEditIsADraftUntilItIsUsed()
    {
        const int before = depth(0, 2);
        choose(0, 2);
        f->trigger("actionRecipeRaise");
        QTRY_COMPARE(depth(0, 2), before + 1);
        QCOMPARE(f->session().state().plan.at(2), before); // nothing is loaded
        QVERIFY(map()->summary().startsWith(QStringLiteral("Planned, not loaded.")));
        QTRY_COMPARE(text("recipeSummary"),
                     QStringLiteral("100.0 MB. Perplexity predicted 1 % lower than the loading "
                                    "order's at as many bytes."));
        QVERIFY(!f->find<QLabel>("sizeRecipe")->isVisible());

        f->trigger("actionRecipeUse");
        QTRY_COMPARE(f->session().state().plan.at(2), before + 1);
        QVERIFY(action("actionRecipeUse")->isChecked());
        QVERIFY(!map()->summary().startsWith(QStringLiteral("Planned")));
        QVERIFY(f->find<QLabel>("sizeRecipe")->isVisible());
        QVERIFY(text("sizeRecipe").contains(QStringLiteral("v_proj=+1")));

        // The next edit is loaded at once, and so is the slider's next size by the same rules.
        f->trigger("actionRecipeLeaveOut");
        QTRY_COMPARE(f->session().state().plan.at(2), 0);
        QTest::keyClick(f->find<QSlider>("sizeSlider"), Qt::Key_Home);
        QTRY_COMPARE(f->session().state().fileBytes, 74'500'000);
        QCOMPARE(f->session().state().plan.at(2), 0);
        QVERIFY(f->requests(QStringLiteral("slide")).last().contains(QStringLiteral("v_proj=0")));
        QTRY_VERIFY(text("recipeSummary").startsWith(QStringLiteral("74.5 MB")));

        f->click("sizeLeaveRecipe");
        QTRY_VERIFY(f->session().state().plan.at(2) > 0);
        QVERIFY(!action("actionRecipeUse")->isChecked());
        QVERIFY(!f->find<QLabel>("sizeRecipe")->isVisible());
        QCOMPARE(rules()->rowCount(), 1); // they are kept
    }

    void rulesAreUndoneClearedAndDeleted()
    {
        choose(3, 1);
        f->trigger("actionRecipeRaise");
        f->trigger("actionRecipeRaise");
        QCOMPARE(rule(0), QStringLiteral("k_proj of layer 3: 2 blocks more"));
        QTRY_VERIFY(!f->find<QTableView>("recipeRules")->isHidden());
        f->trigger("actionUndoRecipe");
        QCOMPARE(rule(0), QStringLiteral("k_proj of layer 3: 1 block more"));
        f->trigger("actionUndoRecipe");
        QCOMPARE(rules()->rowCount(), 0);
        QVERIFY(!action("actionUndoRecipe")->isEnabled());
        f->trigger("actionRedoRecipe");
        QCOMPARE(rules()->rowCount(), 1);
        f->trigger("actionRecipeClear");
        QCOMPARE(rules()->rowCount(), 0);
        f->trigger("actionUndoRecipe");
        auto* const table = f->find<QTableView>("recipeRules");
        table->setCurrentIndex(rules()->index(0, 0));
        QTest::keyClick(table, Qt::Key_Delete);
        QCOMPARE(rules()->rowCount(), 0);
        QVERIFY(action("actionUndoRecipe")->text().contains(QStringLiteral("clear k_proj")));
    }

    void aWholeClassAndItsMarks()
    {
        choose(5, 2);
        action("actionRecipeWholeClass")->setChecked(true);
        f->trigger("actionRecipeLower");
        QCOMPARE(rule(0), QStringLiteral("v_proj, everywhere: 1 block fewer"));
        QTRY_COMPARE(depth(20, 2), f->session().state().plan.at(20 * 7 + 2) - 1);
        // Stays chosen, and the card says what holds.
        QVERIFY(grid()
                    ->index(20, 2)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("recipe: 1 block fewer (v_proj, everywhere)")));
        f->trigger("actionRecipeClearAll");
        QCOMPARE(rules()->rowCount(), 0);
        QTRY_COMPARE(depth(20, 2), f->session().state().plan.at(20 * 7 + 2));
    }

    void keptAtBlocksOrBits()
    {
        choose(2, 3);
        f->trigger("actionRecipeKeepAt");
        QTRY_VERIFY(f->find<QDialog>("keepDialog") != nullptr);
        f->find<QSpinBox>("keepDepth")->setValue(6);
        f->click("keepAccept");
        QTRY_COMPARE(rule(0), QStringLiteral("o_proj of layer 2: 6 blocks"));
        QTRY_COMPARE(depth(2, 3), 6);
        QTRY_VERIFY(f->find<QDialog>("keepDialog") == nullptr);
        f->trigger("actionRecipeKeepAt");
        QTRY_VERIFY(f->find<QDialog>("keepDialog") != nullptr);
        f->find<QRadioButton>("keepByBits")->setChecked(true);
        QVERIFY(!f->find<QSpinBox>("keepDepth")->isEnabled());
        f->find<QDoubleSpinBox>("keepBits")->setValue(4);
        f->click("keepAccept");
        QTRY_COMPARE(rule(0), QStringLiteral("o_proj of layer 2: at least 4 bits a weight"));
        QCOMPARE(rules()->rowCount(), 1);
    }

    void aRecipeIsMeasuredAndExported()
    {
        choose(0, 0);
        f->trigger("actionRecipeRaise");
        QTRY_VERIFY(action("actionRecipeMeasure")->isEnabled());
        f->trigger("actionRecipeMeasure");
        QTRY_VERIFY(f->find<QDialog>("measureDialog") != nullptr);
        f->find<QLineEdit>("measureText")->setText(f->file(QStringLiteral("text.txt")));
        QTRY_VERIFY(f->find<QWidget>("measureStart")->isEnabled());
        f->click("measureStart");
        QTRY_VERIFY(message().startsWith(QStringLiteral("Measured one size")));
        const QString measured = f->requests(QStringLiteral("measure")).last();
        QVERIFY(measured.contains(QStringLiteral("\"budgets\":[100000000]")));
        QVERIFY(measured.contains(QStringLiteral("q_proj=+1")));

        // The dialog offers the recipe only where it is in use.
        f->trigger("actionExport");
        QTRY_VERIFY(f->find<QDialog>("exportDialog") != nullptr);
        QVERIFY(f->find<QCheckBox>("exportByRecipe")->isHidden());
        f->find<QDialog>("exportDialog")->reject();
        QTRY_VERIFY(f->find<QDialog>("exportDialog") == nullptr);
        f->trigger("actionRecipeUse");
        f->trigger("actionExport");
        QTRY_VERIFY(f->find<QDialog>("exportDialog") != nullptr);
        QVERIFY(f->find<QCheckBox>("exportByRecipe")->isChecked());
        QTRY_VERIFY(f->find<QWidget>("exportStart")->isEnabled());
        QVERIFY(f->requests(QStringLiteral("export_forecast")).last().contains("q_proj=+1"));
        f->click("exportStart");
        QTRY_VERIFY(message().startsWith(QStringLiteral("Exported to")));
        QVERIFY(f->requests(QStringLiteral("export")).last().contains("q_proj=+1"));
    }

    void plansHaveNamesAndComeBack()
    {
        choose(0, 4);
        f->trigger("actionRecipeLower");
        QTRY_VERIFY(action("actionRecipeSave")->isEnabled());
        f->trigger("actionRecipeSave");
        QTRY_VERIFY(f->find<QInputDialog>("planName") != nullptr);
        f->find<QInputDialog>("planName")->setTextValue(QStringLiteral(" less gate "));
        f->find<QInputDialog>("planName")->accept();
        QTRY_VERIFY(message().contains(QStringLiteral("\"less gate\" is kept")));
        f->trigger("actionRecipeClearAll");

        openPlans();
        auto* const table = f->find<QTableView>("plansTable");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("less gate"));
        table->model()->setData(table->model()->index(0, 0), QStringLiteral("lean"));
        QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("lean"));
        f->click("plansRemove");
        QTRY_COMPARE(table->model()->rowCount(), 0);
        QTRY_VERIFY(f->find<QWidget>("plansUndo")->isVisible());
        f->click("plansUndo");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QTRY_VERIFY(f->find<QWidget>("plansOpen")->isEnabled());
        QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("lean"));
        f->click("plansOpen");
        QTRY_COMPARE(rules()->rowCount(), 1);
        QCOMPARE(rule(0), QStringLiteral("gate_proj of layer 0: 1 block fewer"));
        QTRY_VERIFY(f->find<QLabel>("sizeRecipe")->isVisible()); // it is in use
    }

    void planFilesGoOutAndComeIn()
    {
        choose(0, 5);
        f->trigger("actionRecipeRaise");
        QTRY_VERIFY(action("actionRecipeExport")->isEnabled());
        const QString path = f->path(QStringLiteral("plan.json"));
        f->trigger("actionRecipeExport");
        pick("planExport", path);
        QTRY_VERIFY(message().contains(QStringLiteral("was written")));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(json.value(QLatin1String("matrices")).toArray().size(), 210);
        QCOMPARE(json.value(QLatin1String("rules")).toArray().size(), 1);

        f->trigger("actionRecipeClearAll");
        QCOMPARE(rules()->rowCount(), 0);
        f->trigger("actionRecipeImport");
        pick("planImport", path);
        QTRY_COMPARE(rules()->rowCount(), 1);
        QCOMPARE(rule(0), QStringLiteral("up_proj of layer 0: 1 block more"));

        f->trigger("actionRecipeImport");
        pick("planImport", f->file(QStringLiteral("text.txt")));
        QTRY_VERIFY(message().contains(QStringLiteral("this is no plan")));
        QTRY_VERIFY(action("actionRecipeExport")->isEnabled()); // what was there is known again
        f->trigger("actionRecipeExport");
        pick("planExport", f->path(QStringLiteral("nowhere/plan.json")));
        QTRY_VERIFY(message().contains(QStringLiteral("cannot be written")));
    }

    void anotherFileHasNoRecipeAndALostWorkerKeepsIt()
    {
        choose(0, 0);
        f->trigger("actionRecipeLeaveOut");
        f->trigger("actionRecipeUse");
        QTRY_COMPARE(f->session().state().plan.at(0), 0);
        QSignalSpy lost(&f->session(), &EngineSession::workerLost);
        ::kill(static_cast<pid_t>(f->session().workerProcessId()), SIGKILL);
        QTRY_COMPARE(lost.count(), 1);
        QTRY_VERIFY(f->session().state().loaded && f->session().state().plan.at(0) == 0);
        QCOMPARE(rules()->rowCount(), 1);
        f->window().openPath(f->file(QStringLiteral("other.bitstack")));
        QTRY_COMPARE(f->session().path(), f->path(QStringLiteral("other.bitstack")));
        QTRY_VERIFY(f->isReady());
        QCOMPARE(rules()->rowCount(), 0);
        QVERIFY(f->session().recipe().isEmpty());
        QVERIFY(!action("actionUndoRecipe")->isEnabled());
    }

    void everythingHasANameAndAPlaceInTheMenus()
    {
        for (const char* const name : {"recipeRules", "recipeMore", "actionRecipeRaiseButton",
                                       "actionRecipeUseButton", "actionRecipeKeepAtButton"}) {
            QVERIFY2(!f->find<QWidget>(name)->accessibleName().isEmpty(), name);
            QVERIFY2(f->find<QWidget>(name)->focusPolicy() != Qt::NoFocus, name);
        }
        const QList<QAction*> all = f->window().findChildren<QAction*>();
        QSet<QKeySequence> keys;
        for (QAction* const one : all) {
            if (one->shortcut().isEmpty() || one->objectName().isEmpty()) continue;
            if (one->shortcutContext() != Qt::WindowShortcut) continue;
            QVERIFY2(!keys.contains(one->shortcut()), qPrintable(one->objectName()));
            keys.insert(one->shortcut());
        }
        QVERIFY(keys.size() > 20);
        QVERIFY(map()->actions().contains(action("actionRecipeRaise")));
        QVERIFY(f->find<QTableView>("heatTable")->actions().contains(action("actionRecipeRaise")));
        const QSize least = f->window().minimumSizeHint();
        QVERIFY(least.width() <= 1366 && least.height() <= 700);
    }

private:
    HeatMap* map() { return f->find<HeatMap>("heatMap"); }
    const QAbstractItemModel* grid() { return f->find<QTableView>("heatTable")->model(); }
    const QAbstractItemModel* rules() { return f->find<QTableView>("recipeRules")->model(); }
    QAction* action(const char* name) { return f->find<QAction>(name); }
    QString text(const char* label) { return f->find<QLabel>(label)->text(); }
    int depth(int layer, int column) { return grid()->index(layer, column).data().toInt(); }

    QString rule(int row)
    {
        return rules()->index(row, 0).data().toString() + QStringLiteral(": ") +
               rules()->index(row, 1).data().toString();
    }

    void choose(int layer, int column)
    {
        f->find<QTableView>("heatTable")->setCurrentIndex(grid()->index(layer, column));
    }

    void openPlans()
    {
        f->trigger("actionRecipePlans");
        QTRY_VERIFY(f->find<QDialog>("plansDialog") != nullptr);
    }

    void pick(const char* dialogName, const QString& path)
    {
        auto* const dialog = f->find<QFileDialog>(dialogName);
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(path);
        dialog->reject();
        QTRY_VERIFY(f->find<QFileDialog>(dialogName) == nullptr);
    }

    QString message()
    {
        const auto* const label = f->find<QLabel>("messageText");
        return label->isVisible() ? label->text() : QString();
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowRecipe)
#include "tst_window_recipe.moc"
