#pragma once

#include "core/store/store.h"
#include "ui/jobs/records.h"
#include "ui/jobs/run_query.h"
#include "ui/models/curve_series.h"

#include <QDateTime>
#include <QObject>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <optional>

namespace bs::ui {

/// The database as the window uses it. Every call goes to one thread of its own (a commit waits for
/// the disk, and another program may hold the file), in the order of the calls; answers come back
/// as signals.
///
/// Conversations and messages are named by keys: what was read from the database by its id, what is
/// new by a number below 0 that the caller makes up and never uses again. What could not be stored
/// is told, and stored with the next thing that follows from it.
class Library : public QObject
{
    Q_OBJECT

public:
    using Key = qint64;

    /// `path` empty: the default database.
    explicit Library(const QString& path, QObject* parent = nullptr);
    /// Waits until everything is written.
    ~Library() override;

    /// Where measurements go; empty if the database could not be opened.
    QString path() const { return m_path; }

    /// A key that was never given before.
    Key newKey() { return --m_lastKey; }

    /// conversationStored() follows.
    void createConversation(Key key, const ConversationRecord& conversation);
    void addMessage(Key conversation, Key key, std::optional<Key> parent, const QString& role,
                    const QString& content, bool partial);
    void setMessageContent(Key message, const QString& content);
    void finishMessage(Key message, const QString& content, const AnswerRecord& answer);
    void removeMessage(Key message);
    void setLeaf(Key conversation, std::optional<Key> message);
    void setConversationPrompt(Key conversation, const QString& system,
                               const std::optional<QString>& chatTemplate);

    /// conversationsListed() follows; with a search text those that hold it.
    void listConversations(const QString& search);
    /// conversationRead() follows.
    void readConversation(qint64 id);
    void renameConversation(qint64 id, const QString& title);
    void removeConversation(qint64 id);
    void restoreConversation(qint64 id);
    /// Writes a conversation to a file, as JSON if it is named so, else as Markdown;
    /// conversationExported() follows.
    void exportConversation(qint64 id, const QString& path);

    /// Reads the points of one model, of all if `modelHash` is empty; curvesRead() follows.
    void readCurves(const QString& modelHash, CurveMetric metric = CurveMetric::Perplexity);
    /// The same of speeds; speedsRead() follows.
    void readSpeeds(const QString& modelHash);
    /// Every size of every run; runsRead() follows.
    void readRuns();
    /// runsChanged() follows these.
    void setRunNote(qint64 run, const QString& note);
    void removeRuns(const QList<qint64>& runs);
    void restoreRuns(const QList<qint64>& runs);
    /// The program that did these runs is gone: see Store::abandonRuns.
    void abandonRuns(const QString& modelPath, const QDateTime& startedSince,
                     const QString& reason);
    /// Reads perplexities and divergences of these files, at all sizes; measurementsRead() follows.
    void readMeasurements(const QStringList& artifactHashes);

    /// Named recipes of a stack; plansListed() follows.
    void listPlans(const QString& artifactHash);
    /// Stores one for the stack of this card, in the place of one of the same name.
    void savePlan(const ModelCard& card, const PlanRecord& plan);
    void renamePlan(qint64 id, const QString& name);
    void removePlan(qint64 id);

    /// Waits for all that was asked; for tests and for the end of the program.
    void flush();

Q_SIGNALS:
    void conversationStored(qint64 key, qint64 id);
    /// Titles, order or number of the conversations may be others now.
    void conversationsChanged();
    void conversationsListed(const QString& search, const QList<bs::ConversationRecord>& list);
    void conversationRead(const bs::ConversationRecord& conversation,
                          const QList<bs::MessageRecord>& messages);
    void conversationExported(const QString& path);
    void curvesRead(const QString& modelHash, bs::ui::CurveMetric metric,
                    const QList<bs::ui::CurveSeries>& series);
    void speedsRead(const QString& modelHash, const QList<bs::SpeedRecord>& speeds);
    void runsRead(const bs::ui::RunTablePointer& table);
    void runsChanged();
    void measurementsRead(const QStringList& artifactHashes, const QList<bs::CurvePoint>& points);
    void plansListed(const QString& artifactHash, const QList<bs::PlanRecord>& plans);
    void plansChanged();
    void failed(const bs::ui::WorkerError& error);

private:
    struct Shared;
    using Work = std::function<Result<void>(Shared&)>;
    /// Work on runs, which are others then.
    void postOnRuns(std::function<Result<void>(Store&)> work);
    using ConversationWork = std::function<Result<void>(Store&, std::int64_t)>;
    void post(Work work);
    void postNew(Key key, std::function<Result<std::int64_t>(Shared&)> maker);
    void postStore(std::function<Result<void>(Store&)> work);
    /// Work on something that has a key; the list is another then, if it says so.
    void postOn(Key key, ConversationWork work, bool changesList);

    QString m_path;
    Key m_lastKey = 0;
    std::shared_ptr<Shared> m_shared; ///< touched by the thread only
    QThreadPool m_thread;
};

} // namespace bs::ui
