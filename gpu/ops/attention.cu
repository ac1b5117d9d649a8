#include "gpu/kernels/attention.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/attention.h"

#include <algorithm>
#include <cmath>

namespace bs::gpu {

namespace {

/// Blocks on a multiprocessor that keep its share of the bandwidth busy: each warp asks for 16 KiB
/// of keys and values at a time where heads have 128 numbers.
constexpr std::size_t kBlocksEach = 2;

/// Chunks of 64 numbers that a kernel's heads have; there are kernels for 1, 2 and 4.
std::uint32_t chunksOf(const ModelConfig& config)
{
    return config.headDim <= 64 ? 1 : config.headDim <= 128 ? 2 : 4;
}

bool aligned(const void* at)
{
    return reinterpret_cast<std::uintptr_t>(at) % 16 == 0;
}

template <int kChunks, bool kWide>
Result<void> start(const AttentionArguments& of, dim3 blocks, const Stream& stream)
{
    return launchBehind(attentionKernel<kChunks, kWide>,
                        Grid{blocks, dim3(kAttentionWarps * 32), attentionShared(kChunks)}, stream,
                        of);
}

} // namespace

Result<AttentionScratch> AttentionScratch::create(const ModelConfig& config, std::size_t mostRows,
                                                  std::size_t multiprocessors, const Stream& stream)
{
    BS_CHECK(checkHeads(config));
    AttentionScratch scratch;
    const std::size_t mostTiles = mostRows * config.heads; // not less
    scratch.m_blocks = std::min(kBlocksEach * multiprocessors, mostTiles * kAttentionMostParts);
    const std::size_t floats = scratch.m_blocks * attentionPartFloats(4);
    BS_TRY(scratch.m_partial, Buffer::create(floats * sizeof(float), stream));
    BS_TRY(scratch.m_arrived, Buffer::create(scratch.m_blocks * sizeof(unsigned), stream));
    BS_CHECK(fillBytes(scratch.m_arrived.as<void>(), 0, scratch.m_arrived.bytes(), stream));
    return Result<AttentionScratch>(std::move(scratch));
}

std::size_t AttentionScratch::parts(std::size_t tiles, std::size_t mostLength) const
{
    const std::size_t most =
        (mostLength + kAttentionKeys * kAttentionWarps - 1) / (kAttentionKeys * kAttentionWarps);
    return std::clamp<std::size_t>(std::min(m_blocks / std::max<std::size_t>(tiles, 1), most), 1,
                                   kAttentionMostParts);
}

Result<void> attention(const ModelConfig& config, std::size_t layer,
                       const DeviceSequence* sequences, std::size_t sequenceCount, std::size_t each,
                       std::size_t mostLength, const float* q, float* out,
                       const AttentionScratch& scratch, const Stream& stream)
{
    BS_CHECK(checkHeads(config));
    if (sequenceCount == 0 || each == 0) return {};
    AttentionArguments of{};
    of.sequences = sequences;
    of.q = q;
    of.out = out;
    of.partial = scratch.partial();
    of.arrived = scratch.arrived();
    of.layer = static_cast<std::uint32_t>(layer);
    of.each = static_cast<std::uint32_t>(each);
    of.group = config.heads / config.kvHeads;
    of.kvHeads = config.kvHeads;
    of.headDim = config.headDim;
    of.window = config.slidingWindow;
    of.scale = 1.0F / std::sqrt(static_cast<float>(config.headDim));

    const std::size_t tiles = (each * of.group + kAttentionRows - 1) / kAttentionRows;
    const std::size_t heads = sequenceCount * config.kvHeads;
    BS_ASSERT(heads <= 65535); // a grid has no more along y
    const dim3 blocks(static_cast<unsigned>(tiles), static_cast<unsigned>(heads),
                      static_cast<unsigned>(scratch.parts(tiles * heads, mostLength)));
    if (config.headDim % 8 != 0 || !aligned(q) || !aligned(out))
        return start<4, false>(of, blocks, stream);
    switch (chunksOf(config)) {
    case 1:
        return start<1, true>(of, blocks, stream);
    case 2:
        return start<2, true>(of, blocks, stream);
    default:
        return start<4, true>(of, blocks, stream);
    }
}

} // namespace bs::gpu
