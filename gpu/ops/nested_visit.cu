#include "gpu/kernels/launch.h"
#include "gpu/kernels/nested_visit.cuh"
#include "gpu/ops/nested_visit.h"

namespace bs::gpu {

namespace {

__global__ void searchRingsKernel(const RingLevels* levels, const float* rest, const float* weight,
                                  std::uint8_t* signs)
{
    __shared__ RingRoom room;
    const std::size_t first = std::size_t{blockIdx.x} * kRingRows;
    float most = 0;
    for (unsigned i = 0; i < kRingRows; ++i)
        most = fmaxf(most, weight[first + i]);
    signs[first + threadIdx.x] = static_cast<std::uint8_t>(
        searchRing(room, levels[blockIdx.x], rest[first + threadIdx.x], weight[first + threadIdx.x],
                   most)
            .bits);
}

} // namespace

Result<void> visitTiles(const Visit& visit, bool again, std::size_t tileRows, std::size_t tileCol,
                        const Stream& stream)
{
    const Grid grid{dim3(static_cast<unsigned>(tileRows)), dim3(kNestedTileRows)};
    return launch(again ? visitTilesKernel<true> : visitTilesKernel<false>, grid, stream, visit,
                  static_cast<std::uint32_t>(tileCol));
}

Result<void> searchRings(const RingLevels* levels, const float* rest, const float* weight,
                         std::size_t count, std::uint8_t* signs, const Stream& stream)
{
    const Grid grid{dim3(static_cast<unsigned>(count)), dim3(kRingRows)};
    return launch(searchRingsKernel, grid, stream, levels, rest, weight, signs);
}

} // namespace bs::gpu
