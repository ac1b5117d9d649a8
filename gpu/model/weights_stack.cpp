#include "gpu/model/weights.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>

namespace bs::gpu {

/// Gives every matrix of the stack its linear, with no block loaded.
Result<void> DeviceWeights::connectStack()
{
    const auto& matrices = m_source->container->stack.matrices;
    const std::vector<StackPlace> places = stackPlaces(*m_source);
    m_plan.depth.assign(matrices.size(), 0);
    m_parts.resize(matrices.size());
    for (std::uint32_t m = 0; m < matrices.size(); ++m) {
        const StackPlace& place = places[m];
        DeviceLinear* const linear = linearAt(place);
        if (linear == nullptr) continue;
        m_parts[m] = {linear, place.slab};
        linear->rows += matrices[m].rows;
        linear->cols = matrices[m].cols;
        if (isNested()) {
            linear->slabs.resize(std::max(linear->slabs.size(), place.slab + 1));
            linear->slabs[place.slab].firstRow = place.firstRow;
        }
        BS_CHECK(connectEmpty(m));
    }
    return {};
}

DeviceLinear* DeviceWeights::linearAt(const StackPlace& place)
{
    switch (place.part) {
    case StackPlace::Part::Embedding:
        return m_whole ? &m_embedding : nullptr;
    case StackPlace::Part::Head:
        return m_whole ? &m_head : nullptr;
    case StackPlace::Part::Layer:
        break;
    }
    return place.layer < m_layers.size() ? &m_layers[place.layer].linears[place.slot] : nullptr;
}

/// A matrix of codec `bitstack` from its first blocks.
Result<BitstackMatrix> DeviceWeights::bitstackAt(std::uint32_t matrix, std::uint32_t depth) const
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    const auto& blocks = m_source->container->blocks[matrix];
    std::vector<bitstack::BlockView> views;
    for (std::uint32_t i = 0; i < depth; ++i)
        views.push_back(m_loader->viewOf({matrix, i}));
    const std::size_t rank = blocks.empty() ? 1 : blocks[0].parts[1].shape[1];
    return BitstackMatrix::create({info.rows, info.cols, rank}, views, m_device.multiprocessors,
                                  m_loader->stream());
}

/// A matrix with no block loaded.
Result<void> DeviceWeights::connectEmpty(std::uint32_t matrix)
{
    const StackMatrix& info = m_source->container->stack.matrices[matrix];
    const auto& blocks = m_source->container->blocks[matrix];
    const StackPart& at = m_parts[matrix];
    if (isNested()) {
        nested::Matrix none;
        none.shape = {info.rows, info.cols};
        BS_TRY(at.linear->slabs[at.slab].matrix,
               NestedMatrix::create(none, nullptr, 1, m_loader->stream()));
    } else if (info.linear) {
        BS_TRY(at.linear->bitstack, bitstackAt(matrix, 0));
    } else if (const TensorDesc& part = blocks[0].parts[0]; part.dtype != DType::F16) {
        return Error{ErrorCode::Unsupported, m_source->path + ": " + part.name + " is " +
                                                 std::string(infoOf(part.dtype).name) +
                                                 ", a card takes F16"};
    }
    return {};
}

Result<void> DeviceWeights::startPlan(const Plan& plan)
{
    if (!m_loader)
        return Error{ErrorCode::Usage, m_source->path +
                                           ": is no stack, so its size cannot be chosen; compress "
                                           "it first"};
    BS_CHECK(checkPlan(m_source->container->stack, plan));
    giveUp();
    auto change = std::make_unique<PlanChange>();
    change->plan = plan;
    for (std::uint32_t m = 0; m < plan.depth.size(); ++m) {
        const std::uint32_t from = m_plan.depth[m];
        if (plan.depth[m] == from || m_parts[m].linear == nullptr) continue;
        for (std::uint32_t i = from; i < plan.depth[m]; ++i)
            change->blocks.push_back({m, i});
        change->parts.push_back({m, from, plan.depth[m], {}, {}});
    }
    change->thread = std::thread([this, at = change.get()] { loadChange(*at); });
    m_change = std::move(change);
    return {};
}

/// The loading thread: all that the new plan has and the old one has not.
void DeviceWeights::loadChange(PlanChange& change)
{
    try {
        change.result = m_loader->load(change.blocks, change.loaded, change.stop);
        if (change.result) change.result = makeMatrices(change);
        if (change.result) change.result = m_loader->stream().wait();
    } catch (const std::bad_alloc&) {
        change.result =
            Error{ErrorCode::Memory, m_source->path + ": not enough memory to change the size"};
    }
    change.done = true;
}

Result<void> DeviceWeights::makeMatrix(ChangedPart& part)
{
    BS_CHECK(useDevice(m_device.number));
    if (!isNested()) {
        if (m_source->container->stack.matrices[part.matrix].linear) {
            BS_TRY(part.bitstack, bitstackAt(part.matrix, part.to));
        }
        return {};
    }
    BS_TRY(const nested::Matrix matrix, m_loader->readNested(part.matrix, part.to));
    BS_TRY(part.nested, NestedMatrix::create(matrix, m_loader->deviceBase(),
                                             nestedParts(matrix.shape, m_device.multiprocessors),
                                             m_loader->stream()));
    return {};
}

Result<void> DeviceWeights::makeMatrices(PlanChange& change)
{
    std::vector<Result<void>> results(change.parts.size());
    const auto guarded = [&](std::size_t i) {
        try { // on a thread of the pool, which nothing else guards
            results[i] = makeMatrix(change.parts[i]);
        } catch (const std::bad_alloc&) {
            results[i] =
                Error{ErrorCode::Memory, m_source->path + ": not enough memory for a matrix"};
        }
    };
    m_loader->pool().parallelFor(change.parts.size(), guarded);
    for (Result<void>& result : results)
        BS_CHECK(std::move(result));
    return {};
}

Result<bool> DeviceWeights::loaded(bool wait, const JobContext& context)
{
    if (!m_change) return true;
    while (!m_change->done) {
        if (auto going = context.checkStop(); !going) {
            giveUp();
            return std::move(going).error();
        }
        if (!wait) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (m_change->result) return true;
    const Error why = m_change->result.error();
    giveUp();
    return why;
}

Result<void> DeviceWeights::takeIntoUse()
{
    if (!m_change) return {};
    m_change->thread.join();
    auto used = useChange();
    m_change.reset();
    return used;
}

Result<bool> DeviceWeights::continuePlan(bool wait, const JobContext& context)
{
    BS_TRY(const bool there, loaded(wait, context));
    if (there) BS_CHECK(takeIntoUse());
    return there;
}

Result<void> DeviceWeights::useChange()
{
    m_plan = m_change->plan;
    ++m_revision;
    for (ChangedPart& part : m_change->parts) {
        const StackPart& at = m_parts[part.matrix];
        if (isNested())
            std::swap(at.linear->slabs[at.slab].matrix, part.nested);
        else if (part.bitstack)
            std::swap(at.linear->bitstack, part.bitstack);
        else
            at.linear->dense =
                part.to > 0 ? reinterpret_cast<const Half*>(m_loader->tensorAt({part.matrix, 0}))
                            : nullptr;
        for (std::uint32_t i = part.to; i < part.from; ++i)
            m_loader->drop({part.matrix, i});
    }
    BS_CHECK(listEmbedding());
    return m_loader->stream().wait();
}

/// Tells nestedRows where rows of the embedding are now.
Result<void> DeviceWeights::listEmbedding()
{
    if (m_embedding.slabs.empty()) return {};
    std::vector<NestedRowSource> sources;
    for (const DeviceSlab& slab : m_embedding.slabs)
        sources.push_back(slab.matrix.rowSource(slab.firstRow));
    const std::size_t bytes = sources.size() * sizeof(NestedRowSource);
    if (m_embeddingSlabs.bytes() != bytes) {
        BS_TRY(m_embeddingSlabs, Buffer::create(bytes, m_loader->stream()));
    }
    return copyToDevice(m_embeddingSlabs.as<void>(), sources.data(), bytes, m_loader->stream());
}

void DeviceWeights::giveUp()
{
    if (!m_change) return;
    m_change->stop = true;
    if (m_change->thread.joinable()) m_change->thread.join();
    static_cast<void>(m_loader->stream().wait());
    for (std::size_t i = 0; i < m_change->loaded; ++i)
        m_loader->drop(m_change->blocks[i]);
    m_change.reset();
}

} // namespace bs::gpu
