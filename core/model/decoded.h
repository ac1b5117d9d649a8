#pragma once

#include "core/base/progress.h"
#include "core/model/source.h"
#include "core/stack/stack.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bs {

/// What is said of a block whose bytes do not have the checksum that the header of `path` gives it.
Error wrongChecksum(const Container& container, const std::string& path, const StackBlock& at,
                    std::uint64_t found);

/// The parts of a block, read and checked against its checksum. Errors: Io, Format (checksum: file,
/// block and matrix named).
Result<std::vector<std::vector<std::byte>>> readBlock(const Container& container,
                                                      const StackBlock& at);

/// A tensor of the model as f32 by its Hugging Face name, row-major; of a stack its matrices are
/// what the plan's blocks decode to. `plan` is ignored where the model is no stack. Memory: the
/// tensor in f32 and its blocks. Errors: Io, Format (damaged block; no such tensor), Numeric (NaN
/// or infinity: tensor, row and column), Canceled.
Result<std::vector<float>> decodedTensor(const ModelSource& source, const Plan* plan,
                                         const std::string& name, const JobContext& context);

} // namespace bs
