#include "ui/jobs/model_seat.h"

#include "ui/jobs/engine_session.h"

#include <algorithm>

namespace bs::ui {

ModelSeat::ModelSeat(QObject* parent)
    : QObject(parent)
{
    connect(&m_worker, &WorkerClient::notified, this,
            [this](const QString& method, qint64 id, const QJsonObject& params) {
                if (method == QLatin1String("token") && id == m_id)
                    Q_EMIT tokenArrived(TokenPiece::fromJson(params));
            });
    connect(&m_worker, &WorkerClient::died, this, [this](const WorkerClient::Death& death) {
        m_loaded = {};
        // What waits would only kill the next one.
        const QQueue<Ask> all = std::exchange(m_asks, {});
        m_busy = false;
        m_canceled = false;
        m_id = 0;
        for (const Ask& ask : all)
            ask.onError(death.error());
    });
}

void ModelSeat::ask(Ask ask)
{
    m_asks.enqueue(std::move(ask));
    if (!m_busy) next();
}

void ModelSeat::next()
{
    m_busy = !m_asks.isEmpty();
    if (!m_busy) return;
    const Pin& pin = m_asks.head().pin;
    if (m_loaded == pin)
        perform();
    else if (m_loaded.path == pin.path && (pin.budgetBytes || !pin.plan.isEmpty()))
        slideTo();
    else
        load();
}

void ModelSeat::load()
{
    const auto& [pin, weight, method, params, onBegun, onResult, onError] = m_asks.head();
    m_loaded = {};
    // Plans and recipes are slid to, from the size they have or from the smallest.
    const qint64 smallest = weight.card.stack ? weight.card.stack->smallestBytes : 0;
    const QJsonValue budget =
        weight.card.stack
            ? QJsonValue(std::max(smallest, pin.budgetBytes.value_or(weight.fileBytes)))
            : QJsonValue();
    Pin opened = pin;
    opened.plan.clear();
    opened.rules.clear();
    m_id = m_worker.request(
        QStringLiteral("open"),
        {{"path", pin.path},
         {"budget_bytes", budget},
         {"context", EngineSession::kDefaultContext},
         {"threads", m_threads}},
        [this, opened](const QJsonObject&) { loaded(opened); },
        [this](const WorkerError& error) { fail(error); });
}

void ModelSeat::slideTo()
{
    const Pin pin = m_asks.head().pin;
    m_id = m_worker.request(
        QStringLiteral("slide"), pin.sizeParams(),
        [this, pin](const QJsonObject&) {
            // Keys and values of the other size would be taken for this one's.
            m_worker.request(QStringLiteral("reset_context"), {}, {}, {});
            loaded(pin);
        },
        [this](const WorkerError& error) { fail(error); });
}

void ModelSeat::loaded(const Pin& pin)
{
    m_loaded = pin;
    if (m_canceled)
        fail({kCanceledCode, tr("Stopped."), {}});
    else
        next();
}

void ModelSeat::perform()
{
    const Ask& ask = m_asks.head();
    if (ask.onBegun) ask.onBegun();
    m_id = m_worker.request(
        ask.method, ask.params, [this](const QJsonObject& result) { finish(result); },
        [this](const WorkerError& error) { fail(error); });
}

/// What was under way is not any more.
ModelSeat::Ask ModelSeat::take()
{
    m_id = 0;
    m_busy = false;
    m_canceled = false;
    return m_asks.dequeue();
}

void ModelSeat::finish(const QJsonObject& result)
{
    const Ask ask = take();
    ask.onResult(result); // may ask for more
    if (!m_busy) next();
}

void ModelSeat::fail(const WorkerError& error)
{
    const Ask ask = take();
    ask.onError(error);
    if (!m_busy) next();
}

void ModelSeat::cancel()
{
    m_canceled = m_busy;
    if (m_id != 0) m_worker.cancel(m_id);
    QQueue<Ask> waiting = std::exchange(m_asks, {});
    if (m_busy) m_asks.enqueue(waiting.dequeue());
    for (const Ask& ask : waiting)
        ask.onError({kCanceledCode, tr("Stopped."), {}});
}

void ModelSeat::stop()
{
    m_asks.clear();
    m_busy = false;
    m_canceled = false;
    m_id = 0;
    m_loaded = {};
    m_worker.stop();
}

} // namespace bs::ui
