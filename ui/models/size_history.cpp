#include "ui/models/size_history.h"

#include "ui/models/words.h"

#include <QUndoCommand>

#include <utility>

namespace bs::ui {

namespace {

constexpr qint64 kSameMoveMs = 1000;

} // namespace

class SizeHistory::Change : public QUndoCommand
{
public:
    Change(SizeHistory* history, qint64 from, qint64 to)
        : m_history(history)
        , m_from(from)
        , m_to(to)
        , m_move(history->m_move)
    {
        setText(SizeHistory::tr("size %1").arg(sizeText(to)));
    }

    int id() const override { return 1; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* const next = static_cast<const Change*>(other);
        if (next->m_move != m_move) return false;
        m_to = next->m_to;
        setText(next->text());
        return true;
    }
    void undo() override { m_history->m_apply(m_from); }
    /// Pushing calls this too; then the size is set already.
    void redo() override
    {
        if (std::exchange(m_done, true)) m_history->m_apply(m_to);
    }

private:
    SizeHistory* m_history;
    qint64 m_from;
    qint64 m_to;
    int m_move;
    bool m_done = false;
};

SizeHistory::SizeHistory(std::function<void(qint64 bytes)> apply, QObject* parent)
    : QUndoStack(parent)
    , m_apply(std::move(apply))
{
}

void SizeHistory::add(qint64 from, qint64 to)
{
    if (from == to) return;
    if (!m_sinceLast.isValid() || m_sinceLast.elapsed() > kSameMoveMs) ++m_move;
    m_sinceLast.start();
    push(new Change(this, from, to));
}

} // namespace bs::ui
