#include "ui/jobs/library.h"

#include <QFileInfo>

#include <optional>

namespace bs::ui {

struct Library::Shared
{
    std::string path;
    std::optional<Store> store;
    std::optional<Error> openError; ///< said once
    std::string modelPath;
    std::int64_t conversation = 0; ///< 0: the next message begins one

    Result<void> open()
    {
        if (store) return {};
        BS_TRY(Store opened, Store::open(path));
        store.emplace(std::move(opened));
        return {};
    }
};

namespace {

/// The first words of what was asked.
std::string titleOf(const QString& content)
{
    const QString line = content.simplified();
    return (line.size() > 60 ? line.left(59) + QChar(0x2026) : line).toStdString();
}

} // namespace

Library::Library(const QString& path, QObject* parent)
    : QObject(parent)
    , m_path(path)
    , m_shared(std::make_shared<Shared>())
{
    m_thread.setMaxThreadCount(1);
    m_thread.setExpiryTimeout(-1);
    if (m_path.isEmpty()) {
        const Result<std::string> standard = defaultDatabasePath();
        if (standard)
            m_path = QString::fromStdString(standard.value());
        else
            m_shared->openError = standard.error();
    } else {
        // The worker is told this path too, and may run in another folder.
        m_path = QFileInfo(m_path).absoluteFilePath();
    }
    m_shared->path = m_path.toStdString();
}

Library::~Library()
{
    flush();
}

void Library::flush()
{
    m_thread.waitForDone();
}

void Library::post(Work work)
{
    m_thread.start([this, shared = m_shared, work = std::move(work)] {
        Result<void> done = shared->openError ? Result<void>(*shared->openError) : shared->open();
        if (done) done = work(*shared);
        if (!done)
            Q_EMIT failed({exitCodeOf(done.error().code),
                           QString::fromStdString(done.error().message), m_path});
    });
}

void Library::beginConversation(const QString& modelPath)
{
    post([path = modelPath.toStdString()](Shared& s) -> Result<void> {
        s.modelPath = path;
        s.conversation = 0;
        return {};
    });
}

void Library::appendMessage(const QString& role, const QString& content, const QString& details)
{
    post([role = role.toStdString(), content,
          details = details.toStdString()](Shared& s) -> Result<void> {
        if (s.conversation == 0) {
            BS_TRY(s.conversation, s.store->createConversation(titleOf(content), s.modelPath));
        }
        BS_TRY(const MessageRecord stored,
               s.store->appendMessage(s.conversation, role, content.toStdString(), details));
        static_cast<void>(stored);
        return {};
    });
}

void Library::dropMessagesFrom(qint64 position)
{
    post([position](Shared& s) -> Result<void> {
        return s.conversation == 0 ? Result<void>()
                                   : s.store->dropMessagesFrom(s.conversation, position);
    });
}

void Library::readCurves(const QString& modelHash)
{
    post([this, modelHash](Shared& s) -> Result<void> {
        CurveQuery query;
        query.modelHash = modelHash.toStdString();
        BS_TRY(const std::vector<CurvePoint> points, s.store->curve(query));
        Q_EMIT curvesRead(modelHash, curveSeries(points));
        return {};
    });
}

} // namespace bs::ui
