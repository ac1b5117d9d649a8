#pragma once

#include <QString>
#include <QStringList>

#include <array>
#include <mutex>

namespace bs::test {

/// Gathers what Qt warns about from watch() on while it lives; what the offscreen platform always
/// says is let through. A member of the test class, watched from its init() (WindowFixture does it):
/// Qt Test puts a handler of its own before everything that was there when it began.
class QtWarnings
{
public:
    QtWarnings() { s_self = this; }
    ~QtWarnings() { s_self = nullptr; }

    static void watch()
    {
        const QtMessageHandler before = qInstallMessageHandler(&QtWarnings::handle);
        if (before != &QtWarnings::handle && s_self != nullptr) s_self->m_before = before;
    }

    QtWarnings(const QtWarnings&) = delete;
    QtWarnings& operator=(const QtWarnings&) = delete;

    /// All unexpected warnings since the last call, one a line.
    QString take()
    {
        const std::lock_guard lock(m_mutex);
        const QString all = m_warnings.join(QLatin1Char('\n'));
        m_warnings.clear();
        return all;
    }

private:
    static bool isKnown(const QString& text)
    {
        static constexpr std::array kKnown{
            "This plugin does not support propagateSizeHints", "This plugin does not support raise",
            "This plugin does not support grabbing the keyboard", "XDG_RUNTIME_DIR"};
        for (const char* const known : kKnown)
            if (text.contains(QLatin1String(known))) return true;
        return false;
    }

    static void handle(QtMsgType type, const QMessageLogContext& context, const QString& text)
    {
        if (s_self == nullptr) return;
        if (type != QtDebugMsg && type != QtInfoMsg && !isKnown(text)) {
            const std::lock_guard lock(s_self->m_mutex);
            s_self->m_warnings.append(text);
        }
        if (s_self->m_before != nullptr) s_self->m_before(type, context, text);
    }

    inline static QtWarnings* s_self = nullptr;
    QtMessageHandler m_before = nullptr;
    std::mutex m_mutex;
    QStringList m_warnings;
};

} // namespace bs::test
