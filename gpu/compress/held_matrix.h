#pragma once

#include "core/linalg/matrix_device.h"
#include "gpu/compress/product_lanes.h"

#include <memory>

namespace bs::gpu {

/// A matrix on `card`. Errors: as MatrixDevice::hold.
Result<std::unique_ptr<HeldMatrix>> holdMatrix(int card, const float* values, std::size_t rows,
                                               std::size_t cols, ProductLanes& lanes);

/// The same of values that lie on the card already, with nothing under way that changes them, and
/// stay there longer.
std::unique_ptr<HeldMatrix> viewMatrix(int card, float* values, std::size_t rows, std::size_t cols,
                                       ProductLanes& lanes);

} // namespace bs::gpu
