#include "core/store/clock.h"
#include "core/store/store.h"

#include <nlohmann/json.hpp>

namespace bs {

namespace {

/// Depths and rules share a column: {"depths":[..],"rules":[..]}.
std::string contentText(const PlanRecord& plan)
{
    const nlohmann::json content{{"depths", plan.depths}, {"rules", plan.rules}};
    return content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Of what is none of ours nothing is taken.
void readContent(const std::string& text, PlanRecord& plan)
{
    const nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
    if (!content.is_object()) return;
    for (const nlohmann::json& depth : content.value("depths", nlohmann::json::array()))
        if (depth.is_number_unsigned()) plan.depths.push_back(depth.get<std::uint32_t>());
    for (const nlohmann::json& rule : content.value("rules", nlohmann::json::array()))
        if (rule.is_string()) plan.rules.push_back(rule.get<std::string>());
}

constexpr const char* kCount = "SELECT count(*) FROM plans WHERE id = ?";

} // namespace

Result<void> Store::knowArtifact(const ModelRecord& model, ArtifactRecord artifact)
{
    BS_TRY(const std::int64_t known,
           m_database.integer("SELECT count(*) FROM artifacts WHERE hash = ?", {artifact.hash}));
    if (known > 0) return {};
    BS_TRY(artifact.model, addModel(model));
    const Result<std::int64_t> added = addArtifact(artifact);
    return added ? Result<void>() : Result<void>(added.error());
}

Result<std::int64_t> Store::savePlan(const PlanRecord& plan)
{
    std::int64_t id = 0;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_TRY(const std::int64_t artifact,
               m_database.integer("SELECT id FROM artifacts WHERE hash = ?", {plan.artifactHash}));
        if (artifact == 0)
            return Error{ErrorCode::Usage, path() + ": there is no artifact " + plan.artifactHash};
        BS_CHECK(m_database.run("INSERT INTO plans (artifact, name, depths, file_bytes, created) "
                                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (artifact, name) DO UPDATE SET "
                                "depths = excluded.depths, file_bytes = excluded.file_bytes, "
                                "created = excluded.created",
                                {artifact, plan.name, contentText(plan), sqlValue(plan.fileBytes),
                                 plan.created.empty() ? utcNow() : plan.created}));
        BS_TRY(id, m_database.integer("SELECT id FROM plans WHERE artifact = ? AND name = ?",
                                      {artifact, plan.name}));
        return {};
    });
    if (!stored) return stored.error();
    return id;
}

Result<std::vector<PlanRecord>> Store::listPlans(const std::string& artifactHash)
{
    std::vector<PlanRecord> plans;
    BS_CHECK(m_database.query(
        "SELECT p.id, a.hash, p.name, p.depths, p.file_bytes, p.created FROM plans p "
        "JOIN artifacts a ON a.id = p.artifact WHERE a.hash = ? ORDER BY p.name, p.id",
        {artifactHash}, [&](const SqlRow& row) {
            PlanRecord plan;
            plan.id = row.integer(0);
            plan.artifactHash = row.text(1);
            plan.name = row.text(2);
            readContent(row.text(3), plan);
            plan.fileBytes = row.size(4);
            plan.created = row.text(5);
            plans.push_back(std::move(plan));
        }));
    return plans;
}

Result<void> Store::renamePlan(std::int64_t plan, const std::string& name)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, plan, "plan"));
        BS_TRY(const std::int64_t taken,
               m_database.integer("SELECT count(*) FROM plans WHERE name = ? AND id <> ? AND "
                                  "artifact = (SELECT artifact FROM plans WHERE id = ?)",
                                  {name, plan, plan}));
        if (taken > 0)
            return Error{ErrorCode::Usage, "another plan is named '" + name + "' already"};
        return m_database.run("UPDATE plans SET name = ? WHERE id = ?", {name, plan});
    });
}

Result<void> Store::removePlan(std::int64_t plan)
{
    return m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist(kCount, plan, "plan"));
        return m_database.run("DELETE FROM plans WHERE id = ?", {plan});
    });
}

} // namespace bs
