#include "tests/support/qt_warnings.h"
#include "tests/support/stack_fixture.h"
#include "ui/jobs/recipe_record.h"
#include "ui/models/chart_roles.h"
#include "ui/models/curve_series.h"
#include "ui/models/plans_model.h"
#include "ui/models/recipe_edit.h"
#include "ui/models/recipe_model.h"
#include "ui/models/stack_grid_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace bs;
using namespace bs::ui;
using Kind = RecipeRule::Kind;

namespace {

const std::string kQuery = "model.layers.0.self_attn.q_proj";

QStringList textsOf(const Recipe& recipe)
{
    QStringList texts;
    for (const RecipeRule& rule : recipe)
        texts.append(QString::fromStdString(textOf(rule)));
    return texts;
}

Recipe rules(const std::vector<std::string>& texts)
{
    return parseRecipe(texts).value();
}

PlanRecord plan(qint64 id, const std::string& name, const std::vector<std::string>& texts)
{
    PlanRecord record;
    record.id = id;
    record.name = name;
    record.rules = texts;
    record.fileBytes = 60'000'000;
    record.created = "2026-11-29T12:00:00.000Z";
    return record;
}

} // namespace

/// What edits make of a recipe, and the models that show it.
class TstRecipeModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

    void stepsGoOnFromWhatHolds_data()
    {
        QTest::addColumn<QStringList>("before");
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("by");
        QTest::addColumn<QStringList>("after");
        const QString matrix = QString::fromStdString(kQuery);
        QTest::newRow("no rule") << QStringList{} << matrix << 1 << QStringList{matrix + "=+1"};
        QTest::newRow("once more")
            << QStringList{matrix + "=+1"} << matrix << 1 << QStringList{matrix + "=+2"};
        QTest::newRow("back to the order")
            << QStringList{"v_proj=2", matrix + "=+1"} << matrix << -1 << QStringList{"v_proj=2"};
        QTest::newRow("a depth") << QStringList{matrix + "=3"} << matrix << -1
                                 << QStringList{matrix + "=2"};
        QTest::newRow("never below none")
            << QStringList{matrix + "=0"} << matrix << -1 << QStringList{matrix + "=0"};
        QTest::newRow("bits: from the plan's depth")
            << QStringList{matrix + "=4bits"} << matrix << 1 << QStringList{matrix + "=6"};
        QTest::newRow("on top of the class's steps")
            << QStringList{"q_proj=+1"} << matrix << 1 << QStringList{"q_proj=+1", matrix + "=+2"};
        QTest::newRow("against the class's steps stays a rule")
            << QStringList{"q_proj=+1"} << matrix << -1 << QStringList{"q_proj=+1", matrix + "=+0"};
        QTest::newRow("instead of the class's depth")
            << QStringList{"q_proj=3"} << matrix << 1 << QStringList{"q_proj=3", matrix + "=4"};
        QTest::newRow("a class") << QStringList{matrix + "=3"} << QStringLiteral("q_proj") << 1
                                 << QStringList{matrix + "=3", "q_proj=+1"};
    }
    void stepsGoOnFromWhatHolds()
    {
        QFETCH(QStringList, before);
        QFETCH(QString, target);
        QFETCH(int, by);
        QFETCH(QStringList, after);
        std::vector<std::string> texts;
        for (const QString& text : before)
            texts.push_back(text.toStdString());
        QCOMPARE(textsOf(withStep(rules(texts), target.toStdString(), by, 5)), after);
    }

    void rulesReplaceEachOther()
    {
        const Recipe recipe = rules({"v_proj=2", "q_proj=+1"});
        QCOMPARE(textsOf(withRule(recipe, {"v_proj", Kind::Bits, 4})),
                 (QStringList{"v_proj=4bits", "q_proj=+1"}));
        QCOMPARE(textsOf(withRule(recipe, {"o_proj", Kind::Depth, 0})),
                 (QStringList{"v_proj=2", "q_proj=+1", "o_proj=0"}));
        QCOMPARE(textsOf(withoutRule(recipe, "v_proj")), QStringList{"q_proj=+1"});
        QCOMPARE(textsOf(withoutRule(recipe, "none")), textsOf(recipe));
    }

    void wordsAndMarks()
    {
        const auto both = [](const char* text) {
            const RecipeRule rule = parseRule(text).value();
            return ruleMark(rule) + QLatin1Char(' ') + ruleWords(rule);
        };
        QCOMPARE(both("v=6"), QStringLiteral("= 6 blocks"));
        QCOMPARE(both("v=1"), QStringLiteral("= 1 block"));
        QCOMPARE(both("v=0"), QString(QChar(0xD7)) + QStringLiteral(" left out"));
        QCOMPARE(both("v=4.5bits"), QStringLiteral("= at least 4.5 bits a weight"));
        QCOMPARE(both("v=+1"), QStringLiteral("+ 1 block more"));
        QCOMPARE(both("v=-2"), QString(QChar(0x2212)) + QStringLiteral(" 2 blocks fewer"));
        QCOMPARE(both("v=+0"), QStringLiteral("= as the loading order has it"));
        QCOMPARE(targetWords("v_proj"), QStringLiteral("v_proj, everywhere"));
        QCOMPARE(targetWords(kQuery), QStringLiteral("q_proj of layer 0"));
        QCOMPARE(targetWords("model.embed_tokens#64"),
                 QStringLiteral("embed_tokens, rows from 64"));
    }

    void everyChangeCanBeUndone()
    {
        RecipeModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy changed(&model, &RecipeModel::changed);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.edit({}, QStringLiteral("nothing"));
        QCOMPARE(changed.count(), 0);
        QVERIFY(!model.history()->canUndo());
        model.edit(rules({"v_proj=6"}), QStringLiteral("keep v_proj"));
        model.edit(rules({"v_proj=6", "q_proj=+1"}), QStringLiteral("raise q_proj"));
        QCOMPARE(model.texts(), (QStringList{"v_proj=6", "q_proj=+1"}));
        QCOMPARE(model.index(0, RecipeModel::TargetColumn).data().toString(),
                 QStringLiteral("v_proj, everywhere"));
        QCOMPARE(model.index(1, RecipeModel::RuleColumn).data().toString(),
                 QStringLiteral("1 block more"));
        QCOMPARE(model.history()->undoText(), QStringLiteral("raise q_proj"));
        model.removeRow(0);
        QCOMPARE(model.texts(), QStringList{"q_proj=+1"});
        model.removeRow(7);
        model.history()->undo();
        QCOMPARE(model.rowCount(), 2);
        model.history()->undo();
        model.history()->undo();
        QCOMPARE(model.rowCount(), 0);
        model.history()->redo();
        QCOMPARE(model.texts(), QStringList{"v_proj=6"});
        QCOMPARE(changed.count(), 7);
        QCOMPARE(reset.count(), 7);
        model.reset();
        QVERIFY(!model.history()->canUndo() && !model.history()->canRedo());
        QCOMPARE(model.rowCount(), 0);
    }

    void cellsWithARuleHaveAMark()
    {
        StackGridModel grid;
        const QAbstractItemModelTester tester(&grid);
        grid.setStack(test::smallStack());
        QSignalSpy changed(&grid, &QAbstractItemModel::dataChanged);
        QVERIFY(!grid.index(0, 0).data(MarkRole).isValid());
        grid.setRecipe(rules({"q_proj=+1", "model.layers.1.self_attn.q_proj=0"}));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(grid.index(0, 0).data(MarkRole).toString(), QStringLiteral("+"));
        QCOMPARE(grid.index(1, 0).data(MarkRole).toString(), QString(QChar(0xD7)));
        QVERIFY(!grid.index(0, 1).data(MarkRole).isValid());
        QVERIFY(grid.index(0, 0).data(CardRole).toString().contains(
            QStringLiteral("recipe: 1 block more (q_proj, everywhere)")));
        QVERIFY(!grid.index(0, 1).data(CardRole).toString().contains(QStringLiteral("recipe")));
        QVERIFY(grid.cellAt(grid.index(0, 0)) != nullptr);
        QVERIFY(grid.cellAt(grid.index(1, 1)) == nullptr); // no such matrix
        QVERIFY(grid.cellAt({}) == nullptr);
    }

    void whatARecipeComesToIsSaid()
    {
        const QString bytes = QStringLiteral(R"({"budget_bytes":61000000,"file_bytes":60000000,)");
        const auto summary = [&](const QString& rest) {
            const QByteArray text =
                (bytes + rest + QStringLiteral(R"("rules":["a=1"],"plan":[1,2]})")).toUtf8();
            return RecipePlan::fromJson(QJsonDocument::fromJson(text).object()).summary();
        };
        const QString unedited = QStringLiteral(R"("unedited":{"file_bytes":59900000},)");
        QVERIFY(summary(unedited + R"("predicted_change":0.0123,)")
                    .startsWith(QStringLiteral("60.0 MB. Perplexity predicted 1.2 % higher")));
        QVERIFY(summary(unedited + R"("predicted_change":-0.03,)")
                    .contains(QStringLiteral("3 % lower")));
        QVERIFY(summary(unedited + R"("predicted_change":0.0001,)")
                    .contains(QStringLiteral("as good as")));
        QVERIFY(
            summary(unedited + R"("predicted_change":null,)").contains(QStringLiteral("no gains")));
        QVERIFY(summary(R"("unedited":null,"predicted_change":null,)")
                    .contains(QStringLiteral("smaller than")));
        const RecipePlan plan = RecipePlan::fromJson(
            QJsonDocument::fromJson(R"({"rules":["a=1"],"plan":[1,2],"matrices":[]})").object());
        QCOMPARE(plan.depths, (QList<int>{1, 2}));
        QVERIFY(!plan.file.contains(QLatin1String("plan")));
        QVERIFY(plan.file.contains(QLatin1String("matrices")));
    }

    void aMeasuredRecipeIsALineOfItsOwn()
    {
        CurvePoint plain;
        plain.metric = "perplexity";
        plain.modelHash = "model";
        plain.artifactHash = "stack";
        plain.artifactPath = "/m/demo.bitstack";
        plain.method = "nested";
        plain.value = 20;
        CurvePoint ruled = plain;
        ruled.artifactHash = "other";
        ruled.method = "nested recipe v_proj=6, q_proj=+1";
        QStringList names;
        for (const CurveSeries& series :
             curveSeries({CurveMetric::Perplexity, {plain, ruled}, {}, {}, {}}))
            names.append(series.name);
        names.sort();
        QCOMPARE(names, (QStringList{"demo", "demo, recipe v_proj=6, q_proj=+1"}));
    }

    void plansAreListedAndRenamed()
    {
        PlansModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy renamed(&model, &PlansModel::renamed);
        model.setPlans(
            {plan(3, "fine", {"a=1", "b=2"}), plan(5, "rough", {"a=1", "b=2", "c=3", "d=4"})});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, PlansModel::SizeColumn).data().toString(),
                 QStringLiteral("60.0 MB"));
        QCOMPARE(model.index(0, PlansModel::RulesColumn).data().toString(),
                 QStringLiteral("a=1, b=2"));
        QCOMPARE(model.index(1, PlansModel::RulesColumn).data().toString(),
                 QStringLiteral("4 rules"));
        const QModelIndex name = model.index(1, PlansModel::NameColumn);
        QVERIFY(name.flags() & Qt::ItemIsEditable);
        QVERIFY(!(name.siblingAtColumn(1).flags() & Qt::ItemIsEditable));
        QVERIFY(!model.setData(name, QStringLiteral("  "), Qt::EditRole));
        QVERIFY(!model.setData(name, QStringLiteral("rough"), Qt::EditRole));
        QVERIFY(model.setData(name, QStringLiteral(" rougher "), Qt::EditRole));
        QCOMPARE(renamed.count(), 1);
        QCOMPARE(renamed.at(0).at(0).toLongLong(), 5);
        QCOMPARE(renamed.at(0).at(1).toString(), QStringLiteral("rougher"));
        QCOMPARE(name.data().toString(), QStringLiteral("rougher"));
        QVERIFY(model.planAt(0) != nullptr && model.planAt(2) == nullptr);
    }

private:
    test::QtWarnings m_warnings;
};

QTEST_MAIN(TstRecipeModels)
#include "tst_recipe_models.moc"
