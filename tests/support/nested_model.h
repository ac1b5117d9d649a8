#pragma once

#include "core/model/source.h"

#include <cstdint>
#include <string>

namespace bs::test {

struct NestedModelOptions
{
    std::uint64_t slabRows = 64; ///< embedding and head are cut into slabs of so many rows
    bool tokenizer = false;      ///< keep the model's tokenizer
};

/// What a nested stack of that model holds: every matrix coded by the codec's own encoder (identity
/// moments), its blocks in order of their number; the first block of each is the smallest plan.
Result<ContainerContent> nestedContent(const ModelSource& dense, const NestedModelOptions& options = {});

/// Writes it. Returns the error of whatever failed.
Result<void> writeNestedModel(const std::string& path, const ModelSource& dense,
                              const NestedModelOptions& options = {});

/// The matrix of that name (without ".weight"), slabs put together, as a plan's blocks decode:
/// [rows, cols] row-major.
Result<std::vector<float>> decodedMatrix(const Container& container, const std::string& name,
                                         const Plan& plan);

} // namespace bs::test
