// An instruction-set island, as kernels_avx2.cpp.
#include "core/linalg/cpu/narrow_steps.h"

#include <immintrin.h>

namespace bs {

namespace {

struct Avx512
{
    using Register = __m512;
    static constexpr std::size_t kCount = 16;
    static __m512 load(const float* x) { return _mm512_loadu_ps(x); }
    static void store(float* y, __m512 x) { _mm512_storeu_ps(y, x); }
    static __m512 same(float x) { return _mm512_set1_ps(x); }
    static __m512 add(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
};

} // namespace

void avx512NarrowDots(const NarrowRows& a, const float* q, float* p)
{
    narrowDots<Avx512>(a, q, p);
}

void avx512NarrowMix(const NarrowRows& a, const float* p, float* y)
{
    narrowMix<Avx512>(a, p, y);
}

} // namespace bs
