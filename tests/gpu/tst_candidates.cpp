#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gpu/ops/candidates.h"
#ifndef BS_ON_A_CARD
#include "gpu/emulation/block.h"
#endif
#include "tests/gpu/guarded_buffer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

using namespace bs;
using namespace bs::gpu;
using bs::gpu::test::Guarded;
using bs::test::check;
using bs::test::got;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kTiny = std::numeric_limits<float>::denorm_min();

std::vector<float> randomLogits(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> spread(0, 5);
    std::vector<float> logits(count);
    for (float& logit : logits)
        logit = spread(random);
    return logits;
}

/// Only as many different numbers, so that equal ones are cut in two everywhere.
std::vector<float> tiedLogits(std::size_t count, unsigned values, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<float> logits(count);
    for (float& logit : logits)
        logit = static_cast<float>(random() % values) - static_cast<float>(values) / 2;
    return logits;
}

/// What there is beside ordinary numbers, strewn among these.
std::vector<float> oddLogits(std::size_t count, unsigned seed)
{
    const float odd[] = {kNaN, -kNaN, kInfinity, -kInfinity, 0.0F, -0.0F, kTiny, -kTiny};
    std::vector<float> logits = randomLogits(count, seed);
    std::mt19937 random(seed);
    for (float& logit : logits)
        if (random() % 2 == 0) logit = odd[random() % std::size(odd)];
    return logits;
}

/// All kMostCandidates, or as many as there are.
std::vector<Candidate> onDevice(const std::vector<float>& logits)
{
    const Stream stream = got(Stream::create());
    CandidateFinder finder = got(CandidateFinder::create(stream));
    const Guarded<float> there(logits);
    check(finder.find(there.at(), logits.size(), stream));
    check(stream.wait());
    const auto found = finder.found(kMostCandidates, logits.size());
    return {found.begin(), found.end()};
}

/// Sorted as a whole by the rule as it is written down.
std::vector<Candidate> expected(const std::vector<float>& logits)
{
    std::vector<Candidate> all;
    for (std::size_t i = 0; i < logits.size(); ++i)
        all.push_back({logits[i], static_cast<std::int32_t>(i)});
    const auto middle =
        std::stable_partition(all.begin(), all.end(), [](auto c) { return !std::isnan(c.logit); });
    std::stable_sort(all.begin(), middle, [](auto a, auto b) { return a.logit > b.logit; });
    all.resize(std::min(all.size(), kMostCandidates));
    return all;
}

/// To the bit: a NaN and a zero keep their signs.
bool same(const std::vector<Candidate>& a, const std::vector<Candidate>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0;
}

void checkFound(const std::vector<float>& logits)
{
    CAPTURE(logits.size());
    CHECK(same(onDevice(logits), expected(logits)));
}

} // namespace

TEST_CASE("the best of logits of any number")
{
    // up to more than the warps of all blocks have one group each of
    for (const std::size_t count :
         {1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 1000, 1023, 1024, 1025, 49152, 151936, 262144})
        checkFound(randomLogits(count, static_cast<unsigned>(count)));
}

TEST_CASE("they may lie anywhere, beside all others or in one group")
{
    std::vector<float> logits(40000, -1.0F);
    for (std::size_t first : {0U, 63U, 1000U, 39936U}) {
        std::vector<float> together = logits;
        for (std::size_t i = 0; i < kMostCandidates; ++i)
            together[first + i] = static_cast<float>(i * 29 % 64);
        checkFound(together);
    }
    for (std::size_t i = 0; i < kMostCandidates; ++i)
        logits[i * 617 + 5] = static_cast<float>(i * 29 % 64);
    checkFound(logits);
    std::vector<float> rising(5000);
    for (std::size_t i = 0; i < rising.size(); ++i)
        rising[i] = static_cast<float>(i);
    checkFound(rising);
    std::reverse(rising.begin(), rising.end());
    checkFound(rising);
}

TEST_CASE("of equal logits the lower ids come first")
{
    for (const std::size_t count : {1, 64, 65, 1000, 49152}) {
        checkFound(std::vector<float>(count, 1.5F));
        checkFound(std::vector<float>(count, -1.5F));
        for (const unsigned values : {2U, 5U, 60U, 3000U})
            checkFound(tiedLogits(count, values, values));
    }
}

TEST_CASE("infinities, zeros of both signs, the smallest numbers; what is not a number comes last")
{
    for (const std::size_t count : {1, 2, 63, 64, 65, 1000, 20000})
        for (unsigned seed = 0; seed < 4; ++seed)
            checkFound(oddLogits(count, seed));
    for (const float all : {kNaN, -kNaN, kInfinity, -kInfinity, -0.0F})
        for (const std::size_t count : {3, 64, 3000})
            checkFound(std::vector<float>(count, all));
    std::vector<float> few(3000, kNaN);
    few[2900] = -kInfinity;
    few[1234] = -3.0F;
    checkFound(few);
    CHECK(onDevice(few)[0].id == 1234);
    CHECK(onDevice(few)[1].id == 2900);
    CHECK(onDevice(few)[2].id == 0);
}

TEST_CASE("any number of them is what the processor finds")
{
    for (const auto& logits :
         {randomLogits(3000, 1), tiedLogits(3000, 7, 2), oddLogits(3000, 3), oddLogits(40, 4)}) {
        const Stream stream = got(Stream::create());
        CandidateFinder finder = got(CandidateFinder::create(stream));
        const Guarded<float> there(logits);
        check(finder.find(there.at(), logits.size(), stream));
        check(stream.wait());
        for (std::size_t count = 1; count <= kMostCandidates; ++count) {
            const auto found = finder.found(count, logits.size());
            CHECK(found.size() == std::min(count, logits.size()));
            CHECK(same({found.begin(), found.end()}, bestCandidates(logits, count)));
        }
    }
}

TEST_CASE("a finder finds again, in fewer logits and in more")
{
    const Stream stream = got(Stream::create());
    CandidateFinder finder = got(CandidateFinder::create(stream));
    for (const std::size_t count : {30000, 10, 2000, 1, 100000}) {
        const std::vector<float> logits = randomLogits(count, 9);
        const Guarded<float> there(logits, 1); // at a place that is not aligned
        check(finder.find(there.at(), count, stream));
        check(stream.wait());
        const auto found = finder.found(kMostCandidates, count);
        CHECK(same({found.begin(), found.end()}, expected(logits)));
        const std::vector<float> after = there.get();
        CHECK(std::memcmp(after.data(), logits.data(), count * sizeof(float)) == 0);
    }
}

TEST_CASE("the order of threads does not matter")
{
    for (const auto& logits : {randomLogits(5000, 1), tiedLogits(5000, 3, 2), oddLogits(70, 3)}) {
#ifdef BS_ON_A_CARD
        CHECK(same(onDevice(logits), onDevice(logits)));
#else
        emulation::setOrder(emulation::Order::Reverse);
        CHECK(same(onDevice(logits), expected(logits)));
        for (unsigned seed = 0; seed < 4; ++seed) {
            emulation::setOrder(emulation::Order::Shuffled, seed);
            CHECK(same(onDevice(logits), expected(logits)));
        }
        emulation::setOrder(emulation::Order::Forward);
#endif
    }
}
