#pragma once

#include "core/infer/engine.h"
#include "gpu/device/runtime.h"
#include "gpu/ops/sequence.h"

#include <memory>

namespace bs::gpu {

/// Keys and values on the device, f16, in the order that gpu/ops/sequence.h tells.
class DeviceKvCache : public KvCache
{
public:
    /// `stream` must outlive it. Errors: Memory.
    static Result<std::unique_ptr<DeviceKvCache>>
    create(const ModelConfig& config, std::size_t capacity, const Stream& stream);

    std::size_t length() const override { return m_length; }
    std::size_t capacity() const override { return m_capacity; }
    std::uint64_t bytes() const override { return m_data.bytes(); }
    void truncate(std::size_t length) override { m_length = length < m_length ? length : m_length; }
    void advance(std::size_t tokens) { m_length += tokens; }

    /// What is to come begins behind what there is.
    DeviceSequence sequence() const
    {
        return {m_data.as<Half>(), static_cast<std::uint32_t>(m_capacity),
                static_cast<std::uint32_t>(m_length)};
    }

private:
    DeviceKvCache() = default;
    Buffer m_data;
    std::size_t m_length = 0;
    std::size_t m_capacity = 0;
};

} // namespace bs::gpu
