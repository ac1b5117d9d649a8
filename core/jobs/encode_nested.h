#pragma once

#include "core/base/progress.h"
#include "core/jobs/compress.h"
#include "core/jobs/work_folder.h"
#include "core/model/source.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace bs {

class CompressDevice;

/// Codes every matrix of a model that the work folder does not hold yet with the codec `nested`: linears, embedding and head, large ones
/// in slabs of rows. The loss's gradient goes back through the layers, and each is coded when it has been there, so that memory is the
/// samples' hidden states in f16, one layer in f32 and its moments.
/// Large products and the search are the device's; nullptr: the processor's.
/// Errors: Usage, Io, Numeric, Canceled, Memory (the device is full).
Result<void> encodeNested(const CompressRequest& request, std::shared_ptr<const ModelSource> source, const WorkFolder& work,
                          const std::vector<std::int32_t>& calibrationTokens, CompressDevice* device, const JobContext& context);

/// Names of the matrices of a nested stack of this model: slabs of embedding and head, then the linears of every layer.
struct NestedName
{
    std::string name;
    std::uint64_t rows = 0;
    std::uint64_t cols = 0;
    bool linear = true;
};
std::vector<NestedName> nestedNames(const ModelSource& source);

} // namespace bs
