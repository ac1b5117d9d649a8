#pragma once

// What device code is written in: CUDA when nvcc compiles it, the emulation (gpu/emulation/cuda.h) when a plain compiler does. A
// kernel's header includes this and nothing else of CUDA.
//
// Beyond the language itself (__global__, __device__, __shared__, threadIdx, __syncthreads, __shfl_*_sync, __ballot_sync, atomicAdd,
// __funnelshift_*, __byte_perm, float4, uint4, ..), which the emulation has too:
//   bs::gpu::sharedRoom<T>()      dynamic shared memory of the block
//   bs::gpu::Half, Half2          f16, with toFloat / toHalf
//   gpu/kernels/mma.h             the matrix instructions

#ifdef __CUDACC__
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#else
#include "gpu/emulation/cuda.h"
#endif

#include <cstddef>
#include <cstdint>

namespace bs::gpu {

#ifdef __CUDACC__
using Half = __half;
using Half2 = __half2;

/// The block's dynamic shared memory, aligned to 16.
template <class T> __device__ inline T* sharedRoom()
{
    extern __shared__ uint4 room[];
    return reinterpret_cast<T*>(room);
}
#endif

__device__ inline float toFloat(Half value)
{
    return __half2float(value);
}
__device__ inline Half toHalf(float value)
{
    return __float2half_rn(value);
}

} // namespace bs::gpu
