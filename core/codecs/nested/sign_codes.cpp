#include "core/codecs/nested/sign_codes.h"

#include "core/linalg/cpu/nested_steps.h"

#include <algorithm>

namespace bs::nested {

namespace {

/// The planes of a tile, the largest first.
std::vector<std::vector<NestedPlane>> planesByTile(const NestedRow& row, unsigned most)
{
    std::vector<std::vector<NestedPlane>> tiles(row.count);
    nestedEachPlane(row,
                    [&](const NestedPlane& plane, bool) { tiles[plane.tile].push_back(plane); });
    for (auto& planes : tiles) {
        std::stable_sort(
            planes.begin(), planes.end(),
            [](const NestedPlane& a, const NestedPlane& b) { return a.gain > b.gain; });
        planes.resize(std::min<std::size_t>(planes.size(), most));
    }
    return tiles;
}

} // namespace

void eachSignCode(const Matrix& matrix, unsigned most,
                  const std::function<void(unsigned bits, unsigned code)>& found)
{
    const Shape& shape = matrix.shape;
    if (matrix.empty()) return;
    for (std::size_t tileRow = 0; tileRow < shape.tileRows(); ++tileRow) {
        const NestedRow row = matrix.row(tileRow);
        const auto tiles = planesByTile(row, most);
        const std::size_t rows = std::min(kTileRows, shape.rows - tileRow * kTileRows);
        for (std::size_t j = 0; j < shape.cols; ++j) {
            const std::vector<NestedPlane>& planes = tiles[j / kTileCols];
            for (std::size_t i = 0; i < rows; ++i) {
                unsigned code = 0;
                for (const NestedPlane& plane : planes) {
                    const std::uint8_t byte =
                        row.bytes[std::size_t{plane.at} * kAlignment + planeByte(i, j % kTileCols)];
                    code = code * 2 + ((static_cast<unsigned>(byte) >> (j % 8)) & 1U);
                }
                found(static_cast<unsigned>(planes.size()), code);
            }
        }
    }
}

} // namespace bs::nested
