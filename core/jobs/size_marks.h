#pragma once

#include "core/jobs/stack_report.h"

namespace bs {

/// A size that people have a picture of.
struct SizeMark
{
    enum class Kind {
        Depth, ///< the layers' matrices hold so many blocks on average, weights counted
        Peer,  ///< as large as this model in a type of llama.cpp
    };
    Kind kind = Kind::Depth;
    std::string name; ///< "3", "Q4_K_M"
    std::uint64_t fileBytes = 0;
};
/// "depth", "peer".
const char* nameOf(SizeMark::Kind kind);

/// Marks between the smallest and the largest size, depths first, each by rising size. A type's
/// size is what llama.cpp's `quantize` gives the same shapes (src/llama-quant.cpp, checked against
/// files of the demo model: within 1 %), without tokenizer and header.
std::vector<SizeMark> sizeMarks(const StackReport& stack);

} // namespace bs
