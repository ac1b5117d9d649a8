// Answering and reading: what Comparison does with its pins.
#include "core/base/memory.h"
#include "ui/jobs/comparison.h"
#include "ui/jobs/engine_session.h"
#include "ui/models/preferences.h"
#include "ui/models/words.h"

#include <QJsonArray>
#include <QThread>

#include <algorithm>

namespace bs::ui {

namespace {

/// More than are shown: what one model likes best is wanted of the other too.
constexpr int kCandidates = 40;

/// Weights, keys and values, and a tenth more, as the engine counts before it loads.
qint64 neededBytes(const PinWeight& weight)
{
    const qint64 context = std::min(EngineSession::kDefaultContext, weight.card.contextLength);
    const qint64 bytes = weight.weightBytes + context * weight.card.kvBytesPerToken;
    return bytes + bytes / 10;
}

} // namespace

/// At once, each with its part of the processor, if there is memory for both; else the second is
/// loaded in place of the first.
void Comparison::chooseSeats()
{
    const qint64 needed = neededBytes(m_weights[Side::A]) + neededBytes(m_weights[Side::B]);
    const auto free = static_cast<qint64>(availableMemoryBytes());
    m_together = free == 0 || needed <= free;
    m_apartNote = m_together
                      ? QString()
                      : tr("Both at once would need %1 of memory, %2 is free: B answers after A.")
                            .arg(sizeText(needed), sizeText(free));
    const int chosen = Preferences::load().threads;
    const int threads = chosen > 0 ? chosen : QThread::idealThreadCount();
    for (const Side side : kSides)
        m_seats[side].setThreads(m_together ? std::max(1, threads / 2) : 0);
}

void Comparison::run(const QString& prompt, const AnswerSettings& settings)
{
    if (!canRun() || prompt.isEmpty()) return;
    m_prompt = prompt;
    m_settings = settings;
    m_running = true;
    m_stopping = false;
    clearAnswers();
    chooseSeats();
    for (const Side side : kSides)
        askFor(side);
    Q_EMIT runningChanged();
}

void Comparison::askFor(Side side)
{
    TokenAnswer& answer = m_answers[side];
    answer.state =
        !m_together && side == Side::B ? TokenAnswer::State::Waiting : TokenAnswer::State::Loading;
    QJsonObject params = m_settings.toJson();
    params.insert(QLatin1String("messages"),
                  QJsonArray{QJsonObject{{"role", "user"}, {"content", m_prompt}}});
    seatOf(side)->ask({m_pins[side], m_weights[side], QStringLiteral("generate"), params,
                       [this, side] {
                           m_answers[side].state = TokenAnswer::State::Answering;
                           Q_EMIT answerChanged(side);
                       },
                       [this, side](const QJsonObject& result) {
                           m_answers[side].finish(result);
                           ended(side);
                       },
                       [this, side](const WorkerError& error) { fail(side, error); }});
    Q_EMIT answerChanged(side);
}

void Comparison::fail(Side side, const WorkerError& error)
{
    m_answers[side].state = TokenAnswer::State::Failed;
    m_answers[side].error = error.message;
    ended(side);
}

void Comparison::ended(Side side)
{
    Q_EMIT answerChanged(side);
    const auto over = [this](Side s) {
        return m_answers[s].isDone() || m_answers[s].state == TokenAnswer::State::Failed;
    };
    if (!over(otherOf(side))) return;
    if (m_stopping)
        finish();
    else
        score();
}

/// Each model reads both answers; which one asks first is the one that is loaded.
void Comparison::score()
{
    m_waiting = 0;
    for (const Side model : {Side::B, Side::A})
        for (const Side answer : {model, otherOf(model)})
            if (m_answers[model].isDone() && m_answers[answer].isDone() &&
                !m_answers[answer].ids.isEmpty() && (model == answer || isComparable()))
                askScore(model, answer);
    if (m_waiting == 0)
        finish();
    else
        Q_EMIT scoresChanged();
}

void Comparison::askScore(Side model, Side answer)
{
    ++m_waiting;
    seatOf(model)->ask({m_pins[model],
                        m_weights[model],
                        QStringLiteral("score"),
                        {{"prompt_ids", numbersJson(m_answers[answer].promptIds)},
                         {"ids", numbersJson(m_answers[answer].ids)},
                         {"top", kCandidates}},
                        {},
                        [this, model, answer](const QJsonObject& result) {
                            m_scores[model][answer] = TokenScore::listFromJson(result);
                            scored();
                        },
                        [this](const WorkerError& error) {
                            m_scoreProblem = error.message;
                            scored();
                        }});
}

void Comparison::scored()
{
    if (--m_waiting > 0) return;
    Q_EMIT scoresChanged();
    finish();
}

void Comparison::finish()
{
    for (const Side side : kSides)
        m_seats[side].stop();
    m_running = false;
    Q_EMIT runningChanged();
}

void Comparison::stop()
{
    if (!m_running || m_stopping) return;
    m_stopping = true;
    for (const Side side : kSides)
        m_seats[side].cancel();
}

} // namespace bs::ui
