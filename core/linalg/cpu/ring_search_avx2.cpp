// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/ring_costs.h"

#include <immintrin.h>

namespace bs {

namespace {

// The sixteen states lie in the 16-bit lanes of a register. State s is reached by windows s and s + 16, that is from states s / 2
// and s / 2 + 8. A step is two look-ups of the classes' costs, two sums, a difference and a choice; rings side by side fill the gaps between them.

struct Costs
{
    alignas(32) std::uint16_t cost[kRingSteps][kClasses];
    std::uint8_t negative[kRingSteps / 8][kClasses]; ///< bit k: row 8 * i + k has p = -1

    void set(const RingSearch& ring)
    {
        const __m256 scale = _mm256_set1_ps(ringCostScale(ring));
        const __m256 plain = _mm256_set1_ps(ring.plain);
        for (std::size_t i = 0; i < kRingSteps; i += 8) {
            const __m256 x = _mm256_loadu_ps(ring.x + i);
            __m256 error[kClasses];
            for (unsigned c = 0; c < kClasses; ++c) {
                const __m256 rest = _mm256_sub_ps(x, _mm256_set1_ps(ringLevel(ring, c)));
                const __m256 towards = _mm256_sub_ps(rest, plain);
                const __m256 away = _mm256_add_ps(rest, plain);
                const __m256 plus = _mm256_mul_ps(towards, towards);
                const __m256 minus = _mm256_mul_ps(away, away);
                negative[i / 8][c] = static_cast<std::uint8_t>(_mm256_movemask_ps(_mm256_cmp_ps(minus, plus, _CMP_LT_OQ)));
                error[c] = _mm256_min_ps(plus, minus);
            }
            const __m256 least = _mm256_min_ps(_mm256_min_ps(error[0], error[1]), _mm256_min_ps(error[2], error[3]));
            const __m256 factor = _mm256_mul_ps(scale, _mm256_loadu_ps(ring.weight + i));
            const auto counted = [&](unsigned c) {
                const __m256 value = _mm256_mul_ps(_mm256_sub_ps(error[c], least), factor);
                return _mm256_cvtps_epi32(_mm256_min_ps(value, _mm256_set1_ps(static_cast<float>(kMostCost))));
            };
            const __m256i low = _mm256_or_si256(counted(0), _mm256_slli_epi32(counted(1), 16));
            const __m256i high = _mm256_or_si256(counted(2), _mm256_slli_epi32(counted(3), 16));
            const __m256i rows0145 = _mm256_unpacklo_epi32(low, high);
            const __m256i rows2367 = _mm256_unpackhi_epi32(low, high);
            auto* to = reinterpret_cast<__m256i*>(cost[i]);
            _mm256_store_si256(to, _mm256_permute2x128_si256(rows0145, rows2367, 0x20));
            _mm256_store_si256(to + 1, _mm256_permute2x128_si256(rows0145, rows2367, 0x31));
        }
    }
};

/// Where pshufb finds the cost of windows s + `more` in the lanes s.
__m256i lookUpOf(unsigned more)
{
    alignas(32) std::uint16_t index[kStates];
    for (unsigned s = 0; s < kStates; ++s) {
        const unsigned byte = 2 * ringClass(s + more);
        index[s] = static_cast<std::uint16_t>(byte | (byte + 1) << 8);
    }
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(index));
}

template <int N> struct Search
{
    const RingSearch* rings;
    Costs costs[N];
    __m256i cost[N];
    std::uint32_t chosen[N][2 * kRingSeam]; ///< bit 2 s: state s was reached by window s + 16

    explicit Search(const RingSearch* r)
        : rings(r)
    {
        for (int n = 0; n < N; ++n)
            costs[n].set(rings[n]);
    }

    void steps(std::size_t first, std::size_t count)
    {
        const __m256i lowWindows = lookUpOf(0);
        const __m256i highWindows = lookUpOf(kStates);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = (first + i + kRingSteps - kRowBehind) % kRingSteps;
#pragma GCC unroll 4
            for (int n = 0; n < N; ++n) {
                long long four = 0;
                __builtin_memcpy(&four, costs[n].cost[row], sizeof four);
                const __m256i classes = _mm256_set1_epi64x(four);
                const __m256i twiceA = _mm256_unpacklo_epi16(cost[n], cost[n]);
                const __m256i twiceB = _mm256_unpackhi_epi16(cost[n], cost[n]);
                const __m256i viaLow =
                    _mm256_add_epi16(_mm256_permute2x128_si256(twiceA, twiceB, 0x20), _mm256_shuffle_epi8(classes, lowWindows));
                const __m256i viaHigh =
                    _mm256_add_epi16(_mm256_permute2x128_si256(twiceA, twiceB, 0x31), _mm256_shuffle_epi8(classes, highWindows));
                const __m256i useHigh = _mm256_srai_epi16(_mm256_sub_epi16(viaHigh, viaLow), 15);
                cost[n] = _mm256_blendv_epi8(viaLow, viaHigh, useHigh);
                chosen[n][i] = static_cast<std::uint32_t>(_mm256_movemask_epi8(useHigh));
            }
        }
    }

    static unsigned least(__m256i cost)
    {
        std::uint16_t c[kStates];
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(c), cost);
        unsigned state = 0;
        for (unsigned s = 1; s < kStates; ++s)
            if (static_cast<std::int16_t>(c[s] - c[state]) < 0)
                state = s;
        return state;
    }

    /// The window of a step, given the state behind it.
    unsigned window(int n, std::size_t i, unsigned state) const { return state | ((chosen[n][i] >> (2 * state)) & 1U) << 4; }

    /// All steps from `first` on, around the ring, with the states at both ends held.
    void closed(std::size_t first, const unsigned* held)
    {
        for (int n = 0; n < N; ++n) {
            std::uint16_t start[kStates];
            for (unsigned s = 0; s < kStates; ++s)
                start[s] = s == held[n] ? 0 : kNotHeld;
            cost[n] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(start));
        }
        steps(first, kRingSteps);
    }

    /// The state before step `to`, given the one behind step `from` - 1.
    unsigned back(int n, std::size_t from, std::size_t to, unsigned state) const
    {
        for (std::size_t i = from; i-- > to;)
            state = window(n, i, state) >> 1;
        return state;
    }

    void run(std::uint8_t* symbols)
    {
        unsigned held[N];
        for (int n = 0; n < N; ++n)
            cost[n] = _mm256_setzero_si256();
        steps(kRingSteps - kRingSeam, 2 * kRingSeam);
        for (int n = 0; n < N; ++n)
            held[n] = back(n, 2 * kRingSeam, kRingSeam, least(cost[n]));
        closed(0, held);
        // Once more with the state across the ring held: no worse, and free where the seam was.
        for (int n = 0; n < N; ++n)
            held[n] = back(n, kRingSteps, kRingSteps / 2, held[n]);
        closed(kRingSteps / 2, held);
        for (int n = 0; n < N; ++n)
            trace(n, held[n], symbols + static_cast<std::size_t>(n) * kRingSteps);
    }

    void trace(int n, unsigned state, std::uint8_t* symbols) const
    {
        std::uint8_t classes[kRingSteps]; // of rows
        for (std::size_t i = kRingSteps; i-- > 0;) {
            const std::size_t t = (i + kRingSteps / 2) % kRingSteps;
            symbols[t] = static_cast<std::uint8_t>(state & 1U);
            const unsigned w = window(n, i, state);
            classes[(t + kRingSteps - kRowBehind) % kRingSteps] = static_cast<std::uint8_t>(ringClass(w));
            state = w >> 1;
        }
        if (rings[n].plain == 0)
            return;
        for (std::size_t i = 0; i < kRingSteps; ++i)
            symbols[i] = static_cast<std::uint8_t>(symbols[i] | ((costs[n].negative[i / 8][classes[i]] >> (i % 8)) & 1U) << 1);
    }
};

} // namespace

void avx2SearchRings(const RingSearch* rings, std::size_t count, std::uint8_t* symbols)
{
    for (; count >= 4; count -= 4, rings += 4, symbols += 4 * kRingSteps)
        Search<4>(rings).run(symbols);
    if (count == 3)
        Search<3>(rings).run(symbols);
    else if (count == 2)
        Search<2>(rings).run(symbols);
    else if (count == 1)
        Search<1>(rings).run(symbols);
}

} // namespace bs
