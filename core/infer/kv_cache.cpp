#include "core/infer/kv_cache.h"

#include <sys/mman.h>

namespace bs {

Result<std::unique_ptr<CpuKvCache>> CpuKvCache::create(const ModelConfig& config, std::size_t capacity,
                                                               std::size_t firstLayer)
{
    std::unique_ptr<CpuKvCache> cache(new CpuKvCache);
    cache->m_capacity = capacity;
    cache->m_layerFloats = capacity * config.kvWidth();
    cache->m_firstLayer = firstLayer;
    cache->m_bytes = 2 * cache->m_layerFloats * (config.layers - firstLayer) * sizeof(float);
    if (cache->m_bytes == 0)
        return cache;
    void* data = ::mmap(nullptr, cache->m_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (data == MAP_FAILED)
        return Error{ErrorCode::Memory, "a KV cache for " + std::to_string(capacity) + " positions needs " +
                                            std::to_string(cache->m_bytes) + " bytes, which cannot be had"};
    cache->m_data = static_cast<float*>(data);
    return cache;
}

CpuKvCache::~CpuKvCache()
{
    if (m_data != nullptr)
        ::munmap(m_data, m_bytes);
}

LayerCache CpuKvCache::layer(std::size_t index) const
{
    float* keys = m_data + 2 * (index - m_firstLayer) * m_layerFloats;
    return {keys, keys + m_layerFloats, m_capacity};
}

} // namespace bs
