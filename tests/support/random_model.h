#pragma once

#include "core/model/config.h"

#include <functional>
#include <string>
#include <vector>

namespace bs::test {

/// Changes a tensor's values before they are written.
using TensorChange = std::function<void(const std::string& name, std::vector<float>& values)>;

/// Writes a Hugging Face folder of that shape with random f32 weights, the same every time, that
/// keep hidden states around 1. `change` may be empty.
void writeRandomModel(const std::string& folder, const ModelConfig& config,
                      const TensorChange& change = {});

} // namespace bs::test
