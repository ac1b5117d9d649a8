#pragma once

// Included by the instruction-set islands: fixed-width types only, no standard containers.
#include <cstddef>

namespace bs {

/// Columns of a narrow matrix, which lie side by side: a row of it is one or two registers.
inline constexpr std::size_t kNarrow = 16;

/// `count` rows of n values each, `stride` apart.
struct NarrowRows
{
    const float* values;
    std::size_t stride;
    std::size_t count;
    std::size_t n;
};

// Kernels::narrowDots and Kernels::narrowMix of each table.
void scalarNarrowDots(const NarrowRows& a, const float* q, float* p);
void scalarNarrowMix(const NarrowRows& a, const float* p, float* y);
void avx2NarrowDots(const NarrowRows& a, const float* q, float* p);
void avx2NarrowMix(const NarrowRows& a, const float* p, float* y);
void avx512NarrowDots(const NarrowRows& a, const float* q, float* p);
void avx512NarrowMix(const NarrowRows& a, const float* p, float* y);

} // namespace bs
