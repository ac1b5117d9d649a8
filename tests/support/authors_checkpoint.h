#pragma once

// Reads what the BitStack authors' tool saves (../shared/reference) for tests.

#include "core/formats/safetensors.h"
#include "core/plan/authors_order.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bs::tests {

/// Folder of a reference model: "tiny-gqa", "tiny-mha".
std::string referenceFolder(const std::string& name);

/// Writes the checkpoint in `folder`/bitstack as a container, blocks level by level.
Result<std::uint64_t> writeAuthorsCheckpoint(const std::string& folder, const std::string& output);

/// expected.safetensors and expected.json of a reference model.
SafetensorsFile readExpected(const std::string& name);
nlohmann::json readExpectedJson(const std::string& name);

/// A tensor's values; throws if it is missing, which ends a test with its name.
std::vector<float> floats(const SafetensorsFile& file, const std::string& tensor);
std::vector<std::int32_t> integers(const SafetensorsFile& file, const std::string& tensor);

/// reduced_ppl_average.json as [matrix][depth - 1].
SortTable readSortTable(const std::string& name, const Stack& stack);

} // namespace bs::tests
