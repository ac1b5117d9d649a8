#pragma once

#include "core/tokenizer/tokenizer.h"

#include <string>

namespace bs {

/// The tokenizer as a Hugging Face tokenizer.json, which `tokenizers` opens with the same ids.
/// Errors: Unsupported (a kind or pre-tokenizer that has no such form: named).
Result<std::string> huggingFaceTokenizerText(const TokenizerSpec& spec);

/// tokenizer_config.json beside it: special tokens, chat template, the longest context.
std::string huggingFaceTokenizerConfigText(const TokenizerSpec& spec, std::uint32_t contextLength);

} // namespace bs
