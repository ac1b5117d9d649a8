#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/store/store.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

using namespace bs;
using bs::test::got;
using bs::test::TempFolder;

namespace {

PlanRecord planNamed(const std::string& name)
{
    PlanRecord plan;
    plan.artifactHash = "stack";
    plan.name = name;
    plan.depths = {1, 0, 300};
    plan.rules = {"v_proj=6", "a.\"b\"=4.5bits"};
    plan.fileBytes = 61'000'000'000;
    return plan;
}

struct World
{
    TempFolder folder;
    Store store = got(Store::open(folder.file("plans.sqlite")));

    World()
    {
        REQUIRE(store.knowArtifact({"model", "/m.gguf", "llama", 7},
                                   {"stack", 0, "nested", "{}", "/m.bitstack", 9}));
    }
    std::vector<PlanRecord> plans() { return got(store.listPlans("stack")); }
};

} // namespace

TEST_CASE("a plan comes back as it was saved")
{
    World w;
    const std::int64_t id = got(w.store.savePlan(planNamed("mine")));
    const std::vector<PlanRecord> plans = w.plans();
    REQUIRE(plans.size() == 1);
    CHECK(plans[0].id == id);
    CHECK(plans[0].artifactHash == "stack");
    CHECK(plans[0].name == "mine");
    CHECK(plans[0].depths == planNamed("").depths);
    CHECK(plans[0].rules == planNamed("").rules);
    CHECK(plans[0].fileBytes == 61'000'000'000);
    CHECK(plans[0].created.size() == 24);
    CHECK(got(w.store.listPlans("another")).empty());
}

TEST_CASE("a plan of the same name takes its place, and one of another stack does not")
{
    World w;
    const std::int64_t id = got(w.store.savePlan(planNamed("mine")));
    PlanRecord changed = planNamed("mine");
    changed.depths = {5};
    CHECK(got(w.store.savePlan(changed)) == id);
    REQUIRE(w.plans().size() == 1);
    CHECK(w.plans()[0].depths == std::vector<std::uint32_t>{5});
    REQUIRE(w.store.knowArtifact({"model", "/m.gguf", "llama", 7},
                                 {"other", 0, "nested", "{}", "/o.bitstack", 9}));
    changed.artifactHash = "other";
    CHECK(got(w.store.savePlan(changed)) != id);
    CHECK(w.plans().size() == 1);
    changed.artifactHash = "nobody";
    const auto refused = w.store.savePlan(changed);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(refused.error().message.find("nobody") != std::string::npos);
}

TEST_CASE("plans are renamed, removed and brought back")
{
    World w;
    const std::int64_t first = got(w.store.savePlan(planNamed("b")));
    const std::int64_t second = got(w.store.savePlan(planNamed("a")));
    REQUIRE(w.plans().size() == 2);
    CHECK(w.plans()[0].id == second); // by name
    const auto taken = w.store.renamePlan(second, "b");
    REQUIRE_FALSE(taken);
    CHECK(taken.error().message.find("'b'") != std::string::npos);
    REQUIRE(w.store.renamePlan(second, "c"));
    CHECK(w.plans()[1].name == "c");
    const PlanRecord kept = w.plans()[1];
    REQUIRE(w.store.removePlan(second));
    CHECK(w.plans().size() == 1);
    CHECK_FALSE(w.store.removePlan(second));
    CHECK_FALSE(w.store.renamePlan(second, "d"));
    got(w.store.savePlan(kept));
    CHECK(w.plans()[1].created == kept.created);
    CHECK(w.plans()[0].id == first);
}

TEST_CASE("what is known of an artifact stays")
{
    World w;
    REQUIRE(w.store.knowArtifact({"model", "/elsewhere", "none", 1},
                                 {"stack", 0, "dense", "{}", "/elsewhere", 1}));
    const auto run = got(w.store.startRun({}));
    MeasurementRecord m;
    m.run = run;
    m.artifact = 1;
    m.metric = "perplexity";
    got(w.store.addMeasurement(m));
    CurveQuery query;
    query.artifactHash = "stack";
    const std::vector<CurvePoint> points = got(w.store.curve(query));
    REQUIRE(points.size() == 1);
    CHECK(points[0].method == "nested");
    CHECK(points[0].artifactPath == "/m.bitstack");
    CHECK(points[0].modelPath == "/m.gguf");
}
