#pragma once

// What device code is written in: CUDA when nvcc compiles it, the emulation (gpu/emulation/cuda.h)
// when a plain compiler does. A kernel's header includes this and nothing else of CUDA.
//
// Beyond the language itself (__global__, __device__, __shared__, threadIdx, __syncthreads,
// __shfl_*_sync, __ballot_sync, atomicAdd,
// __funnelshift_*, __byte_perm, float4, uint4, ..), which the emulation has too:
//   bs::gpu::sharedRoom<T>()      dynamic shared memory of the block
//   bs::gpu::Half                 f16, with toFloat / toHalf
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
/// f16. Not __half: functions that take it are called from files that nvcc does not compile.
struct Half
{
    std::uint16_t bits;
};

/// The block's dynamic shared memory, aligned to 16.
template <class T>
__device__ inline T* sharedRoom()
{
    extern __shared__ uint4 room[];
    return reinterpret_cast<T*>(room);
}
#endif

__device__ inline float toFloat(Half value)
{
#ifdef __CUDACC__
    return __half2float(__ushort_as_half(value.bits));
#else
    return __half2float(value);
#endif
}
/// Rounds to nearest even; what is too large becomes infinity, NaN stays NaN.
__device__ inline Half toHalf(float value)
{
#ifdef __CUDACC__
    return {__half_as_ushort(__float2half_rn(value))};
#else
    return __float2half_rn(value);
#endif
}

/// Lets what follows in the stream begin to start, and waits for what came before (both do nothing
/// before sm_90).
__device__ inline void letFollowersStart()
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
#endif
}
__device__ inline void waitForEarlier()
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/// Asks for the 128 bytes around an address to be brought near.
__device__ inline void prefetch(const void* at)
{
#ifdef __CUDA_ARCH__
    asm volatile("prefetch.global.L2 [%0];" ::"l"(at));
#else
    static_cast<void>(at);
#endif
}

/// Bytes that are read once.
__device__ inline uint4 loadOnce(const uint4* at)
{
#ifdef __CUDA_ARCH__
    uint4 value;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(value.x), "=r"(value.y), "=r"(value.z), "=r"(value.w)
                 : "l"(at));
    return value;
#else
    return *at;
#endif
}

} // namespace bs::gpu
