#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/compress.h"
#include "core/jobs/keep.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/session.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace bs;
using namespace bs::test;

namespace {

struct World
{
    TempFolder folder;
    std::string model;
    std::string stack;
    std::string nested;

    World()
        : model(makeTinyModel(folder.path()))
        , stack(folder.file("tiny.bitstack"))
    {
        CompressRequest request;
        request.model = model;
        request.output = stack;
        request.codec = "bitstack";
        request.rank = 2;
        request.blocks = 4;
        request.calibration = folder.write("text.txt", tinyText(3000));
        request.calibrationTokens = 512;
        got(compress(request, {}));
        request.codec = "nested";
        request.output = nested = folder.file("nested.bitstack");
        got(compress(request, {}));
    }
};

World& world()
{
    static World all;
    return all;
}

std::unique_ptr<Session> session(const std::string& model, const SizeChoice& size = {})
{
    SessionRequest request;
    request.model = model;
    request.size = size;
    request.context = 256;
    return got(Session::open(request, {}));
}

Answer greedyAnswer(const std::string& model, const SizeChoice& size, std::size_t tokens)
{
    AnswerOptions options;
    options.sampling.temperature = 0;
    options.maxTokens = tokens;
    const std::vector<ChatMessage> messages{{"user", "where does the old river go?"}};
    return got(session(model, size)->answer(messages, options, [](const AnswerPiece&) {}, {}));
}

/// Logits behind every token but the last, one token after another.
std::vector<std::vector<float>> stepByStep(Engine& engine, const std::vector<std::int32_t>& prompt,
                                           const std::vector<std::int32_t>& ids)
{
    const auto cache = got(engine.newCache(prompt.size() + ids.size()));
    std::vector<std::vector<float>> all(1);
    REQUIRE(engine.forward(prompt, *cache, 1, all.front(), {}));
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
        all.emplace_back();
        REQUIRE(engine.forward(std::span(&ids[i], 1), *cache, 1, all.back(), {}));
    }
    return all;
}

double logSoftmax(const std::vector<float>& logits, std::int32_t id)
{
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit));
    return static_cast<double>(logits[static_cast<std::size_t>(id)]) - std::log(sum);
}

/// Tokens of an answer that a size keeps, by computing them one after another.
std::size_t keptAt(Engine& engine, const Plan& plan, const Answer& answer, std::size_t count)
{
    REQUIRE(engine.setPlan(plan, {}));
    const auto logits = stepByStep(engine, answer.promptIds, answer.ids);
    for (std::size_t i = 0; i < count; ++i) {
        const auto best = std::max_element(logits[i].begin(), logits[i].end());
        if (best - logits[i].begin() != answer.ids[i]) return i;
    }
    return count;
}

KeepRequest keepRequest(const Answer& answer, const SizeChoice& from = {})
{
    KeepRequest request;
    request.model = world().stack;
    request.prompt = answer.promptIds;
    request.answer = answer.ids;
    request.from = from;
    return request;
}

/// What is found keeps the answer, and one block less does not, by trying every prefix.
void checkAgainstAll(const Answer& answer, const KeepRequest& request)
{
    const KeepResult found = got(smallestThatKeeps(request, {}));
    const std::size_t count = request.tokens > 0 ? request.tokens : answer.ids.size();
    CHECK(found.tokens == count);
    REQUIRE(found.size.has_value());
    CHECK(found.written == count);
    const auto source = got(openShared(world().stack));
    const Stack& stack = source->container->stack;
    const auto engine = got(loadEngine(source, got(chooseSize(*source, {})), 0, {1, {}}, {})).engine;
    std::size_t matched = 0;
    for (std::size_t n = stack.smallestCount; n <= stack.order.size(); ++n) {
        const Plan plan = prefixPlan(stack, n);
        const std::uint64_t bytes = fileBytesOf(*source->container, plan);
        const std::size_t kept = keptAt(*engine, plan, answer, count);
        for (const KeepProbe& probe : found.probes)
            if (probe.fileBytes == bytes) CHECK(probe.kept == kept);
        if (plan != found.size->plan) continue;
        ++matched;
        CHECK(kept == count);
        CHECK(found.below.has_value() == (n > stack.smallestCount));
        if (!found.below) continue;
        const Plan less = prefixPlan(stack, n - 1);
        CHECK(found.below->fileBytes == fileBytesOf(*source->container, less));
        CHECK(found.below->kept == keptAt(*engine, less, answer, count));
        CHECK(found.below->kept < count);
    }
    CHECK(matched == 1);
}

} // namespace

TEST_CASE("scores are the softmax of what the model computes token by token")
{
    for (const std::string& model : {world().stack, world().nested, world().model}) {
        const Answer answer = greedyAnswer(model, {}, 30);
        REQUIRE(answer.ids.size() > 2);
        std::vector<std::int32_t> ids = answer.ids;
        ids[2] = (ids[2] + 17) % 200; // not all of it as it would have been written
        auto open = session(model);
        const auto scores = got(open->score(answer.promptIds, ids, 5, {}));
        const auto logits = stepByStep(open->engine(), answer.promptIds, ids);
        REQUIRE(scores.size() == ids.size());
        // The very numbers an answer is chosen from, or a search would stumble over near ties; what
        // codec `bitstack` multiplies in floats is near enough.
        const auto cache = got(open->engine().newCache(answer.promptIds.size() + ids.size()));
        const auto same = [&](std::size_t i, std::span<const float> read) {
            if (model != world().stack)
                CHECK(std::equal(read.begin(), read.end(), logits[i].begin(), logits[i].end()));
            return Result<void>();
        };
        REQUIRE(forEachPredicted(open->engine(), *cache, answer.promptIds, ids, same, {}));
        for (std::size_t i = 0; i < ids.size(); ++i) {
            CHECK(scores[i].token.id == ids[i]);
            CHECK(scores[i].token.logProbability ==
                  doctest::Approx(logSoftmax(logits[i], ids[i])).epsilon(1e-5));
            REQUIRE(scores[i].top.size() == 5);
            const auto best = std::max_element(logits[i].begin(), logits[i].end());
            CHECK(scores[i].top.front().id == best - logits[i].begin());
            for (std::size_t k = 0; k < 5; ++k) {
                const TokenChance& chance = scores[i].top[k];
                CHECK(chance.logProbability ==
                      doctest::Approx(logSoftmax(logits[i], chance.id)).epsilon(1e-5));
                if (k > 0) CHECK(chance.logProbability <= scores[i].top[k - 1].logProbability);
            }
            const auto better = std::count_if(logits[i].begin(), logits[i].end(), [&](float logit) {
                return logit > logits[i][static_cast<std::size_t>(scores[i].top.back().id)];
            });
            CHECK(better <= 4);
        }
        // Spelled out, control tokens too.
        CHECK(got(open->score({1}, {2}, 1, {})).front().token.text == "<|im_end|>");
    }
}

TEST_CASE("what cannot be scored is refused, and an answer after it is as before")
{
    auto open = session(world().stack);
    CHECK(open->score({}, {5}, 5, {}).error().code == ErrorCode::Usage);
    CHECK(got(open->score({5}, {}, 5, {})).empty());
    const auto outside = open->score({5}, {4, 99999}, 5, {});
    CHECK(outside.error().code == ErrorCode::Usage);
    CHECK(outside.error().message.find("99999") != std::string::npos);
    const auto longer =
        open->score(std::vector<std::int32_t>(250, 7), {1, 2, 3, 4, 5, 6, 7, 8}, 5, {});
    CHECK(longer.error().code == ErrorCode::Usage);
    CHECK(longer.error().message.find("257") != std::string::npos);
    CHECK(longer.error().message.find("256") != std::string::npos);
    const std::size_t everything = got(open->score({5}, {6}, 100000, {})).front().top.size();
    CHECK(everything == open->engine().config().vocabulary);

    AnswerOptions options;
    options.sampling.temperature = 0;
    options.maxTokens = 8;
    const std::vector<ChatMessage> messages{{"user", "where does the old river go?"}};
    const auto silent = [](const AnswerPiece&) {};
    const Answer before = got(open->answer(messages, options, silent, {}));
    got(open->score(before.promptIds, {9, 9, 9}, 5, {}));
    CHECK(got(open->answer(messages, options, silent, {})).ids == before.ids);
}

TEST_CASE("the smallest size that keeps an answer, checked against every prefix")
{
    const Answer whole = greedyAnswer(world().stack, {}, 10);
    checkAgainstAll(whole, keepRequest(whole));
    KeepRequest first = keepRequest(whole);
    first.tokens = 1;
    checkAgainstAll(whole, first);

    // An answer of a smaller size is looked for from that size down.
    const auto source = got(openShared(world().stack));
    const std::uint64_t largest = got(chooseSize(*source, {})).fileBytes;
    const std::uint64_t smallest = got(chooseSize(*source, got(parseBudget("min")))).fileBytes;
    const SizeChoice middle = budgetChoice((largest + smallest) / 2);
    const Answer smaller = greedyAnswer(world().stack, middle, 10);
    checkAgainstAll(smaller, keepRequest(smaller, middle));
    const KeepResult found = got(smallestThatKeeps(keepRequest(smaller, middle), {}));
    CHECK(found.size->fileBytes <= (largest + smallest) / 2);
}

TEST_CASE("an answer that the largest size does not give is said so, with where it differs")
{
    Answer answer = greedyAnswer(world().stack, {}, 6);
    REQUIRE(answer.ids.size() > 3);
    answer.ids[3] = (answer.ids[3] + 1) % 200;
    const KeepResult found = got(smallestThatKeeps(keepRequest(answer), {}));
    CHECK_FALSE(found.size.has_value());
    CHECK_FALSE(found.below.has_value());
    REQUIRE(found.probes.size() == 1);
    CHECK(found.probes.front().kept == 3);
}

TEST_CASE("a search tells how far it is, can be stopped, and refuses what it cannot look for")
{
    const Answer answer = greedyAnswer(world().stack, {}, 6);
    std::vector<Progress> steps;
    const JobContext context{{}, [&](const Progress& p) { steps.push_back(p); }};
    const KeepResult found = got(smallestThatKeeps(keepRequest(answer), context));
    CHECK(steps.size() == found.probes.size() + 1);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        CHECK(steps[i].done == static_cast<double>(i));
        CHECK(steps[i].done <= steps[i].total);
        CHECK_FALSE(steps[i].detail.empty());
    }

    std::stop_source stop;
    const JobContext stopped{stop.get_token(), [&](const Progress& p) {
                                 if (p.done == 1) stop.request_stop();
                             }};
    CHECK(smallestThatKeeps(keepRequest(answer), stopped).error().code == ErrorCode::Canceled);

    KeepRequest dense = keepRequest(answer);
    dense.model = world().model;
    CHECK(smallestThatKeeps(dense, {}).error().code == ErrorCode::Usage);
    KeepRequest empty = keepRequest(answer);
    empty.answer.clear();
    CHECK(smallestThatKeeps(empty, {}).error().code == ErrorCode::Usage);
    KeepRequest tooMany = keepRequest(answer);
    tooMany.tokens = 7;
    CHECK(smallestThatKeeps(tooMany, {}).error().message.find("has 6") != std::string::npos);
}
