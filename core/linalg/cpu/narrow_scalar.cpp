#include "core/linalg/cpu/narrow.h"

namespace bs {

void scalarNarrowDots(const NarrowRows& a, const float* q, float* p)
{
    for (std::size_t r = 0; r < a.count; ++r)
        for (std::size_t i = 0; i < a.n; ++i)
            for (std::size_t c = 0; c < kNarrow; ++c)
                p[r * kNarrow + c] += a.values[r * a.stride + i] * q[i * kNarrow + c];
}

void scalarNarrowMix(const NarrowRows& a, const float* p, float* y)
{
    for (std::size_t r = 0; r < a.count; ++r)
        for (std::size_t i = 0; i < a.n; ++i)
            for (std::size_t c = 0; c < kNarrow; ++c)
                y[i * kNarrow + c] += a.values[r * a.stride + i] * p[r * kNarrow + c];
}

} // namespace bs
