// The engine on a device against the one on the processor: same models, same plans, same answers.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/nested/product.h"
#include "core/infer/engine.h"
#include "core/infer/generate.h"
#include "gpu/engine/engine.h"
#include "gpu/engine/first_layers.h"
#include "gpu/engine/prompt_batch.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/device_memory.h"
#endif
#include "tests/support/bitstack_model.h"
#include "tests/support/container_pieces.h"
#include "tests/support/got.h"
#include "tests/support/nested_model.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

namespace {

using namespace bs;
using bs::test::got;
using test::TempFolder;

using Source = std::shared_ptr<const ModelSource>;

const std::string kFamilies = std::string(BS_TEST_DATA_DIR) + "/families/";

Source opened(const std::string& path)
{
    return std::make_shared<const ModelSource>(got(openModel(path)));
}

/// With decoded weights at any number of tokens: straight from the planes the processor has x in 8
/// bits, which is further from what is right than the device is.
std::unique_ptr<Engine> onProcessor(const Source& source, const Plan* plan = nullptr)
{
    nested::setDirectRows(0);
    return got(loadCpuEngine(source, 1, plan, {}));
}

std::unique_ptr<Engine> onDevice(const Source& source, const Plan* plan = nullptr)
{
    return got(gpu::loadDeviceEngine(source, 0, 2, plan, {}));
}

std::vector<std::int32_t> someTokens(std::size_t count, std::uint32_t vocabulary)
{
    std::vector<std::int32_t> tokens(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<std::int32_t>((i * 37 + 11) % vocabulary);
    return tokens;
}

/// Logits of all tokens, run in pieces of `step`.
std::vector<float> logitsOf(Engine& engine, const std::vector<std::int32_t>& tokens,
                            std::size_t step)
{
    const auto cache = got(engine.newCache(tokens.size() + 3));
    std::vector<float> all;
    for (std::size_t begin = 0; begin < tokens.size(); begin += step) {
        const std::size_t n = std::min(step, tokens.size() - begin);
        std::vector<float> logits;
        const auto ran = engine.forward(std::span(tokens).subspan(begin, n), *cache, n, logits, {});
        REQUIRE_MESSAGE(ran, (ran ? std::string() : ran.error().message));
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

/// Largest difference over the largest magnitude; NaN stays NaN.
double differenceOf(const std::vector<float>& a, const std::vector<float>& b)
{
    REQUIRE(a.size() == b.size());
    double most = 0;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        most = difference <= most ? most : difference;
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
    }
    return most / largest;
}

/// Weights, keys, values and decoded x are f16 on a card: 2^-11 each, about a dozen roundings a
/// layer that add up as their root, of few layers.
constexpr double kTolerance = 4e-3;

void checkSame(Engine& device, Engine& processor, std::size_t tokens = 15)
{
    const auto ids = someTokens(tokens, processor.config().vocabulary);
    const std::vector<float> wanted = logitsOf(processor, ids, ids.size());
    for (const std::size_t step : {ids.size(), std::size_t{1}, std::size_t{5}}) {
        CAPTURE(step);
        const double difference = differenceOf(logitsOf(device, ids, step), wanted);
        CHECK(difference < kTolerance);
    }
}

/// A small dense model and its stacks.
struct Files
{
    TempFolder folder;
    Source dense, nested, bitstack;

    explicit Files(bool tied)
    {
        std::filesystem::create_directory(folder.file("dense"));
        test::writeRandomModel(folder.file("dense"), test::smallConfig(tied, 128));
        dense = opened(folder.file("dense"));
        REQUIRE(test::writeNestedModel(folder.file("n.bitstack"), *dense));
        REQUIRE(test::writeBitstackModel(folder.file("b.bitstack"), *dense, 3, 4));
        nested = opened(folder.file("n.bitstack"));
        bitstack = opened(folder.file("b.bitstack"));
    }
};

const Files& files(bool tied)
{
    static const Files both[2] = {Files(false), Files(true)};
    return both[tied ? 1 : 0];
}

bool same(const std::vector<Candidate>& a, const std::vector<Candidate>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](Candidate x, Candidate y) { return x.logit == y.logit && x.id == y.id; });
}

/// Runs the tokens in pieces of `step` twice, and compares the best of all logits with candidates.
void checkCandidates(Engine& engine, std::size_t step, std::size_t count)
{
    CAPTURE(step);
    CAPTURE(count);
    const auto ids = someTokens(2 * step, engine.config().vocabulary);
    const auto whole = got(engine.newCache(ids.size()));
    const auto chosen = got(engine.newCache(ids.size()));
    for (std::size_t begin = 0; begin < ids.size(); begin += step) {
        const auto piece = std::span(ids).subspan(begin, step);
        std::vector<float> logits;
        std::vector<Candidate> best;
        REQUIRE(engine.forward(piece, *whole, 1, logits, {}));
        REQUIRE(engine.forwardBest(piece, *chosen, count, best, {}));
        CHECK(best.size() == std::min<std::size_t>(count, engine.config().vocabulary));
        CHECK(same(best, bestCandidates(logits, count)));
        CHECK(chosen->length() == begin + step);
    }
}

/// What generate() does, with all logits on the host.
std::vector<std::int32_t> fromAllLogits(Engine& engine, const std::vector<std::int32_t>& prompt,
                                        const GenerateOptions& options)
{
    const auto cache = got(engine.newCache(prompt.size() + options.maxTokens));
    Sampler sampler(options.sampling);
    std::vector<std::int32_t> seen = prompt;
    std::vector<float> logits;
    REQUIRE(engine.forward(prompt, *cache, 1, logits, {}));
    while (seen.size() < prompt.size() + options.maxTokens) {
        seen.push_back(sampler.sample(logits, seen));
        REQUIRE(engine.forward(std::span(seen).last(1), *cache, 1, logits, {}));
    }
    seen.erase(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(prompt.size()));
    return seen;
}

void checkGenerated(Engine& engine, std::size_t promptTokens, std::size_t tokens,
                    const SamplingOptions& sampling)
{
    CAPTURE(promptTokens);
    CAPTURE(sampling.temperature);
    CAPTURE(sampling.topK);
    GenerateOptions options;
    options.sampling = sampling;
    options.maxTokens = tokens;
    const auto prompt = someTokens(promptTokens, engine.config().vocabulary);
    const auto cache = got(engine.newCache(prompt.size() + options.maxTokens));
    const auto generated = got(generate(engine, *cache, prompt, options, [](std::int32_t) {}, {}));
    CHECK(generated.ids.size() == options.maxTokens);
    CHECK(generated.ids == fromAllLogits(engine, prompt, options));
}

/// From the smallest to everything, the second one not a prefix of the order.
std::vector<Plan> plansOf(const Source& stack)
{
    const Container& container = *stack->container;
    Plan odd = smallestPlan(container);
    for (std::size_t m = 0; m < odd.depth.size(); ++m)
        if (m % 3 == 0) odd.depth[m] = largestPlan(container).depth[m];
    if (odd.depth.size() > 5) odd.depth[5] = 0; // counts as zero
    return {smallestPlan(container), odd, largestPlan(container)};
}

} // namespace

TEST_CASE("dense models of every family")
{
    std::size_t families = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kFamilies)) {
        if (!entry.is_directory()) continue;
        CAPTURE(entry.path().string());
        const Source source = opened(entry.path().string());
        checkSame(*onDevice(source), *onProcessor(source));
        ++families;
    }
    CHECK(families >= 5);
    const Source gguf = opened(kFamilies + "llama.gguf"); // rows of heads lie in another order
    checkSame(*onDevice(gguf), *onProcessor(gguf));
}

TEST_CASE("stacks of both codecs at plans of all kinds, tied and untied")
{
    for (const Source& stack : {files(true).nested, files(false).bitstack})
        for (const Plan& plan : plansOf(stack)) {
            CAPTURE(stack->container->codec);
            CAPTURE(std::accumulate(plan.depth.begin(), plan.depth.end(), 0U));
            checkSame(*onDevice(stack, &plan), *onProcessor(stack, &plan));
        }
    checkSame(*onDevice(files(false).nested), *onProcessor(files(false).nested));
    checkSame(*onDevice(files(true).bitstack), *onProcessor(files(true).bitstack), 3);
}

TEST_CASE("prompts of all lengths: from the blocks, from tiles decoded on the way, with decoded matrices")
{
    for (const Source& source : {files(true).nested, files(false).bitstack, files(false).dense}) {
        const auto ids = someTokens(75, 150);
        const std::vector<float> wanted = logitsOf(*onProcessor(source), ids, ids.size());
        const auto engine = onDevice(source);
        for (const std::size_t step : {75, 33, 20}) { // 33, 33, 9 and 20, 20, 20, 15
            CAPTURE(step);
            CHECK(differenceOf(logitsOf(*engine, ids, step), wanted) < kTolerance);
        }
    }
}

TEST_CASE("long prompts run in larger batches where a card has the memory")
{
    ModelConfig large = test::smallConfig(false, 8192);
    large.width = 4096;
    large.mlpWidth = 14336;
    large.heads = 32;
    large.kvHeads = 8;
    large.headDim = 128;
    CHECK(gpu::batchBytes(large, 1024) > 200'000'000);
    CHECK(gpu::batchBytes(large, 1024) < 300'000'000);
    CHECK(gpu::promptBatch(large, 2'000'000'000) == 1024);
    CHECK(gpu::promptBatch(large, 20'000'000'000) == 2048);
    CHECK(gpu::promptBatch(large, 100'000'000'000) == 4096);
    CHECK(gpu::promptBatch(large, 0) == 1024); // not known
}

TEST_CASE("a change of plan gives what opening at that plan gives, and memory follows")
{
    for (const Source& stack : {files(true).nested, files(false).bitstack}) {
        CAPTURE(stack->container->codec);
        const auto plans = plansOf(stack);
        const auto ids = someTokens(3, stack->config.vocabulary);
        const auto engine = onDevice(stack, &plans[0]);
        const std::uint64_t smallest = engine->weightBytes();
        for (const std::size_t next : {2, 1, 0}) {
            REQUIRE(engine->setPlan(plans[next], {}));
            CHECK(engine->plan() == plans[next]);
            const auto fresh = onDevice(stack, &plans[next]);
            CHECK(logitsOf(*engine, ids, 1) == logitsOf(*fresh, ids, 1)); // to the bit
            CHECK(logitsOf(*engine, ids, 3) == logitsOf(*fresh, ids, 3));
            CHECK(engine->weightBytes() == fresh->weightBytes());
        }
        CHECK(engine->weightBytes() == smallest);
    }
}

TEST_CASE("the engine answers with the old plan while the new one is loaded")
{
    const auto plans = plansOf(files(true).nested);
    const auto engine = onDevice(files(true).nested, &plans[2]);
    const auto ids = someTokens(4, 150);
    const auto old = logitsOf(*engine, ids, 1);
    REQUIRE(engine->startPlan(plans[0]));
    CHECK(logitsOf(*engine, ids, 1) == old);
    CHECK(engine->plan() == plans[2]);
    // Begun anew with another one before it was taken into use.
    REQUIRE(engine->startPlan(plans[1]));
    CHECK(logitsOf(*engine, ids, 1) == old);
    while (!got(engine->continuePlan(0.001, {})))
        CHECK(logitsOf(*engine, ids, 1) == old);
    CHECK(engine->plan() == plans[1]);
    CHECK(logitsOf(*engine, ids, 1) == logitsOf(*onDevice(files(true).nested, &plans[1]), ids, 1));
}

TEST_CASE("several sequences at once, each from where it stands")
{
    for (const Source& source : {files(true).nested, files(false).dense}) {
        const auto engine = onDevice(source);
        const std::uint32_t vocabulary = source->config.vocabulary;
        std::vector<std::unique_ptr<KvCache>> caches;
        std::vector<KvCache*> pointers;
        std::vector<std::int32_t> next;
        std::vector<float> wanted;
        for (std::size_t i = 0; i < 11; ++i) {
            const auto ids = someTokens(i + 2, vocabulary);
            caches.push_back(got(engine->newCache(20 + i)));
            pointers.push_back(caches.back().get());
            std::vector<float> logits;
            REQUIRE(engine->forward(std::span(ids).first(i + 1), *caches.back(), 0, logits, {}));
            next.push_back(ids.back());
            const auto all = logitsOf(*engine, ids, ids.size());
            wanted.insert(wanted.end(), all.end() - vocabulary, all.end());
        }
        std::vector<float> logits;
        REQUIRE(engine->forwardBatch(next, pointers, logits, {}));
        CHECK(differenceOf(logits, wanted) < kTolerance);
        CHECK(caches[3]->length() == 5);
    }
}

TEST_CASE("candidates are the best of the logits, of one token and of a prompt")
{
    for (const Source& source : {files(true).nested, files(false).bitstack, files(true).dense})
        for (const auto& engine : {onDevice(source), onProcessor(source)}) {
            for (const std::size_t step : {1, 2, 11})
                checkCandidates(*engine, step, 40);
            for (const std::size_t count : {std::size_t{1}, kMostCandidates})
                checkCandidates(*engine, 1, count);
        }
    TempFolder folder;
    ModelConfig config = test::smallConfig(false, 128);
    config.vocabulary = 30; // fewer than a list has
    test::writeRandomModel(folder.file("."), config);
    const Source small = opened(folder.file("."));
    checkCandidates(*onDevice(small), 1, 40);
    checkCandidates(*onDevice(small), 3, kMostCandidates);
}

TEST_CASE("what is generated from candidates is what all logits give")
{
    SamplingOptions greedy;
    greedy.temperature = 0;
    SamplingOptions sampled; // as many candidates as are usual
    SamplingOptions penalized;
    penalized.repeatPenalty = 1.3F;
    SamplingOptions wide;
    wide.temperature = 3;
    wide.topK = 64;
    wide.topP = 1;
    wide.minP = 0;
    for (const Source& source : {files(true).nested, files(false).dense}) {
        const auto engine = onDevice(source);
        checkGenerated(*engine, 1, 12, greedy);
        checkGenerated(*engine, 9, 4, greedy);
        for (const SamplingOptions& options : {sampled, penalized, wide})
            checkGenerated(*engine, 5, 6, options);
    }
}

TEST_CASE("candidates follow a change of plan")
{
    const auto plans = plansOf(files(true).nested);
    const auto engine = onDevice(files(true).nested, &plans[0]);
    checkCandidates(*engine, 1, 40);
    REQUIRE(engine->setPlan(plans[2], {}));
    checkCandidates(*engine, 1, 40);
}

TEST_CASE("a damaged block is named, and the old plan stays")
{
    const Source whole = files(true).nested;
    TempFolder folder;
    const std::string path = folder.file("damaged.bitstack");
    std::filesystem::copy_file(whole->path, path);
    const auto& blocks = whole->container->blocks;
    const TensorDesc& part = blocks[2].back().parts[0];
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(part.offset + part.bytes - 1));
        file.put('\x5a');
    }
    const Source stack = opened(path);
    const auto plans = plansOf(stack);
    const auto engine = onDevice(stack, &plans[0]);
    const auto ids = someTokens(3, 150);
    const auto old = logitsOf(*engine, ids, 1);
    const std::uint64_t used = engine->weightBytes();
    const auto grown = engine->setPlan(plans[2], {});
    REQUIRE_FALSE(grown);
    CHECK(grown.error().code == ErrorCode::Format);
    CHECK(grown.error().message.find(whole->container->stack.matrices[2].name) !=
          std::string::npos);
    CHECK(engine->weightBytes() == used);
    CHECK(engine->plan() == plans[0]);
    CHECK(logitsOf(*engine, ids, 1) == old);
}

TEST_CASE("what is wrong with a request is said, and nothing has changed")
{
    const auto engine = onDevice(files(true).nested);
    const auto cache = got(engine->newCache(4));
    std::vector<float> logits;
    const std::vector<std::int32_t> outside{1, 150};
    CHECK(engine->forward(outside, *cache, 1, logits, {}).error().message.find("150") !=
          std::string::npos);
    const auto five = someTokens(5, 150);
    CHECK(engine->forward(five, *cache, 1, logits, {}).error().code == ErrorCode::Usage);
    std::vector<Candidate> best;
    CHECK(engine->forwardBest(outside, *cache, 40, best, {}).error().message.find("150") !=
          std::string::npos);
    CHECK(engine->forwardBest(five, *cache, 40, best, {}).error().code == ErrorCode::Usage);
    CHECK(best.empty());
    CHECK(cache->length() == 0);
    CHECK(engine->startPlan(Plan{}).error().code == ErrorCode::Usage);
    CHECK(onDevice(files(true).dense)->startPlan(Plan{}).error().message.find("no stack") !=
          std::string::npos);
    CHECK(gpu::loadDeviceEngine(files(true).dense, 1, 1, nullptr, {}).error().code ==
          ErrorCode::Usage);
}

TEST_CASE("stopped while loading and while running, the engine is as it was")
{
    const auto plans = plansOf(files(true).nested);
    const auto engine = onDevice(files(true).nested, &plans[0]);
    std::stop_source stop;
    stop.request_stop();
    const JobContext stopped{stop.get_token(), {}};
    const auto ids = someTokens(12, 150);
    const auto old = logitsOf(*engine, ids, 12);
    const auto cache = got(engine->newCache(20));
    std::vector<float> logits;
    CHECK(engine->forward(ids, *cache, 1, logits, stopped).error().code == ErrorCode::Canceled);
    std::vector<Candidate> best;
    CHECK(engine->forwardBest(ids, *cache, 1, best, stopped).error().code == ErrorCode::Canceled);
    CHECK(cache->length() == 0);
    const auto slid = engine->setPlan(plans[2], stopped);
    if (!slid) {
        CHECK(slid.error().code == ErrorCode::Canceled);
        CHECK(engine->plan() == plans[0]);
        CHECK(logitsOf(*engine, ids, 12) == old);
    }
}

#ifndef BS_ON_A_CARD // with a device whose memory is as large as the test wants it

TEST_CASE("everything on the device is given back")
{
    const std::uint64_t before = gpu::emulation::usedDeviceMemory();
    {
        const auto plans = plansOf(files(true).nested);
        const auto engine = onDevice(files(true).nested, &plans[0]);
        REQUIRE(engine->setPlan(plans[2], {}));
        logitsOf(*engine, someTokens(9, 150), 9);
        REQUIRE(engine->startPlan(plans[0])); // given up by the end of the engine
        CHECK(gpu::emulation::usedDeviceMemory() > before);
    }
    CHECK(gpu::emulation::usedDeviceMemory() == before);
}

TEST_CASE("a card that is full: opening and growing say so, and the old plan stays")
{
    const Source stack = files(true).nested;
    const auto plans = plansOf(stack);
    const auto engine = onDevice(stack, &plans[0]);
    const auto ids = someTokens(5, 150);
    const auto old = logitsOf(*engine, ids, 1);
    const std::uint64_t used = gpu::emulation::usedDeviceMemory();

    gpu::emulation::setDeviceMemory(used + 1000);
    const auto grown = engine->setPlan(plans[2], {});
    REQUIRE_FALSE(grown);
    CHECK(grown.error().code == ErrorCode::Memory);
    CHECK(grown.error().message.find("no room") != std::string::npos);
    CHECK(engine->plan() == plans[0]);
    CHECK(gpu::emulation::usedDeviceMemory() == used);

    const auto second = gpu::loadDeviceEngine(stack, 0, 1, nullptr, {});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::Memory);
    CHECK(gpu::emulation::usedDeviceMemory() == used);
    gpu::emulation::setDeviceMemory(std::uint64_t{1} << 40);

    CHECK(logitsOf(*engine, ids, 1) == old);
    REQUIRE(engine->setPlan(plans[2], {}));
}

TEST_CASE("a card with room for a layer has the first, and the processor the rest")
{
    for (const Source& source :
         {files(true).nested, files(false).bitstack, files(true).dense, files(false).dense}) {
        const bool isStack = source->container.has_value();
        const auto plans = isStack ? plansOf(source) : std::vector<Plan>(1);
        const Plan* const plan = isStack ? &plans[1] : nullptr;
        constexpr std::uint64_t kKv = 1000;
        CHECK(gpu::layersThatFit(*source, plan, kKv, std::uint64_t{1} << 40) == 2);
        CHECK(gpu::layersThatFit(*source, plan, kKv, 1000) == 0);
        // Between what none and what both need there is what one needs.
        std::uint64_t room = gpu::roomBytes(*source);
        while (gpu::layersThatFit(*source, plan, kKv, room) == 0)
            room += 1000;
        REQUIRE(gpu::layersThatFit(*source, plan, kKv, room) == 1);
        const std::uint64_t before = gpu::emulation::usedDeviceMemory();
        gpu::emulation::setDeviceMemory(before + 1000);
        CHECK(gpu::loadSplitDeviceEngine(source, 0, 1, plan, kKv, {}).error().code ==
              ErrorCode::Memory);
        gpu::emulation::setDeviceMemory(before + room);
        auto loaded = gpu::loadSplitDeviceEngine(source, 0, 1, plan, kKv, {});
        gpu::emulation::setDeviceMemory(std::uint64_t{1} << 40);
        const auto engine = got(std::move(loaded));
        CHECK(engine->deviceName().find("cuda:0 (emulation), 1 of 2 layers; cpu (") == 0);
        checkSame(*engine, *onProcessor(source, plan));
        const auto cache = got(engine->newCache(8));
        CHECK(cache->bytes() == 8 * 24 * 2 * (sizeof(float) + sizeof(std::uint16_t)));
        if (!isStack) continue;
        CHECK(engine->plan() == plans[1]);
        for (const std::size_t next : {2, 0, 1}) {
            REQUIRE(engine->setPlan(plans[next], {}));
            CHECK(engine->plan() == plans[next]);
            checkSame(*engine, *onProcessor(source, &plans[next]), 9);
        }
        CHECK(engine->startPlan(Plan{}).error().code == ErrorCode::Usage);
        // A card that is full when it is to grow: both parts keep the old plan.
        const auto ids = someTokens(4, 150);
        const auto old = logitsOf(*engine, ids, 1);
        gpu::emulation::setDeviceMemory(gpu::emulation::usedDeviceMemory());
        const auto grown = engine->setPlan(plans[2], {});
        gpu::emulation::setDeviceMemory(std::uint64_t{1} << 40);
        if (!grown) {
            CHECK(grown.error().code == ErrorCode::Memory);
            CHECK(engine->plan() == plans[1]);
            CHECK(logitsOf(*engine, ids, 1) == old);
        }
    }
}

#endif
