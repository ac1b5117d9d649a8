#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/gguf.h"

#include "tests/support/gguf_builder.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <limits>
#include <span>

using namespace bs;
using namespace bs::test;
using B = GgufBuilder;

namespace {

struct Lie
{
    std::string name;
    std::string bytes;
    ErrorCode code;
    const char* part; ///< of the message
};

std::vector<Lie> headerLies()
{
    const ErrorCode format = ErrorCode::Format;
    const std::string one = B::raw<std::uint32_t>(1);
    return {
        {"empty file", "", format, "the magic number takes 4 bytes at byte 0, but only 0 are left"},
        {"foreign file", "PK\x03\x04 and so on", format, "does not begin with 'GGUF'"},
        {"only the magic number", "GGUF", format, "the version takes 4 bytes at byte 4, but only 0 are left"},
        {"version 0", B(0).file(), ErrorCode::Unsupported, "is GGUF version 0, versions 2 and 3 are read"},
        {"version 1", B(1).file(), ErrorCode::Unsupported, "is GGUF version 1"},
        {"version 4", B(4).file(), ErrorCode::Unsupported, "is GGUF version 4"},
        {"big-endian", B(0x03000000).file(), ErrorCode::Unsupported, "big-endian"},
        {"cut in the counts", B().header().substr(0, 20), format, "the number of metadata entries takes 8 bytes at byte 16, but only 4"},
        {"more tensors than bytes", B().counts(1ULL << 60, 0).file(64), format, "the number of tensors is 1152921504606846976"},
        {"more entries than bytes", B().counts(0, 1ULL << 60).file(64), format, "the number of metadata entries is 1152921504606846976"},
        {"an entry is missing", B().counts(0, 1).header() + std::string(12, '\0'), format, "the number of metadata entries is 1, but what is left of the file holds at most 0"},
        {"endless key", B().counts(0, 1).header() + B::raw<std::uint64_t>(UINT64_MAX) + std::string(40, 'k'), format,
         "metadata entry 0: its name takes 18446744073709551615 bytes"},
        {"long key", B().entry(std::string(70'000, 'k'), B::U32, one).file(), format, "is 70000 bytes long, at most 65535"},
        {"unknown kind", B().entry("k", 13, one).file(), format, "key 'k': is of kind 13"},
        {"a boolean of 2", B().entry("k", B::Bool, "\x02").file(), format, "key 'k': is a boolean of value 2"},
        {"endless string", B().entry("k", B::String, B::raw<std::uint64_t>(1ULL << 40)).file(), format,
         "key 'k': its value takes 1099511627776 bytes"},
        {"endless array", B().entry("k", B::U32, 1ULL << 62, one).file(), format, "key 'k': is an array of 4611686018427387904 elements"},
        {"array of strings that are not there", B().entry("k", B::String, 100, B::text("a")).file(64), format,
         "is an array of 100 elements, but what is left of the file holds at most"},
        {"string in an array that is cut", B().entry("k", B::String, 2, B::text("a") + B::raw<std::uint64_t>(99) + "b").file(), format,
         "key 'k': its elements takes 99 bytes"},
        {"array of arrays", B().entry("k", B::Array, 1, one + B::raw<std::uint64_t>(1) + one).file(), ErrorCode::Unsupported,
         "key 'k': is an array of arrays"},
        {"array of an unknown kind", B().entry("k", 77, 1, one).file(16), format, "key 'k': is of kind 77"},
        {"array with more than is read", B().entry("k", B::U8, (1ULL << 24) + 1, std::string((1ULL << 24) + 1, 'a')).file(), format,
         "at most 16777216 are read"},
        {"number too large for an array", B().entry("k", B::U64, 1, B::raw(UINT64_MAX)).file(), format, "element 0 is 18446744073709551615"},
        {"a key twice", B().entry("k", B::U32, one).entry("k", B::U32, one).file(), format, "key 'k' occurs twice"},
        {"alignment 0", B().entry("general.alignment", B::U32, B::raw<std::uint32_t>(0)).file(), format, "'general.alignment' is 0"},
        {"alignment 48", B().entry("general.alignment", B::U32, B::raw<std::uint32_t>(48)).file(), format, "'general.alignment' is 48"},
        {"alignment as text", B().entry("general.alignment", B::String, B::text("32")).file(), format, "'general.alignment' is no number"},
    };
}

std::vector<Lie> tensorLies()
{
    const ErrorCode format = ErrorCode::Format;
    return {
        {"a tensor is missing", B().counts(1, 0).header() + B::text("t") + std::string(15, '\0'), format, "tensor 't': its offset takes 8 bytes at byte 41, but only 7 are left"},
        {"cut in the tensor list", B().tensor("t", {4}, 0, 0).counts(1, 0).header().substr(0, 55), format, "tensor 't': its"},
        {"five dimensions", B().tensor("t", {1, 1, 1, 1, 1}, 0, 0).file(32), format, "tensor 't': has 5 dimensions, at most 4"},
        {"i-quant", B().tensor("blk.0.ffn_up.weight", {256}, 16, 0).file(256), ErrorCode::Unsupported,
         "tensor 'blk.0.ffn_up.weight': is of type 16 (IQ2_XXS), which is not supported"},
        {"removed type", B().tensor("t", {256}, 4, 0).file(256), ErrorCode::Unsupported, "is of type 4 (Q4_2)"},
        {"newest type", B().tensor("t", {256}, 41, 0).file(256), ErrorCode::Unsupported, "is of type 41 (Q1_0)"},
        {"type that never was", B().tensor("t", {256}, 4000000000, 0).file(256), ErrorCode::Unsupported, "is of type 4000000000 (unknown)"},
        {"row that is no multiple of a block", B().tensor("t", {33, 2}, 3, 0).file(256), format,
         "tensor 't': has rows of 33 elements, but Q4_1 comes in blocks of 32"},
        {"shape that wraps", B().tensor("t", {1ULL << 32, 1ULL << 32}, 0, 0).file(256), format, "tensor 't': its shape [4294967296, 4294967296] is larger"},
        {"shape whose elements wrap, but not its bytes", B().tensor("t", {32, 1ULL << 59, 1}, 2, 0).file(256), format, "is larger than any file"},
        {"shape that wraps by a zero", B().tensor("t", {1ULL << 63, 4, 0}, 0, 0).file(256), format, "is larger than any file"},
        {"offset off the alignment", B().tensor("t", {4}, 0, 8).file(64), format, "begins at byte 8, which is no multiple of the alignment 32"},
        {"name twice", B().tensor("t", {4}, 0, 0).tensor("t", {4}, 0, 32).file(64), format, "tensor 't' occurs twice"},
        {"data cut", B().tensor("t", {4, 4}, 0, 0).file(63), format,
         "tensor 't': its 64 bytes from byte 0 of the data end past the file, which holds 63 bytes of data"},
        {"data far away", B().tensor("t", {4}, 0, UINT64_MAX - 31).file(64), format, "end past the file"},
        {"no data at all", B().tensor("t", {4}, 0, 0).header(), format, "holds 0 bytes of data"},
        {"overlap", B().tensor("t", {16}, 0, 0).tensor("v", {4}, 0, 32).file(64), format, "tensor 'v': its data begins at byte"},
        {"two in one place", B().tensor("t", {4}, 0, 0).tensor("v", {4}, 0, 0).file(64), format, "inside that of"},
    };
}

void checkLies(const std::vector<Lie>& lies)
{
    const TempFolder folder;
    for (const Lie& lie : lies) {
        CAPTURE(lie.name);
        const auto result = readGguf(folder.write("m.gguf", lie.bytes));
        REQUIRE_FALSE(result);
        INFO(result.error().message);
        CHECK(result.error().code == lie.code);
        CHECK(result.error().message.find(lie.part) != std::string::npos);
        CHECK(result.error().message.starts_with(folder.file("m.gguf") + ": "));
    }
}

} // namespace

TEST_CASE("each lie in the metadata gets its own sentence")
{
    checkLies(headerLies());
}

TEST_CASE("each lie about a tensor gets its own sentence")
{
    checkLies(tensorLies());
}

TEST_CASE("metadata of every kind")
{
    const TempFolder folder;
    for (const std::uint32_t version : {2U, 3U}) {
        B builder(version);
        builder.entry("u8", B::U8, "\xC8").entry("i8", B::I8, "\xC8");
        builder.entry("u16", B::U16, B::raw<std::uint16_t>(65535)).entry("i16", B::I16, B::raw<std::int16_t>(-2));
        builder.entry("u32", B::U32, B::raw<std::uint32_t>(4000000000)).entry("i32", B::I32, B::raw<std::int32_t>(-3));
        builder.entry("u64", B::U64, B::raw(UINT64_MAX)).entry("i64", B::I64, B::raw<std::int64_t>(-4));
        builder.entry("f32", B::F32, B::raw(1.5F)).entry("f64", B::F64, B::raw(1e300));
        builder.entry("yes", B::Bool, "\x01").entry("text", B::String, B::text("ü\n"));
        builder.entry("ints", B::I32, 3, B::raw(1) + B::raw(-2) + B::raw(3));
        builder.entry("bools", B::Bool, 2, std::string("\0\1", 2));
        builder.entry("reals", B::F32, 2, B::raw(0.5F) + B::raw(-1.0F));
        builder.entry("texts", B::String, 3, B::text("a") + B::text("") + B::text("bc"));
        builder.entry("none", B::String, 0, "");
        const auto read = readGguf(folder.write("m.gguf", builder.file()));
        REQUIRE(read);
        const GgufFile& file = read.value();
        CHECK(file.version == version);
        CHECK(file.integer("u8") == 200);
        CHECK_FALSE(file.integer("i8"));
        CHECK(file.number("i8") == -56.0);
        CHECK(file.integer("u16") == 65535);
        CHECK(file.number("i16") == -2.0);
        CHECK(file.integer("u32") == 4000000000);
        CHECK(file.integer("u64") == UINT64_MAX);
        CHECK(file.number("i64") == -4.0);
        CHECK(file.number("f32") == 1.5);
        CHECK(file.number("f64") == 1e300);
        CHECK_FALSE(file.integer("f32"));
        CHECK(std::get<bool>(file.metadata.at("yes")));
        CHECK(file.text("text") == "ü\n");
        CHECK_FALSE(file.text("u8"));
        CHECK_FALSE(file.number("absent"));
        CHECK(std::get<std::vector<std::int64_t>>(file.metadata.at("ints")) == std::vector<std::int64_t>{1, -2, 3});
        CHECK(std::get<std::vector<std::int64_t>>(file.metadata.at("bools")) == std::vector<std::int64_t>{0, 1});
        CHECK(std::get<std::vector<double>>(file.metadata.at("reals")) == std::vector<double>{0.5, -1.0});
        CHECK(std::get<std::vector<std::string>>(file.metadata.at("texts")) == std::vector<std::string>{"a", "", "bc"});
        CHECK(std::get<std::vector<std::string>>(file.metadata.at("none")).empty());
    }
}

TEST_CASE("tensors of every type, shapes outermost first")
{
    const TempFolder folder;
    const struct
    {
        std::uint32_t number;
        DType type;
        std::uint64_t bytes; // of 256 x 2 elements
    } rows[] = {{0, DType::F32, 2048}, {1, DType::F16, 1024}, {2, DType::Q4_0, 288}, {3, DType::Q4_1, 320},
                {6, DType::Q5_0, 352}, {7, DType::Q5_1, 384}, {8, DType::Q8_0, 544}, {10, DType::Q2_K, 168},
                {11, DType::Q3_K, 220}, {12, DType::Q4_K, 288}, {13, DType::Q5_K, 352}, {14, DType::Q6_K, 420},
                {20, DType::IQ4_NL, 288}, {23, DType::IQ4_XS, 272}, {24, DType::I8, 512}, {25, DType::I16, 1024},
                {26, DType::I32, 2048}, {27, DType::I64, 4096}, {28, DType::F64, 4096}, {30, DType::BF16, 1024}};
    for (const std::uint64_t alignment : {32, 64}) {
        B builder;
        if (alignment != 32)
            builder.entry("general.alignment", B::U32, B::raw(static_cast<std::uint32_t>(alignment)));
        std::uint64_t offset = 0;
        for (const auto& row : rows) {
            builder.tensor("t" + std::to_string(row.number), {256, 2}, row.number, offset);
            offset = (offset + row.bytes + alignment - 1) / alignment * alignment;
        }
        const std::string bytes = builder.file(offset, alignment);
        const auto file = readGguf(folder.write("m.gguf", bytes));
        REQUIRE(file);
        for (const auto& row : rows) {
            CAPTURE(row.number);
            const TensorDesc* tensor = file.value().find("t" + std::to_string(row.number));
            REQUIRE(tensor != nullptr);
            CHECK(tensor->dtype == row.type);
            CHECK(tensor->bytes == row.bytes);
            CHECK(tensor->shape == std::vector<std::uint64_t>{2, 256});
            CHECK(tensor->offset % alignment == 0);
        }
        CHECK(file.value().tensors[0].offset == bytes.size() - offset);
        CHECK(file.value().find("t99") == nullptr);
    }
}

TEST_CASE("a header longer than one piece")
{
    const TempFolder folder;
    std::string texts;
    for (int i = 0; i < 100'000; ++i)
        texts += B::text("token" + std::to_string(i));
    B builder;
    builder.entry("tokens", B::String, 100'000, texts).entry("long", B::String, B::text(std::string(900'000, 'x')));
    builder.entry("after", B::U32, B::raw<std::uint32_t>(7)).tensor("t", {4}, 0, 0);
    const auto file = readGguf(folder.write("m.gguf", builder.file(16)));
    REQUIRE(file);
    CHECK(std::get<std::vector<std::string>>(file.value().metadata.at("tokens")).at(99'999) == "token99999");
    CHECK(file.value().text("long")->size() == 900'000);
    CHECK(file.value().integer("after") == 7);
    CHECK(file.value().tensors.at(0).bytes == 16);
}

TEST_CASE("every cut of a good file is refused")
{
    const TempFolder folder;
    B builder;
    builder.entry("a", B::String, B::text("xyz")).entry("b", B::U32, 2, B::raw(1) + B::raw(2));
    builder.tensor("t", {4, 2}, 0, 0).tensor("v", {32}, 8, 32);
    const std::string bytes = builder.file(32 + 34);
    REQUIRE(readGguf(folder.write("m.gguf", bytes)));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CAPTURE(size);
        const auto cut = readGguf(folder.write("m.gguf", bytes.substr(0, size)));
        REQUIRE_FALSE(cut);
        CHECK(cut.error().code == ErrorCode::Format);
    }
}

namespace {

/// Piece `number` of `count`, of a split of `total` tensors, holding one tensor of 4 floats.
std::string piece(std::uint16_t number, std::uint16_t count, std::int32_t total, const std::string& tensor)
{
    B builder;
    builder.entry("split.no", B::U16, B::raw(number)).entry("split.count", B::U16, B::raw(count));
    builder.entry("split.tensors.count", B::I32, B::raw(total));
    if (number == 0) builder.entry("general.name", B::String, B::text("first"));
    builder.tensor(tensor, {4}, 0, 0);
    std::string bytes = builder.file();
    for (int i = 0; i < 4; ++i)
        bytes += B::raw(static_cast<float>(10 * number + i));
    return bytes;
}

} // namespace

TEST_CASE("a split file opens from any of its pieces")
{
    const TempFolder folder;
    for (std::uint16_t i = 0; i < 3; ++i)
        folder.write("m-0000" + std::to_string(i + 1) + "-of-00003.gguf", piece(i, 3, 3, "t" + std::to_string(i)));
    for (const char* name : {"m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf"}) {
        CAPTURE(name);
        const auto file = readGguf(folder.file(name));
        REQUIRE_MESSAGE(file, (file ? "" : file.error().message));
        CHECK(file.value().text("general.name") == "first");
        REQUIRE(file.value().tensors.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            const TensorDesc* tensor = file.value().find("t" + std::to_string(i));
            REQUIRE(tensor != nullptr);
            float values[4] = {};
            REQUIRE(file.value().file->readAt(tensor->offset, std::as_writable_bytes(std::span(values))));
            CHECK(values[3] == static_cast<float>(10 * i + 3));
        }
    }
}

TEST_CASE("a piece that is missing, foreign or of another name is refused by name")
{
    const auto refused = [](const std::string& second, const std::string& firstName, ErrorCode code, const char* part) {
        const TempFolder folder;
        folder.write(firstName, piece(0, 2, 2, "t0"));
        if (!second.empty()) folder.write("m-00002-of-00002.gguf", second);
        const auto file = readGguf(folder.file(firstName));
        REQUIRE_FALSE(file);
        INFO(file.error().message);
        CHECK(file.error().code == code);
        CHECK(file.error().message.find(part) != std::string::npos);
    };
    const std::string name = "m-00001-of-00002.gguf";
    refused("", name, ErrorCode::NotFound, "m-00002-of-00002.gguf");
    refused(piece(1, 2, 2, "t1"), "other.gguf", ErrorCode::Format, "its name does not end in -00001-of-00002.gguf");
    refused(piece(0, 2, 2, "t1"), name, ErrorCode::Format, "is piece 1 of 2 by its metadata, but by its name piece 2 of 2");
    refused(piece(1, 3, 2, "t1"), name, ErrorCode::Format, "is piece 2 of 3 by its metadata");
    refused(piece(1, 2, 7, "t1"), name, ErrorCode::Format, "belongs to a split of 7 tensors");
    refused(piece(1, 2, 2, "t0"), name, ErrorCode::Format, "tensor 't0' is in another piece");
    refused(B().tensor("t1", {4}, 0, 0).file(16), name, ErrorCode::Format, "is piece 1 of 1 by its metadata");
    const TempFolder folder;
    folder.write("m-00002-of-00002.gguf", piece(1, 2, 3, "t1"));
    const auto few = readGguf(folder.write(name, piece(0, 2, 3, "t0")));
    REQUIRE_FALSE(few);
    CHECK(few.error().message.find("hold 2 tensors, key 'split.tensors.count' says 3") != std::string::npos);
}
