#pragma once

#include "core/model/config.h"
#include "gpu/device/runtime.h"
#include "gpu/ops/attention.h"
#include "gpu/ops/sequence.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bs::gpu {

/// Room on the device for a batch's tokens, their sequences and what comes between the layers; all
/// f32 [tokens, width of each].
class Activations
{
public:
    Activations() = default;
    /// For batches of up to `tokens` tokens of up to `sequences` sequences, and logits of up to
    /// `logitRows` of them. Errors: Memory.
    static Result<Activations> create(const ModelConfig& config, std::size_t tokens,
                                      std::size_t sequences, std::size_t logitRows,
                                      std::size_t multiprocessors, const Stream& stream);
    std::size_t tokens() const { return m_tokens; }
    std::size_t sequences() const { return m_sequences; }

    /// Sends a batch to the device, in the order of the stream.
    Result<void> setBatch(std::span<const std::int32_t> ids,
                          std::span<const DeviceSequence> sequences, const Stream& stream);
    const std::int32_t* ids() const { return m_ids.as<std::int32_t>(); }
    const DeviceSequence* sequencesOnDevice() const { return m_onDevice.as<DeviceSequence>(); }
    /// Logits on the host: pinned, [logitRows, vocabulary].
    float* hostLogits() const { return m_hostLogits.as<float>(); }
    const AttentionScratch& attention() const { return m_attention; }

    Buffer hidden, normed, q, k, v, attended, gate, up, projected, logits;

private:
    std::size_t m_tokens = 0;
    std::size_t m_sequences = 0;
    Buffer m_ids, m_onDevice;
    PinnedMemory m_hostBatch; ///< ids, sequences behind them
    PinnedMemory m_hostLogits;
    AttentionScratch m_attention;
};

} // namespace bs::gpu
