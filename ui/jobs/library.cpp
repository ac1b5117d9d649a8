#include "ui/jobs/library.h"

#include <QFileInfo>

#include <algorithm>
#include <optional>
#include <vector>

namespace bs::ui {

struct Library::Shared
{
    std::string path;
    std::optional<Store> store;
    std::optional<Error> openError; ///< said once
    std::string modelPath;
    std::int64_t conversation = 0;   ///< 0: the next message begins one
    std::vector<std::int64_t> shown; ///< ids of its messages

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

void Library::appendMessage(const QString& role, const QString& content,
                            const std::optional<AnswerRecord>& answer)
{
    post([role = role.toStdString(), content, answer](Shared& s) -> Result<void> {
        if (s.conversation == 0) {
            ConversationRecord record;
            record.title = titleOf(content);
            record.modelPath = s.modelPath;
            BS_TRY(s.conversation, s.store->createConversation(record));
            s.shown.clear();
        }
        MessageRecord message;
        message.conversation = s.conversation;
        if (!s.shown.empty()) message.parent = s.shown.back();
        message.role = role;
        message.content = content.toStdString();
        BS_TRY(const std::int64_t id, s.store->addMessage(message));
        s.shown.push_back(id);
        return answer ? s.store->finishMessage(id, message.content, *answer) : Result<void>();
    });
}

void Library::dropMessagesFrom(qint64 position)
{
    post([position](Shared& s) -> Result<void> {
        if (s.conversation == 0) return {};
        s.shown.resize(std::min(s.shown.size(), static_cast<std::size_t>(position)));
        return s.store->setLeaf(s.conversation,
                                s.shown.empty() ? std::nullopt : std::optional(s.shown.back()));
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
