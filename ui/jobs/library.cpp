#include "ui/jobs/library.h"

#include "core/base/file.h"
#include "ui/jobs/library_shared.h"

#include <QFileInfo>

namespace bs::ui {

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

void Library::postStore(std::function<Result<void>(Store&)> work)
{
    post([work = std::move(work)](Shared& s) { return work(*s.store); });
}

void Library::postOn(Key key, ConversationWork work, bool changesList)
{
    post([this, key, work = std::move(work), changesList](Shared& s) -> Result<void> {
        BS_TRY(const std::int64_t id, s.make(key));
        BS_CHECK(work(*s.store, id));
        if (changesList) Q_EMIT conversationsChanged();
        return {};
    });
}

/// Something that has a key from now on; what cannot be stored is tried again with what follows.
void Library::postNew(Key key, std::function<Result<std::int64_t>(Shared&)> maker)
{
    m_thread.start(
        [shared = m_shared, key, made = std::move(maker)] { shared->unstored[key] = made; });
    post([key](Shared& s) -> Result<void> {
        BS_TRY([[maybe_unused]] const std::int64_t id, s.make(key));
        return {};
    });
}

void Library::createConversation(Key key, const ConversationRecord& conversation)
{
    postNew(key, [this, key, conversation](Shared& s) -> Result<std::int64_t> {
        BS_TRY(const std::int64_t id, s.store->createConversation(conversation));
        Q_EMIT conversationStored(key, id);
        Q_EMIT conversationsChanged();
        return id;
    });
}

void Library::addMessage(Key conversation, Key key, std::optional<Key> parent, const QString& role,
                         const QString& content, bool partial)
{
    MessageRecord message;
    message.role = role.toStdString();
    message.content = content.toStdString();
    message.partial = partial;
    postNew(key, [this, conversation, parent, message](Shared& s) -> Result<std::int64_t> {
        MessageRecord stored = message;
        BS_TRY(stored.conversation, s.make(conversation));
        if (parent) {
            BS_TRY(stored.parent, s.make(*parent));
        }
        BS_TRY(const std::int64_t id, s.store->addMessage(stored));
        Q_EMIT conversationsChanged();
        return id;
    });
}

void Library::setMessageContent(Key message, const QString& content)
{
    postOn(
        message,
        [text = content.toStdString()](Store& store, std::int64_t id) {
            return store.setMessageContent(id, text);
        },
        false);
}

void Library::finishMessage(Key message, const QString& content, const AnswerRecord& answer)
{
    postOn(
        message,
        [text = content.toStdString(), answer](Store& store, std::int64_t id) {
            return store.finishMessage(id, text, answer);
        },
        true);
}

void Library::removeMessage(Key message)
{
    postOn(
        message, [](Store& store, std::int64_t id) { return store.removeMessage(id); }, false);
}

void Library::setLeaf(Key conversation, std::optional<Key> message)
{
    post([conversation, message](Shared& s) -> Result<void> {
        BS_TRY(const std::int64_t id, s.make(conversation));
        std::optional<std::int64_t> leaf;
        if (message) {
            BS_TRY(leaf, s.make(*message));
        }
        return s.store->setLeaf(id, leaf);
    });
}

void Library::setConversationPrompt(Key conversation, const QString& system,
                                    const std::optional<QString>& chatTemplate)
{
    const std::optional<std::string> text =
        chatTemplate ? std::optional(chatTemplate->toStdString()) : std::nullopt;
    postOn(
        conversation,
        [system = system.toStdString(), text](Store& store, std::int64_t id) {
            return store.setConversationPrompt(id, system, text);
        },
        false);
}

void Library::listConversations(const QString& search)
{
    postStore([this, search](Store& store) -> Result<void> {
        BS_TRY(const std::vector<ConversationRecord> found,
               store.listConversations(search.toStdString()));
        Q_EMIT conversationsListed(search, {found.begin(), found.end()});
        return {};
    });
}

void Library::readConversation(qint64 id)
{
    postStore([this, id](Store& store) -> Result<void> {
        BS_TRY(const ConversationRecord record, store.conversation(id));
        BS_TRY(const std::vector<MessageRecord> messages, store.messages(id));
        Q_EMIT conversationRead(record, {messages.begin(), messages.end()});
        return {};
    });
}

void Library::renameConversation(qint64 id, const QString& title)
{
    postOn(
        id,
        [title = title.toStdString()](Store& store, std::int64_t which) {
            return store.renameConversation(which, title);
        },
        true);
}

void Library::removeConversation(qint64 id)
{
    postOn(
        id, [](Store& store, std::int64_t which) { return store.removeConversation(which); }, true);
}

void Library::restoreConversation(qint64 id)
{
    postOn(
        id, [](Store& store, std::int64_t which) { return store.restoreConversation(which); },
        true);
}

void Library::exportConversation(qint64 id, const QString& path)
{
    postStore([this, id, path](Store& store) -> Result<void> {
        const bool json = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
        BS_TRY(const std::string text,
               store.exportConversation(id, json ? ConversationFormat::JsonObject
                                                 : ConversationFormat::Markdown));
        BS_TRY(AtomicFile file, AtomicFile::create(path.toStdString(), true));
        BS_CHECK(file.write(text));
        BS_CHECK(file.commit());
        Q_EMIT conversationExported(path);
        return {};
    });
}

void Library::readCurves(const QString& modelHash, CurveMetric metric)
{
    postStore([this, modelHash, metric](Store& store) -> Result<void> {
        CurveQuery query;
        query.modelHash = modelHash.toStdString();
        MeasuredPoints points;
        points.metric = metric;
        const auto read = [&](const QString& name, std::vector<CurvePoint>& to) -> Result<void> {
            query.metric = name.toStdString();
            BS_TRY(to, store.curve(query));
            return {};
        };
        BS_CHECK(read(metricKey(metric), points.values));
        if (metric == CurveMetric::KlMedian) {
            BS_CHECK(read(QStringLiteral("kld_25"), points.quarters));
            BS_CHECK(read(QStringLiteral("kld_75"), points.threeQuarters));
            BS_CHECK(read(QStringLiteral("kld_99"), points.far));
        }
        Q_EMIT curvesRead(modelHash, metric, curveSeries(points));
        return {};
    });
}

void Library::readSpeeds(const QString& modelHash)
{
    postStore([this, modelHash](Store& store) -> Result<void> {
        BS_TRY(const std::vector<SpeedRecord> speeds, store.speeds(modelHash.toStdString()));
        Q_EMIT speedsRead(modelHash, {speeds.begin(), speeds.end()});
        return {};
    });
}

void Library::readMeasurements(const QStringList& artifactHashes)
{
    postStore([this, artifactHashes](Store& store) -> Result<void> {
        QList<CurvePoint> all;
        for (const QString& hash : artifactHashes)
            for (const char* const metric : {"perplexity", "kld_mean", "same_top"}) {
                CurveQuery query;
                query.metric = metric;
                query.artifactHash = hash.toStdString();
                BS_TRY(const std::vector<CurvePoint> points, store.curve(query));
                all.append({points.begin(), points.end()});
            }
        Q_EMIT measurementsRead(artifactHashes, all);
        return {};
    });
}

} // namespace bs::ui
