// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/ring_search.h"

#include <immintrin.h>

namespace bs {

namespace {

constexpr float kNever = 1e30F;

// ---- One bit a step: the eight states lie in the lanes of a register. State s is reached by windows s and s + 8, that is from
// states s / 2 and s / 2 + 4. A step is two permutations, two errors, a minimum and a comparison, each waiting for the
// one before: about 11 cycles. N rings side by side fill the gaps.

template <int N> struct OneBit
{
    const RingSearch* rings;
    __m256 low[N], high[N];
    __m256 cost[N];
    std::uint8_t chosen[N][kRingSteps]; ///< bit s: state s was reached by window s + 8

    explicit OneBit(const RingSearch* r) : rings(r)
    {
        for (int n = 0; n < N; ++n) {
            low[n] = _mm256_loadu_ps(rings[n].table);
            high[n] = _mm256_loadu_ps(rings[n].table + 8);
        }
    }

    void step(std::size_t at, std::size_t i)
    {
        const __m256i fromLow = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
        const __m256i fromHigh = _mm256_setr_epi32(4, 4, 5, 5, 6, 6, 7, 7);
        for (int n = 0; n < N; ++n) {
            const __m256 x = _mm256_set1_ps(rings[n].x[at]);
            const __m256 w = _mm256_set1_ps(rings[n].weight[at]);
            const __m256 a = _mm256_sub_ps(x, low[n]);
            const __m256 b = _mm256_sub_ps(x, high[n]);
            const __m256 viaLow = _mm256_fmadd_ps(_mm256_mul_ps(a, w), a, _mm256_permutevar8x32_ps(cost[n], fromLow));
            const __m256 viaHigh = _mm256_fmadd_ps(_mm256_mul_ps(b, w), b, _mm256_permutevar8x32_ps(cost[n], fromHigh));
            cost[n] = _mm256_min_ps(viaHigh, viaLow);
            chosen[n][i] = static_cast<std::uint8_t>(_mm256_movemask_ps(_mm256_cmp_ps(viaHigh, viaLow, _CMP_LT_OQ)));
        }
    }

    static unsigned least(__m256 cost)
    {
        float c[8];
        _mm256_storeu_ps(c, cost);
        unsigned state = 0;
        for (unsigned s = 1; s < 8; ++s)
            if (c[s] < c[state])
                state = s;
        return state;
    }

    /// The state before a step, given the one behind it.
    unsigned before(int n, std::size_t i, unsigned state) const
    {
        return (state | ((static_cast<unsigned>(chosen[n][i]) >> state) & 1U) << 3) >> 1;
    }

    void run(std::uint8_t* symbols)
    {
        for (int n = 0; n < N; ++n)
            cost[n] = _mm256_setzero_ps();
        for (std::size_t i = 0; i < 2 * kRingSeam; ++i)
            step((kRingSteps - kRingSeam + i) % kRingSteps, i);
        unsigned seam[N];
        for (int n = 0; n < N; ++n) {
            seam[n] = least(cost[n]);
            for (std::size_t i = 2 * kRingSeam; i-- > kRingSeam;)
                seam[n] = before(n, i, seam[n]);
            float held[8];
            for (unsigned s = 0; s < 8; ++s)
                held[s] = s == seam[n] ? 0 : kNever;
            cost[n] = _mm256_loadu_ps(held);
        }
        for (std::size_t i = 0; i < kRingSteps; ++i)
            step(i, i);
        for (int n = 0; n < N; ++n) {
            unsigned state = seam[n];
            for (std::size_t i = kRingSteps; i-- > 0;) {
                symbols[static_cast<std::size_t>(n) * kRingSteps + i] = static_cast<std::uint8_t>(state & 1U);
                state = before(n, i, state);
            }
        }
    }
};

// ---- Two bits a step: four states, each reached from all four. Lanes are states in the lower half of a register and the same
// states of a second ring in the upper half.

struct TwoBits
{
    const RingSearch* rings[2];
    __m256 from[4]; ///< levels of the windows that come from state s
    __m256 cost;
    alignas(32) std::int32_t chosen[kRingSteps][8];

    TwoBits(const RingSearch* a, const RingSearch* b) : rings{a, b}
    {
        for (int s = 0; s < 4; ++s)
            from[s] = _mm256_set_m128(_mm_loadu_ps(b->table + 4 * s), _mm_loadu_ps(a->table + 4 * s));
    }

    static __m256 pair(float a, float b) { return _mm256_set_m128(_mm_set1_ps(b), _mm_set1_ps(a)); }

    template <int S> static void better(const TwoBits& t, __m256 x, __m256 w, __m256& least, __m256i& which)
    {
        const __m256 error = _mm256_sub_ps(x, t.from[S]);
        const __m256 total = _mm256_fmadd_ps(_mm256_mul_ps(error, w), error, _mm256_permute_ps(t.cost, S * 0x55));
        const __m256 less = _mm256_cmp_ps(total, least, _CMP_LT_OQ);
        least = _mm256_min_ps(total, least);
        which = _mm256_blendv_epi8(which, _mm256_set1_epi32(S), _mm256_castps_si256(less));
    }

    void step(std::size_t at, std::size_t i)
    {
        const __m256 x = pair(rings[0]->x[at], rings[1]->x[at]);
        const __m256 w = pair(rings[0]->weight[at], rings[1]->weight[at]);
        __m256 least = _mm256_set1_ps(2 * kNever);
        __m256i which = _mm256_setzero_si256();
        better<0>(*this, x, w, least, which);
        better<1>(*this, x, w, least, which);
        better<2>(*this, x, w, least, which);
        better<3>(*this, x, w, least, which);
        cost = least;
        _mm256_store_si256(reinterpret_cast<__m256i*>(chosen[i]), which);
    }

    void run(std::uint8_t* symbols, std::size_t count)
    {
        cost = _mm256_setzero_ps();
        for (std::size_t i = 0; i < 2 * kRingSeam; ++i)
            step((kRingSteps - kRingSeam + i) % kRingSteps, i);
        float c[8];
        _mm256_storeu_ps(c, cost);
        std::int32_t seam[2];
        for (int r = 0; r < 2; ++r) {
            seam[r] = 0;
            for (int s = 1; s < 4; ++s)
                if (c[4 * r + s] < c[4 * r + seam[r]])
                    seam[r] = s;
            for (std::size_t i = 2 * kRingSeam; i-- > kRingSeam;)
                seam[r] = chosen[i][4 * r + seam[r]];
        }
        for (int lane = 0; lane < 8; ++lane)
            c[lane] = lane % 4 == seam[lane / 4] ? 0 : kNever;
        cost = _mm256_loadu_ps(c);
        for (std::size_t i = 0; i < kRingSteps; ++i)
            step(i, i);
        for (std::size_t r = 0; r < count; ++r) {
            std::int32_t state = seam[r];
            for (std::size_t i = kRingSteps; i-- > 0;) {
                symbols[r * kRingSteps + i] = static_cast<std::uint8_t>(state);
                state = chosen[i][4 * static_cast<int>(r) + state];
            }
        }
    }
};

} // namespace

void avx2SearchRings(const RingSearch* rings, std::size_t count, unsigned fresh, std::uint8_t* symbols)
{
    if (fresh == 2) {
        for (std::size_t r = 0; r < count; r += 2) {
            const bool two = r + 1 < count;
            TwoBits(rings + r, rings + r + (two ? 1 : 0)).run(symbols + r * kRingSteps, two ? 2 : 1);
        }
        return;
    }
    for (; count >= 4; count -= 4, rings += 4, symbols += 4 * kRingSteps)
        OneBit<4>(rings).run(symbols);
    if (count == 3)
        OneBit<3>(rings).run(symbols);
    else if (count == 2)
        OneBit<2>(rings).run(symbols);
    else if (count == 1)
        OneBit<1>(rings).run(symbols);
}

} // namespace bs
