#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"
#include "core/jobs/size_choice.h"
#include "core/model/source.h"
#include "core/tokenizer/tokenizer.h"

#include <memory>
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

/// Says before loading whether a size fits the memory that is free now: weights, KV cache and a
/// tenth more for what computing needs. Errors: Memory (all figures).
Result<void> checkMemory(const ModelSource& source, const ChosenSize& size, std::uint64_t kvBytes);

/// The same for `bytes` that are to come on top of what is resident. Errors: Memory.
Result<void> checkGrowth(const ModelSource& source, std::uint64_t bytes);

/// The largest size that fits the free memory beside the KV cache. Errors: Memory (not even the
/// smallest: all figures).
Result<ChosenSize> largestThatFits(const ModelSource& source, std::uint64_t kvBytes);

/// checkMemory and loadCpuEngine. Errors: Memory, and as loadCpuEngine.
Result<std::unique_ptr<Engine>> loadEngine(const std::shared_ptr<const ModelSource>& source,
                                           const ChosenSize& size, std::uint64_t kvBytes,
                                           int threads, const JobContext& context);

} // namespace bs
