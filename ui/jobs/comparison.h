#pragma once

#include "ui/jobs/model_seat.h"

namespace bs::ui {

/// Two models that answer the same prompt, and what each of them thinks of every token of both
/// answers. Both are loaded at once if the free memory holds both, else one after the other; when
/// everything is known their memory is given back.
///
/// Pins are kept in the settings, as JSON: the database's table of them takes neither plans nor
/// files that were never measured, and does not know which is A.
class Comparison : public QObject
{
    Q_OBJECT

public:
    explicit Comparison(QObject* parent = nullptr);

    const Pin& pin(Side side) const { return m_pins[side]; }
    const PinWeight& weight(Side side) const { return m_weights[side]; }
    /// Why a pin cannot be used; empty: it can, or is being looked at.
    const QString& problem(Side side) const { return m_problems[side]; }
    const TokenAnswer& answer(Side side) const { return m_answers[side]; }
    /// What the model of one side thinks of the tokens of an answer; empty where it was not asked.
    const QList<TokenScore>& scores(Side model, Side answer) const
    {
        return m_scores[model][answer];
    }
    /// Why what the models think of the tokens is not known; empty: it is, or was not asked.
    const QString& scoreProblem() const { return m_scoreProblem; }
    const QString& prompt() const { return m_prompt; }
    double temperature() const { return m_settings.temperature; }
    bool isRunning() const { return m_running; }
    /// Both answered, and each reads what the two wrote.
    bool isScoring() const { return m_waiting > 0; }
    bool canRun() const;
    /// Whether both answered, and from the same tokens: then tokens can be compared.
    bool isComparable() const;
    /// Whether they answer at once; if not, why, as a sentence.
    bool answersTogether() const { return m_together; }
    const QString& apartNote() const { return m_apartNote; }

    /// The pins of the last time.
    void restore();
    void setPin(Side side, const Pin& pin);
    /// Says why a pin that was asked for cannot be; the one before stays.
    void refuse(Side side, const QString& problem);
    void swap();
    void run(const QString& prompt, const AnswerSettings& settings);
    void stop();

Q_SIGNALS:
    /// Pins, what they weigh, or why they cannot be used.
    void pinsChanged();
    /// An answer began, failed, ended or was taken away.
    void answerChanged(bs::ui::Side side);
    void tokenArrived(bs::ui::Side side, const QString& text);
    void scoresChanged();
    void runningChanged();

private:
    ModelSeat* seatOf(Side side) { return m_together ? &m_seats[side] : &m_seats[Side::A]; }
    void weigh(Side side);
    void clearAnswers();
    void chooseSeats();
    void askFor(Side side);
    void ended(Side side);
    void fail(Side side, const WorkerError& error);
    void score();
    void askScore(Side model, Side answer);
    void scored();
    void finish();
    void save() const;

    Both<Pin> m_pins;
    Both<PinWeight> m_weights;
    Both<QString> m_problems;
    Both<TokenAnswer> m_answers;
    Both<Both<QList<TokenScore>>> m_scores; ///< of the model, of the answer
    Both<ModelSeat> m_seats;
    Both<WorkerClient> m_scales;
    QString m_prompt;
    AnswerSettings m_settings;
    bool m_running = false;
    bool m_stopping = false;
    bool m_together = true;
    QString m_apartNote;
    QString m_scoreProblem;
    int m_waiting = 0; ///< scores that are still to come
};

} // namespace bs::ui
