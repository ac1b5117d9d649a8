// The authors' own checkpoints (two tiny models) as containers: logits at every depth, their block order.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/json_guard.h"
#include "core/infer/engine.h"
#include "core/model/open.h"
#include "core/plan/authors_order.h"
#include "core/eval/perplexity.h"
#include "tests/support/authors_checkpoint.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

namespace {

using namespace bs;

std::shared_ptr<const ModelSource> asContainer(const std::string& name)
{
    const std::string path = (std::filesystem::temp_directory_path() / ("bs_authors_" + name + ".bitstack")).string();
    auto written = tests::writeAuthorsCheckpoint(tests::referenceFolder(name), path);
    REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
    auto source = openModel(path);
    REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
    return std::make_shared<const ModelSource>(std::move(source).value());
}

std::shared_ptr<const ModelSource> asFolder(const std::string& name)
{
    auto source = openModel(tests::referenceFolder(name) + "/bitstack");
    REQUIRE_MESSAGE(source, (source ? "" : source.error().message));
    CHECK(source.value().format == ModelFormat::Authors);
    return std::make_shared<const ModelSource>(std::move(source).value());
}

void checkLevels(const std::string& name, const std::shared_ptr<const ModelSource>& source)
{
    {
        CAPTURE(name);
        const auto expected = tests::readExpected(name);
        const auto prompt = tests::integers(expected, "prompt_ids");
        const auto logits = tests::floats(expected, "logits_by_level");
        const std::size_t vocabulary = source->config.vocabulary;
        REQUIRE(logits.size() == 8 * prompt.size() * vocabulary);
        const Plan none = uniformPlan(source->container->stack, 0);
        auto engine = loadCpuEngine(source, 2, &none, {});
        REQUIRE(engine);
        auto cache = engine.value()->newCache(prompt.size());
        REQUIRE(cache);
        for (std::uint32_t level = 1; level <= 8; ++level) {
            REQUIRE(engine.value()->setPlan(uniformPlan(source->container->stack, level), {}));
            cache.value()->truncate(0);
            std::vector<float> got;
            REQUIRE(engine.value()->forward(prompt, *cache.value(), prompt.size(), got, {}));
            const float* want = logits.data() + (level - 1) * got.size();
            double worst = 0;
            for (std::size_t i = 0; i < got.size(); ++i) {
                REQUIRE(std::isfinite(got[i]));
                worst = std::max(worst, static_cast<double>(std::abs(got[i] - want[i])));
            }
            CHECK(worst < 1e-3);
        }
    }
}

} // namespace

TEST_CASE("logits from the stored factors at every level")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"})
        checkLevels(name, asContainer(name));
}

TEST_CASE("the folder itself opens, gives the same logits, and trims to a .bitstack that does")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        const auto source = asFolder(name);
        checkLevels(name, source);
        const Container& container = *source->container;
        const std::string path = (std::filesystem::temp_directory_path() / ("bs_trimmed_" + name + ".bitstack")).string();
        const Plan plan = largestPlan(container);
        const auto bytes = trimContainer(container, plan, path, true);
        REQUIRE_MESSAGE(bytes, (bytes ? "" : bytes.error().message));
        CHECK(bytes.value() == fileBytesOf(container, plan));
        auto trimmed = openModel(path);
        REQUIRE_MESSAGE(trimmed, (trimmed ? "" : trimmed.error().message));
        checkLevels(name, std::make_shared<const ModelSource>(std::move(trimmed).value())); // checksums hold
        std::filesystem::remove(path);
    }
}

TEST_CASE("the folder's own order is the loading order")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        const auto source = asFolder(name);
        const Stack& stack = source->container->stack;
        CHECK(stack.smallestCount == 2 + 14); // embedding and head, and the first block of each matrix
        const nlohmann::json expected = tests::readExpectedJson(name);
        std::vector<std::string> order;
        for (const StackBlock& block : std::span(stack.order).subspan(stack.smallestCount))
            order.push_back("layer." + stack.matrices[block.matrix].name.substr(std::string("model.layers.").size()));
        CHECK(order == expected["block_order"].get<std::vector<std::string>>());
    }
}

TEST_CASE("the original models give the original logits")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        auto source = openModel(tests::referenceFolder(name) + "/original");
        REQUIRE(source);
        auto engine = loadCpuEngine(std::make_shared<const ModelSource>(std::move(source).value()), 1, nullptr, {});
        REQUIRE(engine);
        const auto expected = tests::readExpected(name);
        const auto prompt = tests::integers(expected, "prompt_ids");
        const auto want = tests::floats(expected, "logits_original");
        auto cache = engine.value()->newCache(prompt.size());
        std::vector<float> got;
        REQUIRE(engine.value()->forward(prompt, *cache.value(), prompt.size(), got, {}));
        for (std::size_t i = 0; i < got.size(); ++i)
            REQUIRE(std::abs(got[i] - want[i]) < 1e-3F);
    }
}

TEST_CASE("their perplexity table gives their block order and bytes")
{
    for (const std::string name : {"tiny-gqa", "tiny-mha"}) {
        CAPTURE(name);
        const auto source = asContainer(name);
        const Stack& stack = source->container->stack;
        const SortTable table = tests::readSortTable(name, stack);
        const nlohmann::json expected = tests::readExpectedJson(name);
        std::vector<std::string> order;
        for (const StackBlock& block : orderByTable(stack, table))
            if (block.index > 0)
                order.push_back("layer." + stack.matrices[block.matrix].name.substr(std::string("model.layers.").size()));
        CHECK(order == expected["block_order"].get<std::vector<std::string>>());
        for (const StackMatrix& matrix : stack.matrices)
            if (matrix.linear) {
                const std::string key = "layer." + matrix.name.substr(std::string("model.layers.").size());
                for (const std::uint64_t bytes : matrix.blockBytes)
                    CHECK(bytes == expected["memory_per_block"][key].get<std::uint64_t>());
            }
    }
}

TEST_CASE("their sort, measured by us")
{
    const std::string name = "tiny-gqa";
    const auto source = asContainer(name);
    const Stack& stack = source->container->stack;
    const SortTable theirs = tests::readSortTable(name, stack);
    const auto ids = tests::integers(tests::readExpected(name), "validation_ids"); // [4, 64]
    const Plan plan = uniformPlan(stack, 1);
    auto engine = loadCpuEngine(source, 2, &plan, {});
    REQUIRE(engine);
    const auto ours = measureSortTable(*engine.value(), ids, 64, {});
    REQUIRE(ours);
    for (std::size_t m = 0; m < stack.matrices.size(); ++m)
        for (std::size_t depth = 0; depth < theirs[m].size(); ++depth) {
            CAPTURE(stack.matrices[m].name);
            CAPTURE(depth);
            CHECK(ours.value()[m][depth] == doctest::Approx(theirs[m][depth]).epsilon(0.02));
        }
}
