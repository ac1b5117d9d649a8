#pragma once

#include "core/store/store.h"
#include "ui/jobs/records.h"
#include "ui/models/curve_series.h"

#include <QObject>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <optional>

namespace bs::ui {

/// The database as the window uses it. Every call goes to one thread of its own (a commit waits for
/// the disk, and another program may hold the file), in the order of the calls; answers come back
/// as signals.
class Library : public QObject
{
    Q_OBJECT

public:
    /// `path` empty: the default database.
    explicit Library(const QString& path, QObject* parent = nullptr);
    /// Waits until everything is written.
    ~Library() override;

    /// Where measurements go; empty if the database could not be opened.
    QString path() const { return m_path; }

    /// The next message begins a new conversation.
    void beginConversation(const QString& modelPath);
    void appendMessage(const QString& role, const QString& content,
                       const std::optional<AnswerRecord>& answer = std::nullopt);
    /// Takes the messages from `position` on out of the conversation (Regenerate).
    void dropMessagesFrom(qint64 position);
    /// Reads the points of one model, of all if `modelHash` is empty; curvesRead() follows.
    void readCurves(const QString& modelHash);
    /// Waits for all that was asked; for tests and for the end of the program.
    void flush();

Q_SIGNALS:
    void curvesRead(const QString& modelHash, const QList<bs::ui::CurveSeries>& series);
    void failed(const bs::ui::WorkerError& error);

private:
    struct Shared;
    using Work = std::function<Result<void>(Shared&)>;
    void post(Work work);

    QString m_path;
    std::shared_ptr<Shared> m_shared; ///< touched by the thread only
    QThreadPool m_thread;
};

} // namespace bs::ui
