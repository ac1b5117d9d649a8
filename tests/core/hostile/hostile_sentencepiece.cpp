#include "tests/core/hostile/hostile.h"
#include "tests/support/protobuf_builder.h"

#include <limits>

namespace bs::test {

namespace {

using P = ProtobufBuilder;

constexpr std::uint64_t kUnknown = 2;
constexpr std::uint64_t kControl = 3;

std::string piece(const std::string& spelling, float score = 0, std::uint64_t kind = 1)
{
    return P().bytes(1, spelling).number(2, score).integer(3, kind).message();
}

/// Twelve pieces: three special ones, "a" to "h", "ab".
P goodPieces()
{
    P model;
    model.bytes(1, piece("<unk>", 0, kUnknown))
        .bytes(1, piece("<s>", 0, kControl))
        .bytes(1, piece("</s>", 0, kControl));
    for (char letter = 'a'; letter <= 'h'; ++letter)
        model.bytes(1, piece(std::string(1, letter), -2));
    return model.bytes(1, piece("ab", -1));
}

/// Merges by score.
std::string trainer()
{
    return P().integer(3, 2).message();
}

std::string goodModel()
{
    return goodPieces().bytes(2, trainer()).message();
}

Files folderWith(std::string model)
{
    Files files = smallFolder();
    files.erase("tokenizer.json");
    files.erase("tokenizer_config.json");
    files["tokenizer.model"] = std::move(model);
    return files;
}

HostileFile broken(std::string lie, std::string part, std::function<std::string()> make,
                   ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie), [make = std::move(make)] { return folderWith(make()); }, codeOf(code),
            ": " + std::move(part)};
}

/// Good pieces and one more.
HostileFile withPiece(std::string lie, std::string part, const std::string& piece,
                      ErrorCode code = ErrorCode::Format)
{
    return broken(
        std::move(lie), std::move(part),
        [piece] { return goodPieces().bytes(1, piece).bytes(2, trainer()).message(); }, code);
}

/// A good model with a normalizer_spec.
HostileFile withNormalizer(std::string lie, std::string part,
                           std::function<std::string()> normalizer)
{
    return broken(std::move(lie), std::move(part), [normalizer = std::move(normalizer)] {
        return goodPieces().bytes(2, trainer()).bytes(3, normalizer()).message();
    });
}

/// So many pieces "0", "1", ... behind the unknown one.
P manyPieces(std::size_t count)
{
    P model;
    model.bytes(1, piece("<unk>", 0, kUnknown));
    for (std::size_t i = 0; i < count; ++i)
        model.bytes(1, P().bytes(1, std::to_string(i)).message());
    return model;
}

std::string charsmap(std::uint32_t trieBytes, const std::string& rest)
{
    return P().bytes(2, GgufBuilder::raw(trieBytes) + rest).message();
}

HostileFiles brokenWire()
{
    const std::size_t good = goodModel().size();
    const auto at = [good](std::size_t more) { return std::to_string(good + more); };
    return {
        broken("a tag cut off", "tokenizer.model: at byte " + at(1) + " a number goes past the end",
               [] { return goodModel() + "\x80"; }),
        broken("a length cut off",
               "tokenizer.model: at byte " + at(2) + " a number goes past the end",
               [] { return goodModel() + "\x0A\xFF"; }),
        broken("a number of 70 bits",
               "tokenizer.model: at byte " + at(10) + " a number has more than 64 bits",
               [] { return goodModel() + std::string(9, '\xFF') + "\x7F"; }),
        broken("a length past the end",
               "tokenizer.model: at byte " + at(3) + " field 1 has 1000 bytes, 3 are left",
               [] { return goodModel() + "\x0A\xE8\x07" + "abc"; }),
        broken("a length of 2^64 - 1",
               "tokenizer.model: at byte " + at(11) +
                   " field 1 has 18446744073709551615 bytes, 0 are left",
               [] { return goodModel() + "\x0A" + std::string(9, '\xFF') + "\x01"; }),
        broken("a group",
               "tokenizer.model: at byte " + at(1) +
                   " field 1 is of wire type 3, known are 0, 1, 2 and 5",
               [] { return goodModel() + "\x0B"; }),
        broken("a field without a number",
               "tokenizer.model: at byte " + at(1) + " a field's tag is 2",
               [] { return goodModel() + "\x02"; }),
        broken("a field of number 2^40",
               "tokenizer.model: at byte " + at(6) + " a field's tag is 1099511627776",
               [] { return goodModel() + P::varint(1ULL << 40); }),
        broken("cut in the middle of a piece",
               "tokenizer.model: at byte 32 field 1 has 13 bytes, 1 are left",
               [] { return goodModel().substr(0, 33); }),
        broken("no protobuf",
               "tokenizer.model: at byte 1 field 15 is of wire type 3, known are 0, "
               "1, 2 and 5",
               [] { return std::string(R"({"model":"none"})"); }),
    };
}

HostileFiles brokenPieces()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    return {
        broken("a piece that is a number",
               "tokenizer.model: field 1 is of wire type 0, needed is 2",
               [] { return goodPieces().integer(1, 5).message(); }),
        withPiece("a spelling that is a number",
                  "tokenizer.model: a piece's spelling is of wire type 0, needed is 2",
                  P().integer(1, 65).message()),
        withPiece("a score that is whole",
                  "tokenizer.model: a piece's score is of wire type 0, needed is 5",
                  P().bytes(1, "x").integer(2, 1).message()),
        withPiece("a kind that is a text",
                  "tokenizer.model: a piece's kind is of wire type 2, needed is 0",
                  P().bytes(1, "x").bytes(3, "1").message()),
        withPiece("a score cut off",
                  "tokenizer.model: pieces[12]: at byte 4 a number of 4 bytes goes past the end, 2 "
                  "are left",
                  P().bytes(1, "x").message() + std::string("\x15\x00\x00", 3)),
        withPiece("a spelling longer than its piece",
                  "tokenizer.model: pieces[12]: at byte 2 field 1 has 9 bytes, 1 are left",
                  "\x0A\x09x"),
        withPiece("a kind that is none",
                  "tokenizer.model: pieces[12] is of kind 7, known are 1 to 6", piece("x", 0, 7)),
        withPiece("a kind of 2^64 - 1",
                  "tokenizer.model: pieces[12] is of kind 18446744073709551615, known are 1 to 6",
                  piece("x", 0, ~0ULL)),
        withPiece("a piece without a spelling", "tokenizer.model: pieces[12] has no spelling",
                  P().number(2, -1).message()),
        withPiece("a score that is no number",
                  "tokenizer: scores[12] is nan, a finite number is needed", piece("x", nan)),
        withPiece("an infinite score", "tokenizer: scores[12] is -inf, a finite number is needed",
                  piece("x", -infinity)),
        withPiece("a piece that is no UTF-8", "tokenizer: tokens[12] (\"x??\") is not UTF-8",
                  piece("x\xED\xA0")),
        withPiece("a piece twice", "tokenizer.model: pieces[12] (\"ab\") occurs twice",
                  piece("ab", -7)),
        withPiece("two unknown ones",
                  "tokenizer.model has 2 pieces for unknown text, needed is one",
                  piece("<unk2>", 0, kUnknown)),
        broken("no unknown one", "tokenizer.model has 0 pieces for unknown text, needed is one",
               [] { return P().bytes(1, piece("a")).bytes(2, trainer()).message(); }),
        broken("no pieces", "tokenizer.model has no pieces",
               [] { return P().bytes(2, trainer()).message(); }),
        withPiece("more pieces than the embedding has rows",
                  "the tokenizer has 13 tokens, the embedding only 12 rows", piece("x"),
                  ErrorCode::Shape),
        broken("524,289 pieces", "tokenizer.model has 524289 pieces, at most 524288 are read",
               [] { return manyPieces(524'288).message(); }),
        broken("a piece twice at the ends of 524,288",
               "tokenizer.model: pieces[524287] (\"0\") occurs twice",
               [] { return manyPieces(524'286).bytes(1, P().bytes(1, "0").message()).message(); }),
        broken("a spelling of 30 MB",
               "tokenizer.model has 0 pieces for unknown text, needed is one",
               [] { return P().bytes(1, piece(std::string(30'000'000, 'x'))).message(); }),
        broken("33 MB", "tokenizer.model is 34603008 bytes, at most 33554432 are read",
               [] { return std::string(33U << 20, '\0'); }),
        broken("5 million fields of nothing", "tokenizer.model has no pieces",
               [] { return repeated(P().integer(5, 0).message(), 5'000'000); }),
    };
}

HostileFiles brokenSpecs()
{
    const auto trained = [](std::string lie, std::string part, P spec, ErrorCode code) {
        return broken(
            std::move(lie), std::move(part),
            [spec = std::move(spec)] { return goodPieces().bytes(2, spec.message()).message(); },
            code);
    };
    return {
        trained("a model of words",
                "tokenizer.model: trainer_spec.model_type 3 is not supported (known: 1 unigram, 2 "
                "BPE)",
                P().integer(3, 3), ErrorCode::Unsupported),
        trained("spaces behind words",
                "tokenizer.model: trainer_spec.treat_whitespace_as_suffix is not supported",
                P().integer(24, 1), ErrorCode::Unsupported),
        trained("a model that is a text",
                "tokenizer.model: trainer_spec.model_type is of wire type 2, needed is 0",
                P().bytes(3, "BPE"), ErrorCode::Format),
        trained("byte fallback that is a fraction",
                "tokenizer.model: trainer_spec.byte_fallback is of wire type 5, needed is 0",
                P().number(35, 1), ErrorCode::Format),
        broken("a trainer that is a number",
               "tokenizer.model: field 2 is of wire type 0, needed is 2",
               [] { return goodPieces().integer(2, 1).message(); }),
        withNormalizer(
            "a switch that is a text",
            "tokenizer.model: normalizer_spec.add_dummy_prefix is of wire type 2, needed is 0",
            [] { return P().bytes(3, "yes").message(); }),
        withNormalizer(
            "a map that is a number",
            "tokenizer.model: normalizer_spec.precompiled_charsmap is of wire type 0, needed is 2",
            [] { return P().integer(2, 1).message(); }),
        withNormalizer(
            "a map of 9 MB",
            "tokenizer.model: normalizer_spec.precompiled_charsmap has 9437184 bytes, at "
            "most 8388608 are read",
            [] { return P().bytes(2, std::string(9U << 20, '\0')).message(); }),
        withNormalizer("a map of two bytes",
                       "tokenizer: precompiled charsmap has 2 bytes, fewer than its header",
                       [] { return P().bytes(2, "ab").message(); }),
        withNormalizer(
            "a map whose trie goes past its end",
            "tokenizer: precompiled charsmap says its trie has 4294967295 bytes, 8 follow",
            [] { return charsmap(0xFFFFFFFF, std::string(8, 'x')); }),
        withNormalizer(
            "a trie of five bytes",
            "tokenizer: precompiled charsmap has a trie of 5 bytes, a multiple of 4 is needed",
            [] { return charsmap(5, std::string(8, 'x')); }),
        withNormalizer("a map that ends inside a text",
                       "tokenizer: precompiled charsmap ends inside a text (4 bytes of texts)",
                       [] { return charsmap(4, std::string(8, 'x')); }),
    };
}

} // namespace

Files smallSentencePieceFolder()
{
    return folderWith(goodModel());
}

HostileFiles hostileSentencePiece()
{
    HostileFiles files = brokenWire();
    for (const HostileFiles& more : {brokenPieces(), brokenSpecs()})
        files.insert(files.end(), more.begin(), more.end());
    return files;
}

} // namespace bs::test
