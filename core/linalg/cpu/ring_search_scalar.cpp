#include "core/linalg/cpu/ring_costs.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// Costs of a ring's rows in each class, and whether p is -1 there.
struct Costs
{
    std::uint16_t cost[kRingSteps][kClasses];
    bool negative[kRingSteps][kClasses];

    explicit Costs(const RingSearch& ring)
    {
        const float scale = ringCostScale(ring);
        for (std::size_t i = 0; i < kRingSteps; ++i) {
            float error[kClasses];
            for (unsigned c = 0; c < kClasses; ++c) {
                const float rest = ring.x[i] - ringLevel(ring, c);
                const float plus = (rest - ring.plain) * (rest - ring.plain);
                const float minus = (rest + ring.plain) * (rest + ring.plain);
                negative[i][c] = minus < plus;
                error[c] = std::min(plus, minus);
            }
            const float least = std::min(std::min(error[0], error[1]), std::min(error[2], error[3]));
            for (unsigned c = 0; c < kClasses; ++c) {
                const float counted = (error[c] - least) * (scale * ring.weight[i]);
                cost[i][c] = static_cast<std::uint16_t>(std::lrintf(std::min(counted, static_cast<float>(kMostCost))));
            }
        }
    }
};

bool below(std::uint16_t a, std::uint16_t b)
{
    return static_cast<std::int16_t>(a - b) < 0;
}

/// Viterbi over steps [first, first + count) of the ring. begin, end: states held, or -1. Writes the windows.
void run(const Costs& costs, std::size_t first, std::size_t count, int begin, int end, std::uint8_t* windows)
{
    std::uint16_t cost[2][kStates] = {};
    std::uint8_t chosen[2 * kRingSeam][kStates] = {};
    for (unsigned s = 0; s < kStates && begin >= 0; ++s)
        cost[0][s] = static_cast<int>(s) == begin ? 0 : kNotHeld;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t* row = costs.cost[(first + i + kRingSteps - kRowBehind) % kRingSteps];
        const std::uint16_t* now = cost[i % 2];
        for (unsigned s = 0; s < kStates; ++s) {
            const unsigned low = s;
            const unsigned high = s | kStates;
            const auto viaLow = static_cast<std::uint16_t>(now[low >> 1] + row[ringClass(low)]);
            const auto viaHigh = static_cast<std::uint16_t>(now[high >> 1] + row[ringClass(high)]);
            const bool useHigh = below(viaHigh, viaLow);
            cost[(i + 1) % 2][s] = useHigh ? viaHigh : viaLow;
            chosen[i][s] = static_cast<std::uint8_t>(useHigh ? high : low);
        }
    }
    unsigned state = 0;
    for (unsigned s = 1; s < kStates; ++s)
        if (below(cost[count % 2][s], cost[count % 2][state]))
            state = s;
    if (end >= 0)
        state = static_cast<unsigned>(end);
    for (std::size_t i = count; i-- > 0;) {
        windows[i] = chosen[i][state];
        state = windows[i] >> 1;
    }
}

} // namespace

void scalarSearchRings(const RingSearch* rings, std::size_t count, std::uint8_t* symbols)
{
    for (std::size_t r = 0; r < count; ++r, symbols += kRingSteps) {
        const Costs costs(rings[r]);
        std::uint8_t windows[2 * kRingSeam];
        run(costs, kRingSteps - kRingSeam, 2 * kRingSeam, -1, -1, windows);
        const int seam = windows[kRingSeam] >> 1;
        run(costs, 0, kRingSteps, seam, seam, windows);
        // Once more with the state across the ring held: no worse, and free where the seam was.
        const int across = windows[kRingSteps / 2] >> 1;
        run(costs, kRingSteps / 2, kRingSteps, across, across, windows);
        for (std::size_t i = 0; i < kRingSteps; ++i)
            symbols[(i + kRingSteps / 2) % kRingSteps] = windows[i] & 1U;
        for (std::size_t i = 0; i < kRingSteps && rings[r].plain != 0; ++i) {
            const std::size_t row = (i + kRingSteps + kRingSteps / 2 - kRowBehind) % kRingSteps;
            if (costs.negative[row][ringClass(windows[i])])
                symbols[row] |= 2;
        }
    }
}

} // namespace bs
