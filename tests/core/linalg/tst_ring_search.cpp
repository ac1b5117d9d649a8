// The search for the bits of closed rings, over every kernel table.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/cpu/kernels.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace bs;

namespace {

/// Rings with what they point at.
struct Rings
{
    std::vector<float> x;
    std::vector<float> weight;
    std::vector<RingSearch> rings;

    Rings(std::size_t count, std::uint64_t seed)
        : x(randomValues(count * kRingSteps, seed)), weight(randomValues(count * kRingSteps, seed + 1))
    {
        RandomValues random(seed + 2);
        for (float& w : weight)
            w = w * w + 0.01F;
        for (std::size_t r = 0; r < count; ++r) {
            RingSearch ring;
            ring.x = &x[r * kRingSteps];
            ring.weight = &weight[r * kRingSteps];
            for (float& level : ring.table)
                level = random.gaussian();
            rings.push_back(ring);
        }
    }
};

unsigned windowAt(const std::uint8_t* symbols, unsigned fresh, std::size_t step)
{
    unsigned window = 0;
    for (std::size_t back = 4; back-- > 0;)
        window = (window << fresh | symbols[(step + kRingSteps - back) % kRingSteps]) & 15U;
    return window;
}

/// What a ring's bits leave, read the way the decoder reads them: closed.
double costOf(const RingSearch& ring, unsigned fresh, const std::uint8_t* symbols)
{
    double cost = 0;
    for (std::size_t i = 0; i < kRingSteps; ++i) {
        const double error = static_cast<double>(ring.x[i]) - static_cast<double>(ring.table[windowAt(symbols, fresh, i)]);
        cost += static_cast<double>(ring.weight[i]) * error * error;
    }
    return cost;
}

/// The least cost of any closed ring: a full Viterbi search for each state that the seam may have.
double leastCost(const RingSearch& ring, unsigned fresh)
{
    const unsigned states = 16U >> fresh;
    double least = 1e300;
    for (unsigned seam = 0; seam < states; ++seam) {
        std::array<double, 8> cost;
        cost.fill(1e300);
        cost[seam] = 0;
        for (std::size_t i = 0; i < kRingSteps; ++i) {
            std::array<double, 8> next;
            next.fill(1e300);
            for (unsigned window = 0; window < 16; ++window) {
                const double error = static_cast<double>(ring.x[i]) - static_cast<double>(ring.table[window]);
                const double total = cost[window >> fresh] + static_cast<double>(ring.weight[i]) * error * error;
                next[window & (states - 1)] = std::min(next[window & (states - 1)], total);
            }
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
    const Rings rings(64, 5);
    for (const Kernels* table : tables())
        for (const unsigned fresh : {1U, 2U}) {
            CAPTURE(table->name);
            CAPTURE(fresh);
            std::vector<std::uint8_t> symbols(rings.rings.size() * kRingSteps);
            table->searchRings(rings.rings.data(), rings.rings.size(), fresh, symbols.data());
            double got = 0;
            double least = 0;
            for (std::size_t r = 0; r < rings.rings.size(); ++r) {
                const std::uint8_t* own = &symbols[r * kRingSteps];
                CHECK(*std::max_element(own, own + kRingSteps) < (1U << fresh));
                const double best = leastCost(rings.rings[r], fresh);
                const double cost = costOf(rings.rings[r], fresh, own);
                CHECK(cost >= best * (1 - 1e-5));
                CHECK(cost <= best * 1.2);
                got += cost;
                least += best;
            }
            CAPTURE(got / least);
            CHECK(got <= least * 1.005);
        }
}

TEST_CASE("every table finds rings of the same cost, however many are asked for at once")
{
    const Rings rings(7, 9);
    for (const unsigned fresh : {1U, 2U})
        for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}, std::size_t{5}, std::size_t{7}}) {
            std::vector<std::uint8_t> plain(count * kRingSteps);
            tables().front()->searchRings(rings.rings.data(), count, fresh, plain.data());
            for (const Kernels* table : tables()) {
                CAPTURE(table->name);
                CAPTURE(count);
                std::vector<std::uint8_t> symbols(count * kRingSteps + 1, 0xEE);
                table->searchRings(rings.rings.data(), count, fresh, symbols.data());
                CHECK(symbols.back() == 0xEE);
                for (std::size_t r = 0; r < count; ++r)
                    CHECK(costOf(rings.rings[r], fresh, &symbols[r * kRingSteps]) ==
                          doctest::Approx(costOf(rings.rings[r], fresh, &plain[r * kRingSteps])).epsilon(1e-4));
            }
        }
}

TEST_CASE("a ring that some bits meet exactly is found")
{
    Rings rings(4, 21);
    std::vector<std::uint8_t> truth(4 * kRingSteps);
    for (const unsigned fresh : {1U, 2U}) {
        RandomValues random(fresh);
        for (std::uint8_t& symbol : truth)
            symbol = static_cast<std::uint8_t>(random.next() & ((1U << fresh) - 1));
        for (std::size_t r = 0; r < 4; ++r)
            for (std::size_t i = 0; i < kRingSteps; ++i)
                rings.x[r * kRingSteps + i] = rings.rings[r].table[windowAt(&truth[r * kRingSteps], fresh, i)];
        for (const Kernels* table : tables()) {
            std::vector<std::uint8_t> symbols(truth.size());
            table->searchRings(rings.rings.data(), 4, fresh, symbols.data());
            CHECK(symbols == truth);
        }
    }
}

TEST_CASE("weights of zero and values far out give bits all the same")
{
    Rings rings(4, 31);
    std::fill(rings.weight.begin(), rings.weight.begin() + kRingSteps, 0.0F);
    for (std::size_t i = kRingSteps; i < 2 * kRingSteps; ++i)
        rings.x[i] = 1e10F;
    for (const Kernels* table : tables())
        for (const unsigned fresh : {1U, 2U}) {
            std::vector<std::uint8_t> symbols(4 * kRingSteps, 0xFF);
            table->searchRings(rings.rings.data(), 4, fresh, symbols.data());
            CHECK(*std::max_element(symbols.begin(), symbols.end()) < (1U << fresh));
        }
}
