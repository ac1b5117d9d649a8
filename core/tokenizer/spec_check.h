#pragma once

#include "core/tokenizer/tokenizer.h"

namespace bs {

/// What every spec must hold, wherever it came from: kinds and ids fit the tokens, spellings are
/// UTF-8. Errors: Format (field named, both figures), Unsupported (model named).
Result<void> checkSpec(const TokenizerSpec& spec);

/// Adds to `spec.endOfTurn` the control tokens spelled as chat models spell the end of an answer,
/// and `extra` if it is an id; the EOS itself and ids already there are left out.
void collectEndOfTurn(TokenizerSpec& spec, std::int32_t extra = -1);

} // namespace bs
