#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// A token with its place in the vocabulary.
enum class TokenKind : std::uint8_t { Normal, Control, UserDefined, Byte, Unknown, Unused };

/// Everything a tokenizer is made of, as read from a file. It travels in a container as JSON.
struct TokenizerSpec
{
    std::string model;               ///< "bpe" (byte-level)
    std::string preTokenizer;        ///< "gpt2", "smollm"
    std::vector<std::string> tokens; ///< by id, as the file spells them (byte-level alphabet)
    std::vector<TokenKind> kinds;    ///< by id
    std::vector<std::string> merges; ///< "left right", by rank
    std::int32_t bos = -1;
    std::int32_t eos = -1;
    std::int32_t unknown = -1;
    std::vector<std::int32_t> endOfTurn; ///< further tokens that end an answer (EOT, <|im_end|>)
    bool addBos = false;
    std::string chatTemplate; ///< Jinja; may be empty
};

/// The spec as JSON text and back (untrusted). Errors of the latter: Format (field named).
std::string toJson(const TokenizerSpec& spec);
Result<TokenizerSpec> tokenizerSpecFromJson(std::string_view json);

/// From the text of a Hugging Face tokenizer.json, and of tokenizer_config.json where there is one
/// ("" otherwise). Errors: Format (field named), Unsupported (kind of model or pre-tokenizer
/// named).
Result<TokenizerSpec> tokenizerSpecFromHuggingFace(std::string_view tokenizerJson,
                                                   std::string_view tokenizerConfigJson);

/// Text to token ids and back. Immutable and thread-safe.
class Tokenizer
{
public:
    /// Errors: Format (a merge of unknown tokens, an id out of range), Unsupported.
    static Result<std::shared_ptr<const Tokenizer>> create(TokenizerSpec spec);
    virtual ~Tokenizer() = default;

    virtual const TokenizerSpec& spec() const = 0;
    /// Ids of a text (any bytes; invalid UTF-8 becomes byte tokens; a byte that no token stands
    /// for, as the demo model's 0x04, is left out). `parseControl`: control tokens spelled in the
    /// text become their ids; user-defined tokens always do. Adds no BOS.
    virtual std::vector<std::int32_t> encode(std::string_view text, bool parseControl) const = 0;
    /// The bytes of one token; control tokens are empty unless `showControl`. An id outside is
    /// empty.
    virtual std::string piece(std::int32_t id, bool showControl = false) const = 0;
    std::string decode(std::span<const std::int32_t> ids, bool showControl = false) const;
    /// Whether the token ends an answer (EOS or end of turn).
    bool endsAnswer(std::int32_t id) const;
};

/// Puts the pieces of tokens together and hands out only whole UTF-8 characters.
class StreamDecoder
{
public:
    explicit StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer);
    /// Text that became complete with this token; may be empty.
    std::string push(std::int32_t id);
    /// What is left; an unfinished character becomes U+FFFD.
    std::string finish();

private:
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::string m_pending;
};

} // namespace bs
