#pragma once

#include "ui/jobs/engine_session.h"

#include <QElapsedTimer>

namespace bs::ui {

/// Lets the size of the open stack follow the free memory, if a person wants that: down as soon as
/// memory is scarce, and up again, at most to what was chosen last, once it has been free for a
/// while.
class MemoryFollower : public QObject
{
    Q_OBJECT

public:
    static constexpr int kDownMs = 5000; ///< between two moves down: what was freed must show first
    static constexpr int kUpMs = 30000;  ///< after a move, before one up

    explicit MemoryFollower(EngineSession* session, QObject* parent = nullptr);

    bool isOn() const { return m_on; }
    void setOn(bool on);
    /// For tests.
    void setPauses(int downMs, int upMs);

Q_SIGNALS:
    void moved(qint64 fromBytes, qint64 toBytes);

private:
    void look();

    EngineSession* m_session;
    bool m_on = false;
    int m_downMs = kDownMs;
    int m_upMs = kUpMs;
    QElapsedTimer m_sinceMove;
    QString m_path;
    qint64 m_wish = 0; ///< what a person chose
    qint64 m_own = 0;  ///< what was set here last; 0: nothing
};

} // namespace bs::ui
