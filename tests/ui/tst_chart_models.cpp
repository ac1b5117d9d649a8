#include "tests/support/fake_charts.h"
#include "tests/support/qt_warnings.h"
#include "ui/models/csv.h"
#include "ui/models/measurements_model.h"
#include "ui/models/memory_model.h"
#include "ui/models/pareto.h"
#include "ui/models/speed_model.h"
#include "ui/models/token_model.h"
#include "ui/models/worst_tokens_model.h"

#include <QAbstractItemModelTester>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace bs::ui;

namespace {

CurveSeries file(const char* name, QList<CurveDot> dots, const char* way = "text")
{
    CurveSeries series;
    series.name = QLatin1String(name);
    series.way = QLatin1String(way);
    series.dots = std::move(dots);
    return series;
}

bs::CurvePoint point(const char* metric, std::uint64_t bytes, double value,
                     const char* method = "nested")
{
    bs::CurvePoint p;
    p.metric = metric;
    p.fileBytes = bytes;
    p.value = value;
    p.method = method;
    p.artifactHash = method;
    p.artifactPath = std::string("/m/") + method + ".bitstack";
    p.dataHash = "text";
    p.n = 100;
    return p;
}

EngineState stateOf(qint64 bytes)
{
    EngineState state;
    state.loaded = true;
    state.path = QStringLiteral("/m/demo.bitstack");
    state.fileBytes = bytes;
    state.weightBytes = bytes - 1'000'000;
    state.kvBytes = 47'000'000;
    state.rssBytes = bytes + 70'000'000;
    state.freeMemoryBytes = 20'000'000'000;
    return state;
}

bs::SpeedRecord speed(bool answer, std::uint64_t bytes, double tokensPerSecond)
{
    return {answer, "/m/demo.bitstack", bytes, tokensPerSecond, 40, "2026-11-01T10:00:00Z"};
}

TokenPointer record(int tokens)
{
    const nlohmann::json params{{"budget_bytes", 60'000'000},
                                {"messages", nlohmann::json::array()}};
    const std::string text = bs::test::tokenDivergence(params, tokens).dump();
    return TokenRecord::fromJson(QJsonDocument::fromJson(QByteArray::fromStdString(text)).object());
}

} // namespace

/// What the charts of measurements, speed, memory and tokens are made from.
class TstChartModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void frontHasWhatNoOtherPointBeats()
    {
        const QList<CurveSeries> series{file("a", {{50, 30}, {60, 25}, {80, 24}}),
                                        file("b", {{55, 24.5}, {60, 26}, {90, 20}})};
        QCOMPARE(paretoFront(series, CurveMetric::Perplexity),
                 (QList<bool>{true, false, true, true, false, true}));
        // Of the files that are shown.
        QCOMPARE(paretoFront(series, CurveMetric::Perplexity, {QStringLiteral("b")}),
                 (QList<bool>{true, true, true, false, false, false}));
        // The other way round where more is better.
        QCOMPARE(paretoFront(series, CurveMetric::SameTop),
                 (QList<bool>{true, false, false, false, false, false}));
        QVERIFY(paretoFront({}, CurveMetric::Perplexity).isEmpty());
    }

    void frontComparesLikeWithLike()
    {
        // Another text is another matter.
        QCOMPARE(paretoFront({file("a", {{50, 30}}), file("b", {{40, 20}}, "other")},
                             CurveMetric::Perplexity),
                 (QList<bool>{true, true}));
        // As large and as good: neither beats the other. As large and worse: beaten.
        QCOMPARE(paretoFront({file("a", {{50, 30}}), file("b", {{50, 30}, {50, 31}})},
                             CurveMetric::Perplexity),
                 (QList<bool>{true, true, false}));
        // As good and larger: beaten.
        QCOMPARE(paretoFront({file("a", {{50, 30}, {60, 30}})}, CurveMetric::Perplexity),
                 (QList<bool>{true, false}));
        CurveSeries predicted = file("c", {{10, 1}});
        predicted.predicted = true;
        QCOMPARE(paretoFront({predicted, file("a", {{50, 30}})}, CurveMetric::Perplexity),
                 (QList<bool>{false, true}));
    }

    void quartilesStandBesideTheirMedian()
    {
        MeasuredPoints points;
        points.metric = CurveMetric::KlMedian;
        points.values = {point("kld_median", 60, 0.2), point("kld_median", 80, 0.1),
                         point("kld_median", 98, 0, "dense")};
        points.quarters = {point("kld_25", 60, 0.05)};
        points.threeQuarters = {point("kld_75", 60, 0.5), point("kld_75", 80, 0.3)};
        points.far = {point("kld_99", 60, 4)};
        const QList<CurveSeries> series = curveSeries(points);
        QCOMPARE(series.size(), 1); // the original's own divergence is no point
        const CurveDot& dot = series.first().dots.first();
        QCOMPARE(dot.value, 0.2);
        QCOMPARE(dot.low, std::optional(0.05));
        QCOMPARE(dot.high, std::optional(0.5));
        QCOMPARE(dot.far, std::optional(4.0));
        QVERIFY(!series.first().dots.last().low && !series.first().dots.last().far);

        MeasurementsModel model;
        const QAbstractItemModelTester tester(&model);
        model.setSeries(series, CurveMetric::KlMedian, {true, true});
        QCOMPARE(csvOf(model),
                 QStringLiteral("series,file_bytes,kld_median,kld_25_to_75,kld_99,tokens,"
                                "pareto_front\nnested,60,0.2,0.05 to 0.5,4,100,1\n"
                                "nested,80,0.1,,,100,1\n"));
        QCOMPARE(model.summary(),
                 QStringLiteral(
                     "2 points: from median KL 0.1 at 80 B (nested) to 0.2 at 60 B (nested)."));
    }

    void filesOfOneNameAreToldApart()
    {
        bs::CurvePoint twin = point("perplexity", 60, 25);
        twin.artifactHash = "another";
        const QList<CurveSeries> series =
            curveSeries({CurveMetric::Perplexity, {point("perplexity", 60, 20), twin}, {}, {}, {}});
        QCOMPARE(series.size(), 2);
        QVERIFY(series.at(0).name != series.at(1).name);
    }

    void memoryKeepsMomentsAndMarks()
    {
        using Mark = MemoryModel::Mark;
        MemoryModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QDateTime start(QDate(2026, 11, 1), QTime(10, 0), Qt::UTC);
        model.add(stateOf(100'000'000), Mark::Opened, start);
        model.add(stateOf(100'000'000), Mark::None, start.addMSecs(100)); // says nothing new
        QCOMPARE(inserted.count(), 1);
        model.add(stateOf(90'000'000), Mark::Slid, start.addMSecs(1000));
        model.add(stateOf(80'000'000), Mark::Slid, start.addMSecs(1500)); // the same drag
        QCOMPARE(inserted.count(), 2);
        QCOMPARE(changed.count(), 1);
        model.add({}, Mark::WorkerLost, start.addMSecs(1600));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(1, MemoryModel::Engine).data().toString(), QStringLiteral("150.0 MB"));
        QCOMPARE(model.index(2, MemoryModel::Event).data().toString(),
                 QStringLiteral("engine lost"));
        QVERIFY(model.cardOf(1).contains(QStringLiteral("size changed\nsize 80.0 MB")));
        QVERIFY(model.summary().contains(QStringLiteral("170.0 MB at most")));
        QVERIFY(csvOf(model).startsWith(
            QStringLiteral("time,event,engine_bytes,weight_bytes,kv_cache_bytes,free_bytes\n"
                           "2026-11-01T10:00:00.000Z,model opened,170000000,")));
    }

    void memoryIsBounded()
    {
        MemoryModel model;
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QDateTime when(QDate(2026, 11, 1), QTime(10, 0), Qt::UTC);
        for (int i = 0; i < MemoryModel::kMostSamples + 10; ++i) {
            when = when.addSecs(2);
            model.add(stateOf(i), MemoryModel::Mark::None, when);
        }
        QCOMPARE(model.rowCount(), MemoryModel::kMostSamples);
        QCOMPARE(removed.count(), 10);
        QCOMPARE(model.samples().front().fileBytes, 10);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void speedsAreNamed()
    {
        SpeedModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QVERIFY(model.summary().startsWith(QStringLiteral("No answer")));
        model.setSpeeds({speed(true, 60'000'000, 40), speed(false, 60'000'000, 50),
                         speed(true, 90'000'000, 31.25)});
        QCOMPARE(reset.count(), 1);
        QCOMPARE(model.summary(),
                 QStringLiteral("Measured in 2 answers and one benchmark: from 31.3 tokens/s at "
                                "90.0 MB to 50.0 tokens/s at 60.0 MB."));
        QCOMPARE(csvOf(model).split(QLatin1Char('\n')).at(2),
                 QStringLiteral("demo,60000000,50,benchmark,2026-11-01T10:00:00Z"));
        QCOMPARE(model.index(0, 0).data(SpeedModel::BytesRole).toLongLong(), 60'000'000LL);
    }

    void tokensAndTheWorstOfThem()
    {
        TokenModel model;
        WorstTokensModel worst;
        const QAbstractItemModelTester tester(&model);
        const QAbstractItemModelTester worstTester(&worst);
        QSignalSpy reset(&worst, &QAbstractItemModel::modelReset);
        const TokenPointer looked = record(40);
        QVERIFY(looked != nullptr);
        model.setRecord(looked);
        worst.setRecord(looked);
        QCOMPARE(reset.count(), 1);
        QCOMPARE(model.rowCount(), 40);
        QCOMPARE(model.index(10, TokenModel::Divergence).data().toString(),
                 QStringLiteral("1.9900"));
        QVERIFY(model.cardOf(10).contains(QString::fromUtf8("original expected “ the” (60.0 %)")));
        QVERIFY(model.summary().startsWith(
            QStringLiteral("40 tokens at 60.0 MB against demo.gguf: mean KL 0.245 nats")));
        QCOMPARE(worst.rowCount(), 3);
        QCOMPARE(worst.index(1).data().toString(),
                 QString::fromUtf8("text before↵the[ word10] and after"));
        QCOMPARE(worst.index(1).data(WorstTokensModel::LeadRole).toString(),
                 QStringLiteral("KL 1.99"));
        QCOMPARE(worst.index(1).data(WorstTokensModel::PositionRole).toInt(), 10);
        QCOMPARE(worst.rowOf(20), 2);
        QCOMPARE(worst.rowOf(21), -1);
        QVERIFY(csvOf(model).startsWith(
            QStringLiteral("index,token,kld_nats,nll_nats,original_top,top\n1, word0,2,1.5,")));
        model.setRecord(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void recordsThatDoNotFitTogetherAreRefused()
    {
        QVERIFY(TokenRecord::fromJson({}) != nullptr);
        QVERIFY(TokenRecord::fromJson({{"worst", QJsonArray{QJsonObject{{"position", 0}}}}}) ==
                nullptr);
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_GUILESS_MAIN(TstChartModels)
#include "tst_chart_models.moc"
