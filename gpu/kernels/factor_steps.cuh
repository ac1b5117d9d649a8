#pragma once

#include "gpu/kernels/cuda.h"

// What factorising a matrix takes beside products of whole matrices.

namespace bs::gpu {

inline constexpr uint32_t kStepThreads = 256;

/// A part of a matrix, rows `stride` apart.
struct PartOfMatrix
{
    float* values;
    std::size_t stride;
};

/// A row of the part for each blockIdx.x.
__global__ void copyPartKernel(PartOfMatrix from, PartOfMatrix to, uint32_t cols)
{
    const uint32_t col = blockIdx.y * blockDim.x + threadIdx.x;
    if (col < cols)
        to.values[blockIdx.x * to.stride + col] = from.values[blockIdx.x * from.stride + col];
}

__global__ void addToDiagonalKernel(float* A, const float* added, uint32_t n)
{
    const uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) A[std::size_t{i} * n + i] += added[i];
}

/// What is above the diagonal times the column's factor; 0 on it and below. A row for each blockIdx.x.
__global__ void scaleUpperKernel(float* A, const float* factor, uint32_t n)
{
    const uint32_t col = blockIdx.y * blockDim.x + threadIdx.x;
    if (col >= n) return;
    float& value = A[std::size_t{blockIdx.x} * n + col];
    value = col > blockIdx.x ? value * factor[col] : 0;
}

/// sums[i] = sum over j of weight[j] A[i, j]^2; a block a row.
__global__ void __launch_bounds__(kStepThreads)
    weightedSquaresKernel(const float* A, const float* weight, uint32_t n, float* sums)
{
    __shared__ float parts[kStepThreads];
    const float* row = A + std::size_t{blockIdx.x} * n;
    float sum = 0;
    for (uint32_t j = threadIdx.x; j < n; j += kStepThreads)
        sum += weight[j] * (row[j] * row[j]);
    parts[threadIdx.x] = sum;
    for (uint32_t half = kStepThreads / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) parts[threadIdx.x] += parts[threadIdx.x + half];
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = parts[0];
}

} // namespace bs::gpu
