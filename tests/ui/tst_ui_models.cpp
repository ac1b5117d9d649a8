#include "tests/support/qt_warnings.h"
#include "ui/jobs/line_framer.h"
#include "ui/models/answer_note.h"
#include "ui/models/card_model.h"
#include "ui/models/chat_tree.h"
#include "ui/models/conversation_model.h"
#include "ui/models/conversations_model.h"
#include "ui/models/curve_series.h"
#include "ui/models/measurements_model.h"
#include "ui/models/recent_files_model.h"
#include "ui/models/sampling_presets.h"
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

QList<CurveSeries> perplexities(const std::vector<bs::CurvePoint>& points)
{
    return curveSeries({CurveMetric::Perplexity, points, {}, {}, {}});
}

/// The series as lines: name, then its points.
QStringList picture(const QList<CurveSeries>& series)
{
    QStringList lines;
    for (const CurveSeries& s : series) {
        QString line = s.name + (s.dense ? QStringLiteral(" (dense):") : QStringLiteral(":"));
        for (const CurveDot& dot : s.dots)
            line += QStringLiteral(" %1=%2").arg(dot.bytes).arg(dot.value);
        lines.append(line);
    }
    return lines;
}

} // namespace

class TstUiModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { bs::test::QtWarnings::watch(); }
    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

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
        ChatRow question{1, QStringLiteral("user"), QStringLiteral("Why is the sky blue?"), {}};
        ChatRow answer{2, QStringLiteral("assistant"), {}, {}, true};
        model.setRows({question});
        model.setRows({question, answer});
        QCOMPARE(inserted.count(), 2);
        QCOMPARE(removed.count(), 0);
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
        // What begins both stays, the rest is exchanged.
        model.setRows({question});
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed.first().at(1).toInt(), 1);
        question.versions = 2;
        model.setRows({question});
        QCOMPARE(removed.count(), 2);
        QCOMPARE(inserted.count(), 3);
        QCOMPARE(model.index(0).data(ConversationModel::VersionsRole).toInt(), 2);
        model.setRows({question});
        QCOMPARE(inserted.count(), 3);
    }

    void versionsAndBranchesOfAChat()
    {
        const QString user = QStringLiteral("user");
        const QString model = QStringLiteral("assistant");
        ChatTree tree;
        tree.add(-1, std::nullopt, user, QStringLiteral("one"), false);
        tree.add(-2, -1, model, QStringLiteral("two"), true);
        tree.finish(-2, QStringLiteral("two"), QStringLiteral("note"));
        tree.add(-3, -2, user, QStringLiteral("three"), false);
        tree.add(-4, -1, model, QStringLiteral("TWO"), false);
        const auto shown = [&] {
            QStringList lines;
            for (const ChatRow& row : tree.rows())
                lines.append(QStringLiteral("%1 %2/%3 +%4")
                                 .arg(row.text)
                                 .arg(row.version)
                                 .arg(row.versions)
                                 .arg(row.waysOn));
            return lines;
        };
        QCOMPARE(shown(), (QStringList{"one 1/1 +0", "TWO 2/2 +0"}));
        QVERIFY(!tree.otherVersion(-4, 1));
        tree.setLeaf(tree.otherVersion(-4, -1));
        QCOMPARE(shown(), (QStringList{"one 1/1 +0", "two 1/2 +0", "three 1/1 +0"}));
        tree.setLeaf(-2); // a branch
        QCOMPARE(shown(), (QStringList{"one 1/1 +0", "two 1/2 +1"}));
        QCOMPARE(tree.wayOn(), std::optional<qint64>(-3));
        tree.remove(-2);
        QCOMPARE(shown(), (QStringList{"one 1/1 +1"}));
        QVERIFY(!tree.isUser(-2));
        tree.load({}, 5);
        QVERIFY(tree.isEmpty());
    }

    void storedConversationsAreListed()
    {
        ConversationsModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy renamed(&model, &ConversationsModel::renamed);
        bs::ConversationRecord a;
        a.id = 3;
        a.title = "Why";
        a.changed = "2026-11-23T03:00:00.123Z";
        bs::ConversationRecord b = a;
        b.id = 5;
        b.title = "How";
        b.found = "the hit";
        model.setConversations({b, a});
        QCOMPARE(reset.count(), 1);
        QCOMPARE(picture(model), (QStringList{"How", "Why"}));
        QCOMPARE(model.index(0).data(ConversationsModel::FoundRole).toString(),
                 QStringLiteral("the hit"));
        QVERIFY(!model.index(0).data(ConversationsModel::ChangedRole).toString().isEmpty());
        QCOMPARE(model.rowOf(3), 1);
        QCOMPARE(model.rowOf(9), -1);
        a.title = "Because";
        model.setConversations({b, a});
        QCOMPARE(reset.count(), 1);
        QCOMPARE(changed.count(), 1);
        QVERIFY(model.setData(model.index(1), QStringLiteral("  Why\n not "), Qt::EditRole));
        QCOMPARE(changed.count(), 2);
        QCOMPARE(renamed.count(), 1);
        QCOMPARE(renamed.first().at(0).toLongLong(), 3);
        QCOMPARE(renamed.first().at(1).toString(), QStringLiteral("Why not"));
        QVERIFY(!model.setData(model.index(1), QStringLiteral(" "), Qt::EditRole));
        QVERIFY(!model.setData(model.index(1), QStringLiteral("Why not"), Qt::EditRole));
        QCOMPARE(renamed.count(), 1);
    }

    void timesAreShortWhereTheyAreNear()
    {
        const QDateTime now = QDateTime::fromString(QStringLiteral("2026-11-26T12:00:00"),
                                                    Qt::ISODate); // a Thursday, local time
        const auto when = [&](const char* local) {
            return whenText(QDateTime::fromString(QLatin1String(local), Qt::ISODate)
                                .toUTC()
                                .toString(Qt::ISODateWithMs),
                            now);
        };
        const QString time = QLocale().toString(QTime(9, 5), QLocale::ShortFormat);
        QCOMPARE(when("2026-11-26T09:05:00"), time);
        QCOMPARE(when("2026-11-25T09:05:00"), QStringLiteral("yesterday ") + time);
        QCOMPARE(when("2026-11-24T09:05:00"), QLocale().dayName(2) + QLatin1Char(' ') + time);
        QCOMPARE(when("2026-10-24T09:05:00"),
                 QLocale().toString(QDate(2026, 10, 24), QLocale::ShortFormat));
        QCOMPARE(whenText(QStringLiteral("nonsense")), QString());
    }

    void notesTellEverySizeOfAnAnswer()
    {
        bs::AnswerRecord answer;
        answer.fileBytes = 105'500'000;
        answer.tokens = 40;
        answer.tokensPerSecond = 12.5;
        answer.contextUsed = 60;
        answer.context = 2048;
        answer.seed = 7;
        answer.temperature = 0.7;
        answer.stopReason = "length";
        QCOMPARE(
            answerNote(answer),
            QStringLiteral("105.5 MB · 40 tokens · 12.5 tokens/s · context 60 of 2048 · seed 7 "
                           "· ended at the token limit"));
        answer = {};
        answer.sizes = {{0, 149'000'000}, {12, 74'500'000}};
        answer.stopReason = "failed";
        answer.error = "lost";
        QCOMPARE(answerNote(answer),
                 QStringLiteral("149.0 MB, 74.5 MB from token 12 · broken off: lost"));
        answer.sizes.insert(answer.sizes.end(), {{13, 1}, {14, 2}, {15, 80'000'000}});
        QVERIFY(answerNote(answer).startsWith(QStringLiteral("149.0 MB, 1 more, ")));
        QVERIFY(answerNote(answer).contains(QStringLiteral("80.0 MB from token 15")));
        QCOMPARE(answerNote({}), QString());
    }

    void presetsAreGivenOrOnesOwn()
    {
        QSettings().clear();
        SamplingPresets presets;
        QCOMPARE(presets.all().size(), 3);
        AnswerSettings settings;
        QCOMPARE(presets.matching(settings), presets.indexOf(QStringLiteral("Balanced")));
        presets.all().at(presets.indexOf(QStringLiteral("Precise"))).applyTo(settings);
        QCOMPARE(settings.temperature, 0.2);
        settings.topK = 7;
        QCOMPARE(presets.matching(settings), -1);
        QVERIFY(!presets.save(QStringLiteral("Precise"), settings));
        QVERIFY(!presets.save(QStringLiteral("  "), settings));
        QVERIFY(presets.save(QStringLiteral(" Mine "), settings));
        QVERIFY(presets.save(QStringLiteral("Ahead"), AnswerSettings()));
        settings.topK = 8;
        QVERIFY(presets.save(QStringLiteral("Mine"), settings)); // in its place
        SamplingPresets again;
        QStringList names;
        for (const SamplingPreset& preset : again.all())
            names.append(preset.name);
        QCOMPARE(names, (QStringList{"Precise", "Balanced", "Creative", "Ahead", "Mine"}));
        QCOMPARE(again.all().last().topK, 8);
        // An own one says length and seed too, a given one leaves them.
        settings.seed = 7;
        settings.maxTokens = 99;
        QVERIFY(again.save(QStringLiteral("Zeroth"), settings));
        again = SamplingPresets();
        QCOMPARE(again.matching(settings), again.indexOf(QStringLiteral("Zeroth")));
        AnswerSettings other;
        again.all().at(again.indexOf(QStringLiteral("Zeroth"))).applyTo(other);
        QCOMPARE(other.seed, 7);
        QCOMPARE(other.maxTokens, 99);
        again.all().at(again.indexOf(QStringLiteral("Creative"))).applyTo(other);
        QCOMPARE(other.seed, 7);
        other.seed = 8;
        QCOMPARE(again.matching(other), again.indexOf(QStringLiteral("Creative")));
        again.remove(QStringLiteral("Zeroth"));
        again.remove(QStringLiteral("Precise"));
        again.remove(QStringLiteral("Mine"));
        QCOMPARE(SamplingPresets().all().size(), 4);
        QSettings().clear();
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
            perplexities({point("bitstack", "b8", 149, 20.5), point("bitstack", "b8", 75, 46),
                          point("dense", "demo", 98, 20), point("bitstack", "b4", 75, 60)});
        QCOMPARE(picture(series),
                 (QStringList{"uncompressed (dense): 98=20", "b4: 75=60", "b8: 75=46 149=20.5"}));
        QCOMPARE(series.at(2).dots.at(0).error, 0.5);
    }

    void curvesMeasuredDifferentlyStayApart()
    {
        const QList<CurveSeries> series =
            perplexities({point("bitstack", "b8", 75, 46), point("bitstack", "b8", 75, 44, 1023)});
        QCOMPARE(picture(series),
                 (QStringList{"b8 (1,023 tokens): 75=44", "b8 (8,184 tokens): 75=46"}));
        // What differs is said, and no more.
        bs::CurvePoint other = point("bitstack", "b8", 75, 43);
        other.dataHash = "another";
        other.context = 512;
        QCOMPARE(picture(perplexities({point("bitstack", "b8", 75, 46), other})),
                 (QStringList{"b8 (text anot): 75=43", "b8 (text text): 75=46"}));
        bs::CurvePoint longer = point("bitstack", "b8", 75, 42);
        longer.context = 512;
        QCOMPARE(picture(perplexities({point("bitstack", "b8", 75, 46), other, longer})).last(),
                 QStringLiteral("b8 (context 2048, text text): 75=46"));
        QVERIFY(perplexities({}).isEmpty());
    }

    void measurementsTable()
    {
        MeasurementsModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setSeries(perplexities({point("bitstack", "b8", 149'000'000, 20.5),
                                      point("dense", "demo", 98'300'000, 20)}),
                        CurveMetric::Perplexity, {true, false});
        QCOMPARE(reset.count(), 1);
        QCOMPARE(picture(model),
                 (QStringList{"uncompressed | 98.3 MB | 20.000 | ± 0.500 | 8,184 | yes",
                              "b8 | 149.0 MB | 20.500 | ± 0.500 | 8,184 | "}));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setFront({true, true});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.index(1, model.columnOf(MeasurementsModel::Front)).data().toString(),
                 QStringLiteral("yes"));
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

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_GUILESS_MAIN(TstUiModels)
#include "tst_ui_models.moc"
