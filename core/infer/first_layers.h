#pragma once

#include "core/infer/engine.h"

#include <memory>
#include <span>
#include <string>

namespace bs {

/// The first layers of a model where they run elsewhere: on a card that has no room for all. The
/// rest, embedding and head among it, is the processor's (loadSplitEngine). One thread at a time.
class FirstLayers
{
public:
    virtual ~FirstLayers() = default;
    virtual std::size_t count() const = 0;
    /// "cuda:0 (NVIDIA H200)"
    virtual std::string name() const = 0;
    virtual std::uint64_t weightBytes() const = 0;

    /// A cache for these layers alone. Errors: Memory.
    virtual Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) = 0;
    /// hidden [caches.size() * each, width] f32 is changed in place; the caches get the rows' keys
    /// and values and are as much longer.
    virtual Result<void> run(float* hidden, std::span<KvCache* const> caches, std::size_t each) = 0;

    /// A change of plan in three steps, so that both parts change together: begins to load what the
    /// plan has of these layers, which takes no turn of the caller's; says whether it is there,
    /// after waiting for it if that is asked for; takes it into use. Errors: as Engine::startPlan
    /// and Engine::continuePlan; then the change is over.
    virtual Result<void> startPlan(const Plan& plan) = 0;
    virtual Result<bool> loaded(bool wait, const JobContext& context) = 0;
    virtual Result<void> takeIntoUse() = 0;
    /// Ends a change that is not in use.
    virtual void giveUp() = 0;
};

/// The engine of a model whose first layers run elsewhere, at the plan that they were loaded with.
/// Errors: as loadCpuEngine.
Result<std::unique_ptr<Engine>> loadSplitEngine(std::unique_ptr<FirstLayers> first,
                                                std::shared_ptr<const ModelSource> source,
                                                int threads, const Plan* plan,
                                                const JobContext& context);

} // namespace bs
