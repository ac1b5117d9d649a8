#pragma once

// How openModel is put together: one opener for each format, and the checks they share.

#include "core/model/source.h"

#include <set>

namespace bs {

struct ExpectedTensor
{
    std::string name;
    std::vector<std::uint64_t> shape;
};

/// Linear layers, without ".weight", layer by layer in the order of linearNames.
std::vector<ExpectedTensor> expectedLinears(const ModelConfig& config);
/// Final norm, and norms and biases of all layers: what is never coded.
std::vector<ExpectedTensor> expectedNorms(const ModelConfig& config);
/// Embedding, and head where it is not tied.
std::vector<ExpectedTensor> expectedWhole(const ModelConfig& config);

/// Errors: Format (missing tensor named), Shape (tensor and both shapes), Unsupported (type).
Result<void> checkDenseTensors(const ModelSource& source);
Result<void> checkNorms(const ModelSource& source);

/// Names of the safetensors files inside a model's folder. Errors: NotFound, Format (index).
Result<std::set<std::string>> shardNames(const std::string& folder);
/// From tokenizer.json, else tokenizer.model, and tokenizer_config.json; nothing where they are not. Errors: as the parsers.
Result<std::optional<TokenizerSpec>> folderTokenizer(const std::string& folder);
/// From a GGUF file, which need not be a model: it may have a vocabulary and no tensors. Errors: as the parser.
Result<std::optional<TokenizerSpec>> ggufTokenizer(const std::string& path);

Result<ModelSource> openGguf(const std::string& path);
Result<ModelSource> openHuggingFace(const std::string& folder);
/// A checkpoint that the BitStack authors' tool saved: told by its compression_config.json.
Result<ModelSource> openAuthors(const std::string& folder);
Result<ModelSource> openBitstack(const std::string& path);

} // namespace bs
