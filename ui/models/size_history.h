#pragma once

#include <QElapsedTimer>
#include <QUndoStack>

#include <functional>

namespace bs::ui {

/// The sizes that were chosen, to go back to. Moves that follow each other within a second, as a
/// drag or a held key makes them, are one change.
class SizeHistory : public QUndoStack
{
    Q_OBJECT

public:
    /// `apply` sets a size; it is called when a change is undone or done again.
    explicit SizeHistory(std::function<void(qint64 bytes)> apply, QObject* parent = nullptr);

    /// A person changed the size from one to another; it is set already.
    void add(qint64 from, qint64 to);

private:
    class Change;

    std::function<void(qint64)> m_apply;
    QElapsedTimer m_sinceLast;
    int m_move = 0; ///< changes of the same move are put together
};

} // namespace bs::ui
