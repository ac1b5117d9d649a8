#pragma once

#include "core/model/config.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bs::test {

/// Changes a tensor's values before they are written.
using TensorChange = std::function<void(const std::string& name, std::vector<float>& values)>;

/// Two layers of llama of uneven widths: 72, MLP 104, six heads of 12 over two, 150 tokens.
ModelConfig smallConfig(bool tied, std::uint32_t contextLength);

/// The same of 24 columns, MLP 40, two heads over one: for the search of nested on an emulated card,
/// which takes a minute for a layer of the small one with sanitizers.
ModelConfig tinyConfig(bool tied, std::uint32_t contextLength);

/// Writes a Hugging Face folder of that shape with random f32 weights, the same every time, that
/// keep hidden states around 1. `change` may be empty.
void writeRandomModel(const std::string& folder, const ModelConfig& config,
                      const TensorChange& change = {});

} // namespace bs::test
