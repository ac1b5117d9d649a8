#include "core/model/stack_places.h"

#include <algorithm>
#include <map>
#include <string>

namespace bs {

std::vector<StackPlace> stackPlaces(const ModelSource& source)
{
    using Part = StackPlace::Part;
    std::map<std::string, StackPlace> byName{{"model.embed_tokens", {Part::Embedding, 0, 0, 0, 0}},
                                             {"lm_head", {Part::Head, 0, 0, 0, 0}}};
    for (std::uint32_t layer = 0; layer < source.config.layers; ++layer) {
        const auto names = linearNames(layer);
        for (std::size_t slot = 0; slot < names.size(); ++slot)
            byName[names[slot]] = {Part::Layer, layer, slot, 0, 0};
    }
    const bool nested = source.container->codec == "nested";
    const auto& matrices = source.container->stack.matrices;
    std::vector<SlabName> names;
    std::map<std::string, std::vector<std::uint64_t>> firstRows; // of a linear's slabs
    for (const StackMatrix& matrix : matrices) {
        names.push_back(nested ? slabOf(matrix.name) : SlabName{matrix.name, 0});
        firstRows[names.back().matrix].push_back(names.back().firstRow);
    }
    for (auto& [_, rows] : firstRows)
        std::sort(rows.begin(), rows.end());
    std::vector<StackPlace> places;
    for (const SlabName& name : names) {
        StackPlace place = byName.at(name.matrix);
        place.firstRow = name.firstRow;
        const auto& rows = firstRows.at(name.matrix);
        place.slab = static_cast<std::size_t>(
            std::lower_bound(rows.begin(), rows.end(), name.firstRow) - rows.begin());
        places.push_back(place);
    }
    return places;
}

} // namespace bs
