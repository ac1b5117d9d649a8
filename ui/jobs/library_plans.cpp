#include "ui/jobs/library.h"

namespace bs::ui {

void Library::listPlans(const QString& artifactHash)
{
    postStore([this, artifactHash](Store& store) -> Result<void> {
        BS_TRY(const std::vector<PlanRecord> plans, store.listPlans(artifactHash.toStdString()));
        Q_EMIT plansListed(artifactHash, {plans.begin(), plans.end()});
        return {};
    });
}

void Library::savePlan(const ModelCard& card, const PlanRecord& plan)
{
    const ModelRecord model{card.hash.toStdString(), card.path.toStdString(),
                            card.architecture.toStdString(),
                            static_cast<std::uint64_t>(card.parameters)};
    const ArtifactRecord artifact{
        card.artifactHash.toStdString(), 0,
        card.codec.toStdString(),        "{}",
        card.path.toStdString(),         static_cast<std::uint64_t>(card.bytes)};
    postStore([this, model, artifact, plan](Store& store) -> Result<void> {
        BS_CHECK(store.knowArtifact(model, artifact));
        BS_TRY([[maybe_unused]] const std::int64_t id, store.savePlan(plan));
        Q_EMIT plansChanged();
        return {};
    });
}

void Library::renamePlan(qint64 id, const QString& name)
{
    postStore([this, id, name](Store& store) -> Result<void> {
        const Result<void> renamed = store.renamePlan(id, name.toStdString());
        Q_EMIT plansChanged(); // also of what was refused: the list shows the old name again
        return renamed;
    });
}

void Library::removePlan(qint64 id)
{
    postStore([this, id](Store& store) -> Result<void> {
        BS_CHECK(store.removePlan(id));
        Q_EMIT plansChanged();
        return {};
    });
}

} // namespace bs::ui
