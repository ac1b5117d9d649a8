#include "core/base/json_guard.h"
#include "core/tokenizer/protobuf.h"
#include "core/tokenizer/spec_check.h"
#include "core/tokenizer/spec_huggingface.h"

#include <array>
#include <unordered_set>
#include <utility>

namespace bs {

namespace {

constexpr std::string_view kFile = "tokenizer.model";
constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // U+2581

/// By SentencePiece's number; 0 is not a kind.
constexpr std::array<TokenKind, 7> kKinds = {
    TokenKind::Normal,      TokenKind::Normal, TokenKind::Unknown, TokenKind::Control,
    TokenKind::UserDefined, TokenKind::Unused, TokenKind::Byte};

using Field = ProtobufReader::Field;

/// One kind of numbers and texts from a message: `visit` gets every field.
template <class Visit>
Result<void> eachField(std::string_view bytes, std::string_view where, Visit visit)
{
    ProtobufReader reader(bytes, where);
    while (!reader.atEnd()) {
        BS_TRY(const Field field, reader.next());
        BS_CHECK(visit(field));
    }
    return {};
}

Result<void> needWire(const Field& field, std::uint32_t wire, std::string_view what)
{
    if (field.wire == wire) return {};
    return Error{ErrorCode::Format, std::string(kFile) + ": " + std::string(what) +
                                        " is of wire type " + std::to_string(field.wire) +
                                        ", needed is " + std::to_string(wire)};
}

/// 1 the spelling, 2 the score, 3 the kind.
Result<void> readPiece(std::string_view bytes, TokenizerSpec& spec)
{
    const std::string where =
        std::string(kFile) + ": pieces[" + std::to_string(spec.tokens.size()) + "]";
    std::string spelling;
    float score = 0;
    std::uint64_t kind = 1;
    BS_CHECK(eachField(bytes, where, [&](const Field& field) -> Result<void> {
        if (field.number == 1) {
            BS_CHECK(needWire(field, 2, "a piece's spelling"));
            spelling = field.bytes;
        } else if (field.number == 2) {
            BS_CHECK(needWire(field, 5, "a piece's score"));
            score = ProtobufReader::asFloat(field);
        } else if (field.number == 3) {
            BS_CHECK(needWire(field, 0, "a piece's kind"));
            kind = field.integer;
        }
        return {};
    }));
    if (kind < 1 || kind >= kKinds.size())
        return Error{ErrorCode::Format,
                     where + " is of kind " + std::to_string(kind) + ", known are 1 to 6"};
    if (spelling.empty()) return Error{ErrorCode::Format, where + " has no spelling"};
    spec.tokens.push_back(std::move(spelling));
    spec.scores.push_back(score);
    spec.kinds.push_back(kKinds[static_cast<std::size_t>(kind)]);
    return {};
}

/// 3 the model, 24 spaces behind words, 35 byte fallback, 40 to 42 unknown, BOS, EOS.
Result<void> readTrainer(std::string_view bytes, TokenizerSpec& spec)
{
    return eachField(bytes, "tokenizer.model: trainer_spec", [&](const Field& field) -> Result<void> {
        if (field.number == 3 && field.wire == 0) {
            if (field.integer != 1 && field.integer != 2)
                return Error{ErrorCode::Unsupported,
                             std::string(kFile) + ": trainer_spec.model_type " +
                                 std::to_string(field.integer) +
                                 " is not supported (known: 1 unigram, 2 BPE)"};
            spec.model = field.integer == 1 ? "unigram" : "spm";
        } else if (field.number == 24 && field.wire == 0 && field.integer != 0) {
            return Error{ErrorCode::Unsupported,
                         std::string(kFile) + ": treat_whitespace_as_suffix is not supported"};
        } else if (field.number == 35 && field.wire == 0) {
            spec.byteFallback = field.integer != 0;
        }
        return {};
    });
}

/// 2 the charsmap, 3 a space in front, 4 superfluous spaces, 5 spaces as marks.
Result<void> readNormalizer(std::string_view bytes, TokenizerSpec& spec)
{
    return eachField(
        bytes, "tokenizer.model: normalizer_spec", [&](const Field& field) -> Result<void> {
            if (field.number == 2) {
                BS_CHECK(needWire(field, 2, "normalizer_spec.precompiled_charsmap"));
                spec.charsmap = field.bytes;
            } else if (field.number == 3 && field.wire == 0) {
                spec.sentencePiece.addPrefix = field.integer != 0;
            } else if (field.number == 4 && field.wire == 0) {
                spec.sentencePiece.removeExtra = field.integer != 0;
            } else if (field.number == 5 && field.wire == 0 && field.integer == 0) {
                spec.spaceMark = " ";
            }
            return {};
        });
}

Result<void> checkSpellings(const TokenizerSpec& spec)
{
    std::unordered_set<std::string_view> seen;
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!seen.insert(spec.tokens[id]).second)
            return Error{ErrorCode::Format, std::string(kFile) + ": pieces[" + std::to_string(id) +
                                                "] (\"" + printable(spec.tokens[id]) +
                                                "\") occurs twice"};
    return {};
}

void readSpecialTokens(TokenizerSpec& spec)
{
    for (std::size_t at = 0; at < spec.tokens.size(); ++at) {
        const auto id = static_cast<std::int32_t>(at);
        if (spec.kinds[at] == TokenKind::Unknown && spec.unknown < 0) spec.unknown = id;
        if (spec.kinds[at] == TokenKind::Control && spec.tokens[at] == "<s>") spec.bos = id;
        if (spec.kinds[at] == TokenKind::Control && spec.tokens[at] == "</s>") spec.eos = id;
        // User-defined tokens are looked for in the normalised text.
        if (spec.kinds[at] == TokenKind::UserDefined) spec.added.normalized.push_back(id);
    }
}

} // namespace

Result<TokenizerSpec> tokenizerSpecFromSentencePiece(std::string_view bytes,
                                                     std::string_view tokenizerConfigJson)
{
    TokenizerSpec spec;
    spec.model = "unigram";
    spec.preTokenizer = "none";
    spec.fuseUnknown = true;
    spec.spaceMark = kSpaceMark;
    spec.normalizer = {{"sentencepiece", "", ""}};
    spec.sentencePiece = {true, true, true};
    BS_CHECK(eachField(bytes, kFile, [&](const Field& field) -> Result<void> {
        if (field.number < 1 || field.number > 3) return {};
        BS_CHECK(needWire(field, 2, "field " + std::to_string(field.number)));
        if (field.number == 1) return readPiece(field.bytes, spec);
        return field.number == 2 ? readTrainer(field.bytes, spec)
                                 : readNormalizer(field.bytes, spec);
    }));
    if (spec.tokens.empty()) return Error{ErrorCode::Format, std::string(kFile) + " has no pieces"};
    BS_CHECK(checkSpellings(spec));
    spec.dropsSpace = spec.sentencePiece.addPrefix;
    readSpecialTokens(spec);
    spec.addBos = spec.bos >= 0;
    if (!tokenizerConfigJson.empty()) BS_CHECK(readTokenizerConfig(tokenizerConfigJson, spec));
    collectEndOfTurn(spec);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
