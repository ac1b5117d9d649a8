#pragma once

#include "core/codecs/bitstack/leftover.h"

namespace bs::bitstack {

/// Moves vt towards the least tr(E H' E^T), E = R - S * (u vt), H' = H + damping diag(H), by one
/// pass over its columns. Errors: as Leftover.
Result<void> refitColumns(Leftover& left, Factors& factors, float damping);

/// Moves u towards the same by `steps` of conjugate gradients, each row for itself. With random
/// signs a row's normal matrix is vt diag(H) vt^T, whatever the row: that is the preconditioner,
/// and most of the gain comes with the first step. `diagonal` [cols] is H's. Errors: as Leftover; u
/// is useless then.
Result<void> refitRows(Leftover& left, Factors& factors, std::span<const float> diagonal,
                       float damping, int steps);

} // namespace bs::bitstack
