#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/nested_visit_layout.h"

#include <cstddef>

namespace bs::gpu {

/// Codes column `tileCol` of a matrix's tiles, `tileRows` of them; `again`: the second visit.
Result<void> visitTiles(const Visit& visit, bool again, std::size_t tileRows, std::size_t tileCol,
                        const Stream& stream);

/// What the search finds for rings, for tests: rest, weight [count, 64]; levels [count]; signs
/// [count, 64]: bits as RingSigns has them.
Result<void> searchRings(const RingLevels* levels, const float* rest, const float* weight,
                         std::size_t count, std::uint8_t* signs, const Stream& stream);

} // namespace bs::gpu
