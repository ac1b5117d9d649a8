#include "core/jobs/run_log.h"

#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/jobs/version.h"

#include <cmath>
#include <span>
#include <utility>

namespace bs {

namespace {

std::string provenanceText(const ModelSource& source)
{
    nlohmann::json settings = nlohmann::json::object();
    if (source.container)
        for (const auto& [key, value] : source.container->provenance)
            settings[key] = value;
    return settings.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

Result<RunLog> RunLog::start(const std::string& database, const ModelSource& source,
                             const ModelIdentity& identity, const std::string& kind,
                             const std::string& settings, const std::string& device,
                             std::optional<std::uint64_t> seed)
{
    RunLog log;
    if (database.empty()) return log;
    BS_TRY(Store store, Store::open(database));
    log.m_store.emplace(std::move(store));
    BS_CHECK(log.about(source, identity));
    RunRecord run;
    run.kind = kind;
    run.model = log.m_model;
    run.artifact = log.m_artifact;
    run.modelPath = source.path;
    run.settings = settings;
    run.version = std::string(programVersion()) + " (" + programCommit() + ")";
    run.machine = machineName();
    run.device = device;
    if (seed) run.seed = static_cast<std::int64_t>(*seed);
    BS_TRY(log.m_run, log.m_store->startRun(run));
    return log;
}

RunLog::RunLog(RunLog&& other) noexcept
    : m_store(std::move(other.m_store))
    , m_run(other.m_run)
    , m_model(other.m_model)
    , m_artifact(other.m_artifact)
    , m_about(std::move(other.m_about))
    , m_finished(std::exchange(other.m_finished, true))
{
}

RunLog::~RunLog()
{
    if (m_store && m_run && !m_finished)
        static_cast<void>(m_store->finishRun(*m_run, RunState::Failed, "ended before its end"));
}

Result<void> RunLog::about(const ModelSource& source, const ModelIdentity& identity)
{
    if (!m_store) return {};
    // A stack tells where its model was; the model's own file is the better source if it is
    // measured too.
    const std::string origin = provenanceOf(source, "source_path");
    BS_TRY(m_model, m_store->addModel({identity.modelHash, origin.empty() ? source.path : origin,
                                       source.config.architecture, source.parameters}));
    m_about = {identity.artifactHash, *m_model,    identity.method, provenanceText(source),
               source.path,           source.bytes};
    BS_TRY(m_artifact, m_store->addArtifact(m_about));
    return {};
}

/// Sizes under a recipe are another curve than those of the loading order, so that they are kept as
/// those of an artifact of its own.
Result<std::optional<std::int64_t>> RunLog::artifactOf(const ChosenSize& size)
{
    if (size.recipe.empty()) return m_artifact;
    ArtifactRecord edited = m_about;
    const std::string key = edited.hash + "/" + textOf(size.recipe);
    edited.hash = hexOf(xxh3(std::as_bytes(std::span(key))));
    edited.method += " recipe " + textOf(size.recipe);
    BS_TRY(const std::int64_t id, m_store->addArtifact(edited));
    return std::optional(id);
}

Result<void> RunLog::add(const ChosenSize& size, MeasurementRecord record)
{
    if (!m_store || !std::isfinite(record.value)) return {};
    record.run = *m_run;
    BS_TRY(record.artifact, artifactOf(size));
    record.budgetBytes = size.budgetBytes;
    record.depth = size.depth;
    record.fileBytes = size.fileBytes;
    record.weightBytes = size.weightBytes;
    if (record.error && !std::isfinite(*record.error)) record.error.reset();
    const Result<std::int64_t> stored = m_store->addMeasurement(record);
    return stored ? Result<void>() : Result<void>(stored.error());
}

Result<void> RunLog::finish(const Result<void>& outcome)
{
    m_finished = true;
    if (!m_store) return {};
    if (outcome) return m_store->finishRun(*m_run, RunState::Done);
    const bool canceled = outcome.error().code == ErrorCode::Canceled;
    return m_store->finishRun(*m_run, canceled ? RunState::Canceled : RunState::Failed,
                              outcome.error().message);
}

} // namespace bs
