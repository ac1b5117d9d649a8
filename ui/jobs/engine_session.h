#pragma once

#include "ui/jobs/stack_record.h"
#include "ui/jobs/worker_client.h"

#include <QElapsedTimer>
#include <QTimer>

#include <optional>

namespace bs::ui {

/// The model the window talks to: a worker, what is open in it, and how to come back when it dies.
/// Slides are gathered for kSlideDelayMs and only one is under way at a time, the newest wins.
class EngineSession : public QObject
{
    Q_OBJECT

public:
    enum class Phase {
        Empty,     ///< no model
        Opening,   ///< inspect and open are under way
        Ready,     ///< waiting for a prompt
        Answering, ///< tokens are coming
    };

    static constexpr int kSlideDelayMs = 30;
    static constexpr int kStatusIntervalMs = 2000;
    static constexpr qint64 kDefaultContext = 2048;

    explicit EngineSession(QObject* parent = nullptr);

    Phase phase() const { return m_phase; }
    const ModelCard& card() const { return m_card; }
    const EngineState& state() const { return m_state; }
    const QList<SizePoint>& sizes() const { return m_sizes; }
    /// Every block of the stack that is open; nullptr until it is known, and for what is no stack.
    const StackPointer& stack() const { return m_stack; }
    /// Where the open model runs; without one, what the engine computes on if nothing else is asked
    /// for. Empty before it is known.
    const QString& device() const { return m_state.device.isEmpty() ? m_device : m_state.device; }
    /// What models can run on, the processor first, as of when the engine was asked last; empty
    /// before it was.
    const QList<ComputeDevice>& devices() const { return m_devices; }
    /// Asks again, and starts the engine for that if need be; deviceChanged() follows.
    void askDevices();
    /// The file whose card is shown; empty without one.
    const QString& path() const { return m_path; }
    qint64 context() const { return m_context; }
    qint64 workerProcessId() const { return m_worker.processId(); }

    /// Reads the card, then loads at `budget`, or at the largest size that fits the free memory. A
    /// file whose card cannot be read leaves what is open as it is.
    void open(const QString& path, std::optional<qint64> budget = std::nullopt);
    /// Opens the same file again, e.g. with another context length.
    void reopen();
    /// The same in another process, at the size that is set.
    void restart();
    /// The context length for the next open; cut to what the model knows.
    void setContext(qint64 tokens) { m_wantedContext = tokens; }
    void closeModel();

    void slide(qint64 budgetBytes);
    /// The budget asked for last since the model was opened, reached or not.
    std::optional<qint64> wantedBudget() const { return m_wantedBudget; }
    /// Loads by these rules from now on, at the budget that is wanted (none: by the loading order).
    /// Another file is opened without them.
    void setRecipe(const QStringList& rules);
    const QStringList& recipe() const { return m_recipe; }
    /// Asks the worker that has the model; of a method the newest request counts.
    void ask(const QString& method, const QJsonObject& params, WorkerClient::ResultHandler onResult,
             WorkerClient::ErrorHandler onError);
    /// `messages`: [{"role","content"}, ...]. With `fresh` everything is computed again first.
    void generate(const QJsonArray& messages, const AnswerSettings& settings, bool fresh);
    void stopAnswer();
    /// Runs a template (none: the model's own) on messages; templateChecked() follows, of several
    /// the newest. Nothing happens without a model.
    void checkTemplate(const std::optional<QString>& chatTemplate, const QJsonArray& messages);

Q_SIGNALS:
    void phaseChanged();
    void cardChanged();
    void stateChanged();
    void sizesChanged();
    void stackChanged();
    void recipeChanged();
    void deviceChanged();
    void opened(const QString& path);
    void tokenArrived(const bs::ui::TokenPiece& piece);
    void answered(const bs::ui::Answer& answer);
    /// An answer ended with an error, or with the worker; what came so far stays.
    void answerFailed(const bs::ui::WorkerError& error);
    void templateChecked(const bs::ui::TemplateCheck& check);
    void openFailed(const bs::ui::WorkerError& error);
    void slideFailed(const bs::ui::WorkerError& error);
    /// The worker died; `nextBudget` is what it is started again with, if it is.
    void workerLost(const bs::ui::WorkerClient::Death& death, std::optional<qint64> nextBudget,
                    bool restarts);

private:
    void setPhase(Phase phase);
    void greeted(const QJsonObject& hello);
    void inspected(const QString& path, const QJsonObject& result, std::optional<qint64> budget);
    void breakOffAnswer();
    void clearModel();
    void loaded(const QJsonObject& result);
    void askStack();
    void setStack(StackPointer stack);
    void takeState(const QJsonObject& result);
    void dropRecipe();
    void sendSlide();
    void sendGenerate(const QJsonArray& messages, const AnswerSettings& settings);
    void askStatus();
    void failOpen(const WorkerError& error);
    void onNotified(const QString& method, qint64 id, const QJsonObject& params);
    void onDied(const WorkerClient::Death& death);

    WorkerClient m_worker;
    Phase m_phase = Phase::Empty;
    ModelCard m_card;
    EngineState m_state;
    QList<SizePoint> m_sizes;
    StackPointer m_stack;
    QString m_device;
    QList<ComputeDevice> m_devices;
    QString m_path;
    qint64 m_context = kDefaultContext;
    qint64 m_wantedContext = kDefaultContext;
    qint64 m_answerId = 0;
    QTimer m_slideTimer;
    QTimer m_statusTimer;
    std::optional<qint64> m_nextSlide; ///< newest budget not yet sent
    bool m_sliding = false;            ///< one is under way
    std::optional<qint64> m_wantedBudget;
    std::optional<qint64> m_openBudget;
    QStringList m_recipe;
    int m_deaths = 0; ///< in a row, without an answer or a minute between them
    QElapsedTimer m_sinceDeath;
};

} // namespace bs::ui
