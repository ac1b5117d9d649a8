#include "gpu/model/block_loader.h"

#include "core/base/hash.h"
#include "core/codecs/nested/block_layout.h"
#include "core/model/decoded.h"
#include "gpu/codecs/nested_matrix.h"

#include <algorithm>
#include <string>
#include <utility>

namespace bs::gpu {

namespace {

/// Of one half of the staging, unless a block is larger.
constexpr std::uint64_t kStagingBytes = 32 << 20;

/// Where a part lies on the device, and the front of a nested block on the host.
std::uint64_t placeOf(const TensorDesc& part)
{
    return nested::roundUp64(part.offset);
}

std::uint64_t bytesOf(const ContainerBlock& block)
{
    std::uint64_t bytes = 0;
    for (const TensorDesc& part : block.parts)
        bytes += nested::roundUp64(part.bytes);
    return bytes;
}

} // namespace

BlockLoader::BlockLoader(std::shared_ptr<const ModelSource> source, Stream stream, Arena fronts,
                         DeviceArena device, int number, int threads)
    : m_source(std::move(source))
    , m_stream(std::move(stream))
    , m_fronts(std::move(fronts))
    , m_device(std::move(device))
    , m_number(number)
    , m_pool(threads)
{
}

Result<std::unique_ptr<BlockLoader>> BlockLoader::create(std::shared_ptr<const ModelSource> source,
                                                         int device, int threads)
{
    const std::uint64_t bytes = source->files.front()->size() + nested::kAlignment;
    BS_TRY(Stream stream, Stream::create());
    BS_TRY(Arena fronts, Arena::reserve(bytes));
    BS_TRY(DeviceArena onDevice, DeviceArena::reserve(bytes, device));
    std::unique_ptr<BlockLoader> loader(new BlockLoader(std::move(source), std::move(stream),
                                                        std::move(fronts), std::move(onDevice),
                                                        device, threads));
    BS_CHECK(loader->checkPlaces());
    BS_CHECK(loader->makeStaging());
    return loader;
}

/// No part may reach into the next one's place.
Result<void> BlockLoader::checkPlaces() const
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges; // begin, end
    for (const auto& blocks : m_source->container->blocks)
        for (const ContainerBlock& block : blocks)
            for (const TensorDesc& part : block.parts)
                ranges.emplace_back(placeOf(part), placeOf(part) + part.bytes);
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i - 1].second > ranges[i].first)
            return Error{ErrorCode::Unsupported,
                         m_source->path + ": blocks lie askew (one ends at byte " +
                             std::to_string(ranges[i - 1].second) +
                             "), a card needs them at multiples of 64 bytes; compress or trim "
                             "writes such a file"};
    return {};
}

Result<void> BlockLoader::makeStaging()
{
    std::uint64_t bytes = kStagingBytes;
    std::uint64_t all = 0;
    for (const auto& blocks : m_source->container->blocks)
        for (const ContainerBlock& block : blocks) {
            bytes = std::max(bytes, bytesOf(block));
            all += bytesOf(block);
        }
    for (int half = 0; half < 2; ++half) {
        BS_TRY(PinnedMemory memory, PinnedMemory::create(std::min(bytes, all)));
        BS_TRY(Event copied, Event::create());
        BS_CHECK(copied.record(m_stream));
        m_staging.push_back({std::move(memory), std::move(copied)});
    }
    return {};
}

/// Bytes of a nested block before its planes, which are the last it has; its front is loaded.
std::size_t BlockLoader::frontBytes(const StackBlock& at) const
{
    const StackMatrix& info = m_source->container->stack.matrices[at.matrix];
    const TensorDesc& part = blockAt(at).parts.front();
    const std::span<const std::byte, nested::kCountBytes> head(m_fronts.data() + placeOf(part),
                                                               nested::kCountBytes);
    return part.bytes -
           nested::countsOf({info.rows, info.cols}, at.index, part.bytes, head).planes *
               nested::kPlaneBytes;
}

/// Reads a block's parts one after another; of a nested one the front goes to the host's arena.
Result<void> BlockLoader::read(const StackBlock& at, std::byte* to)
{
    const ContainerBlock& block = blockAt(at);
    const File& file = *m_source->files.front();
    Xxh3 hash;
    std::size_t front = 0;
    const TensorDesc& first = block.parts.front();
    if (isNested()) {
        // The first bytes say how long the front is; they are part of it, so that loading it again
        // costs nothing but a page that is there already.
        BS_CHECK(m_fronts.load(file, first.offset, nested::kCountBytes, placeOf(first)));
        front = frontBytes(at);
        auto whole = m_fronts.load(file, first.offset, front, placeOf(first));
        m_fronts.drop(placeOf(first), nested::kCountBytes);
        BS_CHECK(std::move(whole));
        hash.update({m_fronts.data() + placeOf(first), front});
    }
    const auto readRest = [&]() -> Result<void> {
        for (const TensorDesc& part : block.parts) {
            const std::size_t bytes = part.bytes - front;
            BS_CHECK(file.readAt(part.offset + front, {to, bytes}));
            hash.update({to, bytes});
            to += nested::roundUp64(bytes);
        }
        if (!m_source->container->checksummed || hash.digest() == block.checksum) return {};
        return wrongChecksum(*m_source->container, m_source->path, at, hash.digest());
    };
    auto done = readRest();
    if (!done && isNested()) m_fronts.drop(placeOf(first), front);
    return done;
}

/// Sends what read has left at `from` to its place on the device.
Result<void> BlockLoader::copy(const StackBlock& at, const std::byte* from)
{
    const std::size_t front = isNested() ? frontBytes(at) : 0;
    const auto& parts = blockAt(at).parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::uint64_t place = placeOf(parts[i]) + front;
        const std::size_t bytes = parts[i].bytes - front;
        auto held = m_device.hold(place, bytes);
        if (!held) {
            static_cast<void>(m_stream.wait()); // for copies to what is given back
            for (std::size_t done = 0; done < i; ++done)
                m_device.drop(placeOf(parts[done]), parts[done].bytes);
            return held;
        }
        BS_CHECK(copyToDevice(m_device.data() + place, from, bytes, m_stream));
        if (isNested())
            BS_CHECK(placePlanes(m_device.data() + place, bytes / nested::kPlaneBytes, m_stream));
        from += nested::roundUp64(bytes);
    }
    return {};
}

Result<void> BlockLoader::loadBatch(std::span<const StackBlock> batch, Staging& staging,
                                    std::size_t& loaded)
{
    BS_CHECK(staging.copied.waitFor());
    std::vector<std::byte*> places;
    auto* to = staging.memory.as<std::byte>();
    for (const StackBlock& at : batch) {
        places.push_back(to);
        to += bytesOf(blockAt(at));
    }
    std::vector<Result<void>> results(batch.size());
    m_pool.parallelFor(batch.size(),
                       [&](std::size_t i) { results[i] = read(batch[i], places[i]); });
    Result<void> done;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (done && results[i]) {
            done = copy(batch[i], places[i]);
            if (done)
                ++loaded;
            else
                dropFront(batch[i]);
        } else if (results[i]) {
            dropFront(batch[i]); // one before it has failed
        } else if (done) {
            done = std::move(results[i]);
        }
    }
    BS_CHECK(staging.copied.record(m_stream));
    return done;
}

Result<void> BlockLoader::load(std::span<const StackBlock> blocks, std::size_t& loaded,
                               const std::atomic<bool>& stop)
{
    BS_CHECK(useDevice(m_number));
    loaded = 0;
    while (loaded < blocks.size()) {
        if (stop) return Error{ErrorCode::Canceled, "stopped by the user"};
        Staging& staging = m_staging[m_turn++ % 2];
        std::uint64_t bytes = 0;
        std::size_t count = 0;
        while (loaded + count < blocks.size()) {
            bytes += bytesOf(blockAt(blocks[loaded + count]));
            if (bytes > staging.memory.bytes()) break;
            ++count;
        }
        BS_CHECK(loadBatch(blocks.subspan(loaded, count), staging, loaded));
    }
    return {};
}

void BlockLoader::dropFront(const StackBlock& at)
{
    if (isNested()) m_fronts.drop(placeOf(blockAt(at).parts.front()), frontBytes(at));
}

void BlockLoader::drop(const StackBlock& at)
{
    const std::size_t front = isNested() ? frontBytes(at) : 0;
    for (const TensorDesc& part : blockAt(at).parts)
        m_device.drop(placeOf(part) + front, part.bytes - front);
    dropFront(at);
}

Result<nested::Matrix> BlockLoader::readNested(std::size_t matrix, std::uint32_t depth) const
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    std::vector<std::span<const std::byte>> blocks;
    for (std::uint32_t i = 0; i < depth; ++i) {
        const TensorDesc& part = m_source->container->blocks[matrix][i].parts.front();
        blocks.emplace_back(m_fronts.data() + placeOf(part), part.bytes);
    }
    auto read = nested::readBlocks({info.rows, info.cols}, blocks, m_fronts.data());
    if (!read) return std::move(read).error().in(m_source->path + ": " + info.name);
    return read;
}

bitstack::BlockView BlockLoader::viewOf(const StackBlock& at) const
{
    const auto& parts = blockAt(at).parts;
    const auto on = [&](std::size_t i) { return m_device.data() + placeOf(parts[i]); };
    return {reinterpret_cast<const std::uint8_t*>(on(0)),
            reinterpret_cast<const std::uint16_t*>(on(1)),
            reinterpret_cast<const std::uint16_t*>(on(2))};
}

const std::byte* BlockLoader::tensorAt(const StackBlock& at) const
{
    return m_device.data() + placeOf(blockAt(at).parts.front());
}

} // namespace bs::gpu
