#pragma once

#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/tokenizer.h"

namespace bs {

inline constexpr const char* kTokenizerFile = "tokenizer.json"; ///< in messages

/// Reads tokenizer_config.json into the spec: special tokens, BOS, chat template. Errors: Format.
Result<void> readTokenizerConfig(std::string_view text, TokenizerSpec& spec);

/// Reads normalizer, pre_tokenizer and decoder of a tokenizer.json into the spec, whose model is
/// set. Errors: Format, Unsupported (field and kind named).
Result<void> readHuggingFaceSteps(const JsonFields& root, TokenizerSpec& spec);

/// Reads vocabulary, merges and added tokens of a tokenizer.json into the spec, whose model,
/// options and steps are set. Errors: Format, Unsupported (field named).
Result<void> readHuggingFaceTokens(const JsonFields& root, const JsonFields& model,
                                   TokenizerSpec& spec);

/// The error for an option or a kind that is not supported.
Error unsupportedField(const JsonFields& fields, std::string_view key, std::string_view what);

} // namespace bs
