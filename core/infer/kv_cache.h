#pragma once

#include "core/infer/engine.h"

namespace bs {

/// Keys and values of one layer. Position t of key-value head h lies at (h * capacity + t) * headDim.
struct LayerCache
{
    float* keys = nullptr;
    float* values = nullptr;
    std::size_t capacity = 0;
};

/// The CPU engine's cache: f32, in memory that the system hands out as it is written.
class CpuKvCache : public KvCache
{
public:
    /// For the layers from `firstLayer` on. Errors: Memory.
    static Result<std::unique_ptr<CpuKvCache>> create(const ModelConfig& config, std::size_t capacity,
                                                      std::size_t firstLayer = 0);
    ~CpuKvCache() override;

    std::size_t length() const override { return m_length; }
    std::size_t capacity() const override { return m_capacity; }
    std::uint64_t bytes() const override { return m_bytes + (first ? first->bytes() : 0); }
    void truncate(std::size_t length) override
    {
        m_length = length < m_length ? length : m_length;
        if (first)
            first->truncate(length);
    }
    void advance(std::size_t tokens) { m_length += tokens; }

    LayerCache layer(std::size_t index) const; ///< index of the model's layers

    std::unique_ptr<KvCache> first; ///< of layers that run elsewhere, as long as this one; may be nullptr

private:
    CpuKvCache() = default;
    float* m_data = nullptr;
    std::size_t m_length = 0;
    std::size_t m_capacity = 0;
    std::size_t m_layerFloats = 0; ///< keys of one layer
    std::size_t m_firstLayer = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace bs
