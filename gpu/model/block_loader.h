#pragma once

#include "core/base/arena.h"
#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"
#include "core/codecs/nested/block.h"
#include "core/model/source.h"
#include "gpu/device/arena.h"
#include "gpu/device/runtime.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace bs::gpu {

/// Blocks of a stack on their way from the file to the device: read and checked by several threads,
/// copied from pinned memory on a stream of their own while others are read. Of codec `nested` what
/// lies before a block's planes stays on the host, where matrices are put together from it; planes
/// are on the device alone. One thread at a time.
class BlockLoader
{
public:
    /// Errors: Memory, Unsupported (blocks that lie askew, which a program that saved the file
    /// again can cause; whole tensors that are not f16).
    static Result<std::unique_ptr<BlockLoader>> create(std::shared_ptr<const ModelSource> source,
                                                       int device, int threads);

    /// Loads blocks until `stop` is set; `loaded` counts those that are. They are there for what
    /// stream() does next. Errors: Io, Format (checksum: file, matrix and block named), Memory;
    /// Canceled.
    Result<void> load(std::span<const StackBlock> blocks, std::size_t& loaded,
                      const std::atomic<bool>& stop);
    /// Gives a loaded block back; nothing may use it any more.
    void drop(const StackBlock& at);

    /// A matrix of codec `nested` from its first blocks, which are loaded; its planes' places count
    /// from deviceBase().
    Result<nested::Matrix> readNested(std::size_t matrix, std::uint32_t depth) const;
    const std::byte* deviceBase() const { return m_device.data(); }
    /// A block of codec `bitstack`, or a whole tensor, on the device.
    bitstack::BlockView viewOf(const StackBlock& at) const;
    const std::byte* tensorAt(const StackBlock& at) const;

    const Stream& stream() const { return m_stream; }
    ThreadPool& pool() { return m_pool; }
    /// Of pages on the device.
    std::uint64_t residentBytes() const { return m_device.residentBytes(); }

private:
    /// Pinned memory that is read into, and when the last copy from it is done.
    struct Staging
    {
        PinnedMemory memory;
        Event copied;
    };

    BlockLoader(std::shared_ptr<const ModelSource> source, Stream stream, Arena fronts,
                DeviceArena device, int number, int threads);
    bool isNested() const { return m_source->container->codec == "nested"; }
    const ContainerBlock& blockAt(const StackBlock& at) const
    {
        return m_source->container->blocks[at.matrix][at.index];
    }
    Result<void> checkPlaces() const;
    std::size_t frontBytes(const StackBlock& at) const;
    Result<void> read(const StackBlock& at, std::byte* to);
    Result<void> copy(const StackBlock& at, const std::byte* from);
    Result<void> loadBatch(std::span<const StackBlock> batch, Staging& staging,
                           std::size_t& loaded);
    void dropFront(const StackBlock& at);

    Result<void> makeStaging();

    std::shared_ptr<const ModelSource> m_source;
    Stream m_stream; ///< before all that lives on it
    Arena m_fronts;
    DeviceArena m_device;
    int m_number; ///< of the device
    ThreadPool m_pool;
    std::vector<Staging> m_staging; ///< two: one is read into while the other one is copied from
    std::size_t m_turn = 0;
};

} // namespace bs::gpu
