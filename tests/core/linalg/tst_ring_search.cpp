// The search for the signs of closed rings, over every kernel table.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/cpu/kernels.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace bs;

namespace {

/// Rings with what they point at.
struct Rings
{
    std::vector<float> x;
    std::vector<float> weight;
    std::vector<RingSearch> rings;

    Rings(std::size_t count, bool plain, std::uint64_t seed)
        : x(randomValues(count * kRingSteps, seed)), weight(randomValues(count * kRingSteps, seed + 1))
    {
        for (float& w : weight)
            w = 0.5F + 0.1F * w * w;
        for (std::size_t r = 0; r < count; ++r)
            rings.push_back({&x[r * kRingSteps], &weight[r * kRingSteps], plain ? 0.36F : 0.48F, plain ? 0.6F : 0.8F, plain ? 1.0F : 0.0F});
    }
};

double signOf(const std::uint8_t* symbols, std::size_t row, unsigned bit)
{
    return ((symbols[row % kRingSteps] >> bit) & 1U) != 0 ? -1 : 1;
}

/// What a ring's signs stand for, read the way the decoder reads them: closed.
double levelAt(const RingSearch& ring, const std::uint8_t* s, std::size_t i)
{
    const double own = signOf(s, i, 0);
    const double product = signOf(s, i + kRingSteps - 1, 0) * own * signOf(s, i + 2, 0) * signOf(s, i + 3, 0);
    return own * static_cast<double>(ring.minor) + product * static_cast<double>(ring.major) +
           signOf(s, i, 1) * static_cast<double>(ring.plain);
}

double costOf(const RingSearch& ring, const std::uint8_t* symbols)
{
    double cost = 0;
    for (std::size_t i = 0; i < kRingSteps; ++i)
        cost += static_cast<double>(ring.weight[i]) * std::pow(static_cast<double>(ring.x[i]) - levelAt(ring, symbols, i), 2);
    return cost;
}

/// Cost of row i where the four signs from row i - 1 on, and of row i + 3, are the bits of `signs`, the oldest highest.
double rowCost(const RingSearch& ring, std::size_t i, unsigned signs)
{
    const auto sign = [signs](unsigned bit) { return ((signs >> bit) & 1U) != 0 ? -1.0 : 1.0; };
    const double level = sign(3) * static_cast<double>(ring.minor) + sign(4) * sign(3) * sign(1) * sign(0) * static_cast<double>(ring.major);
    const double rest = std::abs(static_cast<double>(ring.x[i]) - level);
    return static_cast<double>(ring.weight[i]) *
           std::min(std::pow(rest - static_cast<double>(ring.plain), 2), std::pow(rest + static_cast<double>(ring.plain), 2));
}

/// The least cost of any closed ring: a full Viterbi search in f64 for each state that the seam may have.
double leastCost(const RingSearch& ring)
{
    double least = 1e300;
    for (unsigned seam = 0; seam < 16; ++seam) {
        std::array<double, 16> cost;
        cost.fill(1e300);
        cost[seam] = 0;
        for (std::size_t i = 0; i < kRingSteps; ++i) {
            std::array<double, 16> next;
            next.fill(1e300);
            for (unsigned signs = 0; signs < 32; ++signs)
                next[signs & 15] = std::min(next[signs & 15], cost[signs >> 1] + rowCost(ring, i, signs));
            cost = next;
        }
        least = std::min(least, cost[seam]);
    }
    return least;
}

std::vector<const Kernels*> tables()
{
    const Kernels* const* list = nullptr;
    const std::size_t count = availableKernels(list);
    return {list, list + count};
}

} // namespace

TEST_CASE("rings close, and little is lost to the full search over every seam")
{
    for (const bool plain : {false, true}) {
        const Rings rings(48, plain, 5);
        for (const Kernels* table : tables()) {
            CAPTURE(table->name);
            CAPTURE(plain);
            std::vector<std::uint8_t> symbols(rings.rings.size() * kRingSteps);
            table->searchRings(rings.rings.data(), rings.rings.size(), symbols.data());
            CHECK(*std::max_element(symbols.begin(), symbols.end()) == (plain ? 3 : 1));
            double got = 0;
            double least = 0;
            for (std::size_t r = 0; r < rings.rings.size(); ++r) {
                const double best = leastCost(rings.rings[r]);
                const double cost = costOf(rings.rings[r], &symbols[r * kRingSteps]);
                CHECK(cost >= best * (1 - 1e-9));
                CHECK(cost <= best * 1.2);
                got += cost;
                least += best;
            }
            CAPTURE(got / least);
            CHECK(got <= least * 1.005);
        }
    }
}

TEST_CASE("every table finds the same rings, of both kinds and however many are asked for at once")
{
    Rings rings(7, true, 9);
    for (std::size_t r = 0; r < 7; r += 2)
        rings.rings[r].plain = 0;
    for (const std::size_t count : {1, 2, 3, 4, 5, 7}) {
        std::vector<std::uint8_t> plain(count * kRingSteps);
        tables().front()->searchRings(rings.rings.data(), count, plain.data());
        for (const Kernels* table : tables()) {
            CAPTURE(table->name);
            CAPTURE(count);
            std::vector<std::uint8_t> symbols(count * kRingSteps + 1, 0xEE);
            table->searchRings(rings.rings.data(), count, symbols.data());
            CHECK(symbols.back() == 0xEE);
            symbols.pop_back();
            CHECK(symbols == plain);
        }
    }
}

TEST_CASE("a ring that some signs meet exactly is found")
{
    for (const bool plain : {false, true}) {
        Rings rings(4, plain, 21);
        std::vector<std::uint8_t> truth(4 * kRingSteps);
        RandomValues random(3);
        for (std::uint8_t& symbol : truth)
            symbol = static_cast<std::uint8_t>(random.next() & (plain ? 3 : 1));
        for (std::size_t r = 0; r < 4; ++r)
            for (std::size_t i = 0; i < kRingSteps; ++i)
                rings.x[r * kRingSteps + i] = static_cast<float>(levelAt(rings.rings[r], &truth[r * kRingSteps], i));
        for (const Kernels* table : tables()) {
            std::vector<std::uint8_t> symbols(truth.size());
            table->searchRings(rings.rings.data(), 4, symbols.data());
            for (std::size_t r = 0; r < 4; ++r)
                CHECK(costOf(rings.rings[r], &symbols[r * kRingSteps]) < 1e-9);
        }
    }
}

TEST_CASE("weights of zero, levels of zero and values far out give signs all the same")
{
    Rings rings(4, true, 31);
    std::fill(rings.weight.begin(), rings.weight.begin() + kRingSteps, 0.0F);
    for (std::size_t i = kRingSteps; i < 2 * kRingSteps; ++i)
        rings.x[i] = 1e10F;
    rings.rings[2].major = rings.rings[2].minor = 0;
    for (const Kernels* table : tables()) {
        std::vector<std::uint8_t> symbols(4 * kRingSteps, 0xFF);
        table->searchRings(rings.rings.data(), 4, symbols.data());
        CHECK(*std::max_element(symbols.begin(), symbols.end()) <= 3);
    }
}
