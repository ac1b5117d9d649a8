#pragma once

#include "core/base/result.h"
#include "core/linalg/gemm.h"

#include <cstddef>
#include <memory>

namespace bs {

/// A matrix W [rows, cols] f32 that lies on a card, multiplied with rows that lie here. One thread at
/// a time; different ones may be used at once.
class HeldMatrix
{
public:
    virtual ~HeldMatrix() = default;
    /// y [n, rows] = x [n, cols] W^T. Errors of this and all others: Memory, Io (the card is lost),
    /// Internal.
    virtual Result<void> multiply(const float* x, std::size_t n, float* y) = 0;
    /// y [n, cols] = x [n, rows] W, or added to y.
    virtual Result<void> multiplyTransposed(const float* x, std::size_t n, float* y, Into into) = 0;
    /// W += x^T x of x [n, cols]; W is square.
    virtual Result<void> addGram(const float* x, std::size_t n) = 0;
    /// All of it to `values` [rows, cols].
    virtual Result<void> read(float* values) = 0;
};

/// Keeps matrices, none longer than it lives. May be used from several threads.
class MatrixDevice
{
public:
    virtual ~MatrixDevice() = default;
    /// A copy of `values` [rows, cols], which may go at once; nullptr: zeros. Errors: Memory, Io.
    virtual Result<std::unique_ptr<HeldMatrix>> hold(const float* values, std::size_t rows,
                                                     std::size_t cols) = 0;
};

} // namespace bs
