#pragma once

#include "core/store/database.h"
#include "core/store/records.h"

#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// $XDG_DATA_HOME/bitstack/workbench.sqlite, or below ~/.local/share; the folder is made.
/// Errors: Io (no home, folder cannot be made).
Result<std::string> defaultDatabasePath();

/// How a run is exported.
enum class ExportFormat { Csv, JsonArray };

/// What the workbench remembers: models, artifacts, runs and their measurements, conversations.
/// Every function is one transaction, on disk when it returns. One thread at a time; several
/// stores, also of other processes, may be open on one file. Errors of all functions: Io (disk,
/// another program holds the file for over 5 s), Format (damaged file), Usage (an id that does not
/// exist; named).
class Store
{
public:
    /// Opens or makes the database and brings it to this program's version.
    /// Errors: Format (no database, a damaged one, another program's, or a newer version: both
    /// numbers), Io.
    static Result<Store> open(const std::string& path);

    const std::string& path() const { return m_database.path(); }

    /// Adds a model or updates the one with this hash; its id.
    Result<std::int64_t> addModel(const ModelRecord& model);
    /// The same for an artifact.
    Result<std::int64_t> addArtifact(const ArtifactRecord& artifact);

    /// Its id; `started` is now, the state `running`.
    Result<std::int64_t> startRun(const RunRecord& run);
    Result<void> finishRun(std::int64_t run, RunState state, const std::string& error = {});
    /// Errors: Numeric (not a finite number: metric named).
    Result<std::int64_t> addMeasurement(const MeasurementRecord& measurement);
    /// Newest first.
    Result<std::vector<RunRecord>> listRuns();
    Result<RunRecord> showRun(std::int64_t run);
    /// In the order they were taken.
    Result<std::vector<MeasurementRecord>> measurements(std::int64_t run);
    /// Points by rising file size; of repeated measurements (same artifact, size, data and
    /// settings) the newest one.
    Result<std::vector<CurvePoint>> curve(const CurveQuery& query);
    /// Every measurement with its run, as CSV text (one header line) or a JSON array.
    Result<std::string> exportRuns(ExportFormat format);

    Result<std::int64_t> createConversation(const std::string& title, const std::string& modelPath);
    /// Last changed first.
    Result<std::vector<ConversationRecord>> listConversations();
    Result<void> renameConversation(std::int64_t conversation, const std::string& title);
    Result<void> removeConversation(std::int64_t conversation);
    /// Appends behind the last current message; the message as stored.
    Result<MessageRecord> appendMessage(std::int64_t conversation, const std::string& role,
                                        const std::string& content,
                                        const std::string& details = {});
    /// Adds a new version of the message at a position; the older ones are kept.
    Result<MessageRecord> editMessage(std::int64_t conversation, std::int64_t position,
                                      const std::string& content, const std::string& details = {});
    /// Takes the messages from a position on out of the conversation (before asking again after an
    /// edit); their versions are kept.
    Result<void> dropMessagesFrom(std::int64_t conversation, std::int64_t position);
    /// The current version of every message, in order.
    Result<std::vector<MessageRecord>> messages(std::int64_t conversation);
    /// All versions of the message at a position, oldest first.
    Result<std::vector<MessageRecord>> versions(std::int64_t conversation, std::int64_t position);

private:
    explicit Store(Database database)
        : m_database(std::move(database))
    {
    }
    Result<void> mustExist(std::string_view countQuery, std::int64_t id, std::string_view what);
    Result<MessageRecord> insertMessage(MessageRecord message);

    Database m_database;
};

} // namespace bs
