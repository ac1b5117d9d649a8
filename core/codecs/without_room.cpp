#include "core/codecs/without_room.h"

#include "core/base/log.h"

#include <string>

namespace bs {

bool leftToProcessor(const Error& error, std::size_t rows, std::size_t cols)
{
    if (error.code != ErrorCode::Memory) return false;
    logWarning("a matrix of " + std::to_string(rows) + " x " + std::to_string(cols) + ": " +
               error.message + "; the processor codes it");
    return true;
}

} // namespace bs
