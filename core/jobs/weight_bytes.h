#pragma once

#include "core/codecs/nested/block.h"
#include "core/model/source.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace bs {

/// What an engine reports as its weights once a plan is loaded, before anything is: the pages that
/// its bytes touch and, of `nested`, the lists beside them, for which the first bytes of each block
/// that was asked about are read, once. The source must outlive it.
class WeightBytes
{
public:
    explicit WeightBytes(const ModelSource& source);

    /// nullptr: of a model that is no stack. Blocks that cannot be read count with their pages
    /// only.
    std::uint64_t of(const Plan* plan);

private:
    std::uint64_t ofLists(std::size_t matrix, std::uint32_t depth);
    const nested::BlockCounts& countsOf(std::size_t matrix, std::uint32_t block);

    const ModelSource& m_source;
    std::vector<std::vector<std::optional<nested::BlockCounts>>> m_counts; ///< by matrix and block
};

} // namespace bs
