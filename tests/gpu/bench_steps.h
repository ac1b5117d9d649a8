#pragma once

// What benchmarks on a card share: they need nvcc and cuBLAS.
#include "gpu/device/runtime.h"
#include "gpu/kernels/launch.h"
#include "tests/bench/steps.h"

#include <cublas_v2.h>

#include <algorithm>
#include <vector>

namespace bs::gpu {

/// Copies of so many bytes that none is still in the cache when its turn comes again.
inline std::size_t copiesOf(double bytes)
{
    constexpr double kAll = 400e6;
    return static_cast<std::size_t>(std::max(kAll / bytes + 1, 2.0));
}

/// Seconds of one of `count` pieces of work, in a graph of all of them: median of 21.
template <class Work>
double secondsOfGraph(const Stream& stream, std::size_t count, Work work)
{
    const Graph graph = orExit(Graph::record(stream, [count, &work]() -> Result<void> {
        for (std::size_t i = 0; i < count; ++i)
            BS_CHECK(work(i));
        return {};
    }));
    Event begin = orExit(Event::create());
    Event end = orExit(Event::create());
    std::vector<double> seconds;
    for (int i = 0; i < 24; ++i) {
        orExit(begin.record(stream));
        orExit(graph.launch(stream));
        orExit(end.record(stream));
        orExit(stream.wait());
        if (i >= 3) seconds.push_back(orExit(end.since(begin)) / static_cast<double>(count));
    }
    std::nth_element(seconds.begin(), seconds.begin() + 10, seconds.end());
    return seconds[10];
}

__global__ inline void fillRandom(uint32_t* words, std::size_t count)
{
    for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < count;
         i += std::size_t{gridDim.x} * blockDim.x) {
        uint64_t v = i * 0x9E3779B97F4A7C15ULL;
        v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ULL;
        words[i] = static_cast<uint32_t>(v >> 32) & 0xBBFFBBFFU; // as f16: below 2
    }
}

__global__ inline void readAll(const uint4* words, std::size_t count, uint32_t* out)
{
    uint32_t sum = 0;
#pragma unroll 8
    for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < count;
         i += std::size_t{gridDim.x} * blockDim.x) {
        const uint4 w = words[i];
        sum ^= w.x ^ w.y ^ w.z ^ w.w;
    }
    if (sum == 0x12345678U) *out = sum;
}

/// Bytes a second that a kernel reads which does nothing else.
inline double readBandwidth(const Stream& stream)
{
    constexpr std::size_t kBytes = std::size_t{1} << 30;
    const Buffer buffer = orExit(Buffer::create(2 * kBytes, stream));
    orExit(launch(fillRandom, Grid{dim3(2048), dim3(256)}, stream, buffer.as<uint32_t>(),
                  2 * kBytes / 4));
    const double seconds = secondsOfGraph(stream, 2, [&](std::size_t i) {
        return launch(readAll, Grid{dim3(132 * 8), dim3(256)}, stream,
                      buffer.as<uint4>() + i * kBytes / 16, kBytes / 16, buffer.as<uint32_t>());
    });
    return static_cast<double>(kBytes) / seconds;
}

/// Seconds of a product of one token with a matrix in f16 by cuBLAS.
inline double cublasHalf(std::size_t rows, std::size_t cols, const Stream& stream)
{
    cublasHandle_t handle = nullptr;
    if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) std::exit(1);
    cublasSetStream(handle, static_cast<cudaStream_t>(stream.handle()));
    const Buffer room = orExit(Buffer::create(64 << 20, stream));
    cublasSetWorkspace(handle, room.as<void>(), room.bytes());
    const std::size_t bytes = rows * cols * 2;
    const std::size_t copies = copiesOf(static_cast<double>(bytes));
    const Buffer matrices = orExit(Buffer::create(copies * bytes, stream));
    const Buffer x = orExit(Buffer::create(cols * 2, stream));
    const Buffer y = orExit(Buffer::create(rows * 2, stream));
    orExit(launch(fillRandom, Grid{dim3(2048), dim3(256)}, stream, matrices.as<uint32_t>(),
                  copies * bytes / 4));
    orExit(launch(fillRandom, Grid{dim3(8), dim3(256)}, stream, x.as<uint32_t>(), cols / 2));
    const double seconds = secondsOfGraph(stream, copies, [&](std::size_t i) -> Result<void> {
        const float one = 1;
        const float zero = 0;
        const auto status = cublasGemmEx(
            handle, CUBLAS_OP_T, CUBLAS_OP_N, static_cast<int>(rows), 1, static_cast<int>(cols),
            &one, matrices.as<std::byte>() + i * bytes, CUDA_R_16F, static_cast<int>(cols),
            x.as<void>(), CUDA_R_16F, static_cast<int>(cols), &zero, y.as<void>(), CUDA_R_16F,
            static_cast<int>(rows), CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT);
        if (status != CUBLAS_STATUS_SUCCESS)
            return Error{ErrorCode::Internal, "cuBLAS: status " + std::to_string(status)};
        return {};
    });
    cublasDestroy(handle);
    return seconds;
}

} // namespace bs::gpu
