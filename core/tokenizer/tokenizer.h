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

/// One change to a text before it is cut. The names are those of the stored form.
struct NormalizerStep
{
    /// "nfc", "nfd", "nfkc", "nfkd"; "prepend" (`to`, unless empty), "prefix" (`to`, unless text is
    /// empty or begins with it), "prefix_first" (the same, only where the whole text begins),
    /// "replace" (every `from` by `to`), "replace_pattern" (`from` is a pattern), "strip_left",
    /// "strip_right" (white space), "charsmap" (the spec's charsmap, grapheme by grapheme, as
    /// Hugging Face's Precompiled does), "sentencepiece" (the whole of SentencePiece's normaliser).
    std::string type;
    std::string from;
    std::string to;
};

/// One step of cutting a text: what `pattern` matches, and what lies between, are pieces.
struct SplitStep
{
    std::string pattern; ///< a regular expression as Hugging Face writes them
    /// "isolated", "removed", "contiguous", "merged_with_previous", "merged_with_next"
    std::string behavior = "isolated";
    bool invert = false; ///< what does not match counts as the match

    bool operator==(const SplitStep&) const = default;
};

/// Switches of SentencePiece's normaliser, the step "sentencepiece".
struct SentencePieceSwitches
{
    bool addPrefix = true;      ///< a space before the text
    bool removeExtra = false;   ///< spaces at both ends go, runs become one
    bool replaceInvalid = true; ///< bytes that are no character become U+FFFD
};

/// How added tokens are looked for, by id.
struct AddedTokenTraits
{
    std::vector<std::int32_t> normalized; ///< in the normalised text
    std::vector<std::int32_t> stripLeft;  ///< takes the white space before it
    std::vector<std::int32_t> stripRight;
    std::vector<std::int32_t> singleWord; ///< only where no word character is next to it
};

/// Everything a tokenizer is made of, as read from a file. It travels in a container as JSON.
struct TokenizerSpec
{
    /// "bpe" (byte-level), "bpe_chars" (merges over characters), "spm" (SentencePiece BPE: the
    /// token of the highest score is joined first), "unigram" (the likeliest sequence of tokens)
    std::string model;
    std::string preTokenizer;        ///< a name PreTokenizer knows, "none", or "steps"
    std::vector<SplitStep> splits;   ///< for "steps"
    std::vector<std::string> tokens; ///< by id, as the file spells them ("bpe": in its alphabet)
    std::vector<TokenKind> kinds;    ///< by id
    std::vector<std::string> merges; ///< "left right", by rank; "bpe" and "bpe_chars"
    std::vector<double> scores;      ///< by id, finite; "spm" and "unigram"
    bool doubleSums = false;         ///< "unigram": adds scores in double, as Hugging Face does
    bool ignoreMerges = false;       ///< a piece that is a token is that token
    bool byteFallback = false;       ///< characters no token stands for become byte tokens
    bool fuseUnknown = false;        ///< neighbouring unknowns become one
    std::vector<NormalizerStep> normalizer;
    SentencePieceSwitches sentencePiece;
    std::string charsmap; ///< SentencePiece's precompiled map; may be empty
    AddedTokenTraits added;
    std::string spaceMark;   ///< what stands for a space in spellings (U+2581), or nothing
    bool dropsSpace = false; ///< decoding leaves out the space before the first word
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

/// From the bytes of a SentencePiece tokenizer.model, and of tokenizer_config.json if there is one
/// ("" otherwise). Errors: Format (field and figures named), Unsupported (kind of model named).
Result<TokenizerSpec> tokenizerSpecFromSentencePiece(std::string_view bytes,
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
    /// The text of `ids` as the beginning of a text: where the tokenizer puts a space before the
    /// first word, that space is left out.
    std::string decode(std::span<const std::int32_t> ids, bool showControl = false) const;
    /// Whether the token ends an answer (EOS or end of turn).
    bool endsAnswer(std::int32_t id) const;
};

/// Puts the pieces of tokens together and hands out only whole UTF-8 characters.
class StreamDecoder
{
public:
    /// `continues`: the tokens go on a text that is there already, so that the space before the
    /// first word belongs to it.
    explicit StreamDecoder(std::shared_ptr<const Tokenizer> tokenizer, bool continues = false);
    /// Text that became complete with this token; may be empty.
    std::string push(std::int32_t id);
    /// What is left; an unfinished character becomes U+FFFD.
    std::string finish();

private:
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::string m_pending;
    bool m_dropsSpace;
};

} // namespace bs
