#pragma once

// The parts of a tokenizer.json that we write.

#include "core/tokenizer/tokenizer.h"

#include <nlohmann/json.hpp>

namespace bs {

/// What has no form in tokenizer.json that this version writes.
Error noHuggingFaceForm(const std::string& what);

/// "normalizer" and "pre_tokenizer", null where there is nothing to do. Errors: Unsupported (step
/// or pre-tokenizer named).
struct HuggingFaceSteps
{
    nlohmann::ordered_json normalizer;
    nlohmann::ordered_json preTokenizer;
};
Result<HuggingFaceSteps> huggingFaceSteps(const TokenizerSpec& spec);

nlohmann::ordered_json huggingFaceDecoder(const TokenizerSpec& spec);

/// "model": kind, vocabulary, merges. Errors: Unsupported (merges that say what scores say do not
/// exist: tokens named).
Result<nlohmann::ordered_json> huggingFaceModel(const TokenizerSpec& spec);

} // namespace bs
