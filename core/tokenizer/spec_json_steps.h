#pragma once

#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/tokenizer.h"

namespace bs {

/// Whether the spec has anything that version 1 of the stored form cannot say.
bool needsVersion2(const TokenizerSpec& spec);

/// What version 2 adds to the stored form; it is described in FORMAT.md.
void addVersion2(const TokenizerSpec& spec, nlohmann::json& object);

/// Reads it back. Errors: Format (field named).
Result<void> readVersion2(const JsonFields& fields, TokenizerSpec& spec);

} // namespace bs
