#include "tests/core/hostile/hostile.h"

namespace bs::test {

namespace {

HostileFile file(std::string lie, std::string part, std::function<std::string()> make,
                 ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [make = std::move(make)] {
                Files files = smallFolder();
                files["model.safetensors"] = make();
                return files;
            },
            codeOf(code), std::move(part)};
}

HostileFile header(std::string lie, std::string part, const std::string& text,
                   std::size_t dataBytes = 0, ErrorCode code = ErrorCode::Format)
{
    return file(
        std::move(lie), std::move(part), [=] { return safetensorsOf(text, dataBytes); }, code);
}

HostileFile index(std::string lie, std::string part, std::function<void(nlohmann::json&)> change,
                  ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie), [change = std::move(change)] { return smallShards(change); },
            codeOf(code), std::move(part)};
}

std::string tensor(const std::string& name, const std::string& rest)
{
    return "\"" + name + "\":{" + rest + "}";
}

} // namespace

HostileFiles hostileSafetensors()
{
    const std::string f32 = R"("dtype":"F32","shape":[2],"data_offsets":)";
    const std::string nan = "tensor 'a': ";
    return {
        file("seven bytes", "is 7 bytes long, a safetensors file has at least 8 bytes",
             [] { return std::string(7, '{'); }),
        file("a header of 2^64 - 1 bytes",
             "the header claims to be 18446744073709551615 bytes long",
             [] { return GgufBuilder::raw(UINT64_MAX) + "{}"; }),
        file("a header longer than the file", "claims to be 99 bytes long, but only 2 bytes follow",
             [] { return GgufBuilder::raw<std::uint64_t>(99) + "{}"; }),
        header("a header that is a list", "does not begin with '{'", "[]"),
        header("a header that ends early", "unexpected end of input", R"({"a":)"),
        header("a tensor twice", "the key 'a' occurs twice",
               "{" + tensor("a", f32 + "[0,8]") + "," + tensor("a", f32 + "[0,8]") + "}", 8),
        header("offsets that run backwards", nan + "its data goes from byte 8 to 0",
               "{" + tensor("a", f32 + "[8,0]") + "}", 8),
        header("a negative offset", nan + "field 'data_offsets' holds -8",
               "{" + tensor("a", f32 + "[-8,0]") + "}", 8),
        header("three offsets", "holds 3 numbers, 2 are expected",
               "{" + tensor("a", f32 + "[0,4,8]") + "}", 8),
        header("a shape larger than its bytes",
               "takes 4 bytes (0 to 4), but shape [2] of F32 takes 8",
               "{" + tensor("a", f32 + "[0,4]") + "}", 4),
        header("a shape whose product wraps", "its shape [4294967296, 4294967296] is larger",
               "{" +
                   tensor("a",
                          R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])") +
                   "}"),
        header("a shape of fractions", "field 'shape' holds 1.5",
               "{" + tensor("a", R"("dtype":"F32","shape":[1.5],"data_offsets":[0,8])") + "}", 8),
        header("a dtype that is none", "is of dtype 'Q4_0', which is not known here",
               "{" + tensor("a", R"("dtype":"Q4_0","shape":[2],"data_offsets":[0,8])") + "}", 8,
               ErrorCode::Unsupported),
        header("an overlap", "an overlap is not allowed",
               "{" + tensor("a", f32 + "[0,8]") + "," + tensor("b", f32 + "[4,12]") + "}", 12),
        header("a gap", "a gap is not allowed",
               "{" + tensor("a", f32 + "[0,8]") + "," + tensor("b", f32 + "[16,24]") + "}", 24),
        header("bytes that belong to no tensor", "8 bytes at the end belong to no tensor",
               "{" + tensor("a", f32 + "[0,8]") + "}", 16),
        header("data that was cut", "describes 8 bytes of data, the file holds 7",
               "{" + tensor("a", f32 + "[0,8]") + "}", 7),
        header(
            "data past 2^63", "no file is that large",
            "{" +
                tensor(
                    "a",
                    R"("dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615])") +
                "}"),
        header("metadata that is no text", "__metadata__ entry 'a' is of type number",
               R"({"__metadata__":{"a":1}})"),
        header("a name that is no UTF-8", "ill-formed UTF-8",
               "{" + tensor("\xC3\x28", f32 + "[0,8]") + "}", 8),
        header("a NUL byte", "NUL byte at byte 2", std::string("{}\0\0", 4)),
        file("a million brackets", "more than 64 deep",
             [] { return safetensorsOf("{\"a\":" + std::string(1'000'000, '[')); }),
        file("100 MB of empty lists", "a run of more than 8388608 bytes",
             [] { return safetensorsOf("{\"a\":[" + repeated("[],", 33'000'000) + "[]]}"); }),
        file("99 MB of lists of empty texts", "would take more than 33554432 bytes",
             [] { return safetensorsOf("{\"a\":[" + repeated("[\"\"],", 19'800'000) + "[]]}"); }),
        file("99 MB of numbers of 300 digits", "would take more than 33554432 bytes",
             [] {
                 const std::string number = "[" + std::string(300, '1') + ".5,\"\"],";
                 return safetensorsOf("{\"a\":[" + repeated(number, 320'000) + "[]]}");
             }),
        file("100 MB of blanks", "a run of more than 8388608 bytes",
             [] { return safetensorsOf("{" + std::string(99'999'998, ' ') + "}"); }),
        file("90 MB of one text", "a run of more than 8388608 bytes",
             [] {
                 return safetensorsOf(R"({"__metadata__":{"a":")" + std::string(90'000'000, 'x') +
                                      "\"}}");
             }),
        file("90 MB of texts with blanks between them", "would take more than 33554432 bytes",
             [] {
                 std::string text = "{\"__metadata__\":{";
                 for (int i = 0; i < 15; ++i)
                     text += "\"" + std::to_string(i) + "\":" + std::string(3'000'000, ' ') + "\"" +
                             std::string(3'000'000, 'x') + "\",";
                 return safetensorsOf(text + "\"z\":\"\"}}");
             }),
        file("600,000 tensors of nothing", "would take more than 33554432 bytes",
             [] {
                 std::string text = "{";
                 for (int i = 0; i < 600'000; ++i)
                     text += "\"" + std::to_string(i) +
                             R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)";
                 text.back() = '}';
                 return safetensorsOf(text);
             }),
        index("no weight_map", "field weight_map is missing or empty",
              [](nlohmann::json& json) { json.erase("weight_map"); }),
        index("a weight_map that is a list", "field weight_map is missing or empty",
              [](nlohmann::json& json) {
                  json["weight_map"] = {1, 2};
              }),
        index("a file in another folder", "weight_map of model.norm.weight is no plain file name",
              [](nlohmann::json& json) {
                  json["weight_map"]["model.norm.weight"] = "../model-1.safetensors";
              }),
        index("a file that is a number", "weight_map of a?b is no plain file name",
              [](nlohmann::json& json) { json["weight_map"]["a\nb"] = 7; }),
        index(
            "a file that is not there", "model-9.safetensors",
            [](nlohmann::json& json) {
                json["weight_map"]["model.norm.weight"] = "model-9.safetensors";
            },
            ErrorCode::NotFound),
        index(
            "a folder in place of a file", "/.: is not a regular file",
            [](nlohmann::json& json) { json["weight_map"]["model.norm.weight"] = "."; },
            ErrorCode::NotFound),
        {"an index of 60 MB of lists",
         [] {
             Files files = smallShards();
             files["model.safetensors.index.json"] =
                 "{\"weight_map\":[" + repeated("[\"\"],", 12'000'000) + "[]]}";
             return files;
         },
         codeOf(ErrorCode::Format), "would take more than 33554432 bytes"},
        {"a tensor in two files",
         [] {
             Files files = smallShards();
             files["model-2.safetensors"] = files["model-1.safetensors"];
             return files;
         },
         codeOf(ErrorCode::Format), "is in another file of the model too"},
    };
}

} // namespace bs::test
