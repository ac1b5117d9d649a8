// An instruction-set island, as kernels_avx2.cpp: what attention and activation take time with.
#include "core/linalg/cpu/kernels_avx512.h"

#include <immintrin.h>

namespace bs {

namespace {

constexpr std::size_t kWide = 16;

/// The lanes that are left of n from `at` on.
__mmask16 lanes(std::size_t at, std::size_t n)
{
    return n - at < kWide ? static_cast<__mmask16>((1U << (n - at)) - 1) : __mmask16{0xFFFF};
}

/// Four sums of four registers' lanes each, in order.
__m128 sumsOf(__m512 a, __m512 b, __m512 c, __m512 d)
{
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const __m512 all = _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xEE)); // in each quarter
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

/// Heads are 64 or 128 wide: x stays in registers for all rows.
template <std::size_t N> void dotRowsOf(const float* rows, const float* x, std::size_t count, float* y)
{
    __m512 of[N];
    for (std::size_t k = 0; k < N; ++k)
        of[k] = _mm512_loadu_ps(x + kWide * k);
    const auto one = [&](const float* row) {
        __m512 sum = _mm512_mul_ps(of[0], _mm512_loadu_ps(row));
        for (std::size_t k = 1; k < N; ++k)
            sum = _mm512_fmadd_ps(of[k], _mm512_loadu_ps(row + kWide * k), sum);
        return sum;
    };
    constexpr std::size_t n = kWide * N;
    std::size_t t = 0;
    for (; t + 4 <= count; t += 4, rows += 4 * n)
        _mm_storeu_ps(y + t, sumsOf(one(rows), one(rows + n), one(rows + 2 * n), one(rows + 3 * n)));
    for (; t < count; ++t, rows += n)
        y[t] = _mm512_reduce_add_ps(one(rows));
}

/// kWide * N columns of y at a time stay in registers for all rows; of the last ones only `mask`.
template <std::size_t N> void mixColumns(const float* rows, const float* a, std::size_t count, std::size_t n, __mmask16 mask, float* y)
{
    __m512 sums[N];
    for (std::size_t k = 0; k < N; ++k)
        sums[k] = _mm512_setzero_ps();
    const auto masked = [mask](std::size_t k) { return k + 1 == N ? mask : __mmask16{0xFFFF}; };
    for (std::size_t t = 0; t < count; ++t, rows += n) {
        const __m512 factor = _mm512_set1_ps(a[t]);
        for (std::size_t k = 0; k < N; ++k)
            sums[k] = _mm512_fmadd_ps(factor, _mm512_maskz_loadu_ps(masked(k), rows + kWide * k), sums[k]);
    }
    for (std::size_t k = 0; k < N; ++k)
        _mm512_mask_storeu_ps(y + kWide * k, masked(k), sums[k]);
}

/// exp(x), as kernels_avx2.cpp has it.
__m512 expOf(__m512 x)
{
    const __m512 least = _mm512_set1_ps(-87.3F);
    const __mmask16 zero = _mm512_cmp_ps_mask(x, least, _CMP_LT_OQ);
    x = _mm512_min_ps(_mm512_set1_ps(88.7F), _mm512_max_ps(least, x)); // NaN is the second of both
    const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504F)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375F), x);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4F), r);
    __m512 p = _mm512_set1_ps(1.9875691500e-4F);
    const float coefficients[] = {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F};
    for (const float c : coefficients)
        p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(c));
    p = _mm512_add_ps(_mm512_fmadd_ps(p, _mm512_mul_ps(r, r), r), _mm512_set1_ps(1));
    return _mm512_mask_mov_ps(_mm512_scalef_ps(p, n), zero, _mm512_setzero_ps());
}

} // namespace

void avx512DotRows(const float* rows, const float* x, std::size_t count, std::size_t n, float* y)
{
    if (n == 64)
        return dotRowsOf<4>(rows, x, count, y);
    if (n == 128)
        return dotRowsOf<8>(rows, x, count, y);
    for (std::size_t t = 0; t < count; ++t, rows += n) {
        __m512 sum = _mm512_setzero_ps();
        for (std::size_t i = 0; i < n; i += kWide)
            sum = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(lanes(i, n), rows + i), _mm512_maskz_loadu_ps(lanes(i, n), x + i), sum);
        y[t] = _mm512_reduce_add_ps(sum);
    }
}

void avx512MixRows(const float* rows, const float* a, std::size_t count, std::size_t n, float* y)
{
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64)
        mixColumns<4>(rows + i, a, count, n, 0xFFFF, y + i);
    for (; i < n; i += kWide)
        mixColumns<1>(rows + i, a, count, n, lanes(i, n), y + i);
}

float avx512Softmax(float* s, std::size_t n)
{
    __m512 most = _mm512_set1_ps(s[0]);
    for (std::size_t i = 0; i < n; i += kWide)
        most = _mm512_mask_max_ps(most, lanes(i, n), most, _mm512_maskz_loadu_ps(lanes(i, n), s + i));
    const float largest = _mm512_reduce_max_ps(most);
    most = _mm512_set1_ps(largest);
    __m512 sums = _mm512_setzero_ps();
    for (std::size_t i = 0; i < n; i += kWide) {
        const __mmask16 mask = lanes(i, n);
        const __m512 e = _mm512_maskz_mov_ps(mask, expOf(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, s + i), most)));
        _mm512_mask_storeu_ps(s + i, mask, e);
        sums = _mm512_add_ps(sums, e);
    }
    const float sum = _mm512_reduce_add_ps(sums);
    const __m512 factor = _mm512_set1_ps(1 / sum);
    for (std::size_t i = 0; i < n; i += kWide)
        _mm512_mask_storeu_ps(s + i, lanes(i, n), _mm512_mul_ps(_mm512_maskz_loadu_ps(lanes(i, n), s + i), factor));
    return largest + __builtin_logf(sum);
}

void avx512Swiglu(float* gate, const float* up, std::size_t n)
{
    for (std::size_t i = 0; i < n; i += kWide) {
        const __mmask16 mask = lanes(i, n);
        const __m512 g = _mm512_maskz_loadu_ps(mask, gate + i);
        const __m512 e = _mm512_add_ps(_mm512_set1_ps(1), expOf(_mm512_sub_ps(_mm512_setzero_ps(), g)));
        _mm512_mask_storeu_ps(gate + i, mask, _mm512_mul_ps(_mm512_div_ps(g, e), _mm512_maskz_loadu_ps(mask, up + i)));
    }
}

void avx512Gather(const float* x, const std::uint16_t* at, const float* scale, std::size_t n, float* y)
{
    for (std::size_t i = 0; i < n; i += kWide) {
        const __mmask16 mask = lanes(i, n);
        const __m512i index = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, at + i));
        const __m512 values = _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, index, x, sizeof(float));
        _mm512_mask_storeu_ps(y + i, mask, _mm512_mul_ps(values, _mm512_maskz_loadu_ps(mask, scale + i)));
    }
}

} // namespace bs
