#pragma once

#include "core/base/progress.h"
#include "core/infer/devices.h"
#include "core/infer/engine.h"
#include "core/jobs/size_choice.h"
#include "core/model/source.h"
#include "core/tokenizer/tokenizer.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Opens a model for several users. Errors: as openModel.
Result<std::shared_ptr<const ModelSource>> openShared(const std::string& path);

/// The tokenizer of a model. Errors: Format ("has no tokenizer"), and as Tokenizer::create.
Result<std::shared_ptr<const Tokenizer>> tokenizerOf(const ModelSource& source);

/// Ids of a text, the BOS before them where `bos` is set and the model has one. Errors: Usage
/// (`bos` for a model without one).
Result<std::vector<std::int32_t>> tokenize(const Tokenizer& tokenizer, std::string_view text,
                                           bool bos);

/// Where a model is to run, and with how many threads.
struct EngineOptions
{
    int threads = 0; ///< 0: one per core
    DeviceWish device;
};

/// Where it does run, and the memory that is free there now.
struct EnginePlace
{
    std::optional<int> card;     ///< number; empty: the processor
    std::uint64_t freeBytes = 0; ///< 0: not known
    std::string notice;          ///< why it is not the card that could be expected; may be empty
};

/// The place a wish comes down to: "auto" is the first card if there is one. Errors (of a card that
/// is asked for by name): Memory (no plugin, driver or card), Usage (no such card).
Result<EnginePlace> enginePlace(const DeviceWish& wish);

/// Says before loading whether a size fits the memory that is free now: weights, KV cache and a
/// tenth more for what computing needs. `kvBytes` counts f32. Errors: Memory (all figures).
Result<void> checkMemory(const ModelSource& source, const ChosenSize& size, std::uint64_t kvBytes,
                         const EnginePlace& place);

/// The same for `bytes` that are to come on top of what an engine has. Errors: Memory.
Result<void> checkGrowth(const Engine& engine, const ModelSource& source, std::uint64_t bytes);

/// The largest size that fits the free memory beside the KV cache. Errors: Memory (not even the
/// smallest: all figures).
Result<ChosenSize> largestThatFits(const ModelSource& source, std::uint64_t kvBytes,
                                   const EnginePlace& place);

/// An engine, and what a person should know about where it runs.
struct LoadedEngine
{
    std::unique_ptr<Engine> engine;
    bool onCard = false;
    std::string notice; ///< may be empty
};

/// checkMemory, and the engine of the place that `options` come down to. A card that has no room
/// for the model gets as many layers as fit. Where not one does, or the card does not take the
/// model, and no card was asked for by name, all is the processor's. The notice says either.
/// Errors: Memory, and as enginePlace, loadCpuEngine, GpuDevices::load.
Result<LoadedEngine> loadEngine(const std::shared_ptr<const ModelSource>& source,
                                const ChosenSize& size, std::uint64_t kvBytes,
                                const EngineOptions& options, const JobContext& context);

/// The same where nobody can be told but by a line on standard error.
Result<std::unique_ptr<Engine>> loadEngineLogged(const std::shared_ptr<const ModelSource>& source,
                                                 const ChosenSize& size, std::uint64_t kvBytes,
                                                 const EngineOptions& options,
                                                 const JobContext& context);

/// The same with everything that there is of a model.
Result<std::unique_ptr<Engine>> loadWhole(const std::shared_ptr<const ModelSource>& source,
                                          std::uint64_t kvBytes, const EngineOptions& options,
                                          const JobContext& context);

} // namespace bs
