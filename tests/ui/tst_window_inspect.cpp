#include "tests/support/window_fixture.h"
#include "ui/plots/figure_plot.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>

using namespace bs::ui;

/// The page "Inspect", clicked through in the window against a scripted worker.
class TstWindowInspect : public QObject
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

    void withoutAModelItSaysWhatToDo()
    {
        f->trigger("actionShowInspect");
        QTRY_VERIFY(f->find<QWidget>("inspectPage")->isVisible());
        QCOMPARE(facts(), QStringLiteral("Open a model to look into its file."));
        QCOMPARE(tree()->rowCount(), 0);
    }

    void nothingIsReadBeforeThePageIsShown()
    {
        open("demo.bitstack");
        QTest::qWait(50);
        QVERIFY(f->requests(QStringLiteral("tensors")).isEmpty());
        f->trigger("actionShowInspect");
        QTRY_COMPARE(tree()->rowCount(), 3);
        QCOMPARE(facts(), QStringLiteral("Choose a tensor to see its values."));
        QCOMPARE(f->find<QLabel>("inspectCount")->text(), QStringLiteral("16 tensors, 2 keys"));
        QVERIFY(f->find<QLineEdit>("inspectFind")->hasFocus());
        // Another model that is opened while the page is shown is read at once.
        open("other.gguf");
        QTRY_COMPARE(f->requests(QStringLiteral("tensors")).size(), 2);
        f->trigger("actionClose");
        QTRY_COMPARE(tree()->rowCount(), 0);
    }

    void aTensorShowsItsValuesCodesAndDepths()
    {
        open("demo.bitstack");
        f->trigger("actionShowInspect");
        QTRY_COMPARE(tree()->rowCount(), 3);
        choose(1, 2);
        QTRY_VERIFY(facts().contains(QStringLiteral("standard deviation 0.1")));
        QCOMPARE(f->find<QLabel>("tensorName")->text(),
                 QStringLiteral("model.layers.0.v_proj.weight"));
        QVERIFY(facts().contains(QStringLiteral("1 % zeros")));
        QVERIFY(facts().contains(QStringLiteral("2 not finite")));
        auto* const tabs = f->find<QTabWidget>("tensorCharts");
        QVERIFY(tabs->isTabVisible(1) && tabs->isTabVisible(2));
        QCOMPARE(rows("valuesTable"), 121);
        QCOMPARE(rows("codesTable"), 16);
        QCOMPARE(rows("residualsTable"), 9);
        QVERIFY(!f->find<FigurePlot>("valuesPlot")->summary().isEmpty());

        // A norm has neither codes nor depths.
        choose(0, 1);
        QTRY_COMPARE(f->find<QLabel>("tensorName")->text(), QStringLiteral("model.norm.weight"));
        QTRY_VERIFY(!tabs->isTabVisible(1) && !tabs->isTabVisible(2));
        // A layer is no tensor: what is shown stays.
        f->find<QTreeView>("tensorTree")->setCurrentIndex(tree()->index(2, 0));
        QTest::qWait(20);
        QCOMPARE(f->requests(QStringLiteral("tensor")).size(), 2);
    }

    void findingNarrowsBothLists()
    {
        open("demo.bitstack");
        f->trigger("actionShowInspect");
        QTRY_COMPARE(tree()->rowCount(), 3);
        QTest::keyClicks(f->find<QLineEdit>("inspectFind"), QStringLiteral("v_proj"));
        QCOMPARE(f->find<QLabel>("inspectCount")->text(), QStringLiteral("2 tensors, 0 keys"));
        QVERIFY(f->find<QTreeView>("tensorTree")->isExpanded(tree()->index(0, 0)));
        f->find<QLineEdit>("inspectFind")->setText(QStringLiteral("NAME"));
        QCOMPARE(f->find<QLabel>("inspectCount")->text(), QStringLiteral("0 tensors, 1 keys"));
        f->find<QLineEdit>("inspectFind")->clear();
        QCOMPARE(f->find<QLabel>("inspectCount")->text(), QStringLiteral("16 tensors, 2 keys"));
    }

    void aLongValueIsShownWhole()
    {
        open("demo.bitstack");
        f->trigger("actionShowInspect");
        QTRY_COMPARE(tree()->rowCount(), 3);
        f->find<QTabWidget>("inspectLists")->setCurrentIndex(1);
        auto* const table = f->find<QTableView>("metadataTable");
        QVERIFY(table->isVisible());
        table->setCurrentIndex(table->model()->index(1, 0));
        QCOMPARE(f->find<QPlainTextEdit>("metadataValue")->toPlainText().size(), 5000);
        QVERIFY(f->find<QPlainTextEdit>("metadataValue")->isVisible());
    }

    void aDamagedFileIsToldAndThePageFitsASmallScreen()
    {
        open("demo.bitstack");
        f->trigger("actionShowInspect");
        QTRY_COMPARE(tree()->rowCount(), 3);
        QFile::remove(f->path(QStringLiteral("demo.bitstack")));
        choose(1, 0);
        QTRY_VERIFY(facts().contains(QStringLiteral("cannot be opened")));
        const QSize least = f->window().minimumSizeHint();
        QVERIFY(least.width() <= 1366 && least.height() <= 700);
        for (const char* const name :
             {"inspectFind", "tensorTree", "metadataTable", "metadataValue", "valuesPlot",
              "valuesTable", "codesPlot", "residualsPlot", "tensorCharts", "inspectLists"})
            QVERIFY2(!f->find<QWidget>(name)->accessibleName().isEmpty(), name);
    }

private:
    void open(const char* name)
    {
        f->window().openPath(f->file(QLatin1String(name)));
        QTRY_COMPARE(f->session().path(), f->path(QLatin1String(name)));
        QTRY_VERIFY(f->isReady());
    }

    QAbstractItemModel* tree() { return f->find<QTreeView>("tensorTree")->model(); }
    QString facts() { return f->find<QLabel>("tensorFacts")->text(); }
    int rows(const char* table) { return f->find<QTableView>(table)->model()->rowCount(); }

    void choose(int group, int row)
    {
        f->find<QTreeView>("tensorTree")
            ->setCurrentIndex(tree()->index(row, 0, tree()->index(group, 0)));
    }

    std::unique_ptr<bs::test::WindowFixture> f;
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstWindowInspect)
#include "tst_window_inspect.moc"
