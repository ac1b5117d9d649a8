#pragma once

#include <cstddef>
#include <cstdint>

// What the host tells the kernels of codec bitstack's encoders (sign_steps.cuh).

namespace bs::gpu {

inline constexpr uint32_t kSignThreads = 256;
inline constexpr uint32_t kSignWarps = kSignThreads / 32;
/// Columns whose signs are chosen between two products, and rows of a block that does it.
inline constexpr uint32_t kSignPanel = 64;
inline constexpr uint32_t kSignRows = 64;
/// Blocks that share a sum over a matrix.
inline constexpr uint32_t kSumBlocks = 256;

/// A panel of columns begin .. begin + width of bitstack::ErrorFeedback::chooseSigns.
struct SignPanel
{
    const float* R;
    const float* M;   ///< [rows, width] magnitudes
    const float* aim; ///< [rows, width] what earlier columns add; nullptr: nothing
    const float* U;   ///< [n, n] above the diagonal
    float* S;
    float* E; ///< R - S * M
    uint32_t rows, n, begin, width;
};

/// A step of bitstack::Leftover::refitColumns: moves one column of a panel, and adds up for the
/// next one. Columns are counted from the panel's first one.
struct ColumnStep
{
    const float* S;
    const float* H;        ///< [n, n]
    float* E;              ///< [rows, n]
    float* G;              ///< [panel, rows] E times columns of H
    const float* ut;       ///< [k, rows]
    const double* inverse; ///< [k, k] of u^T u
    const float* sums;     ///< [blocks, k] shares of u^T (S * gradient) of `column`
    float* nextSums;       ///< of the column before it
    float* vt;             ///< [k, n]
    std::uint32_t rows, n, k, begin, column;
    bool moves; ///< `column`; the first step of a panel only adds up for the last one, column - 1
    float damping;
};

} // namespace bs::gpu
