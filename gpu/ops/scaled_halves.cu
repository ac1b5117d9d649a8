#include "gpu/kernels/launch.h"
#include "gpu/kernels/scaled_halves.cuh"
#include "gpu/ops/scaled_halves.h"

namespace bs::gpu {

Result<HalvesRoom> HalvesRoom::create(std::size_t numbers, const Stream& stream)
{
    HalvesRoom room;
    BS_TRY(room.m_halves, Buffer::create(numbers * sizeof(Half), stream));
    BS_TRY(room.m_scale, Buffer::create(3 * sizeof(float), stream));
    return Result<HalvesRoom>(std::move(room));
}

Result<void> scaledHalves(const HalvesColumns& columns, const float* x, std::size_t n, float extra,
                          const HalvesRoom& room, const Stream& stream)
{
    BS_ASSERT(n * columns.paddedCols <= room.numbers());
    const HalvesOrder order{columns.source, columns.factor,
                            static_cast<std::uint32_t>(columns.cols),
                            static_cast<std::uint32_t>(columns.paddedCols)};
    const Grid grid{dim3(static_cast<unsigned>(n)), dim3(kHalvesThreads)};
    BS_CHECK(fillBytes(room.most(), 0, sizeof(unsigned), stream));
    BS_CHECK(launch(halvesMost, grid, stream, order, x, order.cols, room.most()));
    return launchBehind(halvesConvert, grid, stream, order, x, order.cols, room.most(), extra,
                        room.halves(), room.scale());
}

} // namespace bs::gpu
