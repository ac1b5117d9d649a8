// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/signed_avx2.h"

#include <immintrin.h>

namespace bs {

namespace {

using Byte = std::uint8_t;

// ---- Signed sums by table. For four columns there are 16 sign patterns; the 16 sums for up to 16
// (two registers of) r are made once, and each row then costs one addition for a nibble instead of
// four multiply-adds for its columns. A tile of 64 columns keeps the tables (16 KiB) in the first
// cache.

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
                acc[v] =
                    v + 1 < V ? _mm256_loadu_ps(to + 8 * v) : _mm256_maskload_ps(to + 8 * v, mask);
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
inline __attribute__((always_inline)) void addBlock(const Byte* sign, const float* u,
                                                    const float* v, std::size_t cols, std::size_t k,
                                                    float* W)
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
    if (j < cols) addBlock<R, 1>(sign + j / 8, u, v + j, cols, k, W + j);
}

} // namespace

void avx2SignedSums(const std::uint8_t* sign, const float* p, std::size_t rows, std::size_t cols,
                    std::size_t k, float* z)
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

void avx2AddSignedLowRank(const std::uint8_t* sign, const float* u, const float* v,
                          std::size_t rows, std::size_t cols, std::size_t k, float* W)
{
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        addRows<4>(sign + i * (cols / 8), u + i * k, v, cols, k, W + i * cols);
    for (; i < rows; ++i)
        addRows<1>(sign + i * (cols / 8), u + i * k, v, cols, k, W + i * cols);
}

} // namespace bs
