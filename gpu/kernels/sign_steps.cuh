#pragma once

#include "gpu/kernels/cuda.h"
#include "gpu/kernels/sign_steps_layout.h"

// What codec bitstack's encoders do with matrices beside products of them: R [rows, n] is what is
// left over, S [rows, n] holds signs, +1 or -1.

namespace bs::gpu {

__device__ inline std::size_t ownElement()
{
    return std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
}

/// S = sign(R), sign(0) = +1
__global__ void takeSignsKernel(const float* R, float* S, std::size_t count)
{
    const std::size_t i = ownElement();
    if (i < count) S[i] = R[i] >= 0 ? 1.0F : -1.0F;
}

/// A = |R|, column j times weight[j]; no weights: as they are.
__global__ void magnitudesKernel(const float* R, const float* weight, float* A, std::size_t count,
                                 uint32_t n)
{
    const std::size_t i = ownElement();
    if (i >= count) return;
    const float size = R[i] < 0 ? -R[i] : R[i];
    A[i] = weight != nullptr ? size * weight[i % n] : size;
}

/// out = R - S * M; without R: S * M. `out` may be one of the others.
__global__ void signedErrorKernel(const float* R, const float* S, const float* M, float* out,
                                  std::size_t count)
{
    const std::size_t i = ownElement();
    if (i >= count) return;
    const float value = S[i] * M[i];
    out[i] = R != nullptr ? R[i] - value : value;
}

/// G = S * (G + damping * power[j] * E)
__global__ void signedGradientKernel(const float* S, const float* E, const float* power,
                                     float damping, float* G, std::size_t count, uint32_t n)
{
    const std::size_t i = ownElement();
    if (i < count) G[i] = S[i] * (G[i] + damping * power[i % n] * E[i]);
}

/// packed [count / 8]: bits of S, the first in the highest one; bit j of a row is column place[j];
/// no places: as they lie.
__global__ void packSignsKernel(const float* S, const uint32_t* place, std::uint8_t* packed,
                                std::size_t count, uint32_t n)
{
    const std::size_t byte = ownElement();
    if (byte >= count / 8) return;
    const std::size_t row = 8 * byte / n;
    const auto first = static_cast<uint32_t>(8 * byte - row * n);
    unsigned bits = 0;
    for (uint32_t j = first; j < first + 8; ++j)
        bits = 2 * bits + (S[row * n + (place != nullptr ? place[j] : j)] >= 0 ? 1 : 0);
    packed[byte] = static_cast<std::uint8_t>(bits);
}

/// sums [blocks]: shares of the sum of a * b.
__global__ void __launch_bounds__(kSignThreads)
    dotKernel(const float* a, const float* b, std::size_t count, double* sums)
{
    __shared__ double parts[kSignThreads];
    double sum = 0;
    for (std::size_t i = ownElement(); i < count; i += std::size_t{gridDim.x} * kSignThreads)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    parts[threadIdx.x] = sum;
    for (uint32_t half = kSignThreads / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) parts[threadIdx.x] += parts[threadIdx.x + half];
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = parts[0];
}

/// A thread a row; its shared memory:
inline constexpr std::size_t kSignPitch = kSignPanel + 1; ///< no two rows in one bank
inline constexpr std::size_t kSignPanelBytes =
    (3 * kSignRows * kSignPitch + std::size_t{kSignPanel} * kSignPanel) * sizeof(float);

__global__ void __launch_bounds__(kSignRows) chooseSignsKernel(SignPanel p)
{
    float* const left = sharedRoom<float>();
    float* const size = left + kSignRows * kSignPitch;
    float* const aims = size + kSignRows * kSignPitch;
    float* const mix = aims + kSignRows * kSignPitch;
    const std::size_t firstRow = std::size_t{blockIdx.x} * kSignRows;
    const auto rows =
        static_cast<uint32_t>(p.rows - firstRow < kSignRows ? p.rows - firstRow : kSignRows);
    const uint32_t column = threadIdx.x;
    if (column < p.width) {
        for (uint32_t i = 0; i < rows; ++i) {
            const std::size_t at = (firstRow + i) * p.width + column;
            const float r = p.R[(firstRow + i) * p.n + p.begin + column];
            left[i * kSignPitch + column] = r;
            size[i * kSignPitch + column] = p.M[at];
            aims[i * kSignPitch + column] = p.aim != nullptr ? p.aim[at] + r : r;
        }
        for (uint32_t c = 0; c < p.width; ++c)
            mix[c * kSignPanel + column] = p.U[std::size_t{p.begin + c} * p.n + p.begin + column];
    }
    __syncthreads();
    if (threadIdx.x < rows) {
        float* const r = left + threadIdx.x * kSignPitch;
        float* const m = size + threadIdx.x * kSignPitch;
        float* const a = aims + threadIdx.x * kSignPitch;
        for (uint32_t c = 0; c < p.width; ++c) {
            const float sign = (a[c] >= 0) == (m[c] >= 0) ? 1.0F : -1.0F;
            const float error = r[c] - sign * m[c];
            a[c] = sign;
            r[c] = error;
            for (uint32_t o = c + 1; o < p.width; ++o)
                a[o] += error * mix[c * kSignPanel + o];
        }
    }
    __syncthreads();
    if (column < p.width)
        for (uint32_t i = 0; i < rows; ++i) {
            const std::size_t at = (firstRow + i) * p.n + p.begin + column;
            p.S[at] = aims[i * kSignPitch + column];
            p.E[at] = left[i * kSignPitch + column];
        }
}

/// The sum of a value over a warp, in its first lane.
__device__ inline float warpSum(float value)
{
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        value += __shfl_down_sync(~0U, value, distance);
    return value;
}

inline std::size_t columnStepBytes(std::size_t k)
{
    return k * (sizeof(double) + sizeof(float)) + kSignThreads * sizeof(float);
}

/// A thread a row.
__global__ void __launch_bounds__(kSignThreads) refitColumnKernel(ColumnStep s)
{
    double* const totals = sharedRoom<double>();
    auto* const move = reinterpret_cast<float*>(totals + s.k);
    float* const gradients = move + s.k;
    const uint32_t warp = threadIdx.x / 32;
    const uint32_t lane = threadIdx.x % 32;
    const std::size_t row = ownElement();
    if (s.moves) {
        const uint32_t j = s.begin + s.column;
        const float power = s.H[std::size_t{j} * s.n + j];
        for (uint32_t r = warp; r < s.k; r += kSignWarps) {
            float sum = 0;
            for (uint32_t b = lane; b < gridDim.x; b += 32)
                sum += s.sums[std::size_t{b} * s.k + r];
            sum = warpSum(sum);
            if (lane == 0) totals[r] = sum;
        }
        __syncthreads();
        for (uint32_t r = threadIdx.x; r < s.k; r += kSignThreads) {
            double sum = 0;
            for (uint32_t q = 0; q < s.k; ++q)
                sum += s.inverse[r * s.k + q] * totals[q];
            move[r] = static_cast<float>(sum / static_cast<double>(power * (1 + s.damping)));
            if (blockIdx.x == 0) s.vt[std::size_t{r} * s.n + j] += move[r];
        }
        __syncthreads();
        if (row < s.rows) {
            float change = 0;
            for (uint32_t r = 0; r < s.k; ++r)
                change += s.ut[std::size_t{r} * s.rows + row] * move[r];
            change *= s.S[row * s.n + j];
            s.E[row * s.n + j] -= change;
            for (uint32_t o = 0; o < s.column; ++o)
                s.G[std::size_t{o} * s.rows + row] -=
                    s.H[std::size_t{j} * s.n + s.begin + o] * change;
        }
    }
    if (s.column == 0) return;
    const uint32_t next = s.column - 1;
    const uint32_t j = s.begin + next;
    const float power = s.H[std::size_t{j} * s.n + j];
    gradients[threadIdx.x] = row < s.rows
                                 ? s.S[row * s.n + j] * (s.G[std::size_t{next} * s.rows + row] +
                                                         s.damping * power * s.E[row * s.n + j])
                                 : 0;
    __syncthreads();
    for (uint32_t r = warp; r < s.k; r += kSignWarps) {
        float sum = 0;
        for (uint32_t i = lane; i < kSignThreads; i += 32) {
            const std::size_t of = row - threadIdx.x + i;
            if (of < s.rows) sum += s.ut[std::size_t{r} * s.rows + of] * gradients[i];
        }
        sum = warpSum(sum);
        if (lane == 0) s.nextSums[std::size_t{blockIdx.x} * s.k + r] = sum;
    }
}

} // namespace bs::gpu
