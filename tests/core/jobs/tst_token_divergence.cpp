#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/file.h"
#include "core/jobs/compress.h"
#include "core/jobs/evaluate.h"
#include "core/jobs/token_divergence.h"
#include "tests/support/tiny_stack.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

using namespace bs;
using namespace bs::test;

namespace {

struct World : TinyStack
{
    World() { ::setenv("XDG_CACHE_HOME", folder.file("cache").c_str(), 1); }

    std::size_t cachedFiles() const
    {
        const auto cache =
            std::filesystem::directory_iterator(folder.file("cache") + "/bitstack/references");
        return static_cast<std::size_t>(std::distance(begin(cache), end(cache)));
    }
};

World& world()
{
    static World all;
    return all;
}

TokenDivergenceRequest requestOf(std::uint32_t depth)
{
    TokenDivergenceRequest request;
    request.model = world().stack;
    request.size = depthChoice(depth);
    request.text = world().text;
    request.context = 64;
    request.chunks = 3;
    request.worst = 7;
    return request;
}

} // namespace

TEST_CASE("the divergences of all tokens are those that eval sums up")
{
    const TokenDivergence found = got(tokenDivergence(requestOf(1), {}));
    CHECK(found.dense);
    CHECK(found.reference == world().model);
    CHECK(found.note.empty());
    REQUIRE(found.positions.size() == 3 * 63);

    EvaluateRequest whole;
    whole.model = world().stack;
    whole.text = world().text;
    whole.context = 64;
    whole.chunks = 3;
    whole.scored = Scored::All;
    whole.sizes = {depthChoice(1)};
    whole.reference = world().model;
    const Evaluation evaluation = got(evaluatePerplexity(whole, {}, {}));
    const DivergenceResult& sum = evaluation.results.front().divergence.value();
    CHECK(found.mean == doctest::Approx(sum.mean).epsilon(1e-9));
    CHECK(found.median == doctest::Approx(sum.median).epsilon(1e-9));
    CHECK(found.sameTop == doctest::Approx(sum.sameTop));
    double nll = 0;
    for (const TokenDivergence::Position& p : found.positions)
        nll += p.nll;
    CHECK(std::exp(nll / static_cast<double>(found.positions.size())) ==
          doctest::Approx(sum.perplexity.perplexity));
    CHECK(found.mean > 1e-4);
    // More blocks are nearer.
    CHECK(got(tokenDivergence(requestOf(4), {})).mean < found.mean);
}

TEST_CASE("tokens stand where they stand in the text, the worst first and in their surroundings")
{
    const TokenDivergence found = got(tokenDivergence(requestOf(1), {}));
    REQUIRE(found.worst.size() == 7);
    const std::string text = got(readTextFile(world().text));
    const auto divergence = [&](const TokenDivergence::Worst& w) {
        return found.positions[w.position].divergence;
    };
    for (std::size_t i = 0; i < found.worst.size(); ++i) {
        const TokenDivergence::Worst& w = found.worst[i];
        if (i > 0) CHECK(divergence(w) <= divergence(found.worst[i - 1]));
        CHECK(text.find(w.before + found.positions[w.position].text + w.after) !=
              std::string::npos);
        REQUIRE(w.reference.size() == 5);
        REQUIRE(w.model.size() == 5);
        CHECK(w.model.front().text == found.positions[w.position].model.text);
        CHECK(w.reference.front().probability >= w.reference.back().probability);
    }
    const auto more =
        std::count_if(found.positions.begin(), found.positions.end(),
                      [&](const auto& p) { return p.divergence > divergence(found.worst.back()); });
    CHECK(more <= 6);
    for (std::size_t i = 1; i < found.positions.size(); ++i)
        CHECK(found.positions[i].index > found.positions[i - 1].index);
}

TEST_CASE("of a conversation only the answer is looked at, behind what was said before")
{
    TokenDivergenceRequest request = requestOf(1);
    request.text.clear();
    request.messages = {{"user", "once upon"}, {"assistant", "a time there was a king"}};
    const TokenDivergence found = got(tokenDivergence(request, {}));
    std::string answer;
    for (const TokenDivergence::Position& p : found.positions)
        answer += p.text;
    CHECK(answer == "a time there was a king");
    CHECK(found.tokens > found.positions.size());
    CHECK(found.positions.front().index == found.tokens - found.positions.size());

    request.messages.pop_back();
    const auto refused = tokenDivergence(request, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(refused.error().message.find("answer") != std::string::npos);
}

TEST_CASE("without the original everything the stack holds is the reference, and that is said")
{
    const std::string moved = world().model + "-moved";
    std::filesystem::rename(world().model, moved);
    const TokenDivergence found = got(tokenDivergence(requestOf(1), {}));
    const TokenDivergence same = got(tokenDivergence(requestOf(4), {}));
    std::filesystem::rename(moved, world().model);
    CHECK_FALSE(found.dense);
    CHECK(found.reference == world().stack);
    CHECK(found.note.find(world().model) != std::string::npos);
    CHECK(found.mean > 1e-4);
    CHECK(same.mean < 1e-6); // from itself
    CHECK(same.sameTop == 1);
}

TEST_CASE("the reference is computed once, and a look can be stopped")
{
    TokenDivergenceRequest request = requestOf(2);
    request.chunks = 2;
    got(tokenDivergence(request, {}));
    const std::size_t files = world().cachedFiles();
    double last = 0;
    const JobContext watched{{}, [&](const Progress& p) {
                                 CHECK(p.done >= last);
                                 CHECK(p.done >= 1); // the first part is there already
                                 last = p.done;
                             }};
    got(tokenDivergence(request, watched));
    CHECK(last == doctest::Approx(2));
    CHECK(world().cachedFiles() == files);

    std::stop_source stop;
    stop.request_stop();
    const auto ended = tokenDivergence(request, JobContext{stop.get_token(), {}});
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == ErrorCode::Canceled);
}
