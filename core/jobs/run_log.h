#pragma once

#include "core/jobs/identity.h"
#include "core/jobs/size_choice.h"
#include "core/store/store.h"

#include <optional>
#include <string>

namespace bs {

/// A run in the database, or nothing at all where none is wanted. Destroyed before finish, the run
/// counts as failed.
class RunLog
{
public:
    /// An empty `database` stores nothing. Errors: as Store.
    static Result<RunLog> start(const std::string& database, const ModelSource& source,
                                const ModelIdentity& identity, const std::string& kind,
                                const std::string& settings, const std::string& device,
                                std::optional<std::uint64_t> seed = std::nullopt);
    RunLog(RunLog&& other) noexcept;
    RunLog& operator=(RunLog&&) = delete;
    RunLog(const RunLog&) = delete;
    RunLog& operator=(const RunLog&) = delete;
    ~RunLog();

    /// Empty where nothing is stored.
    std::optional<std::int64_t> id() const { return m_run; }
    /// Makes the model known as something this run measures; what `add` is given belongs to it from
    /// now on.
    Result<void> about(const ModelSource& source, const ModelIdentity& identity);
    /// Stores a number measured at a size; `record` needs metric, value, error, n and what it was
    /// measured on. A number that is not finite is left out.
    Result<void> add(const ChosenSize& size, MeasurementRecord record);
    /// Done, canceled or failed, after what became of the job.
    Result<void> finish(const Result<void>& outcome);

private:
    RunLog() = default;
    Result<std::optional<std::int64_t>> artifactOf(const ChosenSize& size);

    std::optional<Store> m_store;
    std::optional<std::int64_t> m_run;
    std::optional<std::int64_t> m_model;
    std::optional<std::int64_t> m_artifact;
    ArtifactRecord m_about; ///< of m_artifact
    bool m_finished = false;
};

} // namespace bs
