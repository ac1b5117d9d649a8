#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/container.h"

#include "core/base/arena.h"
#include "tests/support/container_builder.h"
#include "tests/support/container_pieces.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

using namespace bs;
using namespace bs::test;

namespace {

void checkError(const Error& error, ErrorCode code, const std::string& part)
{
    INFO(error.message);
    CHECK(error.code == code);
    CHECK(error.message.find(part) != std::string::npos);
    CHECK(error.message.find('\n') == std::string::npos);
}

struct Lie
{
    std::string name;
    std::function<void(Pieces&)> change;
    ErrorCode code;
    std::string part; ///< of the message
};

std::function<void(Pieces&)> swapText(std::string from, std::string to)
{
    return [from = std::move(from), to = std::move(to)](Pieces& pieces) { pieces.replaceInMetadata(from, to); };
}

std::vector<Lie> lies()
{
    const ErrorCode format = ErrorCode::Format;
    const std::string orderText = "\"order\":[0,1,2,1,1,2]";
    return {
        {"no metadata", [](Pieces& p) { p.metadata.clear(); }, format, "not a .bitstack file"},
        {"metadata is no JSON", [](Pieces& p) { p.metadata["bitstack"] = "{"; }, format, "metadata 'bitstack'"},
        {"metadata is a list", [](Pieces& p) { p.metadata["bitstack"] = "[]"; }, format, "is of type array"},
        {"a field twice", swapText("\"codec\"", "\"version\":2,\"codec\""), format, "the key 'version' occurs twice"},
        {"newer version", swapText("\"version\":2", "\"version\":7"), ErrorCode::Unsupported, "version 7, this program reads version 2"},
        {"version 1", swapText("\"version\":2", "\"version\":1"), ErrorCode::Unsupported, "version 1, this program reads version 2"},
        {"version as text", swapText("\"version\":2", "\"version\":\"2\""), format, "field 'version' is of type string"},
        {"no version", swapText("\"version\":2,", ""), format, "has no field 'version'"},
        {"unknown codec", swapText("\"codec\":\"bitstack\"", "\"codec\":\"later\""), ErrorCode::Unsupported, "the codec is 'later'"},
        {"provenance holds a number", swapText("\"program\":\"test\"", "\"program\":3"), format, "provenance 'program' is of type number"},
        {"no matrices", swapText("\"matrices\"", "\"matrixes\""), format, "has no field 'matrices'"},
        {"matrix is a number", swapText("\"matrices\":[", "\"matrices\":[5,"), format, "matrix 0: is of type number"},
        {"matrix without a name", swapText("\"name\":\"model.layers.0.a\",", ""), format, "matrix 1: has no field 'name'"},
        {"two matrices of one name", swapText("model.layers.0.b", "model.layers.0.a"), format, "matrix 'model.layers.0.a' occurs twice"},
        {"no rows", swapText("\"rows\":12", "\"rows\":0"), format, "'model.layers.0.a' is 0 x 24"},
        {"negative rows", swapText("\"rows\":12", "\"rows\":-12"), format, "field 'rows' is of type number"},
        {"endless rows", swapText("\"rows\":12", "\"rows\":9000000000"), format, "is 9000000000 x 24"},
        {"linear is a word", swapText("\"linear\":true", "\"linear\":\"yes\""), format, "field 'linear' is of type string"},
        {"a gain too many", swapText("\"gains\":[1,", "\"gains\":[1,2,"), format, "has 4 gains, but 3 checksums"},
        {"gain is a word", swapText("\"gains\":[1,", "\"gains\":[\"x\","), format, "gain 0 is no number"},
        {"gain too large", swapText("\"gains\":[1,", "\"gains\":[1e999,"), format, "number overflow"},
        {"short checksum", swapText("\"checksums\":[\"", "\"checksums\":[\"1\",\""), format, "has 1 gains, but 2 checksums"},
        {"a whole tensor of two blocks",
         [](Pieces& p) {
             p.replaceInMetadata("\"gains\":[0]", "\"gains\":[0,0]");
             p.replaceInMetadata("\"checksums\":[", "\"checksums\":[\"0123456789abcdef\",");
         },
         format, "is a whole tensor, but has 2 blocks"},
        {"checksum of other digits", swapText("\"checksums\":[\"", "\"checksums\":[\"xyz"), format, "16 hexadecimal digits"},
        {"order is an object", swapText(orderText, "\"order\":{}"), format, "field 'order' is of type object"},
        {"unknown matrix in the order", swapText(orderText, "\"order\":[0,1,2,1,3,2]"), format, "loading order entry 4"},
        {"negative matrix in the order", swapText(orderText, "\"order\":[0,-1,2,1,1,2]"), format, "loading order entry 1"},
        {"a block too few in the order", swapText(orderText, "\"order\":[0,1,2,1,1]"), format, "names 1 blocks of model.layers.0.b"},
        {"a block too many in the order", swapText(orderText, "\"order\":[0,1,2,1,1,2,2]"), format, "the matrix has 2"},
        {"mark behind the end", swapText("\"smallest\":3", "\"smallest\":7"), format, "the smallest plan is 7 blocks"},
        {"mark missing", swapText("\"smallest\":3,", ""), format, "has no field 'smallest'"},
        {"config missing", [](Pieces& p) { p.remove("bitstack.config"); }, format, "tensor 'bitstack.config', which the stack names, is missing"},
        {"config as numbers", [](Pieces& p) { p.reshape("bitstack.config", DType::F32, {16}); }, format, "tensor 'bitstack.config' is F32"},
        {"part missing", [](Pieces& p) { p.remove("model.layers.0.a.blocks.1.u"); }, format, "tensor 'model.layers.0.a.blocks.1.u', which"},
        {"whole tensor missing", [](Pieces& p) { p.remove("model.embed_tokens.weight"); }, format, "'model.embed_tokens.weight'"},
        {"padding without its tensor", [](Pieces& p) { p.remove("model.norm.weight"); }, format, "'model.norm.weight.pad' has a name that is reserved"},
        {"signs of another shape", [](Pieces& p) { p.reshape("model.layers.0.a.blocks.0.sign", DType::U8, {3, 12}); }, ErrorCode::Shape,
         "tensor 'model.layers.0.a.blocks.0.sign' is U8 [3, 12], expected is U8 [12, 3]"},
        {"signs of another type", [](Pieces& p) { p.reshape("model.layers.0.a.blocks.0.sign", DType::I8, {12, 3}); }, ErrorCode::Shape,
         "is I8 [12, 3]"},
        {"u of other rows", [](Pieces& p) { p.reshape("model.layers.0.a.blocks.2.u", DType::F16, {11, 2}); }, ErrorCode::Shape,
         "is F16 [11, 2], expected is F16 [12, 2]"},
        {"u as a vector", [](Pieces& p) { p.reshape("model.layers.0.a.blocks.0.u", DType::F16, {24}); }, ErrorCode::Shape,
         "is F16 [24], expected is F16 [12, rank]"},
        {"rank 0",
         [](Pieces& p) {
             p.reshape("model.layers.0.a.blocks.0.u", DType::F16, {12, 0});
             p.reshape("model.layers.0.a.blocks.0.vt", DType::F16, {0, 24});
         },
         ErrorCode::Shape, "expected is F16 [12, rank]"},
        {"another rank in a later block",
         [](Pieces& p) {
             p.reshape("model.layers.0.a.blocks.1.u", DType::F16, {12, 3});
             p.reshape("model.layers.0.a.blocks.1.vt", DType::F16, {3, 24});
         },
         ErrorCode::Shape, "'model.layers.0.a.blocks.1.u' is F16 [12, 3], expected is F16 [12, 2]"},
        {"vt of another rank", [](Pieces& p) { p.reshape("model.layers.0.a.blocks.0.vt", DType::F16, {3, 24}); }, ErrorCode::Shape,
         "is F16 [3, 24], expected is F16 [2, 24]"},
        {"embedding of another shape", [](Pieces& p) { p.reshape("model.embed_tokens.weight", DType::F16, {24, 10}); }, ErrorCode::Shape,
         "is F16 [24, 10], expected is F16 [10, 24]"},
        {"embedding of integers", [](Pieces& p) { p.reshape("model.embed_tokens.weight", DType::I16, {10, 24}); }, ErrorCode::Shape,
         "is I16 [10, 24]"},
        {"columns that are no multiple of 8", swapText("\"cols\":24,\"linear\":true", "\"cols\":23,\"linear\":true"), ErrorCode::Shape,
         "model.layers.0.a has 23 columns, a multiple of 8"},
        {"elements between two places", [](Pieces& p) { p.reshape("bitstack.config.pad", DType::U8, {41}); }, format,
         "which is no multiple of its element's"},
    };
}

std::string smallFile(const TempFolder& folder)
{
    const std::string path = folder.file("a.bitstack");
    const auto written = writeContainer(path, smallContent(), true, {});
    REQUIRE(written);
    return path;
}

Error writeError(const TempFolder& folder, const std::function<void(ContainerContent&)>& change)
{
    ContainerContent content = smallContent();
    change(content);
    const auto result = writeContainer(folder.file("w.bitstack"), std::move(content), false, {});
    REQUIRE_FALSE(result);
    CHECK(folder.names().empty());
    return result.error();
}

} // namespace

TEST_CASE("each lie gets its own sentence")
{
    const TempFolder folder;
    const Pieces good(smallFile(folder));
    REQUIRE(openContainer(folder.write("lie.bitstack", good.bytes())));
    for (const Lie& lie : lies()) {
        CAPTURE(lie.name);
        Pieces pieces = good;
        lie.change(pieces);
        const auto result = openContainer(folder.write("lie.bitstack", pieces.bytes()));
        REQUIRE_FALSE(result);
        checkError(result.error(), lie.code, lie.part);
        CHECK(result.error().message.starts_with(folder.file("lie.bitstack") + ": "));
    }
    checkError(openContainer(folder.file("none")).error(), ErrorCode::NotFound, "none");
    checkError(openContainer(folder.write("x", "")).error(), ErrorCode::Format, "is 0 bytes long");
}

TEST_CASE("a file that another program saved again opens, loads and trims as before")
{
    const TempFolder folder;
    const auto original = openContainer(smallFile(folder));
    REQUIRE(original);
    Pieces pieces(folder.file("a.bitstack"));
    pieces.sortAsPythonDoes();
    const auto saved = openContainer(folder.write("saved.bitstack", pieces.bytes(8)));
    REQUIRE(saved);
    const Container& container = saved.value();
    CHECK_FALSE(container.truncated);
    CHECK(container.dataOffset % 4096 != 0);
    CHECK(container.blocks[1][0].ranges.size() == 3);
    auto arena = Arena::reserve(container.file->size());
    REQUIRE(arena);
    for (const auto& blocks : container.blocks)
        for (const ContainerBlock& block : blocks) {
            for (const ByteRange& range : block.ranges)
                REQUIRE(arena.value().load(*container.file, range.offset, range.bytes));
            CHECK(checksumOf(block, arena.value().data()) == block.checksum);
        }
    const Plan plan = prefixPlan(container.stack, 4);
    CHECK(fileBytesOf(container, plan) == fileBytesOf(original.value(), plan));
    REQUIRE(trimContainer(container, largestPlan(container), folder.file("trimmed.bitstack"), false));
    CHECK(folder.read("trimmed.bitstack") == folder.read("a.bitstack"));
}

TEST_CASE("a file saved again without padding opens, and one of those that was cut")
{
    const TempFolder folder;
    Pieces pieces(smallFile(folder));
    for (std::size_t i = pieces.tensors.size(); i-- > 0;)
        if (pieces.tensors[i].name.ends_with(".pad"))
            pieces.remove(pieces.tensors[i].name);
    pieces.sortAsPythonDoes();
    const std::string bytes = pieces.bytes(8);
    const auto saved = openContainer(folder.write("saved.bitstack", bytes));
    REQUIRE(saved);
    REQUIRE(trimContainer(saved.value(), largestPlan(saved.value()), folder.file("trimmed.bitstack"), false));
    CHECK(folder.read("trimmed.bitstack") == folder.read("a.bitstack"));
    // The last tensor by name holds signs of b's second block, which comes last in the order.
    const auto cut = openContainer(folder.write("cut.bitstack", bytes.substr(0, bytes.size() - 1)));
    REQUIRE(cut);
    CHECK(cut.value().truncated);
    CHECK(largestPlan(cut.value()) == prefixPlan(saved.value().stack, 5));
}

TEST_CASE("fields and tensors that a later program may add are kept out of the way")
{
    const TempFolder folder;
    Pieces pieces(smallFile(folder));
    pieces.replaceInMetadata("{\"version\"", "{\"extra\":[1,{}],\"version\"");
    pieces.metadata["format"] = "pt";
    pieces.tensors.push_back({"other.table", DType::I64, {2}, 0, 16});
    pieces.data.push_back(std::string(16, 'o'));
    const auto opened = openContainer(folder.write("more.bitstack", pieces.bytes()));
    REQUIRE(opened);
    REQUIRE(opened.value().tensors.size() == 2);
    CHECK(opened.value().tensors[1].name == "other.table");
    const Plan plan = smallestPlan(opened.value());
    CHECK(trimContainer(opened.value(), plan, folder.file("t"), false).value() == fileBytesOf(opened.value(), plan));
    CHECK(std::filesystem::file_size(folder.file("t")) == fileBytesOf(opened.value(), plan));
}

TEST_CASE("what cannot be written is refused, and nothing is left")
{
    const TempFolder folder;
    using Content = ContainerContent;
    checkError(writeError(folder, [](Content& c) { c.codec = "later"; }), ErrorCode::Unsupported, "'later'");
    checkError(writeError(folder, [](Content& c) { c.order.pop_back(); }), ErrorCode::Format, "model.layers.0.b");
    checkError(writeError(folder, [](Content& c) { c.smallestCount = 9; }), ErrorCode::Format, "smallest plan is 9");
    checkError(writeError(folder, [](Content& c) { c.blocks.pop_back(); }), ErrorCode::Shape, "for 2 matrices");
    checkError(writeError(folder, [](Content& c) { c.blocks[1][1].gain = std::nan(""); }), ErrorCode::Numeric,
               "block 1 of model.layers.0.a");
    checkError(writeError(folder, [](Content& c) { c.blocks[1][1].parts.pop_back(); }), ErrorCode::Shape, "has 2 parts");
    checkError(writeError(folder, [](Content& c) { c.blocks[1][1].parts[0].desc.name = "x"; }), ErrorCode::Shape,
               "expected is 'model.layers.0.a.blocks.1.sign'");
    checkError(writeError(folder, [](Content& c) { c.blocks[1][1].parts[1].desc.shape = {12, 9}; }), ErrorCode::Shape,
               "model.layers.0.a.blocks.1.u");
    checkError(writeError(folder, [](Content& c) { c.tensors[0].desc.name = "model.embed_tokens.weight"; }), ErrorCode::Format,
               "two tensors are named 'model.embed_tokens.weight'");
    checkError(writeError(folder, [](Content& c) { c.tensors[0].desc.dtype = DType::Q4_0; }), ErrorCode::Shape, "Q4_0");
    checkError(writeError(folder, [](Content& c) { c.blocks[2][1].parts[2].read = [] { return std::vector<std::byte>(5); }; }),
               ErrorCode::Shape, "'model.layers.0.b.blocks.1.vt' came as 5 bytes, its shape [3, 16] takes 96");
    checkError(writeError(folder, [](Content& c) {
                   c.blocks[2][0].parts[0].read = []() -> Result<std::vector<std::byte>> { return Error{ErrorCode::Io, "gone"}; };
               }),
               ErrorCode::Io, "gone");
}

TEST_CASE("progress rises to 1, and its error stops the writing")
{
    const TempFolder folder;
    std::vector<double> seen;
    REQUIRE(writeContainer(folder.file("a"), smallContent(), false, [&](double done) -> Result<void> {
        seen.push_back(done);
        return {};
    }));
    CHECK(seen.size() == 7);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.back() == 1.0);
    const auto stopped = writeContainer(folder.file("b"), smallContent(), false, [](double done) -> Result<void> {
        return done > 0.7 ? Result<void>(Error{ErrorCode::Canceled, "stopped"}) : Result<void>();
    });
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::Canceled);
    CHECK(folder.names().size() == 1);
    CHECK(writeContainer(folder.file("a"), smallContent(), false, {}).error().code == ErrorCode::Exists);
    CHECK(writeContainer(folder.file("a"), smallContent(), true, {}));
}
