#pragma once

#include "core/codecs/nested/block.h"

namespace bs::nested {

/// W [rows, cols] f32 row-major in the matrix's own order (not the codec's). The reference decoder,
/// the plain definition that everything fast is tested against.
void decodeReference(const Matrix& matrix, float* W);

/// The same to the bit, with the kernel table chosen at start.
void decode(const Matrix& matrix, float* W);

/// y [rows] = W x, x [cols] f32: the plain loop, oracle of the product.
void multiplyReference(const Matrix& matrix, const float* x, float* y);

/// One row of W, row-major order [cols] (embedding look-up).
void decodeRow(const Matrix& matrix, std::size_t row, float* values);

} // namespace bs::nested
