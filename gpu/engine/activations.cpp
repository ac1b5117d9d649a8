#include "gpu/engine/activations.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>

namespace bs::gpu {

namespace {

/// Where sequences begin in the pinned batch.
std::size_t idBytes(std::size_t tokens)
{
    return (tokens * sizeof(std::int32_t) + alignof(DeviceSequence) - 1) / alignof(DeviceSequence) *
           alignof(DeviceSequence);
}

} // namespace

Result<Activations> Activations::create(const ModelConfig& config, std::size_t tokens,
                                        std::size_t sequences, std::size_t logitRows,
                                        std::size_t multiprocessors, const Stream& stream)
{
    Activations made;
    made.m_tokens = tokens;
    made.m_sequences = sequences;
    struct Room
    {
        Buffer* buffer;
        std::size_t width;
    };
    for (const Room& room : std::initializer_list<Room>{{&made.hidden, config.width},
                                                        {&made.normed, config.width},
                                                        {&made.q, config.qWidth()},
                                                        {&made.k, config.kvWidth()},
                                                        {&made.v, config.kvWidth()},
                                                        {&made.attended, config.qWidth()},
                                                        {&made.gate, config.mlpWidth},
                                                        {&made.up, config.mlpWidth},
                                                        {&made.projected, config.width}}) {
        BS_TRY(*room.buffer, Buffer::create(tokens * room.width * sizeof(float), stream));
    }
    const std::size_t logitBytes = logitRows * config.vocabulary * sizeof(float);
    BS_TRY(made.logits, Buffer::create(logitBytes, stream));
    BS_TRY(made.m_hostLogits, PinnedMemory::create(logitBytes));
    BS_TRY(made.m_ids, Buffer::create(tokens * sizeof(std::int32_t), stream));
    BS_TRY(made.m_onDevice, Buffer::create(sequences * sizeof(DeviceSequence), stream));
    BS_TRY(made.m_hostBatch,
           PinnedMemory::create(idBytes(tokens) + sequences * sizeof(DeviceSequence)));
    BS_TRY(made.m_attention, AttentionScratch::create(config, tokens, multiprocessors, stream));
    return Result<Activations>(std::move(made));
}

Result<void> Activations::setBatch(std::span<const std::int32_t> ids,
                                   std::span<const DeviceSequence> sequences, const Stream& stream)
{
    BS_ASSERT(ids.size() <= m_tokens && sequences.size() <= m_sequences);
    auto* const host = m_hostBatch.as<std::byte>();
    std::copy(ids.begin(), ids.end(), m_hostBatch.as<std::int32_t>());
    std::memcpy(host + idBytes(m_tokens), sequences.data(), sequences.size_bytes());
    BS_CHECK(copyToDevice(m_ids.as<void>(), host, ids.size_bytes(), stream));
    return copyToDevice(m_onDevice.as<void>(), host + idBytes(m_tokens), sequences.size_bytes(),
                        stream);
}

} // namespace bs::gpu
