#include "ui/jobs/line_framer.h"
#include "ui/models/card_model.h"
#include "ui/models/conversation_model.h"
#include "ui/models/curve_series.h"
#include "ui/models/measurements_model.h"
#include "ui/models/recent_files_model.h"
#include "ui/models/size_scale.h"
#include "ui/models/words.h"
#include "ui/plots/axis_ticks.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bs::ui;

namespace {

/// The rows of a model as lines, columns by " | ".
QStringList picture(const QAbstractItemModel& model)
{
    QStringList lines;
    for (int r = 0; r < model.rowCount(); ++r) {
        QStringList cells;
        for (int c = 0; c < model.columnCount(); ++c)
            cells.append(model.index(r, c).data().toString());
        lines.append(cells.join(QStringLiteral(" | ")));
    }
    return lines;
}

ModelCard demoCard()
{
    ModelCard card;
    card.path = QStringLiteral("/models/demo.bitstack");
    card.format = QStringLiteral("bitstack");
    card.architecture = QStringLiteral("llama");
    card.parameters = 134'515'008;
    card.bytes = 149'000'000;
    card.dtype = QStringLiteral("blocks, f16");
    card.tokenizer = QStringLiteral("gpt2");
    card.codec = QStringLiteral("bitstack");
    card.kvBytesPerToken = 23040;
    card.stack = ModelCard::Stack{210, 1680, 74'500'000, 149'000'000};
    return card;
}

bs::CurvePoint point(const char* method, const char* artifact, std::uint64_t bytes, double value,
                     std::uint64_t n = 8184)
{
    bs::CurvePoint p;
    p.modelHash = "m";
    p.modelPath = "/models/demo.gguf";
    p.method = method;
    p.artifactHash = artifact;
    p.artifactPath = std::string("/models/") + artifact + ".bitstack";
    p.dataHash = "textxyz";
    p.context = 2048;
    p.scored = "half";
    p.fileBytes = bytes;
    p.value = value;
    p.error = 0.5;
    p.n = n;
    return p;
}

/// The series as lines: name, then its points.
QStringList picture(const QList<CurveSeries>& series)
{
    QStringList lines;
    for (const CurveSeries& s : series) {
        QString line = s.name + (s.dense ? QStringLiteral(" (dense):") : QStringLiteral(":"));
        for (const CurveDot& dot : s.dots)
            line += QStringLiteral(" %1=%2").arg(dot.bytes).arg(dot.perplexity);
        lines.append(line);
    }
    return lines;
}

} // namespace

class TstUiModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("BitStackTest"));
    }

    void framerCutsLines()
    {
        LineFramer framer(8);
        QCOMPARE(framer.feed("ab"), QByteArrayList());
        QCOMPARE(framer.feed("c\nd\n\nef"), (QByteArrayList{"abc", "d", ""}));
        QCOMPARE(framer.feed("ghijkl\n"), QByteArrayList{"efghijkl"}); // exactly the cap
        QVERIFY(!framer.overflowed());
    }

    void framerRefusesLongLines()
    {
        LineFramer whole(8);
        QCOMPARE(whole.feed("ok\n123456789\nlate\n"), QByteArrayList{"ok"});
        QVERIFY(whole.overflowed());
        QCOMPARE(whole.feed("more\n"), QByteArrayList());
        LineFramer pieces(8);
        pieces.feed("12345");
        pieces.feed("6789");
        QVERIFY(pieces.overflowed());
        pieces.reset();
        QCOMPARE(pieces.feed("again\n"), QByteArrayList{"again"});
    }

    void conversationGrows()
    {
        ConversationModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.addUser(QStringLiteral("Why is the sky blue?"));
        model.beginAnswer();
        QCOMPARE(inserted.count(), 2);
        model.appendToAnswer(QStringLiteral("It "));
        model.appendToAnswer(QStringLiteral("scatters."));
        QCOMPARE(changed.count(), 2);
        model.endAnswer(QStringLiteral("12.5 tokens/s"));
        QCOMPARE(changed.count(), 3);
        model.appendToAnswer(QStringLiteral("late")); // no answer is being made
        QCOMPARE(changed.count(), 3);
        QCOMPARE(picture(model), (QStringList{"Why is the sky blue?", "It scatters."}));
        QCOMPARE(model.index(1).data(ConversationModel::NoteRole).toString(),
                 QStringLiteral("12.5 tokens/s"));
        const QJsonArray json = model.toJson(QStringLiteral("Be brief."));
        QCOMPARE(json.size(), 3);
        QCOMPARE(json.at(0)["role"].toString(), QStringLiteral("system"));
        QCOMPARE(json.at(2)["content"].toString(), QStringLiteral("It scatters."));
        QVERIFY(model.dropLastAnswer());
        QVERIFY(!model.dropLastAnswer());
        QCOMPARE(removed.count(), 1);
        QCOMPARE(model.rowCount(), 1);
    }

    void recentFilesKeepTheNewest()
    {
        RecentFilesModel model;
        const QAbstractItemModelTester tester(&model);
        model.clear();
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        for (int i = 0; i < 10; ++i)
            model.add(QStringLiteral("/m/%1.gguf").arg(i));
        model.add(QStringLiteral("/m/5.gguf"));
        QCOMPARE(reset.count(), 11);
        QCOMPARE(model.rowCount(), RecentFilesModel::kMostKept);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("5.gguf"));
        QCOMPARE(model.index(1).data(Qt::UserRole).toString(), QStringLiteral("/m/9.gguf"));
        const RecentFilesModel again;
        QCOMPARE(again.paths(), model.paths());
        model.remove(QStringLiteral("/m/9.gguf"));
        QVERIFY(!model.paths().contains(QStringLiteral("/m/9.gguf")));
    }

    void cardShowsWhatIsKnown()
    {
        CardModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setCard(demoCard(), 2048);
        QCOMPARE(picture(model),
                 (QStringList{"File | demo.bitstack", "Format | bitstack, codec bitstack",
                              "Architecture | llama", "Parameters | 134.5 million",
                              "Weights | blocks, f16", "Size | 149.0 MB", "Tokenizer | gpt2",
                              "Stack | 1680 blocks, 210 matrices", "KV cache | 47.2 MB"}));
        model.setCard(demoCard(), 2048);
        QCOMPARE(reset.count(), 1);
        model.setCard({}, 2048);
        QCOMPARE(model.rowCount(), 0);
    }

    void curvesAreSortedIntoSeries()
    {
        const QList<CurveSeries> series =
            curveSeries({point("bitstack", "b8", 149, 20.5), point("bitstack", "b8", 75, 46),
                         point("dense", "demo", 98, 20), point("bitstack", "b4", 75, 60)});
        QCOMPARE(picture(series),
                 (QStringList{"uncompressed (dense): 98=20", "b4: 75=60", "b8: 75=46 149=20.5"}));
        QCOMPARE(series.at(2).dots.at(0).error, 0.5);
    }

    void curvesMeasuredDifferentlyStayApart()
    {
        const QList<CurveSeries> series =
            curveSeries({point("bitstack", "b8", 75, 46), point("bitstack", "b8", 75, 44, 1023)});
        QCOMPARE(picture(series), (QStringList{"b8 (1,023 tokens, text text): 75=44",
                                               "b8 (8,184 tokens, text text): 75=46"}));
        QVERIFY(curveSeries({}).isEmpty());
    }

    void measurementsTable()
    {
        MeasurementsModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setSeries(curveSeries(
            {point("bitstack", "b8", 149'000'000, 20.5), point("dense", "demo", 98'300'000, 20)}));
        QCOMPARE(reset.count(), 1);
        QCOMPARE(picture(model), (QStringList{"uncompressed | 98.3 MB | 20.000 | ± 0.500 | 8,184",
                                              "b8 | 149.0 MB | 20.500 | ± 0.500 | 8,184"}));
        QVERIFY(model.index(0, 0).data(MeasurementsModel::DenseRole).toBool());
        QCOMPARE(model.index(1, 0).data(MeasurementsModel::BytesRole).toLongLong(), 149'000'000LL);
    }

    void scaleIsExactAtItsEnds()
    {
        const SizeScale scale(100, 1'000'100,
                              {{500'000, 500'000, 0, 2, 3, 10, 1.0}, {100, 100, 0, 1, 1, 5, 2.0}});
        QCOMPARE(scale.bytesAt(0), 100);
        QCOMPARE(scale.bytesAt(SizeScale::kSteps), 1'000'100);
        for (int step = 0; step <= SizeScale::kSteps; ++step)
            QCOMPARE(scale.stepOf(scale.bytesAt(step)), step);
        QCOMPARE(scale.stepOf(-5), 0);
        QCOMPARE(scale.pointFor(99), nullptr);
        QCOMPARE(scale.pointFor(499'999)->depthMax, 1);
        QCOMPARE(scale.pointFor(2'000'000)->depthMax, 3);
        QCOMPARE(SizeScale::spread(100, 1'000'100, 3), (QList<qint64>{100, 500'100, 1'000'100}));
        QCOMPARE(SizeScale::spread(100, 1'000'100, 1), QList<qint64>{1'000'100});
        QVERIFY(!SizeScale().isValid());
    }

    void oneMoreMegabyteIsAShareOfWhatIsLeft()
    {
        // 10 MB at 2 a byte, then 10 MB falling to 0: 30e6 in all, 10e6 from the middle on.
        const SizeScale scale(0, 20'000'000,
                              {{0, 0, 0, 1, 1, 100, 200},
                               {10'000'000, 0, 0, 1, 2, 100, 200},
                               {20'000'000, 0, 0, 2, 2, 0, 0}});
        QCOMPARE(scale.shareOfNextMegabyte(0), 2.0 / 30);
        QCOMPARE(scale.shareOfNextMegabyte(15'000'000), 0.2);
        QCOMPARE(scale.shareOfNextMegabyte(20'000'000), 0.0);
        QVERIFY(SizeScale(0, 10, {}).shareOfNextMegabyte(5) < 0);
    }

    void sizesAsPeopleTypeThem()
    {
        QString problem;
        QCOMPARE(parseSizeText(QStringLiteral(" 105.5MB "), &problem), 105'500'000);
        QCOMPARE(parseSizeText(QStringLiteral("1 KiB"), &problem), 1024);
        QVERIFY(problem.isEmpty());
        QCOMPARE(parseSizeText(QStringLiteral("plenty"), &problem), -1);
        QVERIFY(problem.contains(QStringLiteral("plenty")));
    }

    void durations_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown") << -1.0 << QString();
        QTest::newRow("seconds") << 44.2 << QStringLiteral("45 s");
        QTest::newRow("minutes") << 200.0 << QStringLiteral("3 min");
        QTest::newRow("hours") << 7500.0 << QStringLiteral("2 h 5 min");
    }
    void durations()
    {
        QFETCH(double, seconds);
        QTEST(durationText(seconds), "text");
    }

    void ticksAreRoundAndEnough_data()
    {
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("upper");
        QTest::newRow("many decades") << 1.0 << 1e6;
        QTest::newRow("one decade") << 18.0 << 200.0;
        QTest::newRow("a factor of two") << 19.0 << 46.0;
        QTest::newRow("narrow") << 20.0 << 20.9;
    }
    void ticksAreRoundAndEnough()
    {
        QFETCH(double, lower);
        QFETCH(double, upper);
        const QList<double> ticks = logarithmicTicks(lower, upper);
        QVERIFY(ticks.size() >= 3);
        QVERIFY(ticks.size() <= 12);
        QVERIFY(std::is_sorted(ticks.begin(), ticks.end()));
        QVERIFY(ticks.first() >= lower);
        QVERIFY(ticks.last() <= upper);
    }
    void ticksOfNothing()
    {
        QVERIFY(logarithmicTicks(0, 10).isEmpty());
        QVERIFY(logarithmicTicks(5, 5).isEmpty());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TstUiModels)
#include "tst_ui_models.moc"
