#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace bs::ui {

/// Cuts a stream of bytes into lines. A line longer than the cap makes the stream unusable: nothing
/// after it is believed.
class LineFramer
{
public:
    /// The longest line the worker's protocol allows.
    static constexpr qsizetype kLineCap = qsizetype{16} << 20;

    explicit LineFramer(qsizetype cap = kLineCap)
        : m_cap(cap)
    {
    }

    /// The lines completed by `bytes`, without their ends; none once overflowed().
    QByteArrayList feed(const QByteArray& bytes);
    bool overflowed() const { return m_overflowed; }
    void reset();

private:
    qsizetype m_cap;
    QByteArray m_rest;
    bool m_overflowed = false;
};

} // namespace bs::ui
