#include "gpu/engine/kv_cache.h"

namespace bs::gpu {

Result<std::unique_ptr<DeviceKvCache>>
DeviceKvCache::create(const ModelConfig& config, std::size_t capacity, const Stream& stream)
{
    std::unique_ptr<DeviceKvCache> cache(new DeviceKvCache);
    cache->m_capacity = capacity;
    // kvBytesPerToken counts f32
    const std::uint64_t bytes = capacity * config.kvBytesPerToken() / sizeof(float) * sizeof(Half);
    auto data = Buffer::create(bytes, stream);
    if (!data)
        return Error{data.error().code, "a KV cache for " + std::to_string(capacity) +
                                            " positions: " + data.error().message};
    cache->m_data = std::move(data).value();
    return cache;
}

} // namespace bs::gpu
