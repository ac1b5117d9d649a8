// An instruction-set island: compiled with -mavx2 -mfma -mf16c, so it includes nothing that could emit
// a function other files share, and keeps its helpers to itself.
#include "core/linalg/cpu/kernel_tables.h"

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
    const __m128i bytes = _mm_shuffle_epi8(
        both, _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
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

/// sum over blocks of d * sum(q x) + m * sum(x); the scales are applied to eight partial sums at once,
/// so that there is one horizontal sum for the whole row.
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

// ---- Signed sums by table. For four columns there are 16 sign patterns; the 16 sums for up to 16 (two
// registers of) r are made once, and each row then costs one addition for a nibble instead of four
// multiply-adds for its columns. A tile of 64 columns keeps the tables (16 KiB) in the first cache.

constexpr std::size_t kTileColumns = 64;
constexpr std::size_t kTileNibbles = kTileColumns / 4;

/// Table entry [nibble][pattern]: V registers of sums.
template <int V>
struct alignas(32) SignTables
{
    float sums[kTileNibbles][16][8 * V];
};

/// Columns j .. j + 3 of four rows r .. r + 3 of p, transposed: out[c] holds the rows of column c.
void loadTransposed(const float* p, std::size_t cols, std::size_t rowsLeft, __m128* out)
{
    for (std::size_t r = 0; r < 4; ++r)
        out[r] = r < rowsLeft ? _mm_loadu_ps(p + r * cols) : _mm_setzero_ps();
    _MM_TRANSPOSE4_PS(out[0], out[1], out[2], out[3]);
}

/// The 16 sums of four columns for eight rows of p. The pattern's bit 3 is the first column.
template <int V>
void fillNibble(const float* p, std::size_t cols, std::size_t rowsLeft, float (*sums)[8 * V])
{
    __m128 low[4];
    __m128 high[4];
    loadTransposed(p, cols, rowsLeft, low);
    loadTransposed(p + 4 * cols, cols, rowsLeft > 4 ? rowsLeft - 4 : 0, high);
    __m256 c[4];
    for (int i = 0; i < 4; ++i)
        c[i] = _mm256_set_m128(high[i], low[i]);
    const __m256 zero = _mm256_setzero_ps();
    const __m256 first[4] = {_mm256_sub_ps(zero, _mm256_add_ps(c[0], c[1])),
                             _mm256_sub_ps(c[1], c[0]), _mm256_sub_ps(c[0], c[1]),
                             _mm256_add_ps(c[0], c[1])};
    const __m256 second[4] = {_mm256_sub_ps(zero, _mm256_add_ps(c[2], c[3])),
                              _mm256_sub_ps(c[3], c[2]), _mm256_sub_ps(c[2], c[3]),
                              _mm256_add_ps(c[2], c[3])};
    for (int pattern = 0; pattern < 16; ++pattern)
        _mm256_store_ps(sums[pattern], _mm256_add_ps(first[pattern >> 2], second[pattern & 3]));
}

template <int V>
void fillTables(const float* p, std::size_t cols, std::size_t rowsOfP, std::size_t nibbles,
                SignTables<V>& tables)
{
    for (std::size_t g = 0; g < nibbles; ++g)
        for (std::size_t v = 0; v < static_cast<std::size_t>(V) && 8 * v < rowsOfP; ++v) {
            const float* from = p + 8 * v * cols + 4 * g;
            // The registers of one pattern lie side by side: the same rows of sums, 8 v floats on.
            auto* to = reinterpret_cast<float(*)[8 * V]>(&tables.sums[g][0][8 * v]);
            fillNibble<V>(from, cols, rowsOfP - 8 * v, to);
        }
}

/// The signed sums of one row over the tile, added to acc.
template <int V>
inline __attribute__((always_inline)) void addRow(const Byte* sign, std::size_t bytes,
                                                  const SignTables<V>& tables, __m256* acc)
{
    __m256 other[V]; // a second chain of additions, since one would wait for its own latency
    for (int v = 0; v < V; ++v)
        other[v] = _mm256_setzero_ps();
    for (std::size_t b = 0; b < bytes; ++b) {
        const std::size_t pattern = sign[b];
        const float* high = tables.sums[2 * b][pattern >> 4];
        const float* low = tables.sums[2 * b + 1][pattern & 15];
        for (int v = 0; v < V; ++v) {
            acc[v] = _mm256_add_ps(acc[v], _mm256_load_ps(high + 8 * v));
            other[v] = _mm256_add_ps(other[v], _mm256_load_ps(low + 8 * v));
        }
    }
    for (int v = 0; v < V; ++v)
        acc[v] = _mm256_add_ps(acc[v], other[v]);
}

__m256i laneMask(std::size_t lanes)
{
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(lanes)), index);
}

/// z rows of k floats, of which `count` (at most 8 V) from `z` on are ours.
template <int V>
void sumRows(const Byte* sign, std::size_t rowBytes, std::size_t tileBytes, std::size_t rows,
             const SignTables<V>& tables, bool first, float* z, std::size_t k, std::size_t count)
{
    const __m256i mask = laneMask(count - 8 * (V - 1));
    for (std::size_t i = 0; i < rows; ++i) {
        float* to = z + i * k;
        __m256 acc[V];
        for (int v = 0; v < V; ++v) {
            if (first)
                acc[v] = _mm256_setzero_ps();
            else
                acc[v] = v + 1 < V ? _mm256_loadu_ps(to + 8 * v) : _mm256_maskload_ps(to + 8 * v, mask);
        }
        const Byte* row = sign + i * rowBytes;
        if (tileBytes == kTileColumns / 8)
            addRow<V>(row, kTileColumns / 8, tables, acc);
        else
            addRow<V>(row, tileBytes, tables, acc);
        for (int v = 0; v + 1 < V; ++v)
            _mm256_storeu_ps(to + 8 * v, acc[v]);
        _mm256_maskstore_ps(to + 8 * (V - 1), mask, acc[V - 1]);
    }
}

template <int V>
void signedSumsOf(const Byte* sign, const float* p, std::size_t rows, std::size_t cols,
                  std::size_t k, std::size_t count, float* z)
{
    SignTables<V> tables;
    for (std::size_t j = 0; j < cols; j += kTileColumns) {
        const std::size_t width = cols - j < kTileColumns ? cols - j : kTileColumns;
        fillTables<V>(p + j, cols, count, width / 4, tables);
        sumRows<V>(sign + j / 8, cols / 8, width / 8, rows, tables, j == 0, z, k, count);
    }
}

void signedSums(const Byte* sign, const float* p, std::size_t rows, std::size_t cols, std::size_t k,
                float* z)
{
    if (cols == 0) {
        for (std::size_t i = 0; i < rows * k; ++i)
            z[i] = 0;
        return;
    }
    for (std::size_t r = 0; r < k; r += 16) {
        const std::size_t count = k - r < 16 ? k - r : 16;
        if (count > 8)
            signedSumsOf<2>(sign, p + r * cols, rows, cols, k, count, z + r);
        else
            signedSumsOf<1>(sign, p + r * cols, rows, cols, k, count, z + r);
    }
}

// ---- Decoding: R rows by 8 C columns of the product stay in registers while r runs.

/// The sign bit set in the lanes whose bit (MSB first) is 0.
__m256 negativeLanes(Byte bits)
{
    const __m256i weights = _mm256_setr_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    const __m256i clear = _mm256_andnot_si256(_mm256_set1_epi32(bits), weights);
    const __m256i negative = _mm256_cmpeq_epi32(clear, weights);
    return _mm256_castsi256_ps(_mm256_slli_epi32(negative, 31));
}

template <int R, int C>
inline __attribute__((always_inline)) void addBlock(const Byte* sign, const float* u, const float* v,
                                                    std::size_t cols, std::size_t k, float* W)
{
    __m256 acc[R][C];
    for (int i = 0; i < R; ++i)
        for (int c = 0; c < C; ++c)
            acc[i][c] = _mm256_setzero_ps();
    for (std::size_t r = 0; r < k; ++r) {
        __m256 right[C];
        for (int c = 0; c < C; ++c)
            right[c] = _mm256_loadu_ps(v + r * cols + static_cast<std::size_t>(8 * c));
        for (int i = 0; i < R; ++i) {
            const __m256 left = _mm256_broadcast_ss(u + static_cast<std::size_t>(i) * k + r);
            for (int c = 0; c < C; ++c)
                acc[i][c] = _mm256_fmadd_ps(left, right[c], acc[i][c]);
        }
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(R); ++i)
        for (std::size_t c = 0; c < static_cast<std::size_t>(C); ++c) {
            float* to = W + i * cols + 8 * c;
            const __m256 negative = negativeLanes(sign[i * (cols / 8) + c]);
            const __m256 value = _mm256_xor_ps(acc[i][c], negative);
            _mm256_storeu_ps(to, _mm256_add_ps(_mm256_loadu_ps(to), value));
        }
}

template <int R>
void addRows(const Byte* sign, const float* u, const float* v, std::size_t cols, std::size_t k,
             float* W)
{
    std::size_t j = 0;
    for (; j + 16 <= cols; j += 16)
        addBlock<R, 2>(sign + j / 8, u, v + j, cols, k, W + j);
    if (j < cols)
        addBlock<R, 1>(sign + j / 8, u, v + j, cols, k, W + j);
}

void addSignedLowRank(const Byte* sign, const float* u, const float* v, std::size_t rows,
                      std::size_t cols, std::size_t k, float* W)
{
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        addRows<4>(sign + i * (cols / 8), u + i * k, v, cols, k, W + i * cols);
    for (; i < rows; ++i)
        addRows<1>(sign + i * (cols / 8), u + i * k, v, cols, k, W + i * cols);
}

} // namespace

const Kernels kAvx2Kernels = {
    "avx2",
    dot,
    axpy,
    halfToFloat,
    dotF16,
    dotBF16,
    dotBlocks<Q4_0>,
    dotBlocks<Q4_1>,
    dotBlocks<Q5_0>,
    dotBlocks<Q5_1>,
    dotBlocks<Q8_0>,
    signedSums,
    addSignedLowRank,
};

} // namespace bs
