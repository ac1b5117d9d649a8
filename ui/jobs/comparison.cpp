#include "ui/jobs/comparison.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSettings>

#include <algorithm>

namespace bs::ui {

namespace {

const QString kPinsKey = QStringLiteral("compare/pins");

} // namespace

Comparison::Comparison(QObject* parent)
    : QObject(parent)
{
    for (const Side side : kSides) {
        connect(&m_seats[side], &ModelSeat::tokenArrived, this,
                [this, side](const TokenPiece& piece) {
                    // One seat serves both if they answer one after the other.
                    const Side which =
                        m_together || m_answers[Side::A].state == TokenAnswer::State::Answering
                            ? side
                            : Side::B;
                    m_answers[which].takePiece(piece.text, piece.count);
                    Q_EMIT tokenArrived(which, piece.text);
                });
        connect(&m_scales[side], &WorkerClient::died, this,
                [this, side](const WorkerClient::Death& death) {
                    m_problems[side] = death.sentence;
                    Q_EMIT pinsChanged();
                });
    }
}

void Comparison::restore()
{
    const QJsonArray pins =
        QJsonDocument::fromJson(QSettings().value(kPinsKey).toByteArray()).array();
    for (const Side side : kSides)
        setPin(side, Pin::fromJson(pins.at(static_cast<int>(side)).toObject()));
}

void Comparison::save() const
{
    QJsonArray pins;
    for (const Side side : kSides)
        pins.append(m_pins[side].toJson());
    QSettings().setValue(kPinsKey, QJsonDocument(pins).toJson(QJsonDocument::Compact));
}

void Comparison::setPin(Side side, const Pin& pin)
{
    if (m_running || m_pins[side] == pin) return;
    m_pins[side] = pin;
    m_weights[side] = {};
    m_problems[side].clear();
    clearAnswers();
    save();
    if (pin.isSet()) weigh(side);
    Q_EMIT pinsChanged();
}

void Comparison::refuse(Side side, const QString& problem)
{
    m_problems[side] = problem;
    Q_EMIT pinsChanged();
}

void Comparison::swap()
{
    if (m_running) return;
    m_pins.swap();
    m_weights.swap();
    m_problems.swap();
    m_answers.swap();
    m_scores.swap();
    for (const Side model : kSides)
        m_scores[model].swap();
    save();
    for (const Side side :
         kSides) // an answer to the question of before would be taken for the other's
        if (m_pins[side].isSet() && !m_weights[side].isKnown()) weigh(side);
    Q_EMIT pinsChanged();
    for (const Side side : kSides)
        Q_EMIT answerChanged(side);
    Q_EMIT scoresChanged();
}

void Comparison::weigh(Side side)
{
    QJsonObject params = m_pins[side].sizeParams();
    params.insert(QLatin1String("path"), m_pins[side].path);
    m_scales[side].request(
        QStringLiteral("weigh"), params,
        [this, side](const QJsonObject& result) {
            m_scales[side].stop();
            m_weights[side] = PinWeight::fromJson(result);
            Q_EMIT pinsChanged();
        },
        [this, side](const WorkerError& error) {
            m_scales[side].stop();
            m_problems[side] = error.message;
            Q_EMIT pinsChanged();
        });
}

bool Comparison::canRun() const
{
    return !m_running && std::all_of(kSides.begin(), kSides.end(),
                                     [this](Side side) { return m_weights[side].isKnown(); });
}

bool Comparison::isComparable() const
{
    const TokenAnswer& a = m_answers[Side::A];
    const TokenAnswer& b = m_answers[Side::B];
    return a.isDone() && b.isDone() && a.promptIds == b.promptIds;
}

void Comparison::clearAnswers()
{
    m_scoreProblem.clear();
    for (const Side side : kSides) {
        m_answers[side] = {};
        for (const Side answer : kSides)
            m_scores[side][answer].clear();
        Q_EMIT answerChanged(side);
    }
    Q_EMIT scoresChanged();
}

} // namespace bs::ui
