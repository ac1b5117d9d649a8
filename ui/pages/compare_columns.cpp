#include "ui/pages/compare_columns.h"

#include "ui/models/compare_words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/token_view.h"

#include <QGridLayout>
#include <QLocale>
#include <QScrollBar>

namespace bs::ui {

namespace {

QString noteOf(const TokenAnswer& answer)
{
    switch (answer.state) {
    case TokenAnswer::State::Waiting:
        return CompareColumns::tr("Waits for A.");
    case TokenAnswer::State::Loading:
        return CompareColumns::tr("Loading ...");
    case TokenAnswer::State::Answering:
        return CompareColumns::tr("Reading the prompt ...");
    case TokenAnswer::State::Failed:
        return answer.error;
    case TokenAnswer::State::None:
        return CompareColumns::tr("The answer appears here.");
    case TokenAnswer::State::Done:
        break;
    }
    return {};
}

} // namespace

CompareColumns::CompareColumns(Comparison* comparison, QWidget* parent)
    : QWidget(parent)
    , m_comparison(comparison)
    , m_sentence(new QLabel(this))
    , m_token(new QLabel(this))
    , m_card(new TokenCard(this))
{
    build();
    connect(comparison, &Comparison::pinsChanged, this, &CompareColumns::showNames);
    connect(comparison, &Comparison::tokenArrived, this, &CompareColumns::tokenArrived);
    connect(comparison, &Comparison::answerChanged, this, &CompareColumns::showAnswer);
    connect(comparison, &Comparison::scoresChanged, this, &CompareColumns::lookAway);
    connect(comparison, &Comparison::runningChanged, this, &CompareColumns::compare);
    showNames();
    for (const Side side : kSides)
        showAnswer(side);
}

void CompareColumns::build()
{
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(4);
    for (const Side side : kSides) {
        const int column = static_cast<int>(side);
        m_names[side] = new ElidedLabel(this);
        m_names[side]->setObjectName(QStringLiteral("compareName") + sideName(side));
        scaleFont(m_names[side], 1.0, true);
        auto* const view = m_views[side] = new TokenView(this);
        view->setObjectName(QStringLiteral("compareAnswer") + sideName(side));
        view->setAccessibleName(
            tr("Answer of %1; the arrow keys go from token to token").arg(sideName(side)));
        grid->addWidget(m_names[side], 0, column);
        grid->addWidget(view, 1, column);
        grid->setColumnStretch(column, 1);
        connect(view, &TokenView::tokenChosen, this,
                [this, side](qsizetype token, bool byKey) { look(side, token, byKey); });
        connect(view, &TokenView::tokenLeft, this, &CompareColumns::lookAway);
    }
    grid->setRowStretch(1, 1);
    for (const Side side : kSides)
        connect(m_views[side]->verticalScrollBar(), &QScrollBar::valueChanged, this,
                [this, side](int value) {
                    m_card->hide();
                    m_views[otherOf(side)]->verticalScrollBar()->setValue(value);
                });
    m_sentence->setObjectName(QStringLiteral("compareSentence"));
    m_sentence->setWordWrap(true);
    m_token->setObjectName(QStringLiteral("compareToken"));
    m_token->setWordWrap(true);
    makeQuiet(m_token);
    grid->addWidget(m_sentence, 2, 0, 1, 2);
    grid->addWidget(m_token, 3, 0, 1, 2);
}

void CompareColumns::showNames()
{
    for (const Side side : kSides) {
        const QString name = pinName(m_comparison->pin(side), m_comparison->weight(side));
        m_names[side]->setText(QStringLiteral("%1 · %2").arg(sideName(side), name));
        m_names[side]->setToolTip(m_comparison->pin(side).path);
    }
}

void CompareColumns::tokenArrived(Side side, const QString& text)
{
    m_views[side]->appendText(text);
}

void CompareColumns::showAnswer(Side side)
{
    const TokenAnswer& answer = m_comparison->answer(side);
    m_views[side]->setNote(noteOf(answer));
    if (answer.state != TokenAnswer::State::Answering) m_views[side]->setTokens(answer.tokens);
    compare();
}

/// Where they part, once both are whole.
void CompareColumns::compare()
{
    const TokenAnswer& a = m_comparison->answer(Side::A);
    const TokenAnswer& b = m_comparison->answer(Side::B);
    m_difference = m_comparison->isComparable() ? firstDifference(a.ids, b.ids) : std::nullopt;
    for (const Side side : kSides)
        m_views[side]->setMark(m_difference);
    lookAway();
}

QString CompareColumns::sentence() const
{
    return differenceSentence(m_comparison->answer(Side::A), m_comparison->answer(Side::B));
}

const TokenScore* CompareColumns::scoreAt(Side model, Side answer, qsizetype token) const
{
    const QList<TokenScore>& scores = m_comparison->scores(model, answer);
    return token < scores.size() ? &scores.at(token) : nullptr;
}

QString CompareColumns::cardHeading(Side side, qsizetype token) const
{
    const QString place = tr("Token %1 of %2").arg(QLocale().toString(token + 1), sideName(side));
    if (!m_difference || token <= *m_difference) return place;
    return tr("%1; %2 reads what %3 wrote before it")
        .arg(place, sideName(otherOf(side)), sideName(side));
}

void CompareColumns::look(Side side, qsizetype token, bool byKey)
{
    const bool shared = m_comparison->isComparable() && (!m_difference || token <= *m_difference);
    m_views[side]->setCurrent(token);
    m_views[otherOf(side)]->setCurrent(shared ? std::optional(token) : std::nullopt);
    const TokenScore* const a = scoreAt(Side::A, side, token);
    const TokenScore* const b = scoreAt(Side::B, side, token);
    if (a == nullptr && b == nullptr) {
        m_card->hide();
        return;
    }
    m_card->model()->setScores(side, a, b);
    const QString heading = cardHeading(side, token);
    const QString text = QStringLiteral("%1: %2").arg(heading, m_card->model()->sentence());
    m_token->setText(text);
    if (byKey) m_views[side]->setAccessibleDescription(text);
    const QRect rect = m_views[side]->tokenRect(token);
    m_card->showAt(rect.translated(m_views[side]->pos()), heading);
}

QString CompareColumns::tokenHint() const
{
    if (!m_comparison->scoreProblem().isEmpty()) return m_comparison->scoreProblem();
    if (m_comparison->isScoring()) return tr("Both read both answers ...");
    const bool known = !m_comparison->scores(Side::A, Side::A).isEmpty() ||
                       !m_comparison->scores(Side::B, Side::B).isEmpty();
    return known ? tr("Point at a token, or go there with the arrow keys, to see what both think "
                      "of it.")
                 : QString();
}

/// The sentence about the token gives way to what is true of both answers.
void CompareColumns::lookAway()
{
    m_card->hide();
    for (const Side side : kSides)
        m_views[side]->setCurrent(std::nullopt);
    const QString common = sentence();
    m_sentence->setText(common.isEmpty() && m_comparison->isRunning() ? m_comparison->apartNote()
                                                                      : common);
    m_token->setText(tokenHint());
}

} // namespace bs::ui
