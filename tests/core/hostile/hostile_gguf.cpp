#include "tests/core/hostile/hostile.h"

namespace bs::test {

namespace {

using B = GgufBuilder;

HostileFile file(std::string lie, std::string part, std::function<std::string()> make,
                 ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie), [make = std::move(make)] { return Files{{"m.gguf", make()}}; },
            codeOf(code),   std::move(part),
            Reader::Model,  "m.gguf"};
}

/// The small model with a tensor more.
HostileFile tensor(std::string lie, std::string part, std::vector<std::uint64_t> dimensions,
                   std::uint32_t type, std::uint64_t offset, ErrorCode code = ErrorCode::Format)
{
    return file(
        std::move(lie), std::move(part),
        [dimensions = std::move(dimensions), type, offset] {
            return smallGguf([&](B& gguf) { gguf.tensor("t", dimensions, type, offset); });
        },
        code);
}

std::string entry(const std::string& key, std::uint32_t kind, const std::string& value)
{
    return smallGguf([&](B& gguf) { gguf.entry(key, kind, value); });
}

/// Texts of a vocabulary, all of so many bytes.
std::string texts(std::size_t count, std::size_t bytes)
{
    return repeated(B::text(std::string(bytes, 'x')), count);
}

} // namespace

HostileFiles hostileGguf()
{
    const auto u32 = [](std::uint32_t value) { return B::raw(value); };
    const ErrorCode unsupported = ErrorCode::Unsupported;
    return {
        file(
            "an empty file", "m.gguf: is 0 bytes, too short", [] { return std::string(); },
            ErrorCode::Format),
        file("cut inside the counts",
             "the number of metadata entries takes 8 bytes at byte 16, but only 4",
             [] { return B().header().substr(0, 20); }),
        file("cut behind the magic number", "is 4 bytes, too short for any model file",
             [] { return std::string("GGUF"); }),
        file(
            "version 9", "is GGUF version 9", [] { return B(9).file(); }, unsupported),
        file("more tensors than bytes", "the number of tensors is 9223372036854775808",
             [] { return B().counts(1ULL << 63, 0).file(64); }),
        file("more entries than bytes", "the number of metadata entries is 18446744073709551615",
             [] { return B().counts(0, UINT64_MAX).file(64); }),
        file("a name of 2^64 - 1 bytes", "its name takes 18446744073709551615 bytes",
             [] { return B().counts(0, 1).header() + B::raw(UINT64_MAX) + std::string(40, 'k'); }),
        file("a text longer than the file", "key 'k': its value takes 1099511627776 bytes",
             [] { return entry("k", B::String, B::raw<std::uint64_t>(1ULL << 40)); }),
        file("an array longer than the file", "is an array of 4611686018427387904 elements",
             [&] {
                 return entry("k", B::Array, B::raw<std::uint32_t>(B::F64) + B::raw(1ULL << 62));
             }),
        file("an array of 2^24 empty texts", "bytes of memory beyond its own",
             [] { return B().entry("k", B::String, 1U << 24, texts(1U << 24, 0)).file(); }),
        file("an array of 1,700,000 texts", "key 'k': what the header holds up to byte",
             [] { return B().entry("k", B::String, 1'700'000, texts(1'700'000, 17)).file(); }),
        file("2^24 bytes, each to be a number of eight", "bytes of memory beyond its own",
             [] { return B().entry("k", B::U8, 1U << 24, std::string(1U << 24, 'a')).file(); }),
        file("arrays that are large only together", "key 'k5': what the header holds up to byte",
             [] {
                 B gguf;
                 for (const char* key : {"k1", "k2", "k3", "k4", "k5"})
                     gguf.entry(key, B::U16, 1'500'000, std::string(3'000'000, 'a'));
                 return gguf.file();
             }),
        file("400,000 entries", "beyond its own",
             [] {
                 std::string entries;
                 for (int i = 0; i < 400'000; ++i)
                     entries += B::text(std::to_string(i)) + B::raw<std::uint32_t>(B::Bool) + '\0';
                 return B().counts(0, 400'000).header() + entries;
             }),
        file("200,000 tensors", "beyond its own",
             [] {
                 std::string tensors;
                 for (int i = 0; i < 200'000; ++i)
                     tensors += B::text(std::to_string(i)) + std::string(16, '\0');
                 return B().counts(200'000, 0).header() + tensors;
             }),
        file(
            "a text of 250 MB that is no key of ours", "architecture '' is not supported",
            [] { return B().entry("k", B::String, B::text(std::string(250'000'000, 'x'))).file(); },
            unsupported),
        file("a text past the longest header",
             "key 'k': its value is 270000000 bytes long, at most 268435456",
             [] {
                 return B().entry("k", B::String, B::text(std::string(270'000'000, 'x'))).file();
             }),
        file("a kind that is none", "key 'k': is of kind 4294967295",
             [&] { return entry("k", 0xFFFFFFFF, ""); }),
        file(
            "arrays inside arrays", "is an array of arrays",
            [] {
                std::string nest;
                for (int i = 0; i < 100'000; ++i)
                    nest += B::raw<std::uint32_t>(B::Array) + B::raw<std::uint64_t>(1);
                return entry("k", B::Array, nest);
            },
            unsupported),
        file("a key twice", "key 'llama.block_count' occurs twice",
             [=] { return entry("llama.block_count", B::U32, u32(1)); }),
        file("an alignment of 0", "key 'general.alignment' is 0",
             [=] { return entry("general.alignment", B::U32, u32(0)); }),
        file("an alignment of 2^31", "key 'general.alignment' is 2147483648",
             [=] { return entry("general.alignment", B::U32, u32(1U << 31)); }),
        file("a key with control characters", "key 'a??b?'",
             [] { return entry(std::string("a\n\x1B\x62\xFF", 5), 99, ""); }),
        tensor("a shape whose product wraps",
               "tensor 't': its shape [4294967296, 4294967296] is larger", {1ULL << 32, 1ULL << 32},
               0, 0),
        tensor("rows that are no blocks", "has rows of 33 elements, but Q4_0 comes in blocks of 32",
               {33, 2}, 2, 0),
        tensor("a type that is none", "is of type 77 (unknown)", {32}, 77, 0, unsupported),
        tensor("an offset off the alignment", "begins at byte 8, which is no multiple", {1}, 0, 8),
        tensor("an offset past the end",
               "its 4 bytes from byte 4503599627370496 of the data end past", {1}, 0, 1ULL << 52),
        tensor("data inside another tensor's", "tensor 't': its data begins at byte", {16}, 0, 0),
        tensor("no place in the architecture", "tensor t belongs to no part", {0}, 0, 0,
               unsupported),
        file("a tensor name with a line feed", "tensor 'a?b'",
             [] { return smallGguf([](B& gguf) { gguf.tensor("a\nb", {33}, 2, 0); }); }),
        file(
            "a foreign tensor of a name with a line feed", "tensor a?b belongs to no part",
            [] { return smallGguf([](B& gguf) { gguf.tensor("a\nb", {0}, 0, 0); }); }, unsupported),
    };
}

HostileFiles hostileSplits()
{
    const auto u16 = [](std::uint16_t value) { return B::raw(value); };
    const auto piece = [=](std::uint16_t number, std::uint16_t count, std::uint32_t tensors,
                           const char* name = "t") {
        return B()
            .entry("split.no", B::U16, u16(number))
            .entry("split.count", B::U16, u16(count))
            .entry("split.tensors.count", B::I32, B::raw(tensors))
            .tensor(name, {8}, 0, 0)
            .file(32);
    };
    const std::string first = "m-00001-of-00002.gguf";
    const std::string second = "m-00002-of-00002.gguf";
    const auto row = [&](std::string lie, std::string part, std::function<Files()> make,
                         ErrorCode code = ErrorCode::Format, std::string open = "") {
        return HostileFile{std::move(lie),  std::move(make), codeOf(code),
                           std::move(part), Reader::Model,   open.empty() ? first : open};
    };
    return {
        row("piece 7 of 2", "key 'split.no' is 7, a number below 2",
            [=] {
                return Files{{first, piece(7, 2, 2)}};
            }),
        row(
            "a missing piece of 65535", "a piece of the split model is missing",
            [=] {
                return Files{{"m-00001-of-65535.gguf", piece(0, 65535, 2)}};
            },
            ErrorCode::NotFound, "m-00001-of-65535.gguf"),
        row("a count that is a text", "key 'split.count' is missing or no whole number",
            [=] {
                return Files{{first, B().entry("split.count", B::String, B::text("2")).file()}};
            }),
        row(
            "a name that hides the others", "its name does not end in -00001-of-00002.gguf",
            [=] {
                return Files{{"m.gguf", piece(0, 2, 2)}};
            },
            ErrorCode::Format, "m.gguf"),
        row("the first piece twice",
            "is piece 1 of 2 by its metadata, but by its name piece 2 of 2",
            [=] {
                return Files{{first, piece(0, 2, 2)}, {second, piece(0, 2, 2)}};
            }),
        row("a tensor in both pieces", "tensor 't' is in another piece, too",
            [=] {
                return Files{{first, piece(0, 2, 2)}, {second, piece(1, 2, 2)}};
            }),
        row("more tensors than the pieces hold", "key 'split.tensors.count' says 9",
            [=] {
                return Files{{first, piece(0, 2, 9)}, {second, piece(1, 2, 9, "u")}};
            }),
        row("pieces of two models",
            "belongs to a split of 3 tensors, the piece that was opened to one of 2",
            [=] {
                return Files{{first, piece(0, 2, 2)}, {second, piece(1, 2, 3, "u")}};
            }),
    };
}

} // namespace bs::test
