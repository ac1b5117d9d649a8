#include "ui/jobs/memory_follower.h"

#include "ui/models/memory_follow.h"

namespace bs::ui {

MemoryFollower::MemoryFollower(EngineSession* session, QObject* parent)
    : QObject(parent)
    , m_session(session)
{
    connect(session, &EngineSession::stateChanged, this, &MemoryFollower::look);
}

void MemoryFollower::setOn(bool on)
{
    m_on = on;
    look();
}

void MemoryFollower::setPauses(int downMs, int upMs)
{
    m_downMs = downMs;
    m_upMs = upMs;
}

void MemoryFollower::look()
{
    const EngineState& state = m_session->state();
    const auto& stack = m_session->card().stack;
    if (!state.loaded || !stack) return;
    if (m_path != m_session->path()) {
        m_path = m_session->path();
        m_own = 0;
    }
    const qint64 wanted = m_session->wantedBudget().value_or(state.fileBytes);
    if (wanted != m_own) m_wish = wanted;
    if (!m_on || !m_session->recipe().isEmpty()) return; // a recipe's sizes are a person's own
    const auto target = MemoryFollow{m_wish, stack->smallestBytes}.next(state);
    if (!target) return;
    const bool down = *target < state.fileBytes;
    if (m_sinceMove.isValid() && m_sinceMove.elapsed() < (down ? m_downMs : m_upMs)) return;
    m_sinceMove.start();
    m_own = *target;
    const qint64 before = state.fileBytes;
    m_session->slide(*target);
    Q_EMIT moved(before, *target);
}

} // namespace bs::ui
