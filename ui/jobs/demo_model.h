#pragma once

#include <QObject>
#include <QProcess>

namespace bs::ui {

/// The small model that everything can be tried with, where the installer's script puts it.
class DemoModel : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// $XDG_CACHE_HOME/bitstack/..., or below ~/.cache.
    static QString path();
    static bool isThere();
    /// The script that fetches it, found near this executable; empty if it is not there.
    static QString fetchScript();

    bool isFetching() const { return m_process != nullptr; }
    /// Runs the script; fetched() or failed() follows.
    void fetch();

Q_SIGNALS:
    void fetched();
    void failed(const QString& sentence, const QString& details);

private:
    void onFinished(bool good);

    QProcess* m_process = nullptr;
};

} // namespace bs::ui
