#pragma once

#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"

#include <span>
#include <vector>

namespace bs::bitstack {

/// W [rows, cols] = sum of the blocks, f32. The reference decoder.
void decode(const Shape& shape, std::span<const BlockView> blocks, float* W);

/// The same, rows [firstRow, lastRow) only, to W [lastRow - firstRow, cols]; uses the fast kernels.
void decodeRows(const Shape& shape, std::span<const BlockView> blocks, std::size_t firstRow,
                std::size_t lastRow, float* W);

/// y [rows] = (sum of the blocks) x [cols], straight from the blocks: the plain loop, oracle of multiply.
void multiplyReference(const Shape& shape, std::span<const BlockView> blocks, const float* x, float* y);

/// y [n, rows] = x [n, cols] times the transposed sum of the blocks. For small n (decoding) straight from
/// the blocks, for large n (prompts) a tile of rows is decoded to f32 once and used for the whole batch.
/// Uses the kernel table chosen at start; the result does not depend on the number of threads.
void multiply(const Shape& shape, std::span<const BlockView> blocks, const float* x, std::size_t n,
              float* y, ThreadPool& pool);

} // namespace bs::bitstack
