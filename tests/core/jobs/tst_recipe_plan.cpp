#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/json.h"
#include "core/jobs/recipe.h"
#include "core/jobs/run_log.h"
#include "tests/support/container_builder.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace bs;

namespace {

/// A stack of two slabs and two linears on disk, with predictions at three of its sizes.
struct World
{
    test::TempFolder folder;
    ModelSource source;

    explicit World(const std::vector<PredictedRise>& predicted = {})
    {
        ContainerContent content = test::nestedSmallContent();
        content.predicted = predicted;
        const std::string path = folder.file("small.bitstack");
        REQUIRE(writeContainer(path, content, false, {}));
        auto opened = openContainer(path);
        REQUIRE(opened);
        source.format = ModelFormat::Bitstack;
        source.path = path;
        source.container = std::move(opened).value();
        source.files = {source.container->file};
    }
    const Container& container() const { return *source.container; }
    const Stack& stack() const { return source.container->stack; }
    std::uint64_t prefixBytes(std::size_t count) const
    {
        return fileBytesOf(container(), prefixPlan(stack(), count));
    }
    double gainsLeft(const Plan& plan) const
    {
        double left = 0;
        for (std::size_t m = 0; m < plan.depth.size(); ++m)
            for (std::size_t i = plan.depth[m]; i < container().blocks[m].size(); ++i)
                left += container().blocks[m][i].gain;
        return left;
    }
};

Recipe recipe(const std::vector<std::string>& texts)
{
    auto parsed = parseRecipe(texts);
    REQUIRE(parsed);
    return parsed.value();
}

const std::vector<std::vector<std::string>> kRecipes{{},
                                                     {"a=2"},
                                                     {"a=0"},
                                                     {"model.layers.0.b=0"},
                                                     {"b=+1"},
                                                     {"a=-1", "embed_tokens=+1"},
                                                     {"model.embed_tokens#64=1", "a=3"}};

} // namespace

TEST_CASE("a recipe gets the most of the order that fits, found by trying every prefix")
{
    const World w;
    const std::size_t all = w.stack().order.size();
    for (const auto& texts : kRecipes) {
        const Recipe rules = recipe(texts);
        const auto ranges = rangesOf(w.stack(), rules).value();
        const std::uint64_t least =
            fileBytesOf(w.container(), rangedPlan(w.stack(), ranges, w.stack().smallestCount));
        const auto refused = planRecipe(w.container(), rules, least - 1);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Budget);
        CHECK(refused.error().message.find(std::to_string(least)) != std::string::npos);
        for (std::uint64_t budget = least; budget <= w.prefixBytes(all) + 64; budget += 32) {
            Plan best;
            for (std::size_t count = w.stack().smallestCount; count <= all; ++count) {
                const Plan plan = rangedPlan(w.stack(), ranges, count);
                if (fileBytesOf(w.container(), plan) <= budget) best = plan;
            }
            const auto found = planRecipe(w.container(), rules, budget);
            REQUIRE(found);
            CHECK(found.value() == best);
        }
        CHECK(smallestOf(w.container(), rules).value() ==
              rangedPlan(w.stack(), ranges, w.stack().smallestCount));
        CHECK(largestOf(w.container(), rules).value() == rangedPlan(w.stack(), ranges, all));
    }
}

TEST_CASE("without rules the plan is the budget's")
{
    const World w;
    for (std::size_t count = w.stack().smallestCount; count <= w.stack().order.size(); ++count) {
        const std::uint64_t bytes = w.prefixBytes(count) + 7;
        CHECK(planRecipe(w.container(), {}, bytes).value() ==
              planForBudget(w.container(), bytes).value());
    }
}

TEST_CASE("size choices follow rules, and only where there is a budget")
{
    const World w;
    SizeChoice choice = budgetChoice(w.prefixBytes(8));
    choice.recipe = recipe({"a=1"});
    const auto size = chooseSize(w.source, choice);
    REQUIRE(size);
    CHECK(size.value().plan == planRecipe(w.container(), choice.recipe, choice.bytes).value());
    CHECK(size.value().fileBytes == fileBytesOf(w.container(), size.value().plan));
    CHECK(size.value().budgetBytes == choice.bytes);
    CHECK(size.value().recipe == choice.recipe);
    choice.kind = SizeChoice::Kind::Everything;
    CHECK(chooseSize(w.source, choice).value().plan.depth[2] == 1);
    choice.kind = SizeChoice::Kind::Smallest;
    CHECK(chooseSize(w.source, choice).value().plan.depth[2] == 1);
    for (SizeChoice other : {depthChoice(2), planChoice(largestPlan(w.container()))}) {
        CHECK(chooseSize(w.source, other));
        other.recipe = choice.recipe;
        const auto refused = chooseSize(w.source, other);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Usage);
    }
    CHECK_FALSE(chooseSize(w.source, planChoice(Plan{{1, 2}})));
}

TEST_CASE("what a recipe costs is foreseen from gains, held against as many bytes unedited")
{
    const World plain;
    SizeChoice choice = budgetChoice(plain.prefixBytes(8));
    const auto unedited = reportRecipe(plain.source, choice);
    REQUIRE(unedited);
    CHECK_FALSE(unedited.value().rise.has_value()); // nothing was predicted
    CHECK(unedited.value().change == 0);
    CHECK(unedited.value().uneditedBytes == plain.prefixBytes(8));

    choice.recipe = recipe({"a=1"});
    const RecipeReport edited = reportRecipe(plain.source, choice).value();
    const Plan beside = planForBudget(plain.container(), edited.plan.size.fileBytes).value();
    CHECK(*edited.change ==
          doctest::Approx(
              std::exp(plain.gainsLeft(edited.plan.size.plan) - plain.gainsLeft(beside)) - 1));
    CHECK(*edited.change != 0);
    CHECK(edited.plan.matrices.size() == 4);

    choice.recipe = recipe({"model.layers.0.b=0", "a=0", "embed_tokens=-9"});
    choice.kind = SizeChoice::Kind::Smallest;
    const RecipeReport small = reportRecipe(plain.source, choice).value();
    CHECK_FALSE(small.uneditedBytes.has_value()); // nothing unedited is so small
    CHECK_FALSE(small.change.has_value());
}

TEST_CASE("predictions are met where they were made, and lie on lines between them")
{
    const World sizes;
    const std::size_t all = sizes.stack().order.size();
    const World w({{sizes.prefixBytes(4), 1.5, 2},
                   {sizes.prefixBytes(7), .5, 1},
                   {sizes.prefixBytes(all), .1, .1}});
    const auto at = [&](std::size_t count) {
        return *expectedRise(w.container(), prefixPlan(w.stack(), count));
    };
    CHECK(at(4) == doctest::Approx(1.5));
    CHECK(at(7) == doctest::Approx(.5));
    CHECK(at(all) == doctest::Approx(.1));
    const double share =
        w.gainsLeft(prefixPlan(w.stack(), 8)) / w.gainsLeft(prefixPlan(w.stack(), 7));
    CHECK(at(8) == doctest::Approx(.1 + .4 * share));
    CHECK(*expectedRise(w.container(), Plan{{0, 0, 0, 0}}) > 1.5); // goes on beyond the ends

    SizeChoice choice = budgetChoice(w.prefixBytes(8));
    choice.recipe = recipe({"a=1"});
    const RecipeReport report = reportRecipe(w.source, choice).value();
    CHECK(*report.change == doctest::Approx(std::exp(*report.rise - *report.uneditedRise) - 1));
}

TEST_CASE("a plan that was printed is read again, with its rules or depth by depth")
{
    const World w;
    SizeChoice choice = budgetChoice(w.prefixBytes(8));
    choice.recipe = recipe({"a=1", "b=+1"});
    Json json = recipeJson(reportRecipe(w.source, choice).value());
    CHECK(json["rules"] == Json::array({"a=1", "b=+1"}));
    const std::string file = w.folder.write("plan.json", json.dump());
    CHECK(recipeOfFile(w.source, file).value() == choice.recipe);
    CHECK(chooseSize(w.source, planFileChoice(file)).value().plan ==
          chooseSize(w.source, choice).value().plan);

    json.erase("rules");
    const Recipe spelled = recipeOfFile(w.source, w.folder.write("bare.json", json.dump())).value();
    CHECK(spelled.size() == 4);
    CHECK(smallestOf(w.container(), spelled).value() == chooseSize(w.source, choice).value().plan);

    json["rules"] = {"nothing=1"};
    const auto wrong = recipeOfFile(w.source, w.folder.write("wrong.json", json.dump()));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message.find("nothing=1") != std::string::npos);
}

TEST_CASE("what is measured under a recipe is kept apart from the loading order's curve")
{
    const World w;
    const std::string database = w.folder.file("runs.sqlite");
    auto log =
        RunLog::start(database, w.source, {"model", "stack", "nested"}, "perplexity", "{}", "cpu");
    REQUIRE(log);
    MeasurementRecord record;
    record.metric = "perplexity";
    record.value = 20;
    SizeChoice choice = budgetChoice(w.prefixBytes(8));
    REQUIRE(log.value().add(chooseSize(w.source, choice).value(), record));
    choice.recipe = recipe({"a=1"});
    record.value = 21;
    REQUIRE(log.value().add(chooseSize(w.source, choice).value(), record));
    REQUIRE(log.value().finish({}));
    auto store = Store::open(database);
    REQUIRE(store);
    CurveQuery query;
    query.artifactHash = "stack";
    REQUIRE(store.value().curve(query).value().size() == 1);
    CHECK(store.value().curve(query).value()[0].value == 20);
    const auto points = store.value().curve({}).value();
    REQUIRE(points.size() == 2);
    CHECK((points[0].method == "nested recipe a=1" || points[1].method == "nested recipe a=1"));
}
