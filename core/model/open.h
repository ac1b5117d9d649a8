#pragma once

// How openModel is put together: one opener for each format, and the checks they share.

#include "core/model/source.h"

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

Result<ModelSource> openGguf(const std::string& path);
Result<ModelSource> openHuggingFace(const std::string& folder);
Result<ModelSource> openBitstack(const std::string& path);

} // namespace bs
