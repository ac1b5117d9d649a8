#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/stack/recipe.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace bs;
using Kind = RecipeRule::Kind;
using Depths = std::vector<std::uint32_t>;

namespace {

/// An embedding in two slabs and two layers of two classes; 64 weights each, blocks of 8 bytes: a
/// bit a weight.
Stack layeredStack()
{
    Stack stack;
    stack.matrices = {{"model.embed#0", 8, 8, false, {8, 8}},
                      {"model.embed#8", 8, 8, false, {8, 8}},
                      {"model.layers.0.a.q_proj", 8, 8, true, {8, 8, 8, 8}},
                      {"model.layers.0.a.v_proj", 8, 8, true, {8, 8, 8}},
                      {"model.layers.1.a.q_proj", 8, 8, true, {8, 8, 8, 8}},
                      {"model.layers.1.a.v_proj", 8, 8, true, {8, 8, 8}}};
    for (std::uint32_t depth = 0; depth < 4; ++depth)
        for (std::uint32_t m = 0; m < stack.matrices.size(); ++m)
            if (depth < stack.matrices[m].blockBytes.size()) stack.order.push_back({m, depth});
    stack.smallestCount = stack.matrices.size();
    return stack;
}

Recipe recipe(const std::vector<std::string>& texts)
{
    auto parsed = parseRecipe(texts);
    REQUIRE_MESSAGE(parsed, (parsed ? "" : parsed.error().message));
    return parsed.value();
}

Depths depths(const std::vector<std::string>& rules, std::size_t count)
{
    const Stack stack = layeredStack();
    const auto ranges = rangesOf(stack, recipe(rules));
    REQUIRE_MESSAGE(ranges, (ranges ? "" : ranges.error().message));
    return rangedPlan(stack, ranges.value(), count).depth;
}

} // namespace

TEST_CASE("rules are read as they are written")
{
    for (const char* const text : {"v_proj=6", "v_proj=0", "v_proj=4bits", "v_proj=4.25bits",
                                   "model.layers.0.a.q_proj=+1", "q=-2", "q=+0", "a=b=3"}) {
        const auto rule = parseRule(text);
        REQUIRE_MESSAGE(rule, text);
        CHECK(textOf(rule.value()) == text);
    }
    CHECK(parseRule("v=6").value() == RecipeRule{"v", Kind::Depth, 6});
    CHECK(parseRule("v=+6").value() == RecipeRule{"v", Kind::Offset, 6});
    CHECK(parseRule("v=-6").value() == RecipeRule{"v", Kind::Offset, -6});
    CHECK(parseRule("v=6bits").value() == RecipeRule{"v", Kind::Bits, 6});
    CHECK(textOf(recipe({"a=1", "b=+2"})) == "a=1, b=+2");
}

TEST_CASE("what is no rule is named")
{
    for (const char* const text :
         {"", "v", "v=", "=3", "v=x", "v=1.5", "v=+1.5", "v=1e3", "v=99bit", "v=-1bits", "v=65bits",
          "v=++1", "v=+-1", "v=nan", "v=inf", "v=9999999", "v= 3", "v=bits"}) {
        const auto rule = parseRule(text);
        REQUIRE_FALSE_MESSAGE(rule, text);
        CHECK(rule.error().code == ErrorCode::Usage);
        CHECK(rule.error().message.find(std::string("'") + text + "'") != std::string::npos);
    }
    CHECK_FALSE(parseRecipe({"a=1", "b"}));
}

TEST_CASE("without rules a recipe is the loading order")
{
    const Stack stack = layeredStack();
    for (std::size_t count = stack.smallestCount; count <= stack.order.size(); ++count)
        CHECK(depths({}, count) == prefixPlan(stack, count).depth);
}

TEST_CASE("depths, bits and steps of a class and of a matrix")
{
    const std::size_t all = layeredStack().order.size();
    CHECK(depths({"v_proj=2"}, 6) == Depths{1, 1, 1, 2, 1, 2});
    CHECK(depths({"v_proj=2"}, all) == Depths{2, 2, 4, 2, 4, 2});
    CHECK(depths({"v_proj=9"}, 6) == Depths{1, 1, 1, 3, 1, 3}); // all there are
    CHECK(depths({"model.layers.1.a.v_proj=3"}, 6) == Depths{1, 1, 1, 1, 1, 3});
    CHECK(depths({"q_proj=2.5bits"}, 6) == Depths{1, 1, 3, 1, 3, 1});
    CHECK(depths({"q_proj=2bits"}, 6) == Depths{1, 1, 2, 1, 2, 1});
    CHECK(depths({"q_proj=64bits"}, 6) == Depths{1, 1, 4, 1, 4, 1});
    CHECK(depths({"q_proj=+1"}, 6) == Depths{1, 1, 2, 1, 2, 1});
    CHECK(depths({"q_proj=+1"}, 9) == Depths{2, 2, 3, 1, 2, 1});
    CHECK(depths({"q_proj=+1"}, all) == Depths{2, 2, 4, 3, 4, 3});
    CHECK(depths({"q_proj=-1"}, 6) == Depths{1, 1, 1, 1, 1, 1}); // never below the smallest
    CHECK(depths({"q_proj=-1"}, all) == Depths{2, 2, 3, 3, 3, 3});
    CHECK(depths({"q_proj=-99"}, all) == Depths{2, 2, 1, 3, 1, 3});
}

TEST_CASE("what is left out counts as zero, but for what the model cannot be without")
{
    CHECK(depths({"v_proj=0"}, 6) == Depths{1, 1, 1, 0, 1, 0});
    CHECK(depths({"embed=0"}, 6) == Depths{1, 1, 1, 1, 1, 1});
    CHECK(depths({"q_proj=0bits"}, 6) == Depths{1, 1, 0, 1, 0, 1});
}

TEST_CASE("the closer rule holds, of two as close the later one")
{
    CHECK(depths({"model.layers.0.a.v_proj=3", "v_proj=2"}, 6) == Depths{1, 1, 1, 3, 1, 2});
    CHECK(depths({"v_proj=2", "v_proj=1"}, 6) == Depths{1, 1, 1, 1, 1, 1});
    CHECK(depths({"model.embed#8=1", "model.embed=2"}, 6) == Depths{2, 1, 1, 1, 1, 1});
    CHECK(depths({"model.layers.0.a.v_proj=+0", "v_proj=3"}, 12) == Depths{2, 2, 2, 2, 2, 3});
    CHECK(ruleFor(recipe({"v_proj=2"}), "model.layers.0.a.q_proj") == nullptr);
}

TEST_CASE("a rule for what is not there is refused")
{
    const auto ranges = rangesOf(layeredStack(), recipe({"q_proj=1", "w_proj=2"}));
    REQUIRE_FALSE(ranges);
    CHECK(ranges.error().code == ErrorCode::Usage);
    CHECK(ranges.error().message.find("w_proj=2") != std::string::npos);
}

TEST_CASE("more of the order never makes a matrix less deep")
{
    const Stack stack = layeredStack();
    const auto ranges =
        rangesOf(stack, recipe({"q_proj=+1", "model.layers.0.a.q_proj=-2", "v_proj=2"})).value();
    for (std::size_t count = 0; count < stack.order.size(); ++count) {
        const Plan here = rangedPlan(stack, ranges, count);
        const Plan next = rangedPlan(stack, ranges, count + 1);
        CHECK(checkPlan(stack, here));
        for (std::size_t m = 0; m < here.depth.size(); ++m)
            CHECK(here.depth[m] <= next.depth[m]);
    }
}
