#include "core/base/hash.h"
#include "core/codecs/nested/block_layout.h"
#include "core/model/decoded.h"
#include "core/model/weights.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <span>

namespace bs {

namespace {

/// Where the bytes of a range are loaded to: their place in the file, or the next multiple of 64, where
/// nested blocks are used. Blocks are multiples of 64 themselves, so that they still do not meet.
std::uint64_t placeOf(const ByteRange& range, bool nested)
{
    return nested ? nested::roundUp64(range.offset) : range.offset;
}

} // namespace

bool Weights::isNested() const
{
    return m_source->container->codec == "nested";
}

/// Gives every matrix of the stack its linear, with no block loaded.
void Weights::connectStack()
{
    const auto& matrices = m_source->container->stack.matrices;
    const std::vector<StackPlace> places = stackPlaces(*m_source);
    m_plan.depth.assign(matrices.size(), 0);
    for (std::size_t m = 0; m < matrices.size(); ++m) {
        const StackPlace& place = places[m];
        Linear& linear = linearAt(place);
        linear.dense = !isNested() && !matrices[m].linear;
        linear.rows += matrices[m].rows;
        linear.cols = matrices[m].cols;
        m_parts.push_back({&linear, place.slab});
        if (!isNested()) {
            connectBitstack(m);
            continue;
        }
        linear.slabs.resize(std::max(linear.slabs.size(), place.slab + 1));
        linear.slabs[place.slab].firstRow = place.firstRow;
        linear.slabs[place.slab].matrix.shape = {matrices[m].rows, matrices[m].cols};
    }
}

Linear& Weights::linearAt(const StackPlace& place)
{
    switch (place.part) {
    case StackPlace::Part::Embedding:
        return m_embedding;
    case StackPlace::Part::Head:
        return m_head;
    case StackPlace::Part::Layer:
        break;
    }
    return m_layers[place.layer].linears[place.slot];
}

void Weights::dropBlock(const StackBlock& at)
{
    for (const ByteRange& range : m_source->container->blocks[at.matrix][at.index].ranges)
        m_arenas.front().drop(placeOf(range, isNested()), range.bytes);
}

/// A part of a block that is loaded.
const std::byte* Weights::partAt(const ContainerBlock& block, std::size_t part) const
{
    const TensorDesc& desc = block.parts[part];
    return m_arenas.front().data() + placeOf({desc.offset, desc.bytes}, isNested());
}

Result<void> Weights::loadBlock(const StackBlock& at)
{
    const ContainerBlock& block = m_source->container->blocks[at.matrix][at.index];
    Arena& arena = m_arenas.front();
    for (std::size_t i = 0; i < block.ranges.size(); ++i) {
        const ByteRange& range = block.ranges[i];
        auto read = arena.load(*m_source->files.front(), range.offset, range.bytes, placeOf(range, isNested()));
        if (read)
            continue;
        for (std::size_t done = 0; done < i; ++done)
            arena.drop(placeOf(block.ranges[done], isNested()), block.ranges[done].bytes);
        return read;
    }
    if (!m_source->container->checksummed)
        return {};
    Xxh3 hash;
    for (std::size_t part = 0; part < block.parts.size(); ++part)
        hash.update({partAt(block, part), block.parts[part].bytes});
    if (hash.digest() == block.checksum)
        return {};
    dropBlock(at);
    return wrongChecksum(*m_source->container, m_source->path, at, hash.digest());
}

void Weights::connectBitstack(std::size_t matrix)
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    const auto& blocks = m_source->container->blocks[matrix];
    const std::uint32_t depth = m_plan.depth[matrix];
    Linear& linear = *m_parts[matrix].linear;
    if (linear.dense) {
        linear.matrix = {};
        if (depth > 0)
            linear.matrix = {blocks[0].parts[0].dtype, info.rows, info.cols, partAt(blocks[0], 0)};
        return;
    }
    linear.blocks.clear();
    for (std::uint32_t i = 0; i < depth; ++i) {
        linear.shape = {info.rows, info.cols, blocks[i].parts[1].shape[1]};
        linear.blocks.push_back({reinterpret_cast<const std::uint8_t*>(partAt(blocks[i], 0)),
                                 reinterpret_cast<const std::uint16_t*>(partAt(blocks[i], 1)),
                                 reinterpret_cast<const std::uint16_t*>(partAt(blocks[i], 2))});
    }
}

/// A nested matrix from its first blocks, which are loaded.
Result<nested::Matrix> Weights::readNested(std::size_t matrix, std::uint32_t depth) const
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    std::vector<std::span<const std::byte>> blocks;
    for (std::uint32_t i = 0; i < depth; ++i) {
        const ContainerBlock& block = m_source->container->blocks[matrix][i];
        blocks.emplace_back(partAt(block, 0), block.parts[0].bytes);
    }
    auto read = nested::readBlocks({info.rows, info.cols}, blocks, m_arenas.front().data());
    if (!read)
        return std::move(read).error().in(m_source->path + ": " + info.name);
    return read;
}

/// Blocks first .. last - 1 of a matrix.
void Weights::dropBlocks(std::uint32_t matrix, std::uint32_t first, std::uint32_t last)
{
    for (std::uint32_t i = first; i < last; ++i)
        dropBlock({matrix, i});
}

Result<void> Weights::startPlan(const Plan& plan)
{
    if (!m_source->container)
        return Error{ErrorCode::Usage, m_source->path + ": is no stack, so its size cannot be chosen; compress it first"};
    BS_CHECK(checkPlan(m_source->container->stack, plan));
    giveUp();
    PlanChange change;
    change.plan = plan;
    for (std::uint32_t m = 0; m < plan.depth.size(); ++m)
        if (plan.depth[m] != m_plan.depth[m])
            change.parts.push_back({m, m_plan.depth[m], plan.depth[m], false, {}});
    m_change = std::move(change);
    return {};
}

/// Ends a change: what it has loaded and not taken into use, and what it has taken out of use, is given back.
void Weights::giveUp()
{
    if (!m_change)
        return;
    for (const ChangedPart& part : m_change->parts)
        if (part.loaded)
            m_change->inUse ? dropBlocks(part.number, part.to, part.from) : dropBlocks(part.number, part.from, part.to);
    m_change.reset();
}

/// What a matrix is to have and has not, and what becomes of it; either all of it stays loaded or nothing.
Result<void> Weights::loadPart(ChangedPart& part)
{
    std::uint32_t next = part.from;
    const auto load = [&]() -> Result<void> {
        for (; next < part.to; ++next)
            BS_CHECK(loadBlock({part.number, next}));
        if (isNested()) {
            BS_TRY(part.matrix, readNested(part.number, part.to));
        }
        return {};
    };
    auto loaded = [&]() -> Result<void> {
        try { // runs on a thread of the pool, which nothing else guards
            return load();
        } catch (const std::bad_alloc&) {
            return Error{ErrorCode::Memory, m_source->path + ": not enough memory for " + m_source->container->stack.matrices[part.number].name};
        }
    }();
    part.loaded = static_cast<bool>(loaded);
    if (!loaded)
        dropBlocks(part.number, part.from, next);
    return loaded;
}

/// Puts the plan that is loaded in the place of the old one: moves pointers, so that it takes less than a token.
void Weights::takeIntoUse()
{
    m_plan = m_change->plan;
    for (ChangedPart& part : m_change->parts)
        if (isNested())
            std::swap(m_parts[part.number].linear->slabs[m_parts[part.number].slab].matrix, part.matrix);
        else
            connectBitstack(part.number);
    m_change->inUse = true;
    m_change->next = 0;
}

/// A step of a change: up to `most` matrices, or the switch.
Result<void> Weights::continueChange(std::size_t most, ThreadPool& pool, const JobContext& context)
{
    PlanChange& change = *m_change;
    if (change.next == change.parts.size()) {
        change.inUse ? m_change.reset() : takeIntoUse();
        return {};
    }
    const std::span parts = std::span(change.parts).subspan(change.next);
    const std::span some = parts.first(std::min(parts.size(), most));
    if (change.inUse) {
        for (ChangedPart& part : some) {
            dropBlocks(part.number, part.to, part.from);
            part = {};
        }
    } else {
        BS_CHECK(context.checkStop());
        std::vector<Result<void>> results(some.size());
        pool.parallelFor(some.size(), [&](std::size_t i) { results[i] = loadPart(some[i]); });
        for (Result<void>& result : results)
            BS_CHECK(std::move(result));
    }
    change.next += some.size();
    return {};
}

Result<bool> Weights::continuePlan(double seconds, ThreadPool& pool, const JobContext& context)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    // Few at a time where there is little of it; stop is looked at between steps.
    const std::size_t most = (seconds < 1 ? 2 : 32) * static_cast<std::size_t>(pool.size());
    while (m_change) {
        if (auto step = continueChange(most, pool, context); !step) {
            giveUp();
            return std::move(step).error();
        }
        if (std::chrono::duration<double>(Clock::now() - start).count() >= seconds)
            break;
    }
    return !m_change.has_value();
}

} // namespace bs
