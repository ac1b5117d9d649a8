#pragma once

// Included by the instruction-set islands, as kernels.h.
#include <cstddef>
#include <cstdint>

namespace bs {

// What AVX-512 does in place of AVX2 (core/linalg/cpu/kernels.h says what each is); those of the nested codec are in nested.h.
void avx512DotRows(const float* rows, const float* x, std::size_t count, std::size_t n, float* y);
void avx512MixRows(const float* rows, const float* a, std::size_t count, std::size_t n, float* y);
float avx512Softmax(float* s, std::size_t n);
void avx512Swiglu(float* gate, const float* up, std::size_t n);
void avx512Gather(const float* x, const std::uint16_t* at, const float* scale, std::size_t n, float* y);

} // namespace bs
