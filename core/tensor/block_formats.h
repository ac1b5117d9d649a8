#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>

namespace bs {

/// Whether toFloat knows the type: F64 F32 F16 BF16 and the quantised ones.
bool isWeightType(DType type);

/// Values of `elements` consecutive elements (a multiple of the type's blockElements) as f32, bit-equal
/// to the reference implementation of PyPI's gguf. `source` needs no alignment.
void toFloat(DType type, const std::byte* source, std::size_t elements, float* values);

} // namespace bs
