#pragma once

#include "core/tokenizer/tokenizer.h"

#include <string>

namespace bs {

/// The tokenizer as a Hugging Face tokenizer.json, which `tokenizers` opens with the same ids; the
/// scores of SentencePiece's BPE become merges. Where texts differ from SentencePiece's:
/// user-defined tokens are found in the text as it is, and what lies between them is a text each;
/// the map of characters is applied grapheme by grapheme (Charsmap::shortest); bytes that are no
/// UTF-8. Errors: Unsupported (a step, a pre-tokenizer or scores that have no such form: named).
Result<std::string> huggingFaceTokenizerText(const TokenizerSpec& spec);

/// tokenizer_config.json beside it: special tokens, chat template, the longest context.
std::string huggingFaceTokenizerConfigText(const TokenizerSpec& spec, std::uint32_t contextLength);

} // namespace bs
