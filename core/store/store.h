#pragma once

#include "core/store/database.h"
#include "core/store/records.h"
#include "core/store/run_table.h"

#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// $XDG_DATA_HOME/bitstack/workbench.sqlite, or below ~/.local/share; the folder is made.
/// Errors: Io (no home, folder cannot be made).
Result<std::string> defaultDatabasePath();

/// How a run is exported.
enum class ExportFormat { Csv, JsonArray };

/// How a conversation is exported.
enum class ConversationFormat { Markdown, JsonObject };

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
    /// Newest first, without removed ones.
    Result<std::vector<RunRecord>> listRuns();
    Result<RunRecord> showRun(std::int64_t run);
    /// In the order they were taken.
    Result<std::vector<MeasurementRecord>> measurements(std::int64_t run);
    /// Every size of every run, newest run first, without removed ones.
    Result<RunTable> runTable();
    /// What a person wrote about a run; empty: nothing any more.
    Result<void> setRunNote(std::int64_t run, const std::string& note);
    /// Takes runs out of lists, charts and exports; they come back until they are purged.
    Result<void> removeRuns(const std::vector<std::int64_t>& runs);
    Result<void> restoreRuns(const std::vector<std::int64_t>& runs);
    /// Deletes what was removed before that time (UTC, as in records), with its measurements; how
    /// many runs.
    Result<std::int64_t> purgeRuns(const std::string& removedBefore);
    /// Runs of that file that began since then and still stand as running are failed: the program
    /// that did them is gone. How many.
    Result<std::int64_t> abandonRuns(const std::string& modelPath, const std::string& startedSince,
                                     const std::string& reason);
    /// Points by rising file size; of repeated measurements (same artifact, size, data and
    /// settings) the newest one.
    Result<std::vector<CurvePoint>> curve(const CurveQuery& query);
    /// Answers that were made at one size, and benchmarks, by rising file size; of one model, or
    /// with an empty hash of all.
    Result<std::vector<SpeedRecord>> speeds(const std::string& modelHash);
    /// Every measurement of runs that are not removed, as CSV text (one header line) or a JSON
    /// array.
    Result<std::string> exportRuns(ExportFormat format);

    /// Adds an artifact with its model, unless it is known; `artifact.model` does not count.
    Result<void> knowArtifact(const ModelRecord& model, ArtifactRecord artifact);
    /// Stores a plan of an artifact that is known, in the place of one of the same name; its id.
    /// `created` is now, unless it is given. Errors: Usage (no such artifact: hash named).
    Result<std::int64_t> savePlan(const PlanRecord& plan);
    /// Of one artifact, by name.
    Result<std::vector<PlanRecord>> listPlans(const std::string& artifactHash);
    /// Errors: Usage (another plan of the artifact has the name).
    Result<void> renamePlan(std::int64_t plan, const std::string& name);
    Result<void> removePlan(std::int64_t plan);

    /// Of the record title, model, system prompt and template count; its id.
    Result<std::int64_t> createConversation(const ConversationRecord& conversation);
    Result<ConversationRecord> conversation(std::int64_t conversation);
    /// Last changed first, without removed ones. With a search text those whose title or any
    /// message, shown or not, holds it; case does not matter.
    Result<std::vector<ConversationRecord>> listConversations(const std::string& search = {});
    Result<void> renameConversation(std::int64_t conversation, const std::string& title);
    /// What the model is told first, and the template used instead of its own.
    Result<void> setConversationPrompt(std::int64_t conversation, const std::string& system,
                                       const std::optional<std::string>& chatTemplate);
    /// Takes it out of the list; it comes back until it is purged.
    Result<void> removeConversation(std::int64_t conversation);
    Result<void> restoreConversation(std::int64_t conversation);
    /// Deletes what was removed before that time (UTC, as in records); how many.
    Result<std::int64_t> purgeConversations(const std::string& removedBefore);

    /// Adds a message behind `parent` (none: a beginning) and shows the conversation up to it.
    /// Of the message conversation, parent, role, content and partial count; the id.
    Result<std::int64_t> addMessage(const MessageRecord& message);
    /// What came of a partial answer until now.
    Result<void> setMessageContent(std::int64_t message, const std::string& content);
    /// The answer is as whole as it will get.
    Result<void> finishMessage(std::int64_t message, const std::string& content,
                               const AnswerRecord& answer);
    /// Deletes a message and what follows it; its parent is shown last if it was shown.
    Result<void> removeMessage(std::int64_t message);
    /// Shows the conversation up to a message (none: nothing), from where it then goes on.
    Result<void> setLeaf(std::int64_t conversation, std::optional<std::int64_t> message);
    /// All messages, parents before children, versions in the order they were made.
    Result<std::vector<MessageRecord>> messages(std::int64_t conversation);
    /// A conversation as a text to read (what is shown of it), or whole as one JSON object.
    Result<std::string> exportConversation(std::int64_t conversation, ConversationFormat format);

private:
    Result<void> setRemoved(const std::vector<std::int64_t>& runs, const SqlValue& when);
    explicit Store(Database database)
        : m_database(std::move(database))
    {
    }
    Result<void> mustExist(std::string_view countQuery, std::int64_t id, std::string_view what);
    Result<void> touch(std::int64_t conversation, std::optional<std::int64_t> leaf);
    Result<std::int64_t> conversationOf(std::int64_t message);
    Result<void> insertAnswer(std::int64_t message, const AnswerRecord& answer);
    Result<void> readAnswers(std::int64_t conversation, std::vector<MessageRecord>& messages);

    Database m_database;
};

} // namespace bs
