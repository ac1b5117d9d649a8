#pragma once

#include <cstddef>

namespace bs {

/// One block of a GGUF type whose steps are themselves in few bits, as f32: 256 elements, of IQ4_NL 32.
/// The layouts are in core/formats/FORMAT.md. Bit-equal to PyPI's gguf: each value is computed with the
/// same roundings in the same order, so this file is compiled without contraction.
void blockQ2_K(const std::byte* b, float* y);
void blockQ3_K(const std::byte* b, float* y);
void blockQ4_K(const std::byte* b, float* y);
void blockQ5_K(const std::byte* b, float* y);
void blockQ6_K(const std::byte* b, float* y);
void blockIQ4_NL(const std::byte* b, float* y);
void blockIQ4_XS(const std::byte* b, float* y);

} // namespace bs
