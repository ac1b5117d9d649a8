#include "ui/jobs/log_file.h"

#include "ui/jobs/log.h"

#include <QDir>
#include <QFile>

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace bs::ui {

Q_LOGGING_CATEGORY(log, "bitstack", QtWarningMsg)

namespace {

struct Kept
{
    std::shared_ptr<spdlog::logger> logger; ///< nullptr: nothing is kept
    QString path;
    QtMessageHandler before = nullptr;
};

Kept& kept()
{
    static Kept one;
    return one;
}

spdlog::level::level_enum levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return spdlog::level::debug;
    case QtInfoMsg:
        return spdlog::level::info;
    case QtWarningMsg:
        return spdlog::level::warn;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return spdlog::level::err;
}

void take(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text)
{
    if (kept().logger) kept().logger->log(levelOf(type), text.toStdString());
}

} // namespace

LogFile::LogFile(const QString& folder)
{
    const QString path = QDir(folder).filePath(QStringLiteral("workbench.log"));
    const auto terminal = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    terminal->set_level(spdlog::level::warn);
    terminal->set_pattern("bitstack-workbench: %v");
    auto logger = std::make_shared<spdlog::logger>("workbench", terminal);
    QDir().mkpath(folder);
    try {
        logger->sinks().push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            path.toStdString(), kBytes, kFiles - 1));
        kept().path = path;
    } catch (const spdlog::spdlog_ex& problem) {
        logger->warn("no log is kept: {}", problem.what());
    }
    logger->flush_on(spdlog::level::info);
    kept().logger = std::move(logger);
    kept().before = qInstallMessageHandler(take);
    QLoggingCategory::setFilterRules(QStringLiteral("bitstack.info=true"));
}

LogFile::~LogFile()
{
    qInstallMessageHandler(kept().before);
    QLoggingCategory::setFilterRules({});
    kept() = {};
}

QString LogFile::defaultFolder()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(state)) state = QDir::homePath() + QStringLiteral("/.local/state");
    return state + QStringLiteral("/bitstack");
}

QString LogFile::path()
{
    return kept().path;
}

QString LogFile::tail(qint64 mostBytes)
{
    if (kept().path.isEmpty()) return {};
    QFile in(kept().path);
    if (!in.open(QIODevice::ReadOnly)) return {};
    const bool cut = in.size() > mostBytes;
    if (cut) in.seek(in.size() - mostBytes);
    if (cut) in.readLine(); // what is left of a line
    return QString::fromUtf8(in.readAll());
}

} // namespace bs::ui
