#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/safetensors.h"

#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <array>

using namespace bs;
using bs::test::TempFolder;

namespace {

/// Length field, header and data.
std::string fileOf(const std::string& header, const std::string& data = "", std::uint64_t extraLength = 0)
{
    const std::uint64_t length = header.size() + extraLength;
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(length >> (8 * i) & 0xFF);
    return bytes + header + data;
}

struct Lie
{
    std::string name;
    std::string bytes;
    ErrorCode code;
    const char* part; ///< of the message
};

std::vector<Lie> lies()
{
    const std::string four(4, 'x');
    const ErrorCode format = ErrorCode::Format;
    const std::string one = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
    return {
        {"empty file", "", format, "is 0 bytes long"},
        {"seven bytes", "1234567", format, "is 7 bytes long"},
        {"header longer than the file", fileOf(one, "", 1), format, "claims to be 55 bytes long, but only 54 bytes follow"},
        {"header longer than allowed", fileOf(one, four, 100'000'000), format, "at most 100000000 are allowed"},
        {"length with all bits", std::string(8, '\xFF') + one, format, "claims to be 18446744073709551615"},
        {"no header", fileOf(""), format, "does not begin with '{'"},
        {"header begins with a space", fileOf(" " + one, four), format, "does not begin with '{'"},
        {"header is an array", fileOf("[]"), format, "does not begin with '{'"},
        {"header is no JSON", fileOf("{\"a\":"), format, "unexpected end of input"},
        {"NUL in the header", fileOf(std::string("{}\0\0", 4)), format, "NUL byte at byte 2"},
        {"bytes behind the header's object", fileOf("{}{}"), format, "at byte 2 of 4"},
        {"ill-formed UTF-8", fileOf("{\"\xFF\":1}"), format, "UTF-8"},
        {"a tensor twice",
         fileOf(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", four),
         format, "the key 'a' occurs twice"},
        {"a field twice", fileOf(R"({"a":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}})", four), format,
         "the key 'dtype' occurs twice"},
        {"nested without end", fileOf("{\"a\":" + std::string(1'000'000, '[')), format, "more than 64 deep"},
        {"metadata is a list", fileOf(R"({"__metadata__":[]})"), format, "__metadata__ is of type array"},
        {"metadata holds a number", fileOf(R"({"__metadata__":{"k":1}})"), format, "__metadata__ entry 'k' is of type number"},
        {"tensor is a number", fileOf(R"({"a":1})"), format, "tensor 'a': is of type number"},
        {"unknown dtype", fileOf(R"({"a":{"dtype":"F4","shape":[4],"data_offsets":[0,4]}})", four), ErrorCode::Unsupported,
         "tensor 'a': is of dtype 'F4'"},
        {"dtype is a number", fileOf(R"({"a":{"dtype":4,"shape":[4],"data_offsets":[0,4]}})", four), format, "no field 'dtype'"},
        {"GGUF's dtype", fileOf(R"({"a":{"dtype":"Q4_0","shape":[32],"data_offsets":[0,18]}})", std::string(18, 'x')),
         ErrorCode::Unsupported, "'Q4_0'"},
        {"no shape", fileOf(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", four), format, "tensor 'a': has no field 'shape'"},
        {"shape is a number", fileOf(R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", four), format,
         "field 'shape' is of type number"},
        {"negative dimension", fileOf(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four), format,
         "field 'shape' holds -1"},
        {"fractional dimension", fileOf(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", four), format,
         "field 'shape' holds 1.0"},
        {"dimension beyond 64 bits", fileOf(R"({"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}})", four),
         format, "field 'shape' holds 1.8"},
        {"shape whose product wraps to 1",
         fileOf(R"({"a":{"dtype":"U8","shape":[4294967297,4294967297,18446744065119617025],"data_offsets":[0,1]}})", "x"), format,
         "is larger than any file"},
        {"shape whose bytes wrap to 0", fileOf(R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}})"), format,
         "is larger than any file"},
        {"no offsets", fileOf(R"({"a":{"dtype":"F32","shape":[1]}})", four), format, "has no field 'data_offsets'"},
        {"three offsets", fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", four), format, "holds 3 numbers"},
        {"backwards", fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four), format, "from byte 4 to 0"},
        {"bytes unlike the shape", fileOf(R"({"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,4]}})", four), format,
         "takes 4 bytes (0 to 4), but shape [1, 2] of F32 takes 8"},
        {"first tensor not at 0", fileOf(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})", four), format,
         "begins at byte 1, but the data before it ends at byte 0 (a gap"},
        {"gap", fileOf(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", four),
         format, "tensor 'b': its data begins at byte 2, but the data before it ends at byte 1 (a gap"},
        {"overlap",
         fileOf(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", four),
         format, "(an overlap"},
        {"one place for two", fileOf(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", four),
         format, "(an overlap"},
        {"cut", fileOf(one, "xyz"), format, "describes 4 bytes of data, the file holds 3; the file was cut"},
        {"bytes left over", fileOf(one, "xyz12"), format, "holds 5; 1 bytes at the end belong to no tensor"},
        {"offsets near 2^64",
         fileOf(R"({"a":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615]}})", four), format,
         "no file is that large"},
    };
}

Result<SafetensorsFile> read(const TempFolder& folder, const std::string& bytes, SafetensorsReadOptions options = {})
{
    return readSafetensors(folder.write("m.safetensors", bytes), options);
}

} // namespace

TEST_CASE("each lie gets its own sentence")
{
    const TempFolder folder;
    for (const Lie& lie : lies()) {
        CAPTURE(lie.name);
        const auto result = read(folder, lie.bytes);
        REQUIRE_FALSE(result);
        INFO(result.error().message);
        CHECK(result.error().code == lie.code);
        CHECK(result.error().message.find(lie.part) != std::string::npos);
        CHECK(result.error().message.starts_with(folder.file("m.safetensors") + ": "));
        CHECK(result.error().message.find('\n') == std::string::npos);
    }
    CHECK(readSafetensors(folder.file("none")).error().code == ErrorCode::NotFound);
}

TEST_CASE("every dtype of the format")
{
    const TempFolder folder;
    constexpr std::array kTypes{DType::F64, DType::F32, DType::F16, DType::BF16, DType::F8E4M3, DType::F8E5M2,
                                DType::I64, DType::I32, DType::I16, DType::I8, DType::U64, DType::U32,
                                DType::U16, DType::U8, DType::Bool};
    std::vector<TensorDesc> tensors;
    std::uint64_t total = 0;
    for (const DType type : kTypes) {
        const std::uint64_t bytes = 6 * infoOf(type).blockBytes;
        tensors.push_back({"t." + std::string(infoOf(type).name), type, {2, 3}, 0, bytes});
        total += bytes;
    }
    const auto file = read(folder, safetensorsHeader(tensors, {}, 8) + std::string(total, 'x'));
    REQUIRE(file);
    REQUIRE(file.value().tensors.size() == kTypes.size());
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        const TensorDesc& tensor = file.value().tensors[i];
        CHECK(tensor.name == tensors[i].name);
        CHECK(tensor.dtype == kTypes.at(i));
        CHECK(tensor.shape == tensors[i].shape);
        CHECK(tensor.bytes == tensors[i].bytes);
    }
    CHECK(file.value().tensors[0].offset == file.value().dataOffset);
    CHECK(file.value().tensors.back().offset + 6 == file.value().file->size());
    CHECK(file.value().find("t.F16")->dtype == DType::F16);
    CHECK(file.value().find("t.F17") == nullptr);
}

TEST_CASE("what the rules allow")
{
    const TempFolder folder;
    CHECK(read(folder, fileOf("{}")));
    CHECK(read(folder, fileOf("{ }    ")));
    CHECK(read(folder, fileOf(R"({"__metadata__":{}})")));
    CHECK(read(folder, fileOf(R"({"__metadata__":null})")));
    const auto scalar = read(folder, fileOf(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", "abcd"));
    REQUIRE(scalar);
    CHECK(scalar.value().tensors[0].elements() == 1);
    // Tensors of no bytes may share a place, and the text may name them in any order.
    const auto zero = read(folder, fileOf(R"({"z":{"dtype":"U8","shape":[1],"data_offsets":[3,4]},
        "b":{"dtype":"U8","shape":[7,0],"data_offsets":[3,3]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})", "abcd"));
    REQUIRE(zero);
    CHECK(zero.value().tensors[0].name == "a");
    CHECK(zero.value().tensors[1].name == "b");
    CHECK(zero.value().tensors[2].name == "z");
}

TEST_CASE("a cut file is accepted when the caller asks for it")
{
    const TempFolder folder;
    const std::string header = R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F32","shape":[2],"data_offsets":[3,11]}})";
    const auto cut = read(folder, fileOf(header, "abcde"), {.allowTruncated = true});
    REQUIRE(cut);
    CHECK(cut.value().truncated);
    REQUIRE(cut.value().tensors.size() == 2);
    CHECK(cut.value().tensors[1].offset + cut.value().tensors[1].bytes == cut.value().file->size() + 6);
    const auto whole = read(folder, fileOf(header, "abcdefghijk"), {.allowTruncated = true});
    REQUIRE(whole);
    CHECK_FALSE(whole.value().truncated);
    CHECK_FALSE(read(folder, fileOf(header, "abcdefghijkl"), {.allowTruncated = true}));
    CHECK_FALSE(read(folder, fileOf(header, "").substr(0, 50), {.allowTruncated = true}));
}

TEST_CASE("the header we write is read back, whatever the names hold")
{
    const TempFolder folder;
    const std::map<std::string, std::string> metadata{{"format", "pt"}, {"q\"\\\n\x01", "ü漢\t{}"}};
    const std::vector<TensorDesc> tensors{{"plain", DType::F16, {2}, 0, 4}, {"quote\"back\\slash ü", DType::U8, {}, 0, 1}};
    for (const std::uint64_t alignment : {1, 8, 64, 4096}) {
        const std::string header = safetensorsHeader(tensors, metadata, alignment);
        CHECK(header.size() % alignment == 0);
        const auto file = read(folder, header + "12345");
        REQUIRE(file);
        CHECK(file.value().metadata == metadata);
        REQUIRE(file.value().tensors.size() == 2);
        CHECK(file.value().tensors[1].name == tensors[1].name);
        CHECK(file.value().dataOffset == header.size());
    }
    CHECK(read(folder, safetensorsHeader({}, {}, 8)));
    CHECK(read(folder, safetensorsHeader({{"bad \xFF", DType::U8, {1}, 0, 1}}, {}, 8) + "x").value().tensors[0].name ==
          "bad \xEF\xBF\xBD");
}
