// A nested stack against the dense model of its decoded weights, at every plan.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/hash.h"
#include "core/codecs/nested/product.h"
#include "core/infer/engine.h"
#include "tests/support/container_pieces.h"
#include "tests/support/got.h"
#include "tests/support/nested_model.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

namespace {

using namespace bs;
using bs::test::got;
using test::Pieces;
using test::TempFolder;

/// Sides that are no multiples of a tile; the last slab of the vocabulary has 22 rows.
ModelConfig smallConfig(bool tied)
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 2;
    config.width = 72;
    config.mlpWidth = 100;
    config.heads = 6;
    config.kvHeads = 2;
    config.headDim = 12;
    config.vocabulary = 150;
    config.contextLength = 128;
    config.tiedEmbeddings = tied;
    return config;
}

std::shared_ptr<const ModelSource> opened(const std::string& path)
{
    return std::make_shared<const ModelSource>(got(openModel(path)));
}

struct NestedFiles
{
    TempFolder folder;
    std::shared_ptr<const ModelSource> source;

    explicit NestedFiles(bool tied)
    {
        std::filesystem::create_directory(folder.file("dense"));
        test::writeRandomModel(folder.file("dense"), smallConfig(tied));
        const auto written =
            test::writeNestedModel(folder.file("m.bitstack"), *opened(folder.file("dense")));
        REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
        source = opened(folder.file("m.bitstack"));
    }

    const Container& container() const { return *source->container; }
    std::unique_ptr<Engine> engine(const Plan& plan, int threads = 2) const
    {
        return got(loadCpuEngine(source, threads, &plan, {}));
    }

    /// A dense model whose matrices are what the plan's blocks decode to.
    std::unique_ptr<Engine> denseEngine(const Plan& plan)
    {
        const std::string at = folder.file("decoded");
        std::filesystem::create_directory(at);
        test::writeRandomModel(
            at, source->config, [&](const std::string& name, std::vector<float>& values) {
                if (name.find("norm") == std::string::npos)
                    values = got(
                        test::decodedMatrix(container(), name.substr(0, name.size() - 7), plan));
            });
        return got(loadCpuEngine(opened(at), 2, nullptr, {}));
    }
};

std::vector<std::int32_t> someTokens(std::size_t count)
{
    std::vector<std::int32_t> tokens(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<std::int32_t>((i * 37 + 11) % 150);
    return tokens;
}

/// Logits of all tokens, run in pieces of `piece`.
std::vector<float> logitsOf(Engine& engine, std::size_t piece = 1000)
{
    const auto tokens = someTokens(40);
    const auto cache = got(engine.newCache(64));
    std::vector<float> all;
    for (std::size_t begin = 0; begin < tokens.size(); begin += piece) {
        const std::size_t n = std::min(piece, tokens.size() - begin);
        std::vector<float> logits;
        REQUIRE(engine.forward(std::span(tokens).subspan(begin, n), *cache, n, logits, {}));
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

/// Largest difference, relative to the largest value.
double distance(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double largest = 1e-30;
    double apart = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        REQUIRE(std::isfinite(a[i]));
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
        apart = std::max(apart, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    }
    return apart / largest;
}

/// A block's bytes changed and its checksum made to fit: what only the codec's own checks can find.
void changeBlock(Pieces& pieces, const std::string& name,
                 const std::function<void(std::string&)>& change)
{
    const auto hash = [](const std::string& bytes) {
        return hexOf(xxh3(std::as_bytes(std::span(bytes.data(), bytes.size()))));
    };
    std::string& bytes = pieces.data[pieces.indexOf(name)];
    const std::string before = hash(bytes);
    change(bytes);
    pieces.replaceInMetadata(before, hash(bytes));
}

/// From no block to all: prefixes, and one that is no prefix.
std::vector<Plan> somePlans(const Stack& stack)
{
    std::vector<Plan> plans;
    for (const std::size_t part : {0, 3, 5, 8, 12})
        plans.push_back(prefixPlan(stack, stack.order.size() * part / 12));
    Plan mixed = plans.back();
    for (std::size_t m = 0; m < mixed.depth.size(); ++m)
        mixed.depth[m] = static_cast<std::uint32_t>(m * 7 % (mixed.depth[m] + 1));
    plans.push_back(mixed);
    return plans;
}

} // namespace

TEST_CASE("A nested stack computes what the dense model of its decoded weights does")
{
    for (const bool tied : {true, false}) {
        CAPTURE(tied);
        NestedFiles stack(tied);
        for (const Plan& plan : somePlans(stack.container().stack)) {
            const auto engine = stack.engine(plan);
            const auto dense = stack.denseEngine(plan);
            CHECK(distance(logitsOf(*engine), logitsOf(*dense)) <
                  2e-3); // inputs of products have 12 bits
        }
    }
}

TEST_CASE("Sliding up and down gives what loading afresh gives")
{
    const NestedFiles stack(true);
    const std::vector<Plan> plans = somePlans(stack.container().stack);
    const auto sliding = stack.engine(plans.front());
    const std::uint64_t first = sliding->weightBytes();
    for (const std::size_t i : {4, 1, 3, 5, 2, 0, 4, 0}) {
        REQUIRE(sliding->setPlan(plans[i], {}));
        const auto fresh = stack.engine(plans[i]);
        CHECK(logitsOf(*sliding) == logitsOf(*fresh));
        CHECK(sliding->weightBytes() == fresh->weightBytes());
    }
    CHECK(sliding->weightBytes() == first);
}

TEST_CASE("A forward in pieces and one of many sequences at once agree with one alone")
{
    const NestedFiles stack(false);
    const Plan plan = largestPlan(stack.container());
    const auto engine = stack.engine(plan);
    const std::vector<float> whole = logitsOf(*engine);
    CHECK(logitsOf(*stack.engine(plan, 1)) == whole); // whatever the threads
    nested::setDirectRows(6);
    CHECK(distance(logitsOf(*engine, 20), whole) < 2e-3);
    // Few tokens are multiplied in 8 bits, straight from the planes.
    CHECK(distance(logitsOf(*engine, 17), whole) < 0.05); // 17, 17 and 6
    nested::setDirectRows(nested::kDirectRows);
    CHECK(distance(logitsOf(*engine, 1), whole) < 0.05);

    const auto tokens = someTokens(40);
    const std::size_t sequences = 3;
    std::vector<std::unique_ptr<KvCache>> caches;
    std::vector<KvCache*> pointers;
    for (std::size_t i = 0; i < sequences; ++i) {
        caches.push_back(got(engine->newCache(64)));
        pointers.push_back(caches.back().get());
    }
    std::vector<float> logits;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const std::vector<std::int32_t> same(sequences, tokens[at]);
        REQUIRE(engine->forwardBatch(same, pointers, logits, {}));
        for (std::size_t i = 0; i < sequences; ++i) {
            const auto begin = logits.begin() + static_cast<std::ptrdiff_t>(i * 150);
            const auto wanted = whole.begin() + static_cast<std::ptrdiff_t>(at * 150);
            CHECK(distance({begin, begin + 150}, {wanted, wanted + 150}) < 0.1);
        }
    }
}

TEST_CASE("A stack that another program saved again computes the same")
{
    const NestedFiles stack(true);
    Pieces pieces(stack.folder.file("m.bitstack"));
    pieces.sortAsPythonDoes();
    const std::string path = stack.folder.write("saved.bitstack", pieces.bytes(8));
    bool askew = false;
    const auto saved = opened(path);
    for (const auto& blocks : saved->container->blocks)
        for (const ContainerBlock& block : blocks)
            askew = askew || block.ranges[0].offset % 64 != 0;
    CHECK(askew);
    const auto engine = stack.engine(prefixPlan(stack.container().stack, 20));
    const auto again = got(loadCpuEngine(saved, 2, nullptr, {}));
    for (const Plan& plan : somePlans(stack.container().stack)) {
        REQUIRE(engine->setPlan(plan, {}));
        REQUIRE(again->setPlan(plan, {}));
        CHECK(logitsOf(*engine) == logitsOf(*again));
    }
}

TEST_CASE("A damaged block is refused with file, matrix and block, and the plan before it stays")
{
    const NestedFiles stack(true);
    const std::size_t smallest = stack.container().stack.smallestCount;
    const std::string name = "model.layers.1.mlp.up_proj";
    Pieces pieces(stack.folder.file("m.bitstack"));
    changeBlock(pieces, name + ".blocks.1", [](std::string& bytes) { bytes[0] = '\xFF'; });
    changeBlock(pieces, "model.embed_tokens#64.blocks.2",
                [](std::string& bytes) { bytes.back() ^= 1; });
    const std::string path = stack.folder.write("damaged.bitstack", pieces.bytes());
    const auto source = opened(path);
    const Plan first = prefixPlan(source->container->stack, smallest);
    const auto engine = got(loadCpuEngine(source, 2, &first, {}));
    const std::vector<float> before = logitsOf(*engine);
    const std::uint64_t bytes = engine->weightBytes();

    const auto refused = engine->setPlan(largestPlan(*source->container), {});
    REQUIRE_FALSE(refused);
    INFO(refused.error().message);
    CHECK(refused.error().code == ErrorCode::Format);
    CHECK(refused.error().message.starts_with(path + ": " + name + ": block 1: "));
    CHECK(engine->plan() == first);
    CHECK(engine->weightBytes() == bytes);
    CHECK(logitsOf(*engine) == before);

    Plan without = largestPlan(
        *source->container); // the other change is to a bit of a plane: any bits are good
    for (std::size_t m = 0; m < without.depth.size(); ++m)
        if (source->container->stack.matrices[m].name == name) without.depth[m] = 1;
    CHECK(engine->setPlan(without, {}));
    CHECK_FALSE(loadCpuEngine(source, 2, nullptr, {}));
}

TEST_CASE("Slabs must make up their matrix")
{
    const NestedFiles stack(true);
    struct Lie
    {
        std::string from, to, part;
    };
    const std::vector<Lie> lies{
        {R"("name":"model.embed_tokens#64","rows":64)",
         R"("name":"model.embed_tokens#63","rows":64)",
         "matrix model.embed_tokens#63 begins with row 63, the slabs of model.embed_tokens before "
         "it end with row 64"},
        {R"("name":"model.embed_tokens#128","rows":22)",
         R"("name":"model.embed_tokens#128","rows":21)",
         "matrix model.embed_tokens has 149 rows, the config asks for 150"},
        {R"("name":"model.embed_tokens#128","rows":22)",
         R"("name":"model.embed_tokens#128","rows":23)",
         "matrix model.embed_tokens#128 is [23, 72], the config asks for [150, 72]"},
        {R"("name":"model.embed_tokens#0","rows":64,"cols":72)",
         R"("name":"model.embed_tokens#0","rows":64,"cols":71)",
         "matrix model.embed_tokens#0 is [64, 71]"},
        {R"("name":"model.embed_tokens#0","rows":64,"cols":72,"linear":false)",
         R"("name":"model.embed_tokens#0","rows":64,"cols":72,"linear":true)",
         "is marked as the wrong kind"},
    };
    for (const Lie& lie : lies) {
        CAPTURE(lie.to);
        Pieces pieces(stack.folder.file("m.bitstack"));
        pieces.replaceInMetadata(lie.from, lie.to);
        const std::string from = "model.embed_tokens#64.";
        if (lie.to.find("#63") != std::string::npos)
            for (TensorDesc& tensor : pieces.tensors)
                if (tensor.name.starts_with(from))
                    tensor.name.replace(0, from.size(), "model.embed_tokens#63.");
        const auto result = openModel(stack.folder.write("lie.bitstack", pieces.bytes()));
        REQUIRE_FALSE(result);
        INFO(result.error().message);
        CHECK(result.error().message.find(lie.part) != std::string::npos);
    }
}
