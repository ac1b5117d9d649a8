#include "core/store/clock.h"
#include "core/store/store.h"

#include <cmath>

namespace bs {

namespace {

SqlValue idOrNull(const std::optional<std::int64_t>& id)
{
    return id ? SqlValue{*id} : SqlValue{};
}

std::optional<std::int64_t> optionalId(const SqlRow& row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional<std::int64_t>(row.integer(column));
}

RunState stateNamed(const std::string& name)
{
    for (const RunState state : {RunState::Running, RunState::Done, RunState::Canceled})
        if (name == nameOf(state)) return state;
    return RunState::Failed;
}

constexpr const char* kCountRun = "SELECT count(*) FROM runs WHERE id = ?";
constexpr const char* kRunColumns =
    "SELECT id, kind, model, artifact, model_path, settings, version, machine, device, "
    "seed, started, finished, state, error FROM runs ";

RunRecord runOf(const SqlRow& row)
{
    RunRecord run;
    run.id = row.integer(0);
    run.kind = row.text(1);
    run.model = optionalId(row, 2);
    run.artifact = optionalId(row, 3);
    run.modelPath = row.text(4);
    run.settings = row.text(5);
    run.version = row.text(6);
    run.machine = row.text(7);
    run.device = row.text(8);
    run.seed = optionalId(row, 9);
    run.started = row.text(10);
    run.finished = row.text(11);
    run.state = stateNamed(row.text(12));
    run.error = row.text(13);
    return run;
}

} // namespace

Result<std::int64_t> Store::startRun(const RunRecord& run)
{
    BS_CHECK(m_database.transaction([&] {
        return m_database.run(
            "INSERT INTO runs (kind, model, artifact, model_path, settings, version, machine, "
            "device, seed, started, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {run.kind, idOrNull(run.model), idOrNull(run.artifact), run.modelPath, run.settings,
             run.version, run.machine, run.device, idOrNull(run.seed), utcNow(),
             std::string(nameOf(RunState::Running))});
    }));
    return m_database.lastId();
}

Result<void> Store::finishRun(std::int64_t run, RunState state, const std::string& error)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountRun, run, "run"));
        return m_database.run("UPDATE runs SET finished = ?, state = ?, error = ? WHERE id = ?",
                              {utcNow(), std::string(nameOf(state)), error, run});
    });
}

Result<std::int64_t> Store::addMeasurement(const MeasurementRecord& m)
{
    if (!std::isfinite(m.value) || (m.error && !std::isfinite(*m.error)))
        return Error{ErrorCode::Numeric, m.metric + " is not a finite number and cannot be stored"};
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountRun, m.run, "run"));
        return m_database.run(
            "INSERT INTO measurements (run, artifact, budget_bytes, depth, file_bytes, "
            "weight_bytes, metric, value, error, n, data_hash, context, scored) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {m.run, idOrNull(m.artifact), sqlValue(m.budgetBytes), sqlValue(m.depth),
             sqlValue(m.fileBytes), sqlValue(m.weightBytes), m.metric, m.value, sqlValue(m.error),
             sqlValue(m.n), m.dataHash, sqlValue(m.context), m.scored});
    });
    if (!stored) return stored.error();
    return m_database.lastId();
}

Result<std::vector<RunRecord>> Store::listRuns()
{
    std::vector<RunRecord> runs;
    BS_CHECK(m_database.query(std::string(kRunColumns) + "WHERE removed IS NULL ORDER BY id DESC",
                              {}, [&](const SqlRow& row) { runs.push_back(runOf(row)); }));
    return runs;
}

Result<RunRecord> Store::showRun(std::int64_t run)
{
    BS_CHECK(mustExist(kCountRun, run, "run"));
    RunRecord found;
    BS_CHECK(m_database.query(std::string(kRunColumns) + "WHERE id = ?", {run},
                              [&](const SqlRow& row) { found = runOf(row); }));
    return found;
}

Result<std::vector<MeasurementRecord>> Store::measurements(std::int64_t run)
{
    std::vector<MeasurementRecord> found;
    BS_CHECK(m_database.query("SELECT artifact, budget_bytes, depth, file_bytes, weight_bytes, "
                              "metric, value, error, n, data_hash, "
                              "context, scored FROM measurements WHERE run = ? ORDER BY id",
                              {run}, [&](const SqlRow& row) {
                                  MeasurementRecord m;
                                  m.run = run;
                                  m.artifact = optionalId(row, 0);
                                  m.budgetBytes = row.optionalSize(1);
                                  m.depth = row.optionalSize(2);
                                  m.fileBytes = row.size(3);
                                  m.weightBytes = row.size(4);
                                  m.metric = row.text(5);
                                  m.value = row.number(6);
                                  m.error = row.optionalNumber(7);
                                  m.n = row.optionalSize(8);
                                  m.dataHash = row.text(9);
                                  m.context = row.optionalSize(10);
                                  m.scored = row.text(11);
                                  found.push_back(std::move(m));
                              }));
    return found;
}

Result<void> Store::setRunNote(std::int64_t run, const std::string& note)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCountRun, run, "run"));
        BS_CHECK(m_database.run("DELETE FROM notes WHERE run = ?", {run}));
        if (note.empty()) return {};
        return m_database.run("INSERT INTO notes (run, content, created) VALUES (?, ?, ?)",
                              {run, note, utcNow()});
    });
}

Result<void> Store::setRemoved(const std::vector<std::int64_t>& runs, const SqlValue& when)
{
    return m_database.transaction([&]() -> Result<void> {
        for (const std::int64_t run : runs) {
            BS_CHECK(mustExist(kCountRun, run, "run"));
            BS_CHECK(m_database.run("UPDATE runs SET removed = ? WHERE id = ?", {when, run}));
        }
        return {};
    });
}

Result<void> Store::removeRuns(const std::vector<std::int64_t>& runs)
{
    return setRemoved(runs, utcNow());
}

Result<void> Store::restoreRuns(const std::vector<std::int64_t>& runs)
{
    return setRemoved(runs, {});
}

Result<std::int64_t> Store::purgeRuns(const std::string& removedBefore)
{
    std::int64_t purged = 0;
    const Result<void> done = m_database.transaction([&]() -> Result<void> {
        BS_TRY(purged,
               m_database.integer("SELECT count(*) FROM runs WHERE removed < ?", {removedBefore}));
        if (purged == 0) return {};
        return m_database.run("DELETE FROM runs WHERE removed < ?", {removedBefore});
    });
    if (!done) return done.error();
    return purged;
}

Result<std::int64_t> Store::abandonRuns(const std::string& modelPath,
                                        const std::string& startedSince, const std::string& reason)
{
    std::int64_t abandoned = 0;
    const std::string which = "WHERE model_path = ? AND started >= ? AND state = 'running'";
    const Result<void> done = m_database.transaction([&]() -> Result<void> {
        BS_TRY(abandoned,
               m_database.integer("SELECT count(*) FROM runs " + which, {modelPath, startedSince}));
        return m_database.run(
            "UPDATE runs SET finished = ?, state = ?, error = ? " + which,
            {utcNow(), std::string(nameOf(RunState::Failed)), reason, modelPath, startedSince});
    });
    if (!done) return done.error();
    return abandoned;
}

} // namespace bs
