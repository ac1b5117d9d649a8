#pragma once

#include "core/base/progress.h"
#include "core/eval/divergence.h"
#include "core/jobs/identity.h"
#include "core/jobs/loaded_model.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace bs {

/// A text whose tokens are predicted.
struct ScoredText
{
    std::span<const std::int32_t> tokens;
    std::string dataHash;
    PerplexityOptions options;
};

/// An open model with its hashes: of one that is no stack they take reading all of it, once.
struct IdentifiedModel
{
    std::shared_ptr<const ModelSource> source; ///< nullptr: there is none
    ModelIdentity identity;
};

/// Errors: as identify.
Result<IdentifiedModel> identified(std::shared_ptr<const ModelSource> source);

/// The model a stack was made from, if its file is still what it was; otherwise `note` says why
/// not. `modelHash` is the stack's own word for it. None without a note: no stack.
IdentifiedModel denseSourceOf(const ModelSource& source, const std::string& modelHash,
                              std::string& note);

/// Errors: Usage (the reference's tokens are others: both vocabularies named).
Result<void> checkVocabulary(const ModelSource& reference, const ModelSource& model);

/// What the reference, everything of it loaded, says of every scored position; kept in the user's
/// cache. Errors: as openModel, loadEngine, ReferenceDistributions::collect.
Result<ReferenceDistributions> referenceDistributions(const IdentifiedModel& reference,
                                                      const ScoredText& text,
                                                      const EngineOptions& options,
                                                      const JobContext& context);

} // namespace bs
