#include "ui/jobs/worker_client.h"

#include "ui/jobs/log.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonDocument>
#include <QStandardPaths>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace bs::ui {

namespace {

constexpr int kProtocol = 1;
constexpr int kBackgroundNice = 10;
constexpr qsizetype kKeptStandardError = 16384;

int& threads()
{
    static int count = 0;
    return count;
}

QString& device()
{
    static QString id = QStringLiteral("auto");
    return id;
}

/// Whether a request loads a model to compute with it.
bool loadsModel(const QString& method)
{
    static constexpr std::array kMethods{"open", "measure", "keep", "token_divergence"};
    return std::any_of(kMethods.begin(), kMethods.end(),
                       [&](const char* name) { return method == QLatin1String(name); });
}

QJsonObject withDevice(const QString& method, QJsonObject params)
{
    const QLatin1String key("device");
    if (loadsModel(method) && !params.contains(key)) params.insert(key, device());
    return params;
}

QString signalName(int number)
{
    switch (number) {
    case SIGSEGV:
        return QStringLiteral("SIGSEGV");
    case SIGABRT:
        return QStringLiteral("SIGABRT");
    case SIGBUS:
        return QStringLiteral("SIGBUS");
    case SIGILL:
        return QStringLiteral("SIGILL");
    case SIGFPE:
        return QStringLiteral("SIGFPE");
    case SIGTERM:
        return QStringLiteral("SIGTERM");
    default:
        return WorkerClient::tr("signal %1").arg(number);
    }
}

QString sentenceFor(const WorkerClient::Death& death)
{
    if (death.killed)
        return WorkerClient::tr("The engine was killed, most likely because memory ran out.");
    if (death.signal != 0)
        return WorkerClient::tr("The engine crashed (%1).").arg(signalName(death.signal));
    return WorkerClient::tr("The engine ended unexpectedly (exit code %1).").arg(death.exitCode);
}

} // namespace

WorkerClient::WorkerClient(QObject* parent)
    : QObject(parent)
{
}

WorkerClient::~WorkerClient()
{
    // Its children are the processes still ending: gone in milliseconds once killed.
    m_pending.clear();
    for (QProcess* const process : findChildren<QProcess*>()) {
        process->disconnect();
        process->kill();
        process->waitForFinished(1000);
    }
}

QString WorkerClient::workerProgram()
{
    const QString named = qEnvironmentVariable("BITSTACK_WORKER");
    if (!named.isEmpty()) return named;
    const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/bitstack");
    if (QFileInfo(beside).isExecutable()) return beside;
    const QString installed = QStandardPaths::findExecutable(QStringLiteral("bitstack"));
    return installed.isEmpty() ? beside : installed;
}

void WorkerClient::setThreads(int count)
{
    threads() = count;
}

void WorkerClient::setDevice(const QString& id)
{
    device() = id;
}

void WorkerClient::start()
{
    if (m_process != nullptr) return;
    m_ready = false;
    m_framer.reset();
    m_standardError.clear();
    m_verdict.clear();
    m_process = new QProcess(this);
    connect(m_process, &QProcess::readyReadStandardOutput, this, &WorkerClient::readOutput);
    connect(m_process, &QProcess::readyReadStandardError, this, [this] {
        const QByteArray text = m_process->readAllStandardError();
        qCInfo(log).noquote() << QString::fromUtf8(text).trimmed();
        m_standardError = (m_standardError + text).right(kKeptStandardError);
    });
    connect(m_process, &QProcess::finished, this, &WorkerClient::onFinished);
    // Queued: it may come from within start().
    connect(m_process, &QProcess::errorOccurred, this, &WorkerClient::onStartError,
            Qt::QueuedConnection);
    QStringList arguments{QStringLiteral("worker")};
    if (threads() > 0) arguments << QStringLiteral("--threads") << QString::number(threads());
    if (m_background)
        m_process->setChildProcessModifier([] { ::setpriority(PRIO_PROCESS, 0, kBackgroundNice); });
    m_process->start(workerProgram(), arguments);
    qCInfo(log).noquote() << "started" << m_process->program() << arguments.join(QLatin1Char(' '));

    const qint64 id = m_nextId++;
    m_pending.insert(id, {QStringLiteral("hello"), [this](const QJsonObject& r) { handleHello(r); },
                          [this](const WorkerError& e) { fail(e.message); }});
    send({{"jsonrpc", "2.0"},
          {"id", id},
          {"method", "hello"},
          {"params", QJsonObject{{"protocol", kProtocol}}}});
}

void WorkerClient::stop()
{
    m_pending.clear();
    m_waiting.clear();
    if (m_process != nullptr) dropProcess();
}

/// The process goes away on its own time: the end of its input and SIGTERM ask it.
void WorkerClient::dropProcess()
{
    QProcess* const process = m_process;
    m_process = nullptr;
    m_ready = false;
    process->disconnect(this);
    if (process->state() == QProcess::NotRunning) {
        process->deleteLater();
        return;
    }
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->closeWriteChannel();
    process->terminate();
}

qint64 WorkerClient::request(const QString& method, const QJsonObject& params,
                             ResultHandler onResult, ErrorHandler onError)
{
    m_pending.removeIf([&](const auto& entry) { return entry.value().method == method; });
    const qint64 id = m_nextId++;
    m_pending.insert(id, {method, std::move(onResult), std::move(onError)});
    const QJsonObject message{
        {"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", withDevice(method, params)}};
    if (m_ready) {
        send(message);
    } else {
        m_waiting.append(message);
        start();
    }
    return id;
}

void WorkerClient::hello(ResultHandler onResult)
{
    request(QStringLiteral("hello"), {{"protocol", kProtocol}}, std::move(onResult), {});
}

void WorkerClient::cancel(qint64 id)
{
    if (m_ready)
        send({{"jsonrpc", "2.0"},
              {"id", m_nextId++},
              {"method", "cancel"},
              {"params", QJsonObject{{"id", id}}}});
}

void WorkerClient::send(const QJsonObject& message)
{
    if (m_process != nullptr)
        m_process->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
}

void WorkerClient::readOutput()
{
    const QByteArrayList lines = m_framer.feed(m_process->readAllStandardOutput());
    for (const QByteArray& line : lines) {
        if (m_process == nullptr || !m_verdict.isEmpty())
            return; // a handler ended it, or it talks nonsense
        handleLine(line);
    }
    if (m_framer.overflowed())
        fail(tr("The engine sent a line longer than %1 MiB.").arg(LineFramer::kLineCap >> 20));
}

void WorkerClient::handleLine(const QByteArray& line)
{
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(line, &problem);
    if (!document.isObject()) {
        fail(tr("The engine sent something that is no message (%1).").arg(problem.errorString()));
        return;
    }
    const QJsonObject message = document.object();
    const QString method = message.value(QLatin1String("method")).toString();
    if (method.isEmpty()) {
        handleAnswer(message);
        return;
    }
    const QJsonObject params = message.value(QLatin1String("params")).toObject();
    const qint64 id = params.value(QLatin1String("id")).toInteger();
    if (id == 0 || m_pending.contains(id)) Q_EMIT notified(method, id, params);
}

/// The engine could not read a message, so it does not know whose it was.
void WorkerClient::failAll(const QString& sentence)
{
    const QHash<qint64, Pending> pending = std::exchange(m_pending, {});
    for (const Pending& request : pending)
        if (request.onError) request.onError({2, sentence, request.method});
}

void WorkerClient::handleAnswer(const QJsonObject& message)
{
    const QJsonValue error = message.value(QLatin1String("error"));
    if (message.value(QLatin1String("id")).isNull() && error.isObject()) {
        failAll(error.toObject().value(QLatin1String("message")).toString());
        return;
    }
    const qint64 id = message.value(QLatin1String("id")).toInteger();
    const auto found = m_pending.constFind(id);
    if (found == m_pending.constEnd()) return;
    const Pending pending = *found;
    m_pending.erase(found);
    if (error.isObject()) {
        const QJsonObject e = error.toObject();
        const QString text = e.value(QLatin1String("message")).toString();
        if (pending.onError)
            pending.onError({e.value(QLatin1String("code")).toInt(1), text,
                             pending.method + QStringLiteral(": ") + text});
    } else if (pending.onResult) {
        pending.onResult(message.value(QLatin1String("result")).toObject());
    }
}

void WorkerClient::handleHello(const QJsonObject& hello)
{
    m_ready = true;
    Q_EMIT ready(hello);
    const QList<QJsonObject> waiting = std::exchange(m_waiting, {});
    for (const QJsonObject& message : waiting)
        send(message);
}

void WorkerClient::onFinished(int exitCode, QProcess::ExitStatus status)
{
    m_standardError += m_process->readAllStandardError();
    Death death;
    if (status == QProcess::CrashExit)
        death.signal = exitCode;
    else
        death.exitCode = exitCode;
    death.killed = death.signal == SIGKILL && m_verdict.isEmpty();
    death.sentence = m_verdict.isEmpty() ? sentenceFor(death) : m_verdict;
    end(std::move(death));
}

void WorkerClient::onStartError(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart || sender() != m_process) return; // finished() follows
    Death death;
    death.exitCode = 5;
    death.sentence = tr("The engine '%1' could not be started: %2.")
                         .arg(workerProgram(), m_process->errorString());
    end(std::move(death));
}

void WorkerClient::fail(const QString& sentence)
{
    m_verdict = sentence;
    if (m_process != nullptr) m_process->kill(); // onFinished() tells
}

void WorkerClient::end(Death death)
{
    death.details = QString::fromUtf8(m_standardError.right(kKeptStandardError)).trimmed();
    m_pending.clear();
    m_waiting.clear();
    qCInfo(log).noquote() << "engine ended:" << death.sentence;
    dropProcess();
    Q_EMIT died(death);
}

} // namespace bs::ui
