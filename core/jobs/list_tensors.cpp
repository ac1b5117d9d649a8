#include "core/jobs/tensor_values.h"
#include "core/stack/matrix_name.h"

#include <algorithm>
#include <map>

namespace bs {

TensorEntry slabEntry(const Container& container, std::uint32_t matrix)
{
    const StackMatrix& info = container.stack.matrices[matrix];
    TensorEntry entry{info.name,
                      layerOf(info.name),
                      container.codec,
                      {info.rows, info.cols},
                      0,
                      static_cast<std::uint32_t>(info.blockBytes.size())};
    if (container.codec == "bitstack" && !info.linear)
        entry.dtype = infoOf(container.blocks[matrix][0].parts[0].dtype).name;
    for (const std::uint64_t bytes : info.blockBytes)
        entry.bytes += bytes;
    return entry;
}

std::vector<TensorEntry> listTensors(const ModelSource& source)
{
    std::vector<TensorEntry> entries;
    std::map<std::string, std::size_t> places;
    const std::size_t matrices = source.container ? source.container->stack.matrices.size() : 0;
    for (std::uint32_t m = 0; m < matrices; ++m) {
        TensorEntry entry = slabEntry(*source.container, m);
        entry.name = wholeMatrix(entry.name) + ".weight";
        const auto [place, isNew] = places.try_emplace(entry.name, entries.size());
        if (isNew) {
            entries.push_back(std::move(entry));
            continue;
        }
        TensorEntry& whole = entries[place->second];
        whole.shape[0] += entry.shape[0];
        whole.bytes += entry.bytes;
        whole.blocks = std::max(whole.blocks, entry.blocks);
    }
    for (const auto& [name, tensor] : source.tensors)
        entries.push_back({name, layerOf(name), std::string(infoOf(tensor.desc.dtype).name),
                           tensor.desc.shape, tensor.desc.bytes, 0});
    // Nothing is less than a number: what is outside the layers comes first.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const TensorEntry& a, const TensorEntry& b) { return a.layer < b.layer; });
    return entries;
}

} // namespace bs
