#include "tests/support/qt_warnings.h"
#include "ui/models/candidate_model.h"
#include "ui/models/compare_figures.h"
#include "ui/models/compare_summary_model.h"
#include "ui/models/compare_words.h"
#include "ui/models/words.h"
#include "ui/widgets/token_view.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace bs::ui;

namespace {

TokenAnswer answered(const QStringList& tokens, const QList<int>& ids)
{
    TokenAnswer answer;
    answer.state = TokenAnswer::State::Done;
    answer.tokens = tokens;
    answer.ids = ids;
    answer.promptIds = {1, 2};
    return answer;
}

TokenChance chance(int id, const char* text, double probability)
{
    return {id, QString::fromUtf8(text), std::log(probability)};
}

bs::CurvePoint point(const char* metric, const char* artifact, std::uint64_t bytes, double value,
                     const char* data, std::int64_t run)
{
    bs::CurvePoint p;
    p.run = run;
    p.metric = metric;
    p.artifactHash = artifact;
    p.fileBytes = bytes;
    p.value = value;
    p.error = value / 50;
    p.dataHash = data;
    p.context = 2048;
    p.n = 8184;
    return p;
}

QStringList row(const QAbstractItemModel& model, int r, int role = Qt::DisplayRole)
{
    QStringList cells;
    for (int c = 0; c < model.columnCount(); ++c)
        cells.append(model.index(r, c).data(role).toString());
    return cells;
}

} // namespace

/// What the page Compare is made from.
class TstCompareModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pinsAreKeptWhole()
    {
        const QList<Pin> pins{
            {QStringLiteral("/m/a.bitstack"), 60'000'000, {}, {}},
            {QStringLiteral("/m/b.gguf"), std::nullopt, {}, {}},
            {QStringLiteral("/m/a.bitstack"), std::nullopt, {3, 0, 2}, QStringLiteral("mine")},
            {QStringLiteral("/m/a.bitstack"),
             60'000'000,
             {},
             QStringLiteral("more v"),
             {QStringLiteral("v_proj=6")}},
            {}};
        for (const Pin& pin : pins)
            QCOMPARE(Pin::fromJson(pin.toJson()), pin);
        QVERIFY(pins.at(1).sizeParams().value(QLatin1String("budget_bytes")).isNull());
        QCOMPARE(pins.at(2).sizeParams().keys(), QStringList{QStringLiteral("plan")});
        QCOMPARE(pins.at(3).sizeParams().value(QLatin1String("rules")).toArray().size(), 1);
        QVERIFY(!Pin::fromJson({}).isSet());
    }

    void namesSayTheSizeOfAStackAndTheFile()
    {
        PinWeight stack;
        stack.card.stack = ModelCard::Stack{210, 1680, 25'000'000, 147'600'000};
        stack.fileBytes = 59'998'000;
        const Pin sized{QStringLiteral("/m/a.bitstack"), 60'000'000, {}, {}};
        QCOMPARE(pinName(sized, {}), QStringLiteral("60.0 MB of a.bitstack"));
        QCOMPARE(pinName(sized, stack), QStringLiteral("60.0 MB of a.bitstack"));
        QCOMPARE(pinName({QStringLiteral("/m/b.gguf"), {}, {}, {}}, {}), QStringLiteral("b.gguf"));
        QCOMPARE(pinName({sized.path, {}, {1}, QStringLiteral("mine")}, stack),
                 QStringLiteral("mine of a.bitstack"));
    }

    void piecesBecomeTokens()
    {
        TokenAnswer answer;
        answer.takePiece(QStringLiteral("Gra"), 1);
        answer.takePiece(QString(), 2); // within a character
        answer.takePiece(QStringLiteral("é"), 3);
        answer.takePiece(QStringLiteral("�"), 3); // what was left at the end
        QCOMPARE(answer.tokens, (QStringList{QStringLiteral("Gra"), {}, QStringLiteral("é�")}));
        answer.finish({{"ids", QJsonArray{5, 6, 7, 2}},
                       {"prompt_ids", QJsonArray{1}},
                       {"stop_reason", "eos"}});
        QCOMPARE(answer.tokens.size(), 4); // the last one ended it
        QCOMPARE(answer.text(), QStringLiteral("Graé�"));
        QVERIFY(answer.isDone());
    }

    void theFirstDifferenceIsFoundAndSaid_data()
    {
        QTest::addColumn<QList<int>>("a");
        QTest::addColumn<QList<int>>("b");
        QTest::addColumn<int>("at");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("the same") << QList{1, 2, 3} << QList{1, 2, 3} << -1
                                  << QStringLiteral("All 3 tokens are the same.");
        QTest::newRow("one token") << QList{1} << QList{1} << -1
                                   << QStringLiteral("The one token of both answers is the same.");
        QTest::newRow("at once")
            << QList{4, 2} << QList{1, 2} << 0
            << QStringLiteral("They differ from the first token on: A says “t4” and B “t1”.");
        QTest::newRow("second") << QList{1, 2} << QList{1, 5} << 1
                                << QStringLiteral(
                                       "The first token is the same; then A says “t2” and B “t5”.");
        QTest::newRow("longer") << QList{1, 2, 3} << QList{1, 2} << 2
                                << QStringLiteral(
                                       "The first 2 tokens are the same; then A says “t3” and B "
                                       "nothing more.");
    }
    void theFirstDifferenceIsFoundAndSaid()
    {
        QFETCH(QList<int>, a);
        QFETCH(QList<int>, b);
        QFETCH(int, at);
        QFETCH(QString, sentence);
        const auto texts = [](const QList<int>& ids) {
            QStringList list;
            for (const int id : ids)
                list.append(QStringLiteral("t%1").arg(id));
            return list;
        };
        QCOMPARE(firstDifference(a, b).value_or(-1), at);
        const TokenAnswer first = answered(texts(a), a);
        TokenAnswer second = answered(texts(b), b);
        QCOMPARE(differenceSentence(first, second), sentence);
        second.promptIds = {9};
        QVERIFY(differenceSentence(first, second).contains(QStringLiteral("as different tokens")));
        second.state = TokenAnswer::State::Answering;
        QCOMPARE(differenceSentence(first, second), QString());
    }

    void tokensThatCannotBeSeenAreNamed()
    {
        QCOMPARE(tokenText(QStringLiteral(" a\n")), QStringLiteral("“ a↵”"));
        QCOMPARE(tokenText(QString()), QStringLiteral("the end"));
    }

    void whatTheSearchFoundIsSaid()
    {
        KeepFound found{12, 61'200'000, 12, 61'100'000, 8, 105'000'000, 12, 11};
        QCOMPARE(keepSentence(found),
                 QStringLiteral("61.2 MB keeps these 12 tokens. With one block less (100.0 kB) "
                                "token 9 comes out differently; 11 sizes were tried."));
        found.written = 4;
        QVERIFY(keepSentence(found).contains(QStringLiteral("token 5 comes out as another there")));
        found = {1, 25'000'000, 1, 0, 0, 105'000'000, 1, 2};
        QCOMPARE(keepSentence(found),
                 QStringLiteral("25.0 MB keeps this one token. There is no smaller size."));
        found = {12, 0, 0, 0, 0, 105'000'000, 3, 1};
        QVERIFY(keepSentence(found).startsWith(
            QStringLiteral("Not even 105.0 MB keeps these 12 tokens")));
        QVERIFY(keepSentence(found).contains(QStringLiteral("token 4 comes out differently")));
    }

    void markdownCannotBeBrokenOutOf()
    {
        Both<QString> names;
        names[Side::A] = QStringLiteral("small");
        names[Side::B] = QStringLiteral("large");
        Both<TokenAnswer> answers;
        answers[Side::A] =
            answered({QStringLiteral("# no\n\n"), QStringLiteral("heading")}, {1, 2});
        answers[Side::B] = answered({QStringLiteral("plain")}, {1});
        const QString text =
            comparisonMarkdown(QStringLiteral("Why?"), names, answers,
                               QStringLiteral("They differ."), QStringLiteral("| x |\n"));
        QCOMPARE(text,
                 QStringLiteral("**Prompt**\n\n> Why?\n\n**A: small**\n\n> # no\n> \n> heading\n\n"
                                "**B: large**\n\n> plain\n\nThey differ.\n\n| x |\n"));
    }

    void measurementsOfOneWayAreHeldAgainstEachOther()
    {
        Both<MeasuredPin> pins;
        pins[Side::A] = {QStringLiteral("stack"), 60};
        pins[Side::B] = {QStringLiteral("stack"), 80};
        const QList<bs::CurvePoint> points{
            point("perplexity", "stack", 60, 23.0, "wiki", 1),
            point("perplexity", "stack", 80, 21.0, "wiki", 1),
            point("kld_mean", "stack", 80, 0.1, "wiki", 1),
            point("perplexity", "stack", 60, 99.0, "other", 7),
            point("perplexity", "stack", 70, 22.0, "wiki", 8),
            point("perplexity", "dense", 80, 20.0, "wiki", 9),
        };
        Both<CompareFigures> figures;
        QVERIFY(takeMeasurements(points, pins, figures));
        QCOMPARE(figures[Side::A].perplexity->value, 23.0);
        QCOMPARE(figures[Side::B].perplexity->value, 21.0);
        QCOMPARE(figures[Side::B].divergence->value, 0.1);
        QVERIFY(!figures[Side::A].divergence);
        // Without a common way the newest of each, and they are not compared.
        Both<CompareFigures> apart;
        QVERIFY(!takeMeasurements({points.at(1), points.at(3)}, pins, apart));
        QCOMPARE(apart[Side::A].perplexity->value, 99.0);
        QCOMPARE(apart[Side::B].perplexity->value, 21.0);
        Both<CompareFigures> none;
        QVERIFY(!takeMeasurements({}, pins, none));
        QVERIFY(!none[Side::A].perplexity);
    }

    void theBetterOfEachPairIsMarked()
    {
        CompareSummaryModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.headerData(0, Qt::Vertical, Qt::DisplayRole).toString(),
                 QStringLiteral("A"));
        QCOMPARE(row(model, 0).join(QString()), QString()); // nothing is known
        Both<CompareFigures> figures;
        figures[Side::A] = {true,
                            CompareFigures::Reference::Other,
                            Measured{23.3, 0.7},
                            Measured{0.15, 0.002},
                            Measured{0.75, 0},
                            61'000'000,
                            70'000'000,
                            41.0};
        figures[Side::B] = {true,
                            CompareFigures::Reference::Itself,
                            Measured{20.0, 0.6},
                            {},
                            {},
                            98'000'000,
                            120'000'000,
                            30.0};
        model.setFigures(figures, true, QStringLiteral("Both at once."));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(row(model, 0),
                 (QStringList{QStringLiteral("23.30 ± 0.70"), QStringLiteral("0.1500 ± 0.0020"),
                              QStringLiteral("75.0 %"), QStringLiteral("✓ 61.0 MB"),
                              QStringLiteral("✓ 70.0 MB"), QStringLiteral("✓ 41.0")}));
        QCOMPARE(row(model, 1),
                 (QStringList{QStringLiteral("✓ 20.00 ± 0.60"), QStringLiteral("uncompressed"),
                              QStringLiteral("uncompressed"), QStringLiteral("98.0 MB"),
                              QStringLiteral("120.0 MB"), QStringLiteral("30.0")}));
        const QModelIndex best = model.index(1, CompareSummaryModel::Perplexity);
        QVERIFY(best.data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(best.data(Qt::AccessibleTextRole)
                    .toString()
                    .endsWith(QStringLiteral("the better one")));
        QVERIFY(!model.index(0, CompareSummaryModel::Perplexity).data(Qt::FontRole).isValid());
        QVERIFY(model.index(0, CompareSummaryModel::Speed)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("at once")));
        QVERIFY(!model.lacksMeasurements(Side::A));
        QVERIFY(
            model.markdown().contains(QStringLiteral("| B | **20.00 ± 0.60** | uncompressed |")));

        model.setFigures(figures, false, {});
        QVERIFY(!row(model, 1).first().contains(QStringLiteral("✓")));
        QVERIFY(model.lacksMeasurements(Side::A));
        figures[Side::A].divergence.reset();
        figures[Side::A].perplexity = Measured{20.001, 0.6}; // looks the same: neither is better
        model.setFigures(figures, true, {});
        QVERIFY(!row(model, 1).first().contains(QStringLiteral("✓")));
        QCOMPARE(row(model, 0).at(CompareSummaryModel::Divergence), QStringLiteral("not measured"));
        QVERIFY(model.lacksMeasurements(Side::A));
        QVERIFY(!model.lacksMeasurements(Side::B));
    }

    void candidatesOfBothStandInOneTable()
    {
        CandidateModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QCOMPARE(model.sentence(), QString());
        const TokenScore a{chance(1, " force", 0.5),
                           {chance(1, " force", 0.5), chance(2, " thing", 0.2)}};
        const TokenScore b{chance(1, " force", 0.0005),
                           {chance(2, " thing", 0.6), chance(3, "\n", 0.3)}};
        model.setScores(Side::A, &a, &b);
        QCOMPARE(reset.count(), 1);
        QCOMPARE(row(model, 0), (QStringList{QStringLiteral("▸ “ force”"), QStringLiteral("50.0 %"),
                                             QStringLiteral("< 0.1 %")}));
        QCOMPARE(row(model, 1), (QStringList{QStringLiteral("“ thing”"), QStringLiteral("20.0 %"),
                                             QStringLiteral("60.0 %")}));
        QCOMPARE(row(model, 2), (QStringList{QStringLiteral("“↵”"), QStringLiteral("below 20.0 %"),
                                             QStringLiteral("30.0 %")}));
        QVERIFY(model.index(0, 0).data(Qt::FontRole).value<QFont>().bold());
        QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("“ force”, written"));
        QCOMPARE(model.sentence(), QStringLiteral("“ force”: A 50.0 %, B < 0.1 %."));

        model.setScores(Side::B, &a, &b); // sorted by whom the place belongs to
        QCOMPARE(row(model, 0).first(), QStringLiteral("“ thing”"));
        QCOMPARE(model.sentence(),
                 QStringLiteral(
                     "“ force”: A 50.0 %, B < 0.1 %. Likeliest is “ thing”: A 20.0 %, B 60.0 %."));
        model.setScores(Side::A, &a, nullptr);
        QCOMPARE(row(model, 0), (QStringList{QStringLiteral("▸ “ force”"), QStringLiteral("50.0 %"),
                                             QStringLiteral("–")}));
        // Less than the least that is told is not told apart from it.
        const TokenScore sure{chance(1, " force", 0.9995),
                              {chance(1, " force", 0.9995), chance(2, " thing", 0.0004)}};
        model.setScores(Side::B, &sure, &b);
        QCOMPARE(row(model, 1), (QStringList{QStringLiteral("“↵”"), QStringLiteral("< 0.1 %"),
                                             QStringLiteral("30.0 %")}));
        model.setScores(Side::A, nullptr, nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aTokenIsChosenByKeyAndByMouse()
    {
        TokenView view;
        view.resize(400, 200);
        view.show();
        view.setTokens({QStringLiteral("Gravity"), QStringLiteral(" is"), QString(),
                        QStringLiteral(" a"), QStringLiteral(" force"), QString()});
        QCOMPARE(view.toPlainText(), QStringLiteral("Gravity is a force■"));
        QSignalSpy chosen(&view, &TokenView::tokenChosen);
        connect(&view, &TokenView::tokenChosen, &view,
                [&](qsizetype token, bool) { view.setCurrent(token); });
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(chosen.takeFirst(), (QVariantList{QVariant::fromValue<qsizetype>(0), true}));
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Right); // over the one without a text
        QCOMPARE(view.current().value_or(-1), 3);
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(view.textCursor().position(), view.toPlainText().size());
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.current().value_or(-1), 1);
        for (int i = 0; i < 9; ++i)
            QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.current().value_or(-1), 5); // no further

        chosen.clear();
        const QPoint at = view.tokenRect(4).center() - view.viewport()->pos();
        QTest::mouseMove(view.viewport(), at);
        QTRY_COMPARE(chosen.count(), 1);
        QCOMPARE(chosen.last(), (QVariantList{QVariant::fromValue<qsizetype>(4), false}));
        QVERIFY(view.tokenRect(1).left() > view.tokenRect(0).left());
        QCOMPARE(view.tokenRect(99), QRect());
    }

    void theMarkedTokenIsBoldAndUnderlined()
    {
        TokenView view;
        view.setTokens({QStringLiteral("Gravity"), QStringLiteral(" is")});
        view.setMark(1);
        QTextCursor cursor(view.document());
        cursor.setPosition(9);
        QCOMPARE(cursor.charFormat().fontWeight(), int{QFont::Bold});
        QCOMPARE(view.extraSelections().size(), 1);
        QCOMPARE(view.extraSelections().first().cursor.selectedText(), QStringLiteral(" is"));
        QCOMPARE(view.extraSelections().first().format.underlineStyle(),
                 QTextCharFormat::SingleUnderline);
        cursor.setPosition(3);
        QVERIFY(cursor.charFormat().fontWeight() < int{QFont::Bold});
        view.setMark(std::nullopt);
        QVERIFY(view.extraSelections().isEmpty());
        cursor.setPosition(9);
        QVERIFY(cursor.charFormat().fontWeight() < int{QFont::Bold});
        view.setMark(7); // there is none
        QVERIFY(view.extraSelections().isEmpty());
    }

    void cleanup() { QCOMPARE(m_warnings.take(), QString()); }

private:
    bs::test::QtWarnings m_warnings;
};

QTEST_MAIN(TstCompareModels)
#include "tst_compare_models.moc"
