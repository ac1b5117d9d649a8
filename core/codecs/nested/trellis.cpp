#include "core/codecs/nested/trellis.h"

#include <array>
#include <algorithm>

namespace bs::nested {

namespace {

constexpr std::size_t kAround = 24; ///< steps before and after the seam that its state is found from
constexpr float kNever = 1e30F;

/// Viterbi over steps [first, first + count) of the ring. begin, end: states held, or -1. Writes the windows chosen.
void viterbi(const RingSearch& ring, std::size_t first, std::size_t count, int begin, int end, std::uint8_t* windows)
{
    const unsigned states = 16U >> ring.fresh;
    std::array<float, 8> cost{};
    std::array<float, 8> next{};
    std::array<std::array<std::uint8_t, 8>, kTileRows> chosen{};
    if (begin >= 0) {
        cost.fill(kNever);
        cost[static_cast<std::size_t>(begin)] = 0;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = (first + i) % kTileRows;
        next.fill(2 * kNever);
        for (unsigned window = 0; window < 16; ++window) {
            const float error = ring.x[at] - ring.table[window];
            const float total = cost[window >> ring.fresh] + ring.weight[at] * error * error;
            const unsigned to = window & (states - 1);
            if (total < next[to]) {
                next[to] = total;
                chosen[i][to] = static_cast<std::uint8_t>(window);
            }
        }
        cost = next;
    }
    unsigned state = end >= 0 ? static_cast<unsigned>(end)
                              : static_cast<unsigned>(std::min_element(cost.begin(), cost.begin() + states) - cost.begin());
    for (std::size_t i = count; i-- > 0;) {
        windows[i] = chosen[i][state];
        state = windows[i] >> ring.fresh;
    }
}

} // namespace

void searchRingReference(const RingSearch& ring, std::uint8_t* symbols)
{
    std::array<std::uint8_t, kTileRows> windows{};
    viterbi(ring, kTileRows - kAround, 2 * kAround, -1, -1, windows.data());
    const int seam = windows[kAround] >> ring.fresh;
    viterbi(ring, 0, kTileRows, seam, seam, windows.data());
    for (std::size_t i = 0; i < kTileRows; ++i)
        symbols[i] = static_cast<std::uint8_t>(windows[i] & ((1U << ring.fresh) - 1));
}

void searchRing(const RingSearch& ring, std::uint8_t* symbols)
{
    searchRingReference(ring, symbols);
}

} // namespace bs::nested
