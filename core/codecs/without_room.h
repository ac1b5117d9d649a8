#pragma once

#include "core/base/result.h"

#include <cstddef>

namespace bs {

/// Whether a matrix that a card refused with `error` is the processor's: where there was no room
/// for it. Says so in the log.
bool leftToProcessor(const Error& error, std::size_t rows, std::size_t cols);

} // namespace bs
