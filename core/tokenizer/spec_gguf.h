#pragma once

#include "core/tokenizer/tokenizer.h"

#include <optional>

namespace bs {

/// What a GGUF file's metadata says about its tokenizer, key by key (tokenizer.ggml.*); the caller
/// reads the file. Ids that the file does not name are -1.
struct GgufTokenizerFields
{
    std::string model; ///< "gpt2", "llama"
    std::string pre;   ///< "" where the key is missing
    std::vector<std::string> tokens;
    std::vector<std::int64_t>
        tokenTypes; ///< 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused,
                    ///< 6 byte; empty where the key is missing: all normal
    std::vector<std::string> merges;
    std::vector<double> scores;         ///< by id; "llama"
    std::optional<bool> addSpacePrefix; ///< empty where the key is missing: true; "llama"
    std::int64_t bos = -1;
    std::int64_t eos = -1;
    std::int64_t eot = -1;
    std::int64_t unknown = -1;
    std::optional<bool> addBos; ///< empty where the key is missing: as the family has it
    std::string chatTemplate;   ///< tokenizer.chat_template
};

/// Errors: Unsupported (model or pre-tokenizer named), Format (field named, both figures).
Result<TokenizerSpec> tokenizerSpecFromGguf(GgufTokenizerFields fields);

/// The fields of a spec, for which llama.cpp and the function above give the spec's ids: of kind
/// "bpe" those of "gpt2" with the name of its pre-tokenizer, of "spm" and "bpe_chars" those of
/// "llama". Where texts differ: llama.cpp composes no characters (Qwen2's "nfc"); of "llama" it
/// looks for user-defined tokens first, and puts a space, where it puts one, also behind each
/// special token and before a space. Errors: Unsupported (what llama.cpp has no name for, or does
/// otherwise: kind, step, switch or token named).
Result<GgufTokenizerFields> ggufTokenizerFields(const TokenizerSpec& spec);

} // namespace bs
