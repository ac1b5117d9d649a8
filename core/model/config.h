#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace bs {

/// What the Llama architecture leaves open.
struct ModelConfig
{
    std::string architecture; ///< "llama"
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

    std::uint32_t qWidth() const { return heads * headDim; }
    std::uint32_t kvWidth() const { return kvHeads * headDim; }
    /// Bytes of the KV cache for one position: f32 keys and values of every layer.
    std::uint64_t kvBytesPerToken() const { return std::uint64_t{layers} * kvWidth() * 2 * sizeof(float); }
};

/// Whether the numbers fit each other. Errors: Shape (both numbers named).
Result<void> checkConfig(const ModelConfig& config);

/// From the text of a Hugging Face config.json (untrusted). Errors: Format (field named), Unsupported
/// (architecture named; rope scaling, biases and activations we do not run).
Result<ModelConfig> parseHuggingFaceConfig(const std::string& json);

/// The same fields as a config.json that transformers reads.
std::string huggingFaceConfigText(const ModelConfig& config);

} // namespace bs
