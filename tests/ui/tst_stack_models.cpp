#include "tests/support/qt_warnings.h"
#include "tests/support/stack_fixture.h"
#include "ui/models/chart_roles.h"
#include "ui/models/csv.h"
#include "ui/models/curve_series.h"
#include "ui/models/loading_order_model.h"
#include "ui/models/measurements_model.h"
#include "ui/models/size_unit.h"
#include "ui/models/stack_grid_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bs::ui;
using bs::test::bareStack;
using bs::test::smallStack;
using bs::test::smallStackJson;

namespace {

using Value = StackGridModel::Value;

/// The table as lines: the row's name, then its cells.
QStringList picture(const QAbstractItemModel& model)
{
    QStringList lines;
    for (int r = 0; r < model.rowCount(); ++r) {
        QStringList cells;
        if (const QVariant name = model.headerData(r, Qt::Vertical); name.isValid())
            cells.append(name.toString());
        for (int c = 0; c < model.columnCount(); ++c)
            cells.append(model.index(r, c).data().toString());
        lines.append(cells.join(QStringLiteral(" | ")));
    }
    return lines;
}

} // namespace

/// What the charts of a stack are made from.
class TstStackModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordIsReadAndListsMustFit_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("a matrix that is none")
            << "order" << QJsonValue(QJsonArray{QJsonArray{9, 1}});
        QTest::newRow("a depth it has not") << "order" << QJsonValue(QJsonArray{QJsonArray{4, 2}});
        QTest::newRow("no pairs") << "order" << QJsonValue(QJsonArray{1, 2});
        QTest::newRow("sizes missing") << "file_bytes" << QJsonValue(QJsonArray{6000000});
        QTest::newRow("gains missing") << "gain_left" << QJsonValue(QJsonArray{});
        QTest::newRow("mark behind the end") << "smallest_count" << QJsonValue(99);
        QTest::newRow("mark before the beginning") << "smallest_count" << QJsonValue(-1);
        QTest::newRow("no matrices") << "matrices" << QJsonValue();
    }
    void recordIsReadAndListsMustFit()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        QJsonObject json = smallStackJson();
        QVERIFY(StackRecord::fromJson(json) != nullptr);
        json.insert(key, value);
        QVERIFY(StackRecord::fromJson(json) == nullptr);
        QVERIFY(StackRecord::fromJson({}) == nullptr);
    }

    void gridShowsOneValueAtATime()
    {
        StackGridModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QCOMPARE(model.summary(), QStringLiteral("No stack is open."));
        model.setPlan({2, 1, 2, 1, 1});
        QCOMPARE(changed.count(), 0); // nothing is shown yet
        model.setStack(smallStack());
        QCOMPARE(reset.count(), 1);
        QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QStringLiteral("embed_tokens"));
        QCOMPARE(picture(model), (QStringList{"layer 0 | 2 | 1 | ", "layer 1 | 1 |  | ",
                                              "outside |  |  | 1 to 2"}));
        QVERIFY(!model.index(1, 1).data(ValueRole).isValid());
        QCOMPARE(model.index(2, 2).data(ValueRole).toDouble(),
                 1.75); // mean over the weights: 3 of 4 at 2
        QCOMPARE(model.scale(),
                 (HeatScale{0, 3, false, QStringLiteral("Depth (blocks loaded)"), true}));

        model.setValue(Value::BitsPerWeight);
        QCOMPARE(picture(model), (QStringList{"layer 0 | 16.00 | 4.00 | ", "layer 1 | 8.00 |  | ",
                                              "outside |  |  | 6.00"}));
        QCOMPARE(model.scale().upper, 24.0); // everything of q_proj

        model.setValue(Value::GainLeft);
        QCOMPARE(picture(model), (QStringList{"layer 0 | 0.0313 | 0.125 | ", "layer 1 | 0 |  | ",
                                              "outside |  |  | 0"}));
        QCOMPARE(model.scale().upper, 0.125);
        QVERIFY(!model.scale().logarithmic); // a factor of four

        model.setValue(Value::NextGain);
        QCOMPARE(picture(model),
                 (QStringList{"layer 0 | 0.0313 | 0.125 | ", "layer 1 | all loaded |  | ",
                              "outside |  |  | all loaded"}));
        QCOMPARE(model.index(0, 1).data(ValueRole).toDouble(),
                 0.125); // for a megabyte, which is its block
        QCOMPARE(changed.count(), 3);
        QCOMPARE(model.summary(),
                 QStringLiteral(
                     "Gain of the next MB (nats a token): from all loaded (q_proj of layer 1) "
                     "to 0.125 (up_proj of layer 0)."));
        QCOMPARE(model.index(0, 0).data(CardRole).toString(),
                 QStringLiteral("layers.0.self_attn.q_proj\ndepth 2 of 3\n2.00 MB of 3.00 MB, "
                                "16.00 bits per weight\n"
                                "blocks not loaded would save 0.0313 nats a token\nnext: 1.00 MB, "
                                "0.0313 nats a token for a MB"));
        model.setPlan(
            {1, 1, 2, 1, 1}); // the embedding's next block is worth 16 times as much as a q_proj's
        QVERIFY(model.scale().logarithmic);
        QCOMPARE(model.scale().lower, 0.03125);
        model.setStack(nullptr);
        QCOMPARE(reset.count(), 2);
        QCOMPARE(model.rowCount(), 0);
    }

    void gridFollowsThePlan()
    {
        StackGridModel model;
        const QAbstractItemModelTester tester(&model);
        model.setStack(smallStack());
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setPlan({1, 1, 1, 1, 1});
        model.setPlan({1, 1, 1, 1, 1}); // the same
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.summary(), QStringLiteral("Depth (blocks loaded): 1 everywhere."));
        model.setPlan({9, 9, 9, 9, 9}); // deeper than there are blocks: all of them
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("3"));
        model.setPlan({1}); // of another stack
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("0"));
        QCOMPARE(changed.count(), 3);
        QCOMPARE(reset.count(), 0); // so that the selection stays
    }

    void withoutGainsOnlyWhatIsKnownIsOffered()
    {
        StackGridModel model;
        model.setStack(smallStack());
        model.setValue(Value::NextGain);
        model.setStack(bareStack());
        QCOMPARE(model.value(), Value::Depth);
        QVERIFY(model.offers(Value::BitsPerWeight));
        QVERIFY(!model.offers(Value::GainLeft));
        model.setValue(Value::GainLeft);
        QCOMPARE(model.value(), Value::Depth);
        QVERIFY(!model.index(0, 0).data(CardRole).toString().contains(QStringLiteral("nats")));

        LoadingOrderModel order;
        const QAbstractItemModelTester tester(&order);
        order.setStack(bareStack());
        QCOMPARE(order.columnCount(), 3);
        QCOMPARE(order.rowCount(), 5);
        QVERIFY(storedSeries(*bareStack()).isEmpty());
    }

    void orderIsBlocksAndWhatWasMeasured()
    {
        LoadingOrderModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setStack(smallStack());
        QCOMPARE(reset.count(), 1);
        QCOMPARE(picture(model),
                 (QStringList{
                     "6.00 MB | smallest size, 5 blocks |  |  | 0.9063 |  | ",
                     "6.00 MB | measured when the file was made |  |  |  | 0.6931 | 0.75",
                     "7.00 MB | embed_tokens#0, depth 2 | 1.00 MB | 0.5 | 0.4063 |  | ",
                     "8.00 MB | layers.0.self_attn.q_proj, depth 2 | 1.00 MB | 0.25 | 0.1563 |  | ",
                     "9.00 MB | layers.0.mlp.up_proj, depth 2 | 1.00 MB | 0.125 | 0.03125 |  | ",
                     "10.0 MB | layers.0.self_attn.q_proj, depth 3 | 1.00 MB | 0.03125 | 0 |  | ",
                     "10.0 MB | measured when the file was made |  |  |  | 0.01 | -0.002"}));
        QCOMPARE(model.currentRow(), -1);
        model.setBudget(8'400'000);
        QCOMPARE(model.currentRow(), 3);
        QCOMPARE(changed.count(), 1);
        QVERIFY(model.index(3, 1).data(Qt::FontRole).value<QFont>().bold());
        model.setBudget(8'500'000); // the same block
        QCOMPARE(changed.count(), 1);
        model.setBudget(7'000'000);
        QCOMPARE(changed.count(), 3);
        QCOMPARE(model.summary(),
                 QStringLiteral(
                     "4 blocks load one after another, from 6.00 MB to 10.0 MB; at 7.00 MB they "
                     "have 45 % of their gain still to come."));
        model.setBudget(1);
        QCOMPARE(model.currentRow(), -1);
    }

    void storedPointsAreRelativeAndNamed()
    {
        const QList<CurveSeries> series = storedSeries(*smallStack());
        QCOMPARE(series.size(), 2);
        QVERIFY(series.at(0).predicted && series.at(0).relative);
        QVERIFY(!series.at(1).predicted && series.at(1).relative);
        QCOMPARE(series.at(0).name, QStringLiteral("predicted"));
        QCOMPARE(series.at(0).dots.at(0).value, 2.0); // e to the power of the rise
        QCOMPARE(series.at(0).path, QStringLiteral("/m/small.bitstack"));
        MeasurementsModel model;
        const QAbstractItemModelTester tester(&model);
        model.setSeries(series, CurveMetric::Perplexity, {});
        QCOMPARE(model.index(0, model.columnOf(MeasurementsModel::Value)).data().toString(),
                 QStringLiteral("2.000 × original"));
        QCOMPARE(
            model.summary(),
            QStringLiteral(
                "4 points: from 1.00 times the original's perplexity at 10.0 MB (measured when it "
                "was made) to 2.12 times at 6.00 MB (measured when it was made)."));
    }

    void csvHasNumbersAndMachineNames()
    {
        LoadingOrderModel order;
        order.setStack(smallStack());
        const QStringList lines = csvOf(order).split(QLatin1Char('\n'));
        QCOMPARE(lines.at(0),
                 QStringLiteral(
                     "file_bytes,loads,block_bytes,gain,gain_left,predicted_rise,measured_rise"));
        QCOMPARE(lines.at(2),
                 QStringLiteral("6000000,measured when the file was made,,,,0.69314718056,0.75"));
        QCOMPARE(lines.at(3),
                 QStringLiteral("7000000,\"embed_tokens#0, depth 2\",1000000,0.5,0.40625,,"));
        StackGridModel grid;
        grid.setStack(smallStack());
        grid.setPlan({2, 1, 2, 1, 1});
        QCOMPARE(csvOf(grid),
                 QStringLiteral(
                     ",q_proj,up_proj,embed_tokens\nlayer 0,2,1,\nlayer 1,1,,\noutside,,,1.75\n"));
        QCOMPARE(copyTextOf({grid.index(1, 0), grid.index(0, 1), grid.index(0, 0)}),
                 QStringLiteral("2\t1\n1\t"));
        QCOMPARE(copyTextOf({}), QString());
    }

    void textFilesAreWrittenOrSaidWhyNot()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("a.csv"));
        QString problem;
        QVERIFY2(writeTextFile(path, QStringLiteral("ä\n"), &problem), qPrintable(problem));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("\xc3\xa4\n"));
        QVERIFY(!writeTextFile(QStringLiteral("/nowhere/a.csv"), {}, &problem));
        QVERIFY(problem.contains(QStringLiteral("/nowhere/a.csv")));
    }

    void sizesInEveryUnit()
    {
        const qint64 bytes = 8'388'608;
        QCOMPARE((SizeAxis{SizeUnit::Megabytes, 0}).valueOf(bytes), 8.388608);
        QCOMPARE((SizeAxis{SizeUnit::Mebibytes, 0}).valueOf(bytes), 8.0);
        QCOMPARE((SizeAxis{SizeUnit::Bytes, 0}).text(bytes), QStringLiteral("8,388,608 bytes"));
        const SizeAxis bits{SizeUnit::BitsPerWeight, 16'777'216};
        QCOMPARE(bits.valueOf(bytes), 4.0);
        QCOMPARE(bits.text(bytes), QStringLiteral("4.00 bits per weight"));
        const SizeAxis unknown{SizeUnit::BitsPerWeight, 0};
        QCOMPARE(unknown.effective(), SizeUnit::Megabytes);
        QCOMPARE(unknown.label(), QStringLiteral("Size (MB)"));
    }

    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstStackModels)
#include "tst_stack_models.moc"
