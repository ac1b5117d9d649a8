#include "core/base/json_guard.h"
#include "core/tokenizer/charsmap.h"
#include "core/tokenizer/protobuf.h"
#include "core/tokenizer/spec_check.h"
#include "core/tokenizer/spec_huggingface.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace bs {

namespace {

constexpr std::string_view kFile = "tokenizer.model";
constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // U+2581

// The largest files there are have a few megabytes, half as many pieces, and maps of a quarter of a
// megabyte. What is read is copied.
constexpr std::size_t kMostBytes = 32ULL << 20;
constexpr std::size_t kMostPieces = 1ULL << 19;
constexpr std::size_t kLongestMap = 8ULL << 20;

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

Error tooMany(const std::string& what, std::size_t count, const char* unit, std::size_t most)
{
    return Error{ErrorCode::Format, std::string(kFile) + what + std::to_string(count) + unit +
                                        ", at most " + std::to_string(most) + " are read"};
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

/// A field that is true, false or a number of a kind.
Result<void> readNumber(const Field& field, const char* name, std::uint64_t& into)
{
    BS_CHECK(needWire(field, 0, name));
    into = field.integer;
    return {};
}

/// 3 the model, 24 spaces behind words, 35 byte fallback.
Result<void> readTrainer(std::string_view bytes, TokenizerSpec& spec)
{
    std::uint64_t model = 1;
    std::uint64_t suffix = 0;
    std::uint64_t fallback = 0;
    BS_CHECK(
        eachField(bytes, "tokenizer.model: trainer_spec", [&](const Field& field) -> Result<void> {
            if (field.number == 3) return readNumber(field, "trainer_spec.model_type", model);
            if (field.number == 24)
                return readNumber(field, "trainer_spec.treat_whitespace_as_suffix", suffix);
            if (field.number == 35)
                return readNumber(field, "trainer_spec.byte_fallback", fallback);
            return {};
        }));
    if (model != 1 && model != 2)
        return Error{ErrorCode::Unsupported, std::string(kFile) + ": trainer_spec.model_type " +
                                                 std::to_string(model) +
                                                 " is not supported (known: 1 unigram, 2 BPE)"};
    if (suffix != 0)
        return Error{ErrorCode::Unsupported,
                     std::string(kFile) +
                         ": trainer_spec.treat_whitespace_as_suffix is not supported"};
    spec.model = model == 1 ? "unigram" : "spm";
    spec.byteFallback = fallback != 0;
    return {};
}

Result<void> readCharsmap(const Field& field, TokenizerSpec& spec)
{
    BS_CHECK(needWire(field, 2, "normalizer_spec.precompiled_charsmap"));
    if (field.bytes.size() > kLongestMap)
        return tooMany(": normalizer_spec.precompiled_charsmap has ", field.bytes.size(), " bytes",
                       kLongestMap);
    const auto map = Charsmap::create(field.bytes); // here, where the file is known
    if (!map) return map.error();
    spec.charsmap = field.bytes;
    return {};
}

/// 2 the charsmap, 3 a space in front, 4 superfluous spaces, 5 spaces as marks.
Result<void> readNormalizer(std::string_view bytes, TokenizerSpec& spec)
{
    std::uint64_t prefix = 1;
    std::uint64_t extra = 1;
    std::uint64_t marks = 1;
    BS_CHECK(eachField(
        bytes, "tokenizer.model: normalizer_spec", [&](const Field& field) -> Result<void> {
            if (field.number == 2) return readCharsmap(field, spec);
            if (field.number == 3)
                return readNumber(field, "normalizer_spec.add_dummy_prefix", prefix);
            if (field.number == 4)
                return readNumber(field, "normalizer_spec.remove_extra_whitespaces", extra);
            if (field.number == 5)
                return readNumber(field, "normalizer_spec.escape_whitespaces", marks);
            return {};
        }));
    spec.sentencePiece.addPrefix = prefix != 0;
    spec.sentencePiece.removeExtra = extra != 0;
    if (marks == 0) spec.spaceMark = " ";
    return {};
}

/// Before anything is taken out, so that lists have their size at once.
Result<void> makeRoom(std::string_view bytes, TokenizerSpec& spec)
{
    if (bytes.size() > kMostBytes) return tooMany(" is ", bytes.size(), " bytes", kMostBytes);
    std::size_t pieces = 0;
    BS_CHECK(eachField(bytes, kFile, [&](const Field& field) -> Result<void> {
        pieces += field.number == 1 ? 1 : 0;
        return {};
    }));
    if (pieces > kMostPieces) return tooMany(" has ", pieces, " pieces", kMostPieces);
    spec.tokens.reserve(pieces);
    spec.scores.reserve(pieces);
    spec.kinds.reserve(pieces);
    return {};
}

Result<void> checkSpellings(const TokenizerSpec& spec)
{
    std::vector<std::uint32_t> ids(spec.tokens.size());
    std::iota(ids.begin(), ids.end(), 0U);
    std::ranges::sort(ids, [&](std::uint32_t a, std::uint32_t b) {
        const int order = spec.tokens[a].compare(spec.tokens[b]);
        return order != 0 ? order < 0 : a < b;
    });
    for (std::size_t at = 1; at < ids.size(); ++at)
        if (spec.tokens[ids[at - 1]] == spec.tokens[ids[at]])
            return Error{ErrorCode::Format,
                         std::string(kFile) + ": pieces[" + std::to_string(ids[at]) + "] (\"" +
                             printable(spec.tokens[ids[at]]) + "\") occurs twice"};
    return {};
}

/// SentencePiece itself opens no file without it.
Result<void> checkUnknown(const TokenizerSpec& spec)
{
    const auto count = std::ranges::count(spec.kinds, TokenKind::Unknown);
    if (count == 1) return {};
    return Error{ErrorCode::Format, std::string(kFile) + " has " + std::to_string(count) +
                                        " pieces for unknown text, needed is one"};
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
    BS_CHECK(makeRoom(bytes, spec));
    BS_CHECK(eachField(bytes, kFile, [&](const Field& field) -> Result<void> {
        if (field.number < 1 || field.number > 3) return {};
        BS_CHECK(needWire(field, 2, "field " + std::to_string(field.number)));
        if (field.number == 1) return readPiece(field.bytes, spec);
        return field.number == 2 ? readTrainer(field.bytes, spec)
                                 : readNormalizer(field.bytes, spec);
    }));
    if (spec.tokens.empty()) return Error{ErrorCode::Format, std::string(kFile) + " has no pieces"};
    BS_CHECK(checkSpellings(spec));
    BS_CHECK(checkUnknown(spec));
    spec.dropsSpace = spec.sentencePiece.addPrefix;
    readSpecialTokens(spec);
    spec.addBos = spec.bos >= 0;
    if (!tokenizerConfigJson.empty()) BS_CHECK(readTokenizerConfig(tokenizerConfigJson, spec));
    collectEndOfTurn(spec);
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
