#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace bs::gpu::emulation {

struct Index
{
    unsigned x = 0;
    unsigned y = 0;
    unsigned z = 0;
};

/// Where a thread of the block that runs stands.
struct ThreadPlace
{
    Index threadIdx, blockIdx, blockDim, gridDim;
    unsigned lane = 0;
    void* shared = nullptr; ///< dynamic shared memory
};
const ThreadPlace& place();

/// In which order threads take turns between barriers. Results that depend on it are a race.
enum class Order { Forward, Reverse, Shuffled };
void setOrder(Order order, unsigned seed = 0);

/// Runs a kernel's blocks one after the other, the threads of a block as fibers. Dynamic shared
/// memory is fresh for each block, exactly so large, and filled with 0xFF bytes. Errors: Usage
/// (more than 1024 threads, none), Internal (threads wait for others that never come: block, kind
/// of wait and threads named).
Result<void> run(Index blocks, Index threads, std::size_t sharedBytes,
                 const std::function<void()>& kernel);

/// All threads of the block that have not ended.
void blockBarrier();

/// What a lane gives and what it gets from all others of its warp: of lanes that have ended or are
/// not there, zeros.
using Words = std::array<std::uint32_t, 6>;
using WarpWords = std::array<Words, 32>;
/// Waits until all lanes of the warp that have not ended are there with the same `kind` of
/// instruction. The result stays until the next call.
const WarpWords& exchange(const char* kind, const Words& words);
/// Lanes that took part in the last exchange.
std::uint32_t lanesOfExchange();

} // namespace bs::gpu::emulation
