#include "ui/jobs/engine_session.h"

#include <QJsonArray>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kMaxDeathsInARow = 3;
constexpr qint64 kForgetDeathMs = 60000;

} // namespace

EngineSession::EngineSession(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::ready, this, &EngineSession::greeted);
    connect(&m_worker, &WorkerClient::notified, this, &EngineSession::onNotified);
    connect(&m_worker, &WorkerClient::died, this, &EngineSession::onDied);
    m_slideTimer.setSingleShot(true);
    m_slideTimer.setInterval(kSlideDelayMs);
    connect(&m_slideTimer, &QTimer::timeout, this, &EngineSession::sendSlide);
    m_statusTimer.setInterval(kStatusIntervalMs);
    connect(&m_statusTimer, &QTimer::timeout, this, &EngineSession::askStatus);
}

void EngineSession::setPhase(Phase phase)
{
    if (phase == m_phase) return;
    m_phase = phase;
    Q_EMIT phaseChanged();
}

void EngineSession::greeted(const QJsonObject& hello)
{
    m_device = hello.value(QLatin1String("device")).toString();
    m_devices = ComputeDevice::listFromJson(hello);
    Q_EMIT deviceChanged();
}

void EngineSession::askDevices()
{
    if (m_worker.isReady())
        m_worker.hello([this](const QJsonObject& hello) { greeted(hello); });
    else
        m_worker.start(); // it is asked then
}

void EngineSession::open(const QString& path, std::optional<qint64> budget)
{
    breakOffAnswer();
    setPhase(Phase::Opening);
    m_worker.request(
        QStringLiteral("inspect"), {{"path", path}},
        [this, path, budget](const QJsonObject& result) { inspected(path, result, budget); },
        [this](const WorkerError& error) {
            if (m_state.loaded) {
                setPhase(Phase::Ready);
                Q_EMIT openFailed(error);
            } else {
                failOpen(error);
            }
        });
}

/// An answer that is being made for a model that is about to go.
void EngineSession::breakOffAnswer()
{
    if (m_answerId == 0) return;
    m_worker.cancel(m_answerId);
    m_worker.forget(m_answerId);
    m_answerId = 0;
    Q_EMIT answerFailed({kCanceledCode, tr("another model was opened"), {}});
}

void EngineSession::reopen()
{
    if (m_path.isEmpty()) return;
    open(m_path,
         m_card.stack && m_state.loaded ? std::optional(m_state.budgetBytes) : std::nullopt);
}

void EngineSession::restart()
{
    breakOffAnswer();
    m_worker.stop();
    reopen();
}

void EngineSession::inspected(const QString& path, const QJsonObject& result,
                              std::optional<qint64> budget)
{
    m_statusTimer.stop();
    m_nextSlide.reset();
    m_sliding = false;
    m_wantedBudget.reset();
    if (path != m_path) dropRecipe();
    m_path = path;
    m_openBudget = budget;
    m_card = ModelCard::fromJson(result);
    m_sizes.clear();
    m_state = {};
    m_context = m_card.contextLength > 0 ? std::min(m_wantedContext, m_card.contextLength)
                                         : m_wantedContext;
    Q_EMIT cardChanged();
    Q_EMIT sizesChanged();
    setStack(nullptr);
    const QJsonObject params{{"path", m_path},
                             {"budget_bytes", budget ? QJsonValue(*budget) : QJsonValue()},
                             {"context", m_context}};
    m_worker.request(
        QStringLiteral("open"), params, [this](const QJsonObject& r) { loaded(r); },
        [this](const WorkerError& error) { failOpen(error); });
}

void EngineSession::loaded(const QJsonObject& result)
{
    m_card = ModelCard::fromJson(result.value(QLatin1String("card")).toObject());
    Q_EMIT cardChanged();
    takeState(result);
    setPhase(Phase::Ready);
    m_statusTimer.start();
    Q_EMIT opened(m_path);
    if (!m_card.stack) return;
    if (!m_recipe.isEmpty()) slide(m_openBudget.value_or(m_state.budgetBytes));
    m_worker.request(
        QStringLiteral("sizes"), {{"points", 64}},
        [this](const QJsonObject& r) {
            m_sizes = SizePoint::listFromJson(r);
            Q_EMIT sizesChanged();
        },
        [this](const WorkerError& error) { Q_EMIT slideFailed(error); });
    askStack();
}

void EngineSession::askStack()
{
    m_worker.request(
        QStringLiteral("stack"), {},
        [this](const QJsonObject& r) {
            StackPointer stack = StackRecord::fromJson(r);
            if (!stack)
                Q_EMIT slideFailed(
                    {1,
                     tr("%1: what the engine says about its blocks does not fit together")
                         .arg(m_path),
                     {}});
            setStack(std::move(stack));
        },
        [this](const WorkerError& error) { Q_EMIT slideFailed(error); });
}

void EngineSession::setStack(StackPointer stack)
{
    if (stack == m_stack) return;
    m_stack = std::move(stack);
    Q_EMIT stackChanged();
}

void EngineSession::failOpen(const WorkerError& error)
{
    clearModel();
    Q_EMIT openFailed(error);
}

void EngineSession::closeModel()
{
    breakOffAnswer();
    m_worker.stop();
    clearModel();
}

void EngineSession::clearModel()
{
    m_statusTimer.stop();
    m_slideTimer.stop();
    m_nextSlide.reset();
    m_sliding = false;
    dropRecipe();
    m_path.clear();
    m_card = {};
    m_state = {};
    m_sizes.clear();
    setPhase(Phase::Empty);
    Q_EMIT cardChanged();
    Q_EMIT sizesChanged();
    setStack(nullptr);
    Q_EMIT stateChanged();
}

void EngineSession::takeState(const QJsonObject& result)
{
    m_state = EngineState::fromJson(result.value(QLatin1String("state")).toObject());
    Q_EMIT stateChanged();
}

void EngineSession::slide(qint64 budgetBytes)
{
    if (!m_card.stack || m_phase == Phase::Empty || m_phase == Phase::Opening) return;
    m_nextSlide = budgetBytes;
    m_wantedBudget = budgetBytes;
    if (!m_sliding && !m_slideTimer.isActive()) m_slideTimer.start();
}

void EngineSession::setRecipe(const QStringList& rules)
{
    if (rules == m_recipe) return;
    m_recipe = rules;
    Q_EMIT recipeChanged();
    slide(m_wantedBudget.value_or(m_state.budgetBytes));
}

void EngineSession::dropRecipe()
{
    if (m_recipe.isEmpty()) return;
    m_recipe.clear();
    Q_EMIT recipeChanged();
}

void EngineSession::ask(const QString& method, const QJsonObject& params,
                        WorkerClient::ResultHandler onResult, WorkerClient::ErrorHandler onError)
{
    m_worker.request(method, params, std::move(onResult), std::move(onError));
}

void EngineSession::sendSlide()
{
    if (!m_nextSlide || m_sliding) return;
    const qint64 budget = *m_nextSlide;
    m_nextSlide.reset();
    m_sliding = true;
    const auto done = [this] {
        m_sliding = false;
        if (m_nextSlide) m_slideTimer.start();
    };
    QJsonObject params{{"budget_bytes", budget}};
    if (!m_recipe.isEmpty()) params.insert("rules", QJsonArray::fromStringList(m_recipe));
    m_worker.request(
        QStringLiteral("slide"), params,
        [this, done](const QJsonObject& result) {
            done();
            takeState(result);
        },
        [this, done](const WorkerError& error) {
            done();
            Q_EMIT slideFailed(error);
        });
}

void EngineSession::generate(const QJsonArray& messages, const AnswerSettings& settings, bool fresh)
{
    if (m_phase != Phase::Ready) return;
    setPhase(Phase::Answering);
    if (fresh) m_worker.request(QStringLiteral("reset_context"), {}, {}, {});
    sendGenerate(messages, settings);
}

void EngineSession::sendGenerate(const QJsonArray& messages, const AnswerSettings& settings)
{
    QJsonObject params = settings.toJson();
    params.insert(QLatin1String("messages"), messages);
    m_answerId = m_worker.request(
        QStringLiteral("generate"), params,
        [this](const QJsonObject& result) {
            m_answerId = 0;
            m_deaths = 0;
            const Answer answer = Answer::fromJson(result);
            m_state.contextUsed = answer.contextUsed;
            setPhase(Phase::Ready);
            Q_EMIT answered(answer);
            Q_EMIT stateChanged();
        },
        [this](const WorkerError& error) {
            m_answerId = 0;
            setPhase(Phase::Ready);
            Q_EMIT answerFailed(error);
        });
}

void EngineSession::stopAnswer()
{
    if (m_answerId != 0) m_worker.cancel(m_answerId);
}

void EngineSession::checkTemplate(const std::optional<QString>& chatTemplate,
                                  const QJsonArray& messages)
{
    if (!m_state.loaded) return;
    m_worker.request(
        QStringLiteral("render_template"),
        {{"template", chatTemplate ? QJsonValue(*chatTemplate) : QJsonValue()},
         {"messages", messages}},
        [this](const QJsonObject& result) {
            Q_EMIT templateChecked(TemplateCheck::fromJson(result));
        },
        [this](const WorkerError& error) {
            TemplateCheck check;
            check.error = error.message;
            Q_EMIT templateChecked(check);
        });
}

void EngineSession::askStatus()
{
    if (m_worker.isReady() && m_state.loaded && !m_sliding && !m_nextSlide)
        m_worker.request(QStringLiteral("status"), {},
                         [this](const QJsonObject& result) {
                             if (!m_sliding && !m_nextSlide) takeState(result);
                         },
                         {});
}

void EngineSession::onNotified(const QString& method, qint64 id, const QJsonObject& params)
{
    if (method == QLatin1String("token") && id == m_answerId && id != 0) {
        const TokenPiece piece = TokenPiece::fromJson(params);
        m_state.contextUsed = piece.contextUsed;
        Q_EMIT tokenArrived(piece);
    } else if (method == QLatin1String("state")) {
        takeState(params);
    }
}

void EngineSession::onDied(const WorkerClient::Death& death)
{
    m_statusTimer.stop();
    m_slideTimer.stop();
    m_sliding = false;
    m_nextSlide.reset();
    const bool wasAnswering = m_phase == Phase::Answering;
    m_answerId = 0;
    m_deaths = m_sinceDeath.isValid() && m_sinceDeath.elapsed() > kForgetDeathMs ? 1 : m_deaths + 1;
    m_sinceDeath.start();

    const QString path = m_path;
    const bool restarts = !path.isEmpty() && death.exitCode != 5 && m_deaths <= kMaxDeathsInARow;
    std::optional<qint64> budget;
    if (m_card.stack) {
        const qint64 before = m_state.loaded ? m_state.budgetBytes
                                             : m_openBudget.value_or(m_card.stack->largestBytes);
        // Killed: half of what it had, or it would be killed again. Crashed twice: the same.
        const bool smaller = death.killed || m_deaths > 1;
        budget = smaller ? std::max(m_card.stack->smallestBytes, before / 2) : before;
    }
    m_state = {};
    Q_EMIT workerLost(death, budget, restarts);
    if (wasAnswering) Q_EMIT answerFailed(death.error());
    if (restarts)
        open(path, budget);
    else
        failOpen(death.error());
}

} // namespace bs::ui
