#include "core/linalg/cpu/ring_search.h"

namespace bs {

namespace {

constexpr float kNever = 1e30F;

struct Search
{
    const RingSearch& ring;
    unsigned fresh;
    unsigned states;

    /// Viterbi over steps [first, first + count) of the ring. begin, end: states held, or -1. Writes the windows.
    void run(std::size_t first, std::size_t count, int begin, int end, std::uint8_t* windows) const;
    void step(std::size_t at, const float* cost, float* next, std::uint8_t* chosen) const;
};

void Search::step(std::size_t at, const float* cost, float* next, std::uint8_t* chosen) const
{
    for (unsigned s = 0; s < states; ++s)
        next[s] = 2 * kNever;
    for (unsigned window = 0; window < 16; ++window) {
        const float error = ring.x[at] - ring.table[window];
        const float total = cost[window >> fresh] + ring.weight[at] * error * error;
        const unsigned to = window & (states - 1);
        if (total < next[to]) {
            next[to] = total;
            chosen[to] = static_cast<std::uint8_t>(window);
        }
    }
}

void Search::run(std::size_t first, std::size_t count, int begin, int end, std::uint8_t* windows) const
{
    float cost[2][8] = {};
    std::uint8_t chosen[kRingSteps][8] = {};
    for (unsigned s = 0; s < states && begin >= 0; ++s)
        cost[0][s] = static_cast<int>(s) == begin ? 0 : kNever;
    for (std::size_t i = 0; i < count; ++i)
        step((first + i) % kRingSteps, cost[i % 2], cost[(i + 1) % 2], chosen[i]);
    unsigned state = 0;
    for (unsigned s = 1; s < states; ++s)
        if (cost[count % 2][s] < cost[count % 2][state])
            state = s;
    if (end >= 0)
        state = static_cast<unsigned>(end);
    for (std::size_t i = count; i-- > 0;) {
        windows[i] = chosen[i][state];
        state = windows[i] >> fresh;
    }
}

} // namespace

void scalarSearchRings(const RingSearch* rings, std::size_t count, unsigned fresh, std::uint8_t* symbols)
{
    for (std::size_t r = 0; r < count; ++r, symbols += kRingSteps) {
        const Search search{rings[r], fresh, 16U >> fresh};
        std::uint8_t windows[kRingSteps];
        search.run(kRingSteps - kRingSeam, 2 * kRingSeam, -1, -1, windows);
        const int seam = windows[kRingSeam] >> fresh;
        search.run(0, kRingSteps, seam, seam, windows);
        for (std::size_t i = 0; i < kRingSteps; ++i)
            symbols[i] = static_cast<std::uint8_t>(windows[i] & ((1U << fresh) - 1));
    }
}

} // namespace bs
