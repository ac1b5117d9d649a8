// The container with codec `nested`: blocks of bytes, slabs, predictions, the compressed tokenizer.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/arena.h"
#include "core/base/packed_text.h"
#include "core/formats/container.h"
#include "tests/support/container_builder.h"
#include "tests/support/container_pieces.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <limits>

using namespace bs;
using namespace bs::test;

namespace {

Container opened(const std::string& path)
{
    auto container = openContainer(path);
    if (!container)
        FAIL(container.error().message);
    return std::move(container).value();
}

std::uint64_t written(const std::string& path, const ContainerContent& content)
{
    const auto bytes = writeContainer(path, content, true, {});
    if (!bytes)
        FAIL(bytes.error().message);
    return bytes.value();
}

void checkError(const Error& error, ErrorCode code, const std::string& part)
{
    INFO(error.message);
    CHECK(error.code == code);
    CHECK(error.message.find(part) != std::string::npos);
}

void checkBlocks(const Container& container)
{
    for (std::size_t m = 0; m < container.blocks.size(); ++m)
        for (const ContainerBlock& block : container.blocks[m]) {
            REQUIRE(block.parts.size() == 1);
            REQUIRE(block.ranges.size() == 1);
            const TensorDesc& part = block.parts[0];
            CHECK(block.ranges[0].offset == part.offset);
            CHECK(block.ranges[0].bytes == part.bytes); // no padding
            std::vector<std::byte> bytes(part.bytes);
            REQUIRE(container.file->readAt(part.offset, bytes));
            CHECK(bytes == bytesFor(part.name, part.bytes));
        }
}

/// Predictions at sizes below, at and above what the smallest and the largest file take.
ContainerContent predictedContent()
{
    ContainerContent content = nestedSmallContent();
    content.predicted = {{40'000, 0.0123456789, 0.011}, {4'000, 2, 2.5}, {5'700, 1.25e-7, 0.75}};
    return content;
}

std::vector<std::uint64_t> budgets(const Container& container)
{
    std::vector<std::uint64_t> result;
    for (const PredictedRise& rise : container.predicted)
        result.push_back(rise.budgetBytes);
    return result;
}

} // namespace

TEST_CASE("a nested stack is read back as it was written")
{
    const TempFolder folder;
    const ContainerContent content = nestedSmallContent();
    const std::string path = folder.file("a.bitstack");
    const std::uint64_t bytes = written(path, content);
    CHECK(bytes == std::filesystem::file_size(path));
    const Container container = opened(path);
    CHECK(container.codec == "nested");
    CHECK(container.tokenizerText == content.tokenizerText);
    REQUIRE(container.stack.matrices.size() == 4);
    CHECK(container.stack.matrices[1].name == "model.embed_tokens#64");
    CHECK(container.stack.matrices[1].blockBytes == std::vector<std::uint64_t>{192, 256, 64});
    CHECK_FALSE(container.stack.matrices[1].linear);
    CHECK(container.stack.matrices[3].linear);
    CHECK(container.stack.smallestCount == 4);
    CHECK(container.blocks[1][1].parts[0].name == "model.embed_tokens#64.blocks.1");
    CHECK(container.blocks[2][2].gain == 0.143); // three digits
    CHECK(uniformPlan(container.stack, 1).depth == std::vector<std::uint32_t>{2, 3, 1, 1});
    checkBlocks(container);
}

TEST_CASE("every plan's file has the size that was promised and holds the plan's blocks")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"), predictedContent());
    const Container container = opened(folder.file("a.bitstack"));
    std::size_t number = 0;
    std::uint64_t last = 0;
    for (std::size_t count = 0; count <= container.stack.order.size(); ++count) {
        Plan plan = prefixPlan(container.stack, count);
        if (count == 7)
            plan.depth = {0, 2, 3, 0}; // no prefix
        const std::string path = folder.file("t" + std::to_string(number++));
        REQUIRE(trimContainer(container, plan, path, false));
        const std::uint64_t size = std::filesystem::file_size(path);
        CHECK(size == fileBytesOf(container, plan));
        const Container trimmed = opened(path);
        CHECK(largestPlan(trimmed) == plan);
        CHECK(fileBytesOf(trimmed, plan) == size); // trimming again changes nothing
        checkBlocks(trimmed);
        for (const std::uint64_t budget : budgets(trimmed))
            CHECK(budget <= size);
        if (count != 7)
            CHECK(size >= last);
        last = size;
    }
}

TEST_CASE("predictions travel with the sizes they are for")
{
    const TempFolder folder;
    const std::uint64_t size = written(folder.file("a.bitstack"), predictedContent());
    REQUIRE(size > 5'700);
    REQUIRE(size < 40'000);
    const Container container = opened(folder.file("a.bitstack"));
    REQUIRE(budgets(container) == std::vector<std::uint64_t>{4'000, 5'700});
    CHECK(container.predicted[1].predictedRise == 1.25e-7);
    CHECK(container.predicted[0].measuredRise == 2.5);

    // They can be added to a file that is there: open it, set them, trim to everything.
    Container measured = opened(folder.file("a.bitstack"));
    const std::uint64_t smallest = fileBytesOf(measured, smallestPlan(measured));
    measured.predicted = {{smallest, 0.5, 0.25}, {size, 0.0123456789, 0.125}};
    REQUIRE(trimContainer(measured, largestPlan(measured), folder.file("b.bitstack"), false));
    const Container again = opened(folder.file("b.bitstack"));
    REQUIRE(budgets(again) == std::vector<std::uint64_t>{smallest, size});
    CHECK(again.predicted[1].predictedRise == 0.012346); // five digits
    REQUIRE(trimContainer(again, smallestPlan(again), folder.file("c.bitstack"), false));
    CHECK(budgets(opened(folder.file("c.bitstack"))) == std::vector<std::uint64_t>{smallest});
}

TEST_CASE("a nested file that another program saved again opens and trims as before")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"), predictedContent());
    Pieces pieces(folder.file("a.bitstack"));
    pieces.sortAsPythonDoes();
    const Container saved = opened(folder.write("saved.bitstack", pieces.bytes(8)));
    checkBlocks(saved);
    REQUIRE(trimContainer(saved, largestPlan(saved), folder.file("trimmed.bitstack"), false));
    CHECK(folder.read("trimmed.bitstack") == folder.read("a.bitstack"));
}

TEST_CASE("a nested file that was cut opens up to its last whole block")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"), nestedSmallContent());
    const std::string bytes = folder.read("a.bitstack");
    const Container whole = opened(folder.file("a.bitstack"));
    for (std::size_t count = 4; count < whole.stack.order.size(); ++count) {
        const StackBlock& next = whole.stack.order[count];
        const std::uint64_t at = whole.blocks[next.matrix][next.index].ranges[0].offset;
        const Container cut = opened(folder.write("cut.bitstack", bytes.substr(0, at + 63)));
        CHECK(cut.truncated);
        CHECK(largestPlan(cut) == prefixPlan(whole.stack, count));
    }
}

TEST_CASE("what a nested block is said to be is checked")
{
    struct Lie
    {
        std::string name;
        std::function<void(Pieces&)> change;
        ErrorCode code;
        std::string part;
    };
    const std::string block = "model.layers.0.a.blocks.1";
    const std::string tokenizer = "bitstack.tokenizer.zlib";
    const auto tokenizerBytes = [&](Pieces& p) -> std::string& { return p.data[p.indexOf(tokenizer)]; };
    const std::vector<Lie> lies{
        {"no multiple of 64", [&](Pieces& p) { p.reshape(block, DType::U8, {127}); }, ErrorCode::Shape,
         "tensor '" + block + "' is U8 [127], expected is U8 [a multiple of 64]"},
        {"empty", [&](Pieces& p) { p.reshape(block, DType::U8, {0}); }, ErrorCode::Shape, "is U8 [0]"},
        {"two dimensions", [&](Pieces& p) { p.reshape(block, DType::U8, {2, 64}); }, ErrorCode::Shape, "is U8 [2, 64]"},
        {"another type", [&](Pieces& p) { p.reshape(block, DType::F16, {64}); }, ErrorCode::Shape, "is F16 [64]"},
        {"missing", [&](Pieces& p) { p.remove(block); }, ErrorCode::Format, "tensor '" + block + "', which the stack names, is missing"},
        {"too many rows", [&](Pieces& p) { p.replaceInMetadata("\"rows\":12", "\"rows\":65537"); }, ErrorCode::Shape,
         "nested matrix 'model.layers.0.a' is 65537 x 24, at most 65536 rows and columns"},
        {"predictions as a number", [](Pieces& p) { p.replaceInMetadata("\"predicted\":[", "\"predicted\":3,\"more\":["); },
         ErrorCode::Format, "field 'predicted' is of type number"},
        {"a prediction that is a number", [](Pieces& p) { p.replaceInMetadata("\"predicted\":[", "\"predicted\":[7,"); },
         ErrorCode::Format, "prediction 0: is of type number"},
        {"a prediction without a size", [](Pieces& p) { p.replaceInMetadata("\"budget_bytes\"", "\"bytes\""); }, ErrorCode::Format,
         "prediction 0: has no field 'budget_bytes'"},
        {"a prediction of a word", [](Pieces& p) { p.replaceInMetadata("\"measured_rise\":2.5", "\"measured_rise\":\"x\""); },
         ErrorCode::Format, "prediction 0: field 'measured_rise' is of type string"},
        {"predictions that go back", [](Pieces& p) { p.replaceInMetadata("\"budget_bytes\":5700", "\"budget_bytes\":5"); },
         ErrorCode::Format, "prediction 1: is for 5 bytes, the one before for 4000"},
        {"tokenizer without a length", [&](Pieces& p) { p.reshape(tokenizer, DType::U8, {7}); }, ErrorCode::Format,
         "tensor '" + tokenizer + "': packed text is 7 bytes"},
        {"tokenizer that claims to be huge", [&](Pieces& p) { tokenizerBytes(p)[6] = 1; }, ErrorCode::Format,
         "tensor '" + tokenizer + "': packed text claims to be 281474976710"},
        {"tokenizer that claims more than it can hold", [&](Pieces& p) { tokenizerBytes(p)[2] = 9; }, ErrorCode::Format,
         "bytes, which its stream of "},
        {"tokenizer of another length", [&](Pieces& p) { ++tokenizerBytes(p)[0]; }, ErrorCode::Format, "holds something else"},
        {"tokenizer with a damaged stream", [&](Pieces& p) { tokenizerBytes(p).back() ^= 1; }, ErrorCode::Format, "holds something else"},
    };
    const TempFolder folder;
    written(folder.file("a.bitstack"), predictedContent());
    const Pieces good(folder.file("a.bitstack"));
    for (const Lie& lie : lies) {
        CAPTURE(lie.name);
        Pieces pieces = good;
        lie.change(pieces);
        const auto result = openContainer(folder.write("lie.bitstack", pieces.bytes()));
        REQUIRE_FALSE(result);
        checkError(result.error(), lie.code, lie.part);
        CHECK(result.error().message.starts_with(folder.file("lie.bitstack") + ": "));
    }
}

TEST_CASE("what cannot be written is refused")
{
    const TempFolder folder;
    const auto refused = [&](const ContainerContent& content, ErrorCode code, const std::string& part) {
        const auto result = writeContainer(folder.file("w.bitstack"), content, true, {});
        REQUIRE_FALSE(result);
        checkError(result.error(), code, part);
        CHECK(folder.names().empty());
    };
    ContainerContent content = predictedContent();
    content.predicted[0].measuredRise = std::numeric_limits<double>::quiet_NaN();
    refused(content, ErrorCode::Numeric, "at 40000 bytes is not finite");
    content = nestedSmallContent();
    content.blocks[2][1].parts[0].desc.shape = {100};
    refused(content, ErrorCode::Shape, "'model.layers.0.a.blocks.1' is U8 [100]");
    content = nestedSmallContent();
    content.codec = "later";
    refused(content, ErrorCode::Unsupported, "the codec is 'later', this program knows 'bitstack' and 'nested'");
}

TEST_CASE("a plain tokenizer of an older file is read and compressed when the file is trimmed")
{
    const TempFolder folder;
    written(folder.file("a.bitstack"), smallContent());
    Pieces pieces(folder.file("a.bitstack"));
    const std::string text = smallContent().tokenizerText;
    const std::size_t i = pieces.indexOf("bitstack.tokenizer.zlib");
    pieces.tensors[i] = {"bitstack.tokenizer", DType::U8, {text.size()}, 0, text.size()};
    pieces.data[i] = text;
    pieces.reshape("bitstack.tokenizer.zlib.pad", DType::U8, {64 - text.size() % 64});
    pieces.tensors[i + 1].name = "bitstack.tokenizer.pad";
    const Container container = opened(folder.write("old.bitstack", pieces.bytes()));
    CHECK(container.tokenizerText == text);
    REQUIRE(trimContainer(container, largestPlan(container), folder.file("trimmed.bitstack"), false));
    CHECK(folder.read("trimmed.bitstack") == folder.read("a.bitstack"));
}

TEST_CASE("slabs are told by their names")
{
    const auto slab = [](const std::string& name) {
        const SlabName s = slabOf(name);
        return s.matrix + " from " + std::to_string(s.firstRow);
    };
    CHECK(slabText({"model.embed_tokens", 6144}) == "model.embed_tokens#6144");
    CHECK(slab("model.embed_tokens#6144") == "model.embed_tokens from 6144");
    CHECK(slab("model.embed_tokens#0") == "model.embed_tokens from 0");
    CHECK(slab("lm_head") == "lm_head from 0");
    for (const std::string strange : {"a#", "a#007", "a#-1", "a#1x", "a#99999999999999999999", "a#+1"})
        CHECK(slab(strange) == strange + " from 0");
}

TEST_CASE("packed text comes back, whatever it is")
{
    for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, 'a'), std::string("\0\xFF", 2)}) {
        const std::string packed = packText(text);
        CHECK(packed == packText(text));
        const auto back = unpackText(packed, 100'000);
        REQUIRE(back);
        CHECK(back.value() == text);
        for (std::size_t size = 0; size < packed.size(); ++size)
            CHECK_FALSE(unpackText(std::string_view(packed).substr(0, size), 100'000));
        CHECK_FALSE(unpackText(packed + "x", 100'000));
    }
    CHECK(packText(std::string(100'000, 'a')).size() < 200);
    checkError(unpackText(packText("four"), 3).error(), ErrorCode::Format, "claims to be 4 bytes, at most 3");
}
