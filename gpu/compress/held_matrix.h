#pragma once

#include "core/linalg/matrix_device.h"

#include <memory>

namespace bs::gpu {

/// A matrix on `card`, with a stream of its own. Errors: as MatrixDevice::hold.
Result<std::unique_ptr<HeldMatrix>> holdMatrix(int card, const float* values, std::size_t rows,
                                               std::size_t cols);

} // namespace bs::gpu
