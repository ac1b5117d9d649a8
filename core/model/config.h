#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace bs {

/// Llama 3's stretching of slow rotations: frequencies whose wavelength is above originalContext / lowFactor are divided by
/// `factor`, those below originalContext / highFactor stay, between them both are mixed.
struct RopeScaling
{
    float factor = 1.0F; ///< 1: none
    float lowFactor = 1.0F;
    float highFactor = 4.0F;
    float originalContext = 8192.0F;
};

/// What the architectures of this family leave open.
struct ModelConfig
{
    std::string architecture; ///< "llama", "mistral", "qwen2", "qwen3"
    std::uint32_t layers = 0;
    std::uint32_t width = 0;
    std::uint32_t mlpWidth = 0;
    std::uint32_t heads = 0;
    std::uint32_t kvHeads = 0;
    std::uint32_t headDim = 0;
    std::uint32_t vocabulary = 0;
    std::uint32_t contextLength = 0; ///< the model was trained for
    float ropeBase = 10000.0F;
    float normEpsilon = 1e-5F;
    bool tiedEmbeddings = false;
    bool qkvBias = false;            ///< q, k and v add a bias (Qwen2)
    bool headNorms = false;          ///< every head of q and k is normed before it is rotated (Qwen3)
    std::uint32_t slidingWindow = 0; ///< positions that a query sees, its own among them; 0: all
    RopeScaling rope;

    std::uint32_t qWidth() const { return heads * headDim; }
    std::uint32_t kvWidth() const { return kvHeads * headDim; }
    /// Bytes of the KV cache for one position: f32 keys and values of every layer.
    std::uint64_t kvBytesPerToken() const { return std::uint64_t{layers} * kvWidth() * 2 * sizeof(float); }
};

/// Whether the numbers fit each other. Errors: Shape (both numbers named).
Result<void> checkConfig(const ModelConfig& config);

/// What rotation `pair` (0 .. headDim/2 - 1) is slowed down by: 1 without scaling.
float ropeDivisor(const ModelConfig& config, std::size_t pair);

/// From the text of a Hugging Face config.json (untrusted). Errors: Format (field named), Unsupported
/// (architecture named; rope scaling, biases and activations we do not run).
Result<ModelConfig> parseHuggingFaceConfig(const std::string& json);

/// The same fields as a config.json that transformers reads.
std::string huggingFaceConfigText(const ModelConfig& config);

} // namespace bs
