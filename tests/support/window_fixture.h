#pragma once

#include "tests/support/qt_warnings.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace bs::test {

/// A folder of its own for everything a window reads and writes, a scripted worker, and the window.
class WindowFixture
{
public:
    WindowFixture()
    {
        QApplication::setOrganizationName(QStringLiteral("BitStackTest"));
        QApplication::setApplicationName(QStringLiteral("window"));
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                           path(QStringLiteral("settings")));
        qputenv("XDG_CACHE_HOME", path(QStringLiteral("cache")).toUtf8());
        qputenv("BITSTACK_WORKER", BS_FAKE_WORKER);
        qputenv("FAKE_WORKER_SCRIPT", path(QStringLiteral("script.json")).toUtf8());
        script({});
        QtWarnings::watch();
    }

    QString path(const QString& name) const { return m_folder.filePath(name); }

    /// An empty file; the scripted worker goes by names.
    QString file(const QString& name) const
    {
        QFile made(path(name));
        return made.open(QIODevice::WriteOnly) && made.write("x\n") == 2 ? made.fileName()
                                                                         : QString();
    }

    /// What the workers started from now on shall do.
    void script(QJsonObject fields) const
    {
        fields.insert(QLatin1String("log"), path(QStringLiteral("requests.log")));
        fields.insert(QLatin1String("die_marker"), path(QStringLiteral("died")));
        QFile out(path(QStringLiteral("script.json")));
        if (out.open(QIODevice::WriteOnly)) out.write(QJsonDocument(fields).toJson());
    }

    /// Lines of requests the workers got.
    QStringList requests(const QString& method) const
    {
        QFile in(path(QStringLiteral("requests.log")));
        if (!in.open(QIODevice::ReadOnly)) return {};
        return QString::fromUtf8(in.readAll())
            .split(QLatin1Char('\n'))
            .filter(method + QLatin1Char(' '));
    }

    ui::MainWindow& newWindow()
    {
        m_window.reset();
        m_window = std::make_unique<ui::MainWindow>(path(QStringLiteral("test.sqlite")));
        m_window->show();
        QTest::qWait(1);
        return *m_window;
    }

    void closeWindow() { m_window.reset(); }
    ui::MainWindow& window() { return *m_window; }
    ui::EngineSession& session() { return *m_window->session(); }
    ui::BackgroundJobs* jobs() { return m_window->jobs(); }

    /// A part of the window, or of the dialog on top of it, by its object name.
    template <class T>
    T* find(const char* name)
    {
        return m_window->findChild<T*>(QLatin1String(name));
    }

    void click(const char* button) { QTest::mouseClick(find<QWidget>(button), Qt::LeftButton); }
    void trigger(const char* action) { find<QAction>(action)->trigger(); }
    bool isReady() { return session().phase() == ui::EngineSession::Phase::Ready; }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace bs::test
