// .bitstack files and checkpoint folders of the BitStack authors.
#include "core/base/packed_text.h"
#include "tests/core/hostile/hostile.h"
#include "tests/support/container_builder.h"
#include "tests/support/container_pieces.h"
#include "tests/support/temp_folder.h"

#include <random>

namespace bs::test {

namespace {

using Json = nlohmann::json;

HostileFile container(std::string lie, std::string part, std::function<void(Pieces&)> change,
                      ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),
            [change = std::move(change)] {
                const TempFolder folder;
                REQUIRE(writeContainer(folder.file("a"), smallContent(), false, {}));
                Pieces pieces(folder.file("a"));
                change(pieces);
                return Files{{"m.bitstack", pieces.bytes()}};
            },
            codeOf(code),
            std::move(part),
            Reader::Model,
            "m.bitstack"};
}

std::function<void(Pieces&)> swapText(std::string from, std::string to)
{
    return
        [from = std::move(from), to = std::move(to)](Pieces& p) { p.replaceInMetadata(from, to); };
}

void setText(Pieces& pieces, const std::string& name, const std::string& text)
{
    pieces.reshape(name, DType::U8, {text.size()});
    pieces.data[pieces.indexOf(name)] = text;
    pieces.reshape(name + ".pad", DType::U8, {64 - text.size() % 64}); // may be 64
}

void setTokenizer(Pieces& pieces, const std::string& packed)
{
    setText(pieces, "bitstack.config", smallFolder().at("config.json"));
    setText(pieces, "bitstack.tokenizer.zlib", packed);
}

HostileFile authors(std::string lie, std::string part, std::function<void(Json&)> change,
                    ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie), [change = std::move(change)] { return smallAuthors(change); },
            codeOf(code), std::move(part)};
}

HostileFile steps(std::string lie, std::string part, std::function<std::string()> make)
{
    return {std::move(lie),
            [make = std::move(make)] {
                Files files = smallAuthors();
                files["compression_config.json"] = make();
                return files;
            },
            codeOf(ErrorCode::Format), std::move(part)};
}

HostileFile tensor(std::string lie, std::string part, const std::string& name,
                   const std::string& dtype, const std::vector<std::uint64_t>& shape,
                   ErrorCode code = ErrorCode::Shape)
{
    return {std::move(lie), [=] { return smallAuthorsWith(name, dtype, shape); }, codeOf(code),
            std::move(part)};
}

} // namespace

HostileFiles hostileContainers()
{
    return {
        container("another version", "the layout is version 9",
                  swapText("\"version\":2", "\"version\":9"), ErrorCode::Unsupported),
        container("a codec that is none", "the codec is 'no?body'",
                  swapText("\"codec\":\"bitstack\"", R"("codec":"no\nbody")"),
                  ErrorCode::Unsupported),
        container("a matrix of 2^40 rows", "is 1099511627776 x 24",
                  swapText("\"rows\":12", "\"rows\":1099511627776")),
        container("an order of strangers", "loading order entry 4 is not one of the 3 matrices",
                  swapText("\"order\":[0,1,2,1,1,2]", "\"order\":[0,1,2,1,9,2]")),
        container("an order of 2^64", "loading order entry 1",
                  swapText("\"order\":[0,1", "\"order\":[0,18446744073709551615")),
        container("a smallest plan past the end", "the smallest plan is 99 blocks",
                  swapText("\"smallest\":3", "\"smallest\":99")),
        container(
            "a part of another shape", "'model.layers.0.a.blocks.0.u' is F16 [24]",
            [](Pieces& p) { p.reshape("model.layers.0.a.blocks.0.u", DType::F16, {24}); },
            ErrorCode::Shape),
        container("a part that is missing",
                  "'model.layers.0.a.blocks.1.u', which the stack names, is missing",
                  [](Pieces& p) { p.remove("model.layers.0.a.blocks.1.u"); }),
        container("a gain that is a text", "gain 0 is no number",
                  swapText("\"gains\":[1,", "\"gains\":[\"1\",")),
        container("a checksum of letters", "16 hexadecimal digits",
                  swapText("\"checksums\":[\"", "\"checksums\":[\"xyz")),
        container("an order of 2,000,000", "would take more than 33554432 bytes",
                  [](Pieces& p) {
                      p.replaceInMetadata("\"order\":[0,",
                                          "\"order\":[" + repeated("0,", 2'000'000));
                  }),
        container("metadata of 40 MB", "a run of more than 8388608 bytes",
                  [](Pieces& p) { p.metadata["bitstack"] = std::string(40'000'000, ' '); }),
        container("a tokenizer packed from 90 MB", "claims to be 90000000 bytes, at most 25165824",
                  [](Pieces& p) { setTokenizer(p, packText(std::string(90'000'000, ' '))); }),
        container("a tokenizer of 24 MB of blanks", "a run of more than 8388608 bytes",
                  [](Pieces& p) { setTokenizer(p, packText(std::string(24'000'000, ' '))); }),
        container(
            "a tokenizer of 24 MB of lists", "tokenizer: is not JSON that can be used",
            [](Pieces& p) { setTokenizer(p, packText("[" + repeated("[],", 8'000'000) + "[]]")); }),
        container(
            "a tokenizer that is no stream", "holds something else",
            [](Pieces& p) { setTokenizer(p, GgufBuilder::raw<std::uint64_t>(100) + "no stream"); }),
        container("a config of 2 MB", "tensor 'bitstack.config' is U8 of 2000000 bytes",
                  [](Pieces& p) { p.reshape("bitstack.config", DType::U8, {2'000'000}); }),
        container("a config of another model", "field num_hidden_layers is missing",
                  [](Pieces&) {}),
        {"cut behind the header",
         [] {
             const TempFolder folder;
             REQUIRE(writeContainer(folder.file("a"), smallContent(), false, {}));
             return Files{{"m.bitstack", folder.read("a").substr(0, 4096)}};
         },
         codeOf(ErrorCode::Format), "was cut", Reader::Model, "m.bitstack"},
    };
}

HostileFiles hostileAuthors()
{
    const std::string q = "layer.0.self_attn.q_proj";
    const std::string name = "model.layers.0.self_attn.q_proj";
    return {
        steps("no JSON", "compression_config.json: is not JSON from byte",
              [] { return std::string("[{"); }),
        steps("an empty file", "compression_config.json: is not JSON",
              [] { return std::string(); }),
        steps("a NUL byte", "NUL byte at byte 1", [] { return std::string("[\0]", 3); }),
        steps("an object", "is an object, a list of steps is expected",
              [] { return std::string("{}"); }),
        steps("no steps", "holds no step, so no loading order", [] { return std::string("[]"); }),
        steps("a million brackets", "holds an array where none is expected",
              [] { return std::string(1'000'000, '['); }),
        steps("a number in the list", "step 0 holds a number", [] { return std::string("[7]"); }),
        steps("60 MB of one text", "a run of more than 8388608 bytes",
              [] { return "[\"" + std::string(60'000'000, 'x') + "\"]"; }),
        authors("a step without layers", "step 3 has no field 'layers'",
                [](Json& s) { s[3].erase("layers"); }),
        authors("layers that are a list", "step 1 holds an array",
                [](Json& s) { s[1]["layers"] = {1}; }),
        authors("a matrix that is none", "names 'layer.7.x?', which is no matrix",
                [](Json& s) { s[2]["layers"]["layer.7.x\n"] = 1; }),
        authors("a matrix missing", "step 1 names 6 matrices, the model has 7",
                [=](Json& s) { s[1]["layers"].erase(q); }),
        authors("more blocks than the files hold",
                "step 1 asks for 3 blocks of " + name + ", the files hold 2",
                [=](Json& s) { s[1]["layers"][q] = 3; }),
        authors("2^63 blocks", "asks for 9223372036854775808 blocks",
                [=](Json& s) { s[1]["layers"][q] = 1ULL << 63; }),
        authors("a negative number of blocks", "holds a negative number where a number of blocks",
                [=](Json& s) { s[1]["layers"][q] = -1; }),
        authors("half a block", "holds a fraction", [=](Json& s) { s[1]["layers"][q] = 0.5; }),
        authors("blocks that go away", "step 3 has 1 blocks of " + name + ", the step before had 2",
                [=](Json& s) { s[3]["layers"][q] = 1; }),
        authors("a matrix that is never loaded", "never loads a block of " + name,
                [=](Json& s) {
                    for (Json& step : s)
                        step["layers"][q] = 0;
                }),
        tensor("signs of other bytes", "is U8 of 9 bytes, signs of a matrix [8, 8] are U8 of 8",
               name + ".qweight_0", "U8", {9}),
        tensor("signs of another type", "is I8 of 8 bytes", name + ".qweight_0", "I8", {8}),
        tensor("u of other rows", ".u_0' is F16 [9, 2], expected is F16 [8, 2]", name + ".u_0",
               "F16", {9, 2}),
        tensor("another rank in the second block", ".u_1' is F16 [8, 3], expected is F16 [8, 2]",
               name + ".u_1", "F16", {8, 3}),
        tensor("vt of another rank", ".vt_0' is F16 [3, 8], expected is F16 [2, 8]", name + ".vt_0",
               "F16", {3, 8}),
        tensor("a gap in the blocks", "asks for 1 blocks of " + name + ", the files hold 0",
               name + ".qweight_0", "", {}, ErrorCode::Format),
        tensor("no u", "tensor '" + name + ".u_0' is missing", name + ".u_0", "", {},
               ErrorCode::Format),
        tensor("a stranger", "tensor 'model.layers.0.bias' belongs to no part",
               "model.layers.0.bias", "F16", {8}, ErrorCode::Unsupported),
    };
}

} // namespace bs::test
