// An instruction-set island: compiled with -mavx2 -mfma -mf16c, so it includes nothing that could
// emit a function other files share, and keeps its helpers to itself.
#include "core/linalg/cpu/kernel_tables.h"
#include "core/linalg/cpu/signed_avx2.h"

#include <immintrin.h>

namespace bs {

namespace {

using Byte = std::uint8_t;

float sumOf(__m256 v)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

float sumOf(__m256 a, __m256 b, __m256 c, __m256 d)
{
    return sumOf(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
}

/// Eight values from each of the ways weights are stored one by one.
struct LoadF32
{
    using Element = float;
    static __m256 eight(const float* w) { return _mm256_loadu_ps(w); }
    static float one(const float* w) { return *w; }
};

struct LoadF16
{
    using Element = std::uint16_t;
    static __m256 eight(const std::uint16_t* w)
    {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(w)));
    }
    static float one(const std::uint16_t* w)
    {
        std::uint16_t h;
        __builtin_memcpy(&h, w, sizeof h);
        return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(h)));
    }
};

struct LoadBF16
{
    using Element = std::uint16_t;
    static __m256 eight(const std::uint16_t* w)
    {
        const __m128i raw = _mm_loadu_si128(reinterpret_cast<const __m128i*>(w));
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(raw), 16));
    }
    static float one(const std::uint16_t* w)
    {
        std::uint16_t h;
        __builtin_memcpy(&h, w, sizeof h);
        return _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(static_cast<int>(h) << 16)));
    }
};

/// Four accumulators hide the latency of the fused multiply-add.
template <class Load>
float dotPlain(const typename Load::Element* w, const float* x, std::size_t n)
{
    __m256 a = _mm256_setzero_ps();
    __m256 b = a;
    __m256 c = a;
    __m256 d = a;
    std::size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        a = _mm256_fmadd_ps(Load::eight(w + i), _mm256_loadu_ps(x + i), a);
        b = _mm256_fmadd_ps(Load::eight(w + i + 8), _mm256_loadu_ps(x + i + 8), b);
        c = _mm256_fmadd_ps(Load::eight(w + i + 16), _mm256_loadu_ps(x + i + 16), c);
        d = _mm256_fmadd_ps(Load::eight(w + i + 24), _mm256_loadu_ps(x + i + 24), d);
    }
    for (; i + 8 <= n; i += 8)
        a = _mm256_fmadd_ps(Load::eight(w + i), _mm256_loadu_ps(x + i), a);
    float sum = sumOf(a, b, c, d);
    for (; i < n; ++i)
        sum += Load::one(w + i) * x[i];
    return sum;
}

float dot(const float* a, const float* b, std::size_t n)
{
    return dotPlain<LoadF32>(a, b, n);
}

float dotF16(const void* w, const float* x, std::size_t n)
{
    return dotPlain<LoadF16>(static_cast<const std::uint16_t*>(w), x, n);
}

float dotBF16(const void* w, const float* x, std::size_t n)
{
    return dotPlain<LoadBF16>(static_cast<const std::uint16_t*>(w), x, n);
}

void axpy(float a, const float* x, float* y, std::size_t n)
{
    const __m256 factor = _mm256_set1_ps(a);
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        _mm256_storeu_ps(y + i,
                         _mm256_fmadd_ps(factor, _mm256_loadu_ps(x + i), _mm256_loadu_ps(y + i)));
    for (; i < n; ++i)
        y[i] += a * x[i];
}

/// Heads are 64 or 128 wide: x stays in registers for all rows.
template <int N> void dotRowsOf(const float* rows, const float* x, std::size_t count, float* y)
{
    __m256 of[N];
    for (int k = 0; k < N; ++k)
        of[k] = _mm256_loadu_ps(x + 8 * k);
    for (std::size_t t = 0; t < count; ++t, rows += 8 * N) {
        __m256 a = _mm256_mul_ps(of[0], _mm256_loadu_ps(rows));
        __m256 b = _mm256_mul_ps(of[1], _mm256_loadu_ps(rows + 8));
        for (int k = 2; k < N; k += 2) {
            a = _mm256_fmadd_ps(of[k], _mm256_loadu_ps(rows + 8 * k), a);
            b = _mm256_fmadd_ps(of[k + 1], _mm256_loadu_ps(rows + 8 * k + 8), b);
        }
        y[t] = sumOf(_mm256_add_ps(a, b));
    }
}

void dotRows(const float* rows, const float* x, std::size_t count, std::size_t n, float* y)
{
    if (n == 64)
        return dotRowsOf<8>(rows, x, count, y);
    for (std::size_t t = 0; t < count; ++t)
        y[t] = dot(rows + t * n, x, n);
}

/// 8 * N columns of y at a time stay in registers for all rows.
template <int N> void mixColumns(const float* rows, const float* a, std::size_t count, std::size_t n, float* y)
{
    __m256 sums[N];
    for (int k = 0; k < N; ++k)
        sums[k] = _mm256_setzero_ps();
    for (std::size_t t = 0; t < count; ++t, rows += n) {
        const __m256 factor = _mm256_broadcast_ss(a + t);
        for (int k = 0; k < N; ++k)
            sums[k] = _mm256_fmadd_ps(factor, _mm256_loadu_ps(rows + 8 * k), sums[k]);
    }
    for (int k = 0; k < N; ++k)
        _mm256_storeu_ps(y + 8 * k, sums[k]);
}

void mixRows(const float* rows, const float* a, std::size_t count, std::size_t n, float* y)
{
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64)
        mixColumns<8>(rows + i, a, count, n, y + i);
    for (; i + 8 <= n; i += 8)
        mixColumns<1>(rows + i, a, count, n, y + i);
    for (; i < n; ++i) {
        y[i] = 0;
        for (std::size_t t = 0; t < count; ++t)
            y[i] += a[t] * rows[t * n + i];
    }
}

/// exp(x) within two units in the last place, 0 below -87.3: 2^n times a polynomial in what is left, |r| <= ln 2 / 2 (coefficients of the
/// Cephes library's expf). NaN stays NaN.
__m256 expOf(__m256 x)
{
    const __m256 least = _mm256_set1_ps(-87.3F);
    const __m256 zero = _mm256_cmp_ps(x, least, _CMP_LT_OQ);
    x = _mm256_min_ps(_mm256_set1_ps(88.7F), _mm256_max_ps(least, x)); // NaN is the second of both
    const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(1.44269504F)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375F), x);
    r = _mm256_fnmadd_ps(n, _mm256_set1_ps(-2.12194440e-4F), r);
    __m256 p = _mm256_set1_ps(1.9875691500e-4F);
    const float coefficients[] = {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F};
    for (const float c : coefficients)
        p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(c));
    p = _mm256_add_ps(_mm256_fmadd_ps(p, _mm256_mul_ps(r, r), r), _mm256_set1_ps(1));
    // In two steps, since 2^128 is no number.
    const __m256i exponent = _mm256_cvtps_epi32(n);
    const __m256i half = _mm256_srai_epi32(exponent, 1);
    const auto power = [](__m256i e) { return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(e, _mm256_set1_epi32(127)), 23)); };
    p = _mm256_mul_ps(_mm256_mul_ps(p, power(half)), power(_mm256_sub_epi32(exponent, half)));
    return _mm256_andnot_ps(zero, p);
}

/// What is left of eight behind the last whole ones, padded with `rest`.
struct Tail
{
    alignas(32) float values[8];
    std::size_t count;

    Tail(const float* from, std::size_t n, float rest)
        : count(n)
    {
        for (std::size_t i = 0; i < 8; ++i)
            values[i] = i < n ? from[i] : rest;
    }
    void store(__m256 v, float* to)
    {
        _mm256_store_ps(values, v);
        for (std::size_t i = 0; i < count; ++i)
            to[i] = values[i];
    }
};

float softmax(float* s, std::size_t n)
{
    const std::size_t whole = n / 8 * 8;
    Tail tail(s + whole, n - whole, s[0]);
    __m256 most = _mm256_load_ps(tail.values);
    for (std::size_t i = 0; i < whole; i += 8)
        most = _mm256_max_ps(most, _mm256_loadu_ps(s + i));
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, most);
    float largest = lanes[0];
    for (const float lane : lanes)
        largest = lane > largest ? lane : largest;
    most = _mm256_set1_ps(largest);
    __m256 sums = _mm256_setzero_ps();
    for (std::size_t i = 0; i < whole; i += 8) {
        const __m256 e = expOf(_mm256_sub_ps(_mm256_loadu_ps(s + i), most));
        _mm256_storeu_ps(s + i, e);
        sums = _mm256_add_ps(sums, e);
    }
    tail.store(expOf(_mm256_sub_ps(_mm256_load_ps(tail.values), most)), s + whole);
    float sum = sumOf(sums);
    for (std::size_t i = whole; i < n; ++i)
        sum += s[i];
    const __m256 factor = _mm256_set1_ps(1 / sum);
    for (std::size_t i = 0; i < whole; i += 8)
        _mm256_storeu_ps(s + i, _mm256_mul_ps(_mm256_loadu_ps(s + i), factor));
    for (std::size_t i = whole; i < n; ++i)
        s[i] *= 1 / sum;
    return largest + __builtin_logf(sum);
}

__m256 gated(__m256 gate, __m256 up)
{
    const __m256 one = _mm256_set1_ps(1);
    return _mm256_mul_ps(_mm256_div_ps(gate, _mm256_add_ps(one, expOf(_mm256_sub_ps(_mm256_setzero_ps(), gate)))), up);
}

void swiglu(float* gate, const float* up, std::size_t n)
{
    const std::size_t whole = n / 8 * 8;
    for (std::size_t i = 0; i < whole; i += 8)
        _mm256_storeu_ps(gate + i, gated(_mm256_loadu_ps(gate + i), _mm256_loadu_ps(up + i)));
    Tail tail(gate + whole, n - whole, 0);
    const Tail ups(up + whole, n - whole, 0);
    tail.store(gated(_mm256_load_ps(tail.values), _mm256_load_ps(ups.values)), gate + whole);
}

void halfToFloat(const std::uint16_t* h, float* y, std::size_t n)
{
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        _mm256_storeu_ps(y + i, LoadF16::eight(h + i));
    for (; i < n; ++i)
        y[i] = LoadF16::one(h + i);
}

// ---- GGML's blocks of 32: see core/tensor/block_formats.cpp for the layouts.

float halfAt(const Byte* from)
{
    return LoadF16::one(reinterpret_cast<const std::uint16_t*>(from));
}

/// 32 signed bytes, as four groups of eight floats.
struct Quants
{
    __m256 v[4];
};

__m256 eightOf(__m128i bytes)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
}

Quants spread(__m128i first, __m128i second)
{
    return {{eightOf(first), eightOf(_mm_srli_si128(first, 8)), eightOf(second),
             eightOf(_mm_srli_si128(second, 8))}};
}

__m128i lowNibbles(__m128i packed)
{
    return _mm_and_si128(packed, _mm_set1_epi8(15));
}

__m128i highNibbles(__m128i packed)
{
    return _mm_and_si128(_mm_srli_epi16(packed, 4), _mm_set1_epi8(15));
}

/// Bit i of `bits` becomes 16 in byte i.
__m128i fifthBits(unsigned bits)
{
    const __m128i both = _mm_set1_epi16(static_cast<short>(bits));
    const __m128i bytes =
        _mm_shuffle_epi8(both, _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
    const __m128i mask = _mm_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
    return _mm_and_si128(_mm_cmpeq_epi8(_mm_and_si128(bytes, mask), mask), _mm_set1_epi8(16));
}

__m128i load16(const Byte* from)
{
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

unsigned bits32(const Byte* from)
{
    unsigned bits;
    __builtin_memcpy(&bits, from, sizeof bits);
    return bits;
}

struct Q4_0
{
    static constexpr std::size_t kBytes = 18;
    static constexpr bool kMinimum = false;
    static Quants quants(const Byte* b)
    {
        const __m128i packed = load16(b + 2);
        const __m128i eight = _mm_set1_epi8(8);
        return spread(_mm_sub_epi8(lowNibbles(packed), eight),
                      _mm_sub_epi8(highNibbles(packed), eight));
    }
};

struct Q4_1
{
    static constexpr std::size_t kBytes = 20;
    static constexpr bool kMinimum = true;
    static Quants quants(const Byte* b)
    {
        const __m128i packed = load16(b + 4);
        return spread(lowNibbles(packed), highNibbles(packed));
    }
};

struct Q5_0
{
    static constexpr std::size_t kBytes = 22;
    static constexpr bool kMinimum = false;
    static Quants quants(const Byte* b)
    {
        const unsigned high = bits32(b + 2);
        const __m128i packed = load16(b + 6);
        const __m128i sixteen = _mm_set1_epi8(16);
        return spread(
            _mm_sub_epi8(_mm_or_si128(lowNibbles(packed), fifthBits(high & 0xFFFFU)), sixteen),
            _mm_sub_epi8(_mm_or_si128(highNibbles(packed), fifthBits(high >> 16)), sixteen));
    }
};

struct Q5_1
{
    static constexpr std::size_t kBytes = 24;
    static constexpr bool kMinimum = true;
    static Quants quants(const Byte* b)
    {
        const unsigned high = bits32(b + 4);
        const __m128i packed = load16(b + 8);
        return spread(_mm_or_si128(lowNibbles(packed), fifthBits(high & 0xFFFFU)),
                      _mm_or_si128(highNibbles(packed), fifthBits(high >> 16)));
    }
};

struct Q8_0
{
    static constexpr std::size_t kBytes = 34;
    static constexpr bool kMinimum = false;
    static Quants quants(const Byte* b) { return spread(load16(b + 2), load16(b + 18)); }
};

/// sum over blocks of d * sum(q x) + m * sum(x); the scales are applied to eight partial sums at
/// once, so that there is one horizontal sum for the whole row.
template <class Format>
float dotBlocks(const void* w, const float* x, std::size_t n)
{
    const Byte* b = static_cast<const Byte*>(w);
    __m256 total = _mm256_setzero_ps();
    __m256 minima = total;
    for (std::size_t i = 0; i < n; i += 32, b += Format::kBytes) {
        const Quants q = Format::quants(b);
        const __m256 x0 = _mm256_loadu_ps(x + i);
        const __m256 x1 = _mm256_loadu_ps(x + i + 8);
        const __m256 x2 = _mm256_loadu_ps(x + i + 16);
        const __m256 x3 = _mm256_loadu_ps(x + i + 24);
        const __m256 even = _mm256_fmadd_ps(q.v[2], x2, _mm256_mul_ps(q.v[0], x0));
        const __m256 odd = _mm256_fmadd_ps(q.v[3], x3, _mm256_mul_ps(q.v[1], x1));
        total = _mm256_fmadd_ps(_mm256_set1_ps(halfAt(b)), _mm256_add_ps(even, odd), total);
        if constexpr (Format::kMinimum) {
            const __m256 sums = _mm256_add_ps(_mm256_add_ps(x0, x1), _mm256_add_ps(x2, x3));
            minima = _mm256_fmadd_ps(_mm256_set1_ps(halfAt(b + 2)), sums, minima);
        }
    }
    return sumOf(_mm256_add_ps(total, minima));
}

} // namespace

const Kernels kAvx2Kernels = {
    "avx2",
    dot,
    axpy,
    dotRows,
    mixRows,
    softmax,
    swiglu,
    scalarGather,
    halfToFloat,
    dotF16,
    dotBF16,
    dotBlocks<Q4_0>,
    dotBlocks<Q4_1>,
    dotBlocks<Q5_0>,
    dotBlocks<Q5_1>,
    dotBlocks<Q8_0>,
    avx2SignedSums,
    avx2AddSignedLowRank,
    avx2NarrowDots,
    avx2NarrowMix,
    avx2SearchRings,
    avx2NestedPrepare,
    avx2NestedProduct,
    avx2NestedDecode,
    avx2NestedPanel,
    avx2NestedBatch,
};

} // namespace bs
