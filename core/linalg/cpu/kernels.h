#pragma once

// Included by the instruction-set islands: fixed-width types only, no standard containers.
#include <cstddef>
#include <cstdint>

#include "core/linalg/cpu/narrow.h"
#include "core/linalg/cpu/nested.h"
#include "core/linalg/cpu/ring_search.h"

namespace bs {

/// The inner loops of the CPU engine, one table for each instruction set. All tables compute the same
/// functions; sums may be added in another order. Pointers need no alignment unless said.
struct Kernels
{
    const char* name; ///< "scalar", "avx2", "avx512"

    /// sum a[i] * b[i]
    float (*dot)(const float* a, const float* b, std::size_t n);
    /// y[i] += a * x[i]
    void (*axpy)(float a, const float* x, float* y, std::size_t n);
    /// y[t] = sum over i of rows[t * n + i] * x[i], t < count
    void (*dotRows)(const float* rows, const float* x, std::size_t count, std::size_t n, float* y);
    /// y[i] = sum over t < count of a[t] * rows[t * n + i], i < n
    void (*mixRows)(const float* rows, const float* a, std::size_t count, std::size_t n, float* y);
    /// s[i] = exp(s[i] - most) / their sum, n > 0; returns the logarithm of the sum of all exp(s[i])
    float (*softmax)(float* s, std::size_t n);
    /// gate[i] = gate[i] / (1 + exp(-gate[i])) * up[i]
    void (*swiglu)(float* gate, const float* up, std::size_t n);
    /// y[i] = x[at[i]] * scale[i]
    void (*gather)(const float* x, const std::uint16_t* at, const float* scale, std::size_t n, float* y);
    /// f16 bits to f32
    void (*halfToFloat)(const std::uint16_t* h, float* y, std::size_t n);
    /// sum w[i] * x[i] with w as stored
    float (*dotF16)(const void* w, const float* x, std::size_t n);
    float (*dotBF16)(const void* w, const float* x, std::size_t n);
    float (*dotQ4_0)(const void* w, const float* x, std::size_t n); ///< n a multiple of 32, also below
    float (*dotQ4_1)(const void* w, const float* x, std::size_t n);
    float (*dotQ5_0)(const void* w, const float* x, std::size_t n);
    float (*dotQ5_1)(const void* w, const float* x, std::size_t n);
    float (*dotQ8_0)(const void* w, const float* x, std::size_t n);

    /// For `rows` rows of packed signs (MSB first, cols / 8 bytes a row, cols a multiple of 8):
    /// z[i * k + r] = sum over j of sign[i][j] * p[r * cols + j]; bit 1 counts +1, bit 0 counts -1.
    void (*signedSums)(const std::uint8_t* sign, const float* p, std::size_t rows, std::size_t cols,
                       std::size_t k, float* z);
    /// W[i * cols + j] += sign[i][j] * sum over r of u[i * k + r] * v[r * cols + j], u and v f32.
    void (*addSignedLowRank)(const std::uint8_t* sign, const float* u, const float* v, std::size_t rows,
                             std::size_t cols, std::size_t k, float* W);

    /// p [a.count, kNarrow] += a q of q [a.n, kNarrow].
    void (*narrowDots)(const NarrowRows& a, const float* q, float* p);
    /// y [a.n, kNarrow] += a^T p of p [a.count, kNarrow].
    void (*narrowMix)(const NarrowRows& a, const float* p, float* y);

    /// Finds the signs of closed rings that leave the least weighted squared error: symbols [count, 64]. Viterbi search; the state at
    /// the seam is found first, on the steps around it, then held at both ends. The same to the bit in every table.
    void (*searchRings)(const RingSearch* rings, std::size_t count, std::uint8_t* symbols);

    /// x [32 * tiles], magnitudes below 1e30, as nestedProduct looks it up (core/linalg/cpu/nested.h). The same to the bit in every table, as all of the nested codec.
    void (*nestedPrepare)(const float* x, NestedX& to);
    /// y [64] = a group of a row's tiles of the nested codec times x.
    void (*nestedProduct)(const NestedRow& row, std::size_t group, const NestedX& x, float* y);
    /// levels [count, 64, 32] = the weights of a row of tiles in units of each tile.
    void (*nestedDecode)(const NestedRow& row, std::int16_t* levels);
    /// One row of a panel of x for nestedBatch.
    void (*nestedPanel)(const float* x, std::size_t tiles, std::size_t at, std::int16_t* pairs, float* unit);
    /// y [kNestedPanel, 64] = a panel of x times what nestedDecode made of a row of tiles, and its outliers.
    void (*nestedBatch)(const NestedLevels& weights, const std::int16_t* pairs, const float* unit, float* y, std::size_t stride);
};

/// The table in use: the best this processor has, or the one the environment variable BS_CPU names.
const Kernels& kernels();

/// Every table this processor can run, the reference ("scalar") first; returns how many.
std::size_t availableKernels(const Kernels* const*& tables);

/// Makes kernels() answer this table from now on; for tests. Not thread-safe.
void useKernels(const Kernels& table);

} // namespace bs
