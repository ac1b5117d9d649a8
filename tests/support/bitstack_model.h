#pragma once

#include "core/model/source.h"

#include <string>

namespace bs::test {

/// Writes a stack of codec `bitstack`: every linear of the model in `blocks` blocks of rank `rank`
/// by the published encoder, without calibration; embedding and head whole; blocks in order of
/// their number. The first block of each is the smallest plan.
Result<void> writeBitstackModel(const std::string& path, const ModelSource& dense,
                                std::size_t blocks, std::size_t rank);

} // namespace bs::test
