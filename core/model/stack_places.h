#pragma once

#include "core/model/source.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bs {

/// Where a matrix of a stack belongs in the model that runs.
struct StackPlace
{
    enum class Part : std::uint8_t { Layer, Embedding, Head };
    Part part = Part::Layer;
    std::uint32_t layer = 0;
    std::size_t slot = 0;       ///< of a layer: index into linearNames
    std::uint64_t firstRow = 0; ///< of its linear's
    std::size_t slab = 0;       ///< codec `nested`: slabs of its linear that begin before it
};

/// By matrix of the stack of a model that has one.
std::vector<StackPlace> stackPlaces(const ModelSource& source);

} // namespace bs
