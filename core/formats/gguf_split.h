#pragma once

#include "core/formats/gguf.h"

#include <string>

namespace bs {

/// One file by itself, split or not. Errors: as readGguf.
Result<GgufFile> readGgufPiece(const std::string& path);

/// `opened` as it is if its metadata say nothing of a split, else with all the others, which lie beside
/// it under the names that llama.cpp gives ("m-00002-of-00003.gguf"). Errors: NotFound (a piece is
/// missing: named), Format (a name that does not fit the numbers in the file, a piece of another split,
/// a tensor in two pieces, tensors missing: both numbers).
Result<GgufFile> joinGgufPieces(const std::string& path, GgufFile opened);

} // namespace bs
