// A file of the frozen format, tests/data/frozen-2.bitstack: what is written in it and what it
// decodes to stay as they were.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/base/json_guard.h"
#include "core/infer/engine.h"
#include "core/model/open.h"
#include "tests/support/got.h"
#include "tests/support/nested_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace bs;
using bs::test::got;
using Json = nlohmann::json;

namespace {

constexpr const char* kFile = BS_TEST_DATA_DIR "/frozen-2.bitstack";

std::shared_ptr<const ModelSource> frozen()
{
    return std::make_shared<const ModelSource>(got(openModel(kFile)));
}

std::vector<Plan> plansOf(const Container& container)
{
    return {smallestPlan(container),
            prefixPlan(container.stack,
                       (container.stack.smallestCount + container.stack.order.size()) / 2),
            largestPlan(container)};
}

/// Of a matrix as a plan decodes it: its first weights, and the sum of all magnitudes.
Json summaryOf(const std::vector<float>& W)
{
    Json first = Json::array();
    double sum = 0;
    for (std::size_t i = 0; i < W.size(); ++i) {
        if (i < 6) first.push_back(W[i]);
        sum += std::abs(static_cast<double>(W[i]));
    }
    return {{"first", first}, {"sum", sum}};
}

/// Logits behind the last of a few tokens.
std::vector<float> logitsOf(const std::shared_ptr<const ModelSource>& source, const Plan& plan)
{
    const auto engine = got(loadCpuEngine(source, 1, &plan, {}));
    const auto cache = got(engine->newCache(16));
    const std::vector<std::int32_t> tokens{3, 1, 4, 15, 9, 26, 5, 35};
    std::vector<float> logits;
    REQUIRE(engine->forward(tokens, *cache, 1, logits, {}));
    return logits;
}

bool close(double a, double b, double relative)
{
    return std::abs(a - b) <= relative * (std::abs(b) + 1e-6);
}

} // namespace

TEST_CASE("a file of version 2 opens, and every plan of it decodes to what it always has")
{
    const auto source = frozen();
    const Container& container = *source->container;
    const Json wanted =
        got(parseJson(got(readTextFile(BS_TEST_DATA_DIR "/frozen-2.json")), "frozen-2.json"));
    CHECK(container.codec == "nested");
    CHECK(container.stack.order.size() == wanted["blocks"].get<std::size_t>());
    const std::vector<Plan> plans = plansOf(container);
    REQUIRE(wanted["plans"].size() == plans.size());
    for (std::size_t p = 0; p < plans.size(); ++p) {
        const Json& plan = wanted["plans"][p];
        CAPTURE(p);
        for (const auto& [name, summary] : plan["weights"].items()) {
            CAPTURE(name);
            const Json now = summaryOf(got(test::decodedMatrix(container, name, plans[p])));
            CHECK(close(now["sum"].get<double>(), summary["sum"].get<double>(), 1e-5));
            for (std::size_t i = 0; i < summary["first"].size(); ++i)
                CHECK(
                    close(now["first"][i].get<double>(), summary["first"][i].get<double>(), 1e-5));
        }
        const std::vector<float> logits = logitsOf(source, plans[p]);
        REQUIRE(logits.size() == plan["logits"].size());
        double off = 0;
        double size = 0;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const auto want = plan["logits"][i].get<double>();
            off +=
                (static_cast<double>(logits[i]) - want) * (static_cast<double>(logits[i]) - want);
            size += want * want;
        }
        CHECK(std::sqrt(off / size) < 0.02); // products round x
    }
}

TEST_CASE("written anew it is the same file, byte for byte")
{
    const test::TempFolder folder;
    const auto source = frozen();
    const std::string copy = folder.file("copy.bitstack");
    got(trimContainer(*source->container, largestPlan(*source->container), copy, false));
    CHECK(got(readTextFile(copy)) == got(readTextFile(kFile)));
}
