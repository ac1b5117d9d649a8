#include "tests/support/window_fixture.h"
#include "ui/jobs/comparison.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/pin_menu.h"
#include "ui/widgets/token_view.h"

#include <QClipboard>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

using namespace bs::ui;

/// The page Compare, clicked through against a scripted worker.
class TstWindowCompare : public QObject
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

    void theEmptyPageLeadsToTwoPins()
    {
        f->trigger("actionShowCompare");
        QCOMPARE(f->find<QTabWidget>("pages")->currentWidget(), page());
        auto* const next = f->find<QPushButton>("compareNextButton");
        QCOMPARE(next->text(), QStringLiteral("Open a model..."));
        QVERIFY(!f->find<QAction>("actionComparePinA")->isEnabled());
        open(QStringLiteral("demo.bitstack"));
        f->session().slide(90'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 90'000'000);
        QCOMPARE(next->text(), QStringLiteral("Take the size that is set now as A"));
        next->click();
        QTRY_COMPARE(f->find<QToolButton>("pinA")->text(),
                     QStringLiteral("A · 90.0 MB of demo.bitstack"));
        QVERIFY(
            f->find<QLabel>("compareNext")->text().startsWith(QStringLiteral("A is 90.0 MB of")));
        f->session().slide(149'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000);
        next->click();
        QTRY_COMPARE(f->find<QToolButton>("pinB")->text(),
                     QStringLiteral("B · 149.0 MB of demo.bitstack"));
        QTRY_VERIFY(f->find<QWidget>("comparePrompt")->isVisible());
        QVERIFY(!f->find<QWidget>("compareAnswer")->isEnabled()); // there is nothing to answer
    }

    void bothAnswerAndTheFirstDifferenceIsMarked()
    {
        f->script({{"text", "AAAABBBBCCCCDDDD"},
                   {"small_text", "AAAABBBBXXXX"},
                   {"small_below", 100'000'000}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        QCOMPARE(view('A')->toPlainText(), QStringLiteral("AAAABBBBXXXX"));
        QCOMPARE(view('B')->toPlainText(), QStringLiteral("AAAABBBBCCCCDDDD"));
        QCOMPARE(
            f->find<QLabel>("compareSentence")->text(),
            QStringLiteral("The first 2 tokens are the same; then A says “XXXX” and B “CCCC”."));
        for (const char side : {'A', 'B'}) {
            QCOMPARE(view(side)->extraSelections().size(), 1);
            QCOMPARE(view(side)->extraSelections().first().cursor.selectionStart(), 8);
        }
        const QStringList asked = f->requests(QStringLiteral("generate"));
        QCOMPARE(asked.size(), 2);
        for (const QString& request : asked) {
            QVERIFY(request.contains(QStringLiteral("\"temperature\":0,")));
            QVERIFY(request.contains(QStringLiteral("\"seed\":1,")));
        }
        QCOMPARE(f->requests(QStringLiteral("score")).size(), 4);
        // What they knew is known; their memory is given back.
        QTRY_COMPARE(f->find<QPushButton>("compareStop")->isVisible(), false);
        QVERIFY(f->isReady());
    }

    void theCardSaysWhatBothThinkOfAToken()
    {
        f->script({{"text", "AAAABBBBCCCCDDDD"},
                   {"small_text", "AAAABBBBXXXX"},
                   {"small_below", 100'000'000}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        auto* const card = f->find<QWidget>("tokenCard");
        QVERIFY(!card->isVisible());
        view('A')->setFocus();
        QTest::keyClick(view('A'), Qt::Key_Right);
        QTRY_VERIFY(card->isVisible());
        // It begins where the answers part.
        QCOMPARE(f->find<QLabel>("tokenCardHeading")->text(), QStringLiteral("Token 3 of A"));
        for (int i = 0; i < 2; ++i)
            QTest::keyClick(view('A'), Qt::Key_Left);
        QCOMPARE(f->find<QLabel>("tokenCardHeading")->text(), QStringLiteral("Token 1 of A"));
        const auto* const table = f->find<QTableView>("tokenCardTable")->model();
        QCOMPARE(table->index(0, 0).data().toString(), QStringLiteral("▸ “t0”"));
        QCOMPARE(table->index(0, 1).data().toString(), QStringLiteral("40.0 %"));
        QCOMPARE(table->index(0, 2).data().toString(), QStringLiteral("80.0 %"));
        QVERIFY(view('A')->accessibleDescription().contains(QStringLiteral("A 40.0 %, B 80.0 %")));
        QCOMPARE(view('B')->current().value_or(-1), 0); // the same place
        QVERIFY(page()->rect().contains(card->geometry().translated(card->parentWidget()->pos())));
        const QPoint at = view('B')->tokenRect(3).center() - view('B')->viewport()->pos();
        QTest::mouseMove(view('B')->viewport(), at);
        QTRY_COMPARE(f->find<QLabel>("tokenCardHeading")->text(),
                     QStringLiteral("Token 4 of B; A reads what B wrote before it"));
        QVERIFY(!view('A')->current()); // they parted before
        QVERIFY(f->find<QLabel>("compareToken")->text().contains(QStringLiteral("“t3”")));
    }

    void answersScrollTogether()
    {
        f->script({{"tokens", 600}});
        pinBoth();
        f->find<QSpinBox>("compareTokens")->setValue(600);
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        QVERIFY(view('A')->verticalScrollBar()->maximum() > 0);
        view('A')->verticalScrollBar()->setValue(3);
        QCOMPARE(view('B')->verticalScrollBar()->value(), 3);
        view('B')->verticalScrollBar()->setValue(1);
        QCOMPARE(view('A')->verticalScrollBar()->value(), 1);
    }

    void whatDoesNotFitTogetherAnswersOneAfterTheOther()
    {
        f->script({{"text", "AAAABBBBCCCC"},
                   {"small_text", "AAAABBBBXXXX"},
                   {"small_below", 100'000'000},
                   {"token_ms", 40},
                   {"weight_bytes", qint64{1'000'000'000'000'000}}});
        pinBoth();
        const QSignalSpy tokens(page()->comparison(), &Comparison::tokenArrived);
        ask(QStringLiteral("Why?"));
        QVERIFY(f->find<QLabel>("compareSentence")
                    ->text()
                    .endsWith(QStringLiteral("is free: B answers after A.")));
        QCOMPARE(view('B')->placeholderText(), QStringLiteral("Waits for A."));
        QTRY_VERIFY(scored());
        QCOMPARE(tokens.size(), 6);
        for (int i = 0; i < 6; ++i)
            QCOMPARE(tokens[i][0].value<Side>(), i < 3 ? Side::A : Side::B);
        QCOMPARE(view('A')->toPlainText(), QStringLiteral("AAAABBBBXXXX"));
        QCOMPARE(view('B')->toPlainText(), QStringLiteral("AAAABBBBCCCC"));
        // One worker beside the chat's, which slides there and back, each time from a fresh
        // context.
        QCOMPARE(f->requests(QStringLiteral("open")).size(), 2);
        QCOMPARE(f->requests(QStringLiteral("reset_context")).size(), 2);
        QCOMPARE(f->requests(QStringLiteral("score")).size(), 4);
        QVERIFY(
            qAbs(std::exp(
                     page()->comparison()->scores(Side::A, Side::B).first().token.logProbability) -
                 0.4) < 1e-9);
        const auto* const table = f->find<QTableView>("compareSummary")->model();
        QVERIFY(table->index(0, CompareSummaryModel::Speed)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("One answered after the other")));
    }

    void answersCanBeStopped()
    {
        f->script({{"tokens", 1000}, {"token_ms", 20}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(!view('A')->toPlainText().isEmpty());
        QVERIFY(!f->find<QToolButton>("pinA")->isEnabled());
        QVERIFY(f->find<QWidget>("compareStop")->isVisible());
        f->click("compareStop");
        QTRY_VERIFY(!page()->comparison()->isRunning());
        QCOMPARE(page()->comparison()->answer(Side::A).stopReason, QStringLiteral("stopped"));
        QVERIFY(f->find<QToolButton>("pinA")->isEnabled());
        QVERIFY(f->requests(QStringLiteral("score")).isEmpty());
    }

    void aWorkerThatDiesIsSaidInItsColumnAndTheOtherGoesOn()
    {
        f->script({{"tokens", 30}, {"token_ms", 5}, {"die_after_tokens", 4}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(!page()->comparison()->isRunning());
        const auto state = [this](Side side) { return page()->comparison()->answer(side).state; };
        const bool diedA = state(Side::A) == TokenAnswer::State::Failed;
        QCOMPARE(state(diedA ? Side::B : Side::A), TokenAnswer::State::Done);
        const TokenAnswer& dead = page()->comparison()->answer(diedA ? Side::A : Side::B);
        QVERIFY(dead.error.contains(QStringLiteral("memory ran out")));
        QVERIFY(f->isReady()); // the chat's own worker lives
    }

    void aFileThatIsNoModelIsSaidWhereItWasChosen()
    {
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionShowCompare");
        page()->comparison()->setPin(Side::A, {f->file(QStringLiteral("bad.gguf")), {}, {}, {}});
        QTRY_VERIFY(f->find<QLabel>("compareProblem")->isVisible());
        QVERIFY(f->find<QLabel>("compareProblem")->text().contains(QStringLiteral("no GGUF file")));
        menu('A')->popup(QPoint(0, 0));
        choose('A', QStringLiteral("The &size that is set now (149.0 MB)"));
        QTRY_VERIFY(!f->find<QLabel>("compareProblem")->isVisible());
    }

    void theMenuOffersSizesMeasuredOnesAndTheOriginal()
    {
        const QString dense = f->file(QStringLiteral("demo.gguf"));
        f->script({{"source_path", dense}});
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionShowCompare");
        menu('A')->popup(QPoint(0, 0));
        QVERIFY(!action('A', QStringLiteral("The &uncompressed model"))->isEnabled());
        QVERIFY(!action('A', QStringLiteral("&Nothing"))->isEnabled());
        choose('A', QStringLiteral("&Another size..."));
        auto* const dialog = f->find<QInputDialog>("pinSizeDialog");
        QTRY_VERIFY(dialog->isVisible());
        QVERIFY(dialog->labelText().contains(QStringLiteral("74.5 MB to 149.0 MB")));
        dialog->setTextValue(QStringLiteral("80MB"));
        dialog->accept();
        QTRY_COMPARE(f->find<QToolButton>("pinA")->text(),
                     QStringLiteral("A · 80.0 MB of demo.bitstack"));
        QTRY_VERIFY(page()->comparison()->weight(Side::A).isKnown());
        menu('B')->popup(QPoint(0, 0));
        QVERIFY(action('B', QStringLiteral("The &uncompressed model"))->isEnabled());
        choose('B', QStringLiteral("The &uncompressed model"));
        QTRY_COMPARE(f->find<QToolButton>("pinB")->text(), QStringLiteral("B · demo.gguf"));
        page()->setSeries({{QStringLiteral("demo"),
                            f->path(QStringLiteral("demo.bitstack")),
                            {},
                            false,
                            {{90'000'000, 22.5, 0.1, 8184}}}});
        menu('B')->popup(QPoint(0, 0));
        QAction* const measured = menu('B')->findChild<QMenu*>()->actions().first();
        QCOMPARE(measured->text(), QStringLiteral("90.0 MB of demo.bitstack (perplexity 22.50)"));
        measured->trigger();
        QTRY_COMPARE(f->find<QToolButton>("pinB")->text(),
                     QStringLiteral("B · 90.0 MB of demo.bitstack"));
    }

    void aSizeThatIsNoneIsRefused()
    {
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionShowCompare");
        f->trigger("actionComparePinA");
        const QString before = f->find<QToolButton>("pinA")->text();
        for (const auto& [text, why] : {std::pair{"much", "much"}, {"5MB", "below the smallest"}}) {
            menu('B')->popup(QPoint(0, 0));
            choose('B', QStringLiteral("&Another size..."));
            auto* const dialog = f->find<QInputDialog>("pinSizeDialog");
            dialog->setTextValue(QLatin1String(text));
            dialog->accept();
            QTRY_VERIFY(f->find<QLabel>("compareProblem")->text().contains(QLatin1String(why)));
            QTRY_VERIFY(f->find<QInputDialog>("pinSizeDialog") == nullptr);
        }
        QCOMPARE(f->find<QToolButton>("pinA")->text(), before);
    }

    void aNamedPlanIsFollowedByItsRules()
    {
        {
            Library library(f->path(QStringLiteral("test.sqlite")));
            ModelCard card;
            card.path = f->file(QStringLiteral("demo.bitstack"));
            card.hash = QStringLiteral("fake-model");
            card.artifactHash = QStringLiteral("fake-stack");
            bs::PlanRecord plan;
            plan.artifactHash = "fake-stack";
            plan.name = "more v";
            plan.depths = {2, 1};
            plan.rules = {"v_proj=6"};
            plan.fileBytes = 90'000'000;
            library.savePlan(card, plan);
        }
        pinBoth();
        QTRY_VERIFY(!planActions('A').isEmpty());
        QCOMPARE(planActions('A').first()->text(), QStringLiteral("more v (90.0 MB)"));
        planActions('A').first()->trigger();
        QTRY_COMPARE(f->find<QToolButton>("pinA")->text(),
                     QStringLiteral("A · more v of demo.bitstack"));
        QTRY_VERIFY(page()->comparison()->canRun());
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        const QString rules = QStringLiteral("\"rules\":[\"v_proj=6\"]");
        QVERIFY(f->requests(QStringLiteral("weigh")).last().contains(rules));
        QVERIFY(f->requests(QStringLiteral("slide")).last().contains(rules));
        QCOMPARE(f->requests(QStringLiteral("reset_context")).size(), 1);
        f->trigger("actionCompareMeasure"); // each by its own rules: two jobs
        f->find<QLineEdit>("compareMeasureText")->setText(f->file(QStringLiteral("text.txt")));
        f->click("compareMeasureStart");
        QTRY_COMPARE(f->requests(QStringLiteral("measure")).size(), 2);
        QVERIFY(f->requests(QStringLiteral("measure")).first().contains(rules));
        QVERIFY(
            f->requests(QStringLiteral("measure")).last().contains(QStringLiteral("\"rules\":[]")));
    }

    void pinsComeBackWithTheWindow()
    {
        pinBoth();
        f->trigger("actionCompareSwap");
        QTRY_COMPARE(f->find<QToolButton>("pinA")->text(),
                     QStringLiteral("A · 149.0 MB of demo.bitstack"));
        f->closeWindow();
        f->newWindow();
        QVERIFY(!page()->comparison()->pin(Side::A).isSet()); // not before they are looked at
        f->trigger("actionShowCompare");
        QTRY_COMPARE(f->find<QToolButton>("pinA")->text(),
                     QStringLiteral("A · 149.0 MB of demo.bitstack"));
        QTRY_COMPARE(f->find<QToolButton>("pinB")->text(),
                     QStringLiteral("B · 90.0 MB of demo.bitstack"));
    }

    void swappingTakesTheAnswersAlong()
    {
        f->script({{"text", "AAAABBBB"}, {"small_text", "AAAAXXXX"}, {"small_below", 100'000'000}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        f->trigger("actionCompareSwap");
        QCOMPARE(view('A')->toPlainText(), QStringLiteral("AAAABBBB"));
        QCOMPARE(view('B')->toPlainText(), QStringLiteral("AAAAXXXX"));
        QCOMPARE(f->find<QLabel>("compareSentence")->text(),
                 QStringLiteral("The first token is the same; then A says “BBBB” and B “XXXX”."));
        const auto chance =
            page()->comparison()->scores(Side::B, Side::A).first().token.logProbability;
        QVERIFY(qAbs(std::exp(chance) - 0.4) < 1e-9); // B is the small one now
        f->trigger("actionCompareCopy");
        const QString text = QApplication::clipboard()->text();
        QVERIFY(text.contains(QStringLiteral("**A: 149.0 MB of demo.bitstack**\n\n> AAAABBBB")));
        QVERIFY(text.contains(QStringLiteral("then A says “BBBB” and B “XXXX”.")));
        QVERIFY(text.contains(QStringLiteral("| A | not measured |")));
    }

    void theSmallestSizeIsLookedForAndGoneTo()
    {
        f->script({{"job_ms", 300}, {"keep_bytes", 85'000'000}, {"tokens", 12}});
        pinBoth();
        QVERIFY(!f->find<QPushButton>("keepFind")->isEnabled());
        QVERIFY(f->find<QPushButton>("keepFind")
                    ->toolTip()
                    .contains(QStringLiteral("A has to answer first")));
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(scored());
        QTRY_VERIFY(f->find<QPushButton>("keepFind")->isEnabled());
        f->find<QSpinBox>("keepTokens")->setValue(5);
        f->click("keepFind");
        QVERIFY(f->find<QWidget>("keepCancel")->isVisible());
        QTRY_VERIFY(f->find<QProgressBar>("keepBar")->value() > 0);
        QVERIFY(f->find<QLabel>("keepResult")->isVisible());
        QVERIFY(f->find<QLabel>("keepResult")->text().startsWith(QStringLiteral("Trying ")));
        QTRY_COMPARE(f->find<QLabel>("keepResult")->text(),
                     QStringLiteral("85.0 MB keeps these 5 tokens. With one block less (500.0 kB) "
                                    "token 3 comes out differently; 2 sizes were tried."));
        const QString request = f->requests(QStringLiteral("keep")).last();
        QVERIFY(request.contains(QStringLiteral("\"budget_bytes\":90000000")));
        QVERIFY(request.contains(QStringLiteral("\"tokens\":5")));
        f->click("keepSlide");
        QTRY_COMPARE(f->session().state().fileBytes, 85'000'000);
        f->click("keepPin");
        QTRY_COMPARE(f->find<QToolButton>("pinB")->text(),
                     QStringLiteral("B · 85.0 MB of demo.bitstack"));
        QVERIFY(!f->find<QWidget>("keepPin")->isVisible()); // it was another answer's
    }

    void aSearchCanBeStoppedAndMayFindNothing()
    {
        f->script({{"job_ms", 20000}, {"tokens", 12}, {"keep_bytes", 0}});
        pinBoth();
        ask(QStringLiteral("Why?"));
        QTRY_VERIFY(f->find<QPushButton>("keepFind")->isEnabled());
        f->trigger("actionCompareKeep");
        QTRY_VERIFY(!f->requests(QStringLiteral("keep")).isEmpty());
        QTRY_VERIFY(f->find<QWidget>("keepCancel")->isVisible());
        f->click("keepCancel");
        QTRY_COMPARE(f->find<QLabel>("keepResult")->text(),
                     QStringLiteral("The search was stopped."));
        f->script({{"job_ms", 10}, {"keep_bytes", 0}});
        f->click("keepFind");
        QTRY_VERIFY(f->find<QLabel>("keepResult")
                        ->text()
                        .startsWith(QStringLiteral("Not even 90.0 MB keeps")));
        QVERIFY(!f->find<QWidget>("keepSlide")->isVisible());
    }

    void figuresAreMeasuredFromHere()
    {
        const QString dense = f->file(QStringLiteral("demo.gguf"));
        f->script({{"source_path", dense}, {"job_ms", 10}});
        pinBoth();
        const auto* const table = f->find<QTableView>("compareSummary")->model();
        QTRY_COMPARE(table->index(0, CompareSummaryModel::Perplexity).data().toString(),
                     QStringLiteral("not measured"));
        QCOMPARE(table->index(0, CompareSummaryModel::Disk).data().toString(),
                 QStringLiteral("✓ 90.0 MB"));
        QVERIFY(f->find<QWidget>("compareMeasure")->isVisible());
        f->click("compareMeasure");
        QTRY_VERIFY(f->find<QLineEdit>("compareMeasureText") != nullptr);
        f->find<QLineEdit>("compareMeasureText")->setText(f->file(QStringLiteral("text.txt")));
        QVERIFY(f->find<QLabel>("compareMeasureSummary")
                    ->text()
                    .contains(QStringLiteral("those of demo.gguf")));
        f->click("compareMeasureStart");
        QTRY_VERIFY(table->index(1, CompareSummaryModel::Perplexity)
                        .data()
                        .toString()
                        .startsWith(QStringLiteral("✓ ")));
        QTRY_VERIFY(table->index(0, CompareSummaryModel::SameTop)
                        .data()
                        .toString()
                        .endsWith(QStringLiteral(" %")));
        QTRY_VERIFY(!f->find<QWidget>("compareMeasure")->isVisible());
        const QString request = f->requests(QStringLiteral("measure")).last();
        QVERIFY(request.contains(QStringLiteral("\"budgets\":[90000000,149000000]")));
        QVERIFY(request.contains(QStringLiteral("\"reference\":\"") + dense));
        QVERIFY(request.contains(QStringLiteral("\"include_dense\":false")));
        QCOMPARE(f->requests(QStringLiteral("measure")).size(), 1);
    }

    void twoFilesAreMeasuredOneAfterTheOther()
    {
        const QString dense = f->file(QStringLiteral("demo.gguf"));
        f->script({{"source_path", dense}, {"job_ms", 10}});
        pinBoth();
        page()->comparison()->setPin(Side::B, {dense, {}, {}, {}});
        QTRY_VERIFY(f->find<QPushButton>("compareMeasure")->isEnabled());
        f->trigger("actionCompareMeasure");
        f->find<QLineEdit>("compareMeasureText")->setText(f->file(QStringLiteral("text.txt")));
        f->click("compareMeasureStart");
        QTRY_COMPARE(f->requests(QStringLiteral("measure")).size(), 2);
        QVERIFY(f->requests(QStringLiteral("measure"))
                    .last()
                    .contains(QStringLiteral("\"reference\":null")));
        const auto* const table = f->find<QTableView>("compareSummary")->model();
        QTRY_VERIFY(table->index(1, CompareSummaryModel::Perplexity)
                        .data()
                        .toString()
                        .startsWith(QStringLiteral("✓ 20.00")));
        QCOMPARE(table->index(1, CompareSummaryModel::Divergence).data().toString(),
                 QStringLiteral("uncompressed"));
    }

private:
    void open(const QString& name)
    {
        f->window().openPath(f->file(name));
        QTRY_VERIFY(f->isReady());
    }

    /// A: 90 MB, B: everything of one stack.
    void pinBoth()
    {
        open(QStringLiteral("demo.bitstack"));
        f->trigger("actionShowCompare");
        f->session().slide(90'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 90'000'000);
        f->trigger("actionComparePinA");
        f->session().slide(149'000'000);
        QTRY_COMPARE(f->session().state().fileBytes, 149'000'000);
        f->trigger("actionComparePinB");
        QTRY_VERIFY(page()->comparison()->canRun());
    }

    void ask(const QString& prompt)
    {
        auto* const edit = f->find<QPlainTextEdit>("comparePrompt");
        edit->setFocus();
        edit->setPlainText(prompt);
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(page()->comparison()->isRunning());
    }

    bool scored()
    {
        return !page()->comparison()->isRunning() &&
               !page()->comparison()->scores(Side::A, Side::B).isEmpty();
    }

    ComparePage* page() { return f->find<ComparePage>("comparePage"); }
    TokenView* view(char side)
    {
        return f->find<TokenView>((std::string("compareAnswer") + side).c_str());
    }
    PinMenu* menu(char side) { return f->find<PinMenu>((std::string("pinMenu") + side).c_str()); }
    QAction* action(char side, const QString& text)
    {
        for (QAction* const one : menu(side)->actions())
            if (one->text() == text) return one;
        return nullptr;
    }
    QList<QAction*> planActions(char side)
    {
        menu(side)->popup(QPoint(0, 0));
        menu(side)->hide();
        QAction* const named = action(side, QStringLiteral("Named &plan"));
        return named != nullptr ? named->menu()->actions() : QList<QAction*>();
    }
    void choose(char side, const QString& text)
    {
        QAction* const wanted = action(side, text);
        QVERIFY2(wanted != nullptr, qPrintable(text));
        wanted->trigger();
        menu(side)->hide();
    }

    bs::test::QtWarnings m_warnings;
    std::unique_ptr<bs::test::WindowFixture> f;
};

QTEST_MAIN(TstWindowCompare)
#include "tst_window_compare.moc"
