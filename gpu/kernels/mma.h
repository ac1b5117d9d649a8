#pragma once

#include "gpu/kernels/cuda.h"

#ifndef __CUDACC__
#include "gpu/emulation/mma.h"
#endif

namespace bs::gpu {

// Matrix instructions of a warp, sm_80 and later. Lane l has g = l / 4 and t = l % 4.
#ifdef __CUDACC__

/// sums [16, 8] s32 += a [16, 32] u8 times b [32, 8] s8.
///   a[0]: row g, columns 4t .. 4t + 3, lowest byte first; a[1]: row g + 8; a[2], a[3]: the same,
///   columns 16 + 4t .. b[0]: column g, rows 4t .. 4t + 3; b[1]: rows 16 + 4t .. sums[0], [1]: row
///   g, columns 2t and 2t + 1; [2], [3]: row g + 8.
__device__ inline void mmaU8S8(int* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                               uint32_t b0, uint32_t b1)
{
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                 "{%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

/// sums [16, 8] s32 += how many bits a [16, 256] and b [256, 8] have in common.
///   a[0]: row g, columns 32t .. 32t + 31, lowest bit first; a[1]: row g + 8; a[2], a[3]: the same,
///   columns 128 + 32t .. b[0]: column g, rows 32t ..; b[1]: rows 128 + 32t .. sums: as mmaU8S8.
__device__ inline void mmaBits(int* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                               uint32_t b0, uint32_t b1)
{
    asm volatile("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc {%0,%1,%2,%3}, "
                 "{%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

/// sums [16, 8] f32 += a [16, 16] f16 times b [16, 8] f16, two numbers a register, the lower column
/// or row in the lower half.
///   a[0]: row g, columns 2t, 2t + 1; a[1]: row g + 8; a[2], a[3]: the same, columns 8 + 2t ..
///   b[0]: column g, rows 2t, 2t + 1; b[1]: rows 8 + 2t ..
///   sums: as mmaU8S8.
__device__ inline void mmaF16(float* sums, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3,
                              uint32_t b0, uint32_t b1)
{
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
                 "{%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

#endif

} // namespace bs::gpu
