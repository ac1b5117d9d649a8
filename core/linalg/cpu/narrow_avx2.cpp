// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/narrow_steps.h"

#include <immintrin.h>

namespace bs {

namespace {

struct Avx2
{
    using Register = __m256;
    static constexpr std::size_t kCount = 8;
    static __m256 load(const float* x) { return _mm256_loadu_ps(x); }
    static void store(float* y, __m256 x) { _mm256_storeu_ps(y, x); }
    static __m256 same(float x) { return _mm256_set1_ps(x); }
    static __m256 add(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
};

} // namespace

void avx2NarrowDots(const NarrowRows& a, const float* q, float* p)
{
    narrowDots<Avx2>(a, q, p);
}

void avx2NarrowMix(const NarrowRows& a, const float* p, float* y)
{
    narrowMix<Avx2>(a, p, y);
}

} // namespace bs
