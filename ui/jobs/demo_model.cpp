#include "ui/jobs/demo_model.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace bs::ui {

namespace {

/// From build/<preset>/bin up to the folder that holds installer/.
constexpr int kFoldersUp = 4;

} // namespace

QString DemoModel::path()
{
    QString cache = qEnvironmentVariable("XDG_CACHE_HOME");
    if (cache.isEmpty()) cache = QDir::homePath() + QStringLiteral("/.cache");
    return cache + QStringLiteral("/bitstack/SmolLM2-135M-Instruct.Q4_1.gguf");
}

bool DemoModel::isThere()
{
    return QFileInfo(path()).isFile();
}

QString DemoModel::fetchScript()
{
    QDir folder(QCoreApplication::applicationDirPath());
    for (int i = 0; i < kFoldersUp; ++i) {
        const QString script = folder.filePath(QStringLiteral("installer/fetch-demo-model.sh"));
        if (QFileInfo(script).isFile()) return script;
        if (!folder.cdUp()) break;
    }
    return {};
}

void DemoModel::fetch()
{
    const QString script = fetchScript();
    if (m_process != nullptr || script.isEmpty()) return;
    m_process = new QProcess(this);
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        onFinished(status == QProcess::NormalExit && code == 0);
    });
    connect(
        m_process, &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) onFinished(false);
        },
        Qt::QueuedConnection);
    m_process->start(QStringLiteral("bash"), {script});
}

void DemoModel::onFinished(bool good)
{
    const QString words = QString::fromUtf8(m_process->readAll()).right(8192).trimmed();
    m_process->deleteLater();
    m_process = nullptr;
    if (good && isThere())
        Q_EMIT fetched();
    else
        Q_EMIT failed(tr("The demo model could not be fetched."), words);
}

} // namespace bs::ui
