#pragma once

#include "core/codecs/nested/block.h"

#include <functional>

namespace bs::nested {

/// Calls `found(bits, code)` for every weight: its signs in the largest planes of its tile, at most
/// `most`, the largest first; 1 is minus. `bits` is how many planes there are of them.
void eachSignCode(const Matrix& matrix, unsigned most,
                  const std::function<void(unsigned bits, unsigned code)>& found);

} // namespace bs::nested
