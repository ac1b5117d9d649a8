#pragma once

#include "core/codecs/nested/layout.h"

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace bs::test {

/// A nested block field by field, as core/formats/FORMAT.md has them, so that each of them can lie.
struct NestedBlockFields
{
    std::uint32_t outlierCount = 0;
    std::uint32_t reserved = 0;
    bool first = true; ///< block 0: what follows up to `colOrder` is there
    float rowBase = 0.25F;
    float colBase = 0.5F;
    std::vector<std::uint8_t> rowStep, colStep;
    std::vector<std::uint16_t> rowOrder, colOrder;
    std::vector<std::uint16_t> outlierRows, outlierCols, outlierValues;
    std::vector<std::uint8_t> map, gains;
    std::vector<std::uint8_t> planes;

    std::vector<std::byte> bytes() const
    {
        std::vector<std::byte> all;
        const auto add = [&all](const void* data, std::size_t count) {
            const auto* from = static_cast<const std::byte*>(data);
            all.insert(all.end(), from, from + count);
        };
        const auto addAll = [&add](const auto& values) { add(values.data(), values.size() * sizeof(values[0])); };
        add(&outlierCount, 4);
        add(&reserved, 4);
        if (first) {
            add(&rowBase, 4);
            add(&colBase, 4);
            addAll(rowStep);
            addAll(colStep);
            addAll(rowOrder);
            addAll(colOrder);
        }
        addAll(outlierRows);
        addAll(outlierCols);
        addAll(outlierValues);
        addAll(map);
        addAll(gains);
        all.resize((all.size() + 63) / 64 * 64);
        addAll(planes);
        return all;
    }
};

/// Blocks with random bits for a matrix: scales around 1, orders shuffled, 0 to 3 planes for a tile in every
/// block, a few outliers. The same every time.
inline std::vector<NestedBlockFields> randomNestedBlocks(const nested::Shape& shape, std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    const auto below = [&random](std::size_t limit) { return static_cast<std::uint32_t>(random() % limit); };
    const auto fill = [&](auto& values, std::size_t n, std::size_t limit) {
        values.resize(n);
        for (auto& value : values)
            value = static_cast<std::decay_t<decltype(value)>>(below(limit));
    };
    const auto shuffled = [&](std::size_t n) {
        std::vector<std::uint16_t> order(n);
        for (std::size_t i = 0; i < n; ++i) {
            order[i] = static_cast<std::uint16_t>(i);
            std::swap(order[i], order[below(i + 1)]);
        }
        return order;
    };
    std::vector<NestedBlockFields> blocks(count);
    std::vector<std::uint32_t> top(shape.tiles(), 0); // gain of the first plane
    std::vector<unsigned> held(shape.tiles(), 0);
    for (std::size_t b = 0; b < count; ++b) {
        NestedBlockFields& block = blocks[b];
        block.first = b == 0;
        if (block.first) {
            fill(block.rowStep, shape.rows, 32);
            fill(block.colStep, shape.cols, 32);
            block.rowOrder = shuffled(shape.rows);
            block.colOrder = shuffled(shape.cols);
        }
        block.outlierCount = static_cast<std::uint32_t>(b + 2);
        for (std::uint32_t i = 0; i < block.outlierCount; ++i) {
            block.outlierRows.push_back(static_cast<std::uint16_t>(shape.rows * i / block.outlierCount));
            block.outlierCols.push_back(static_cast<std::uint16_t>(below(shape.cols)));
            block.outlierValues.push_back(static_cast<std::uint16_t>(0x3C00 + below(2048))); // 1 to 4
        }
        block.map.assign((shape.tiles() + 3) / 4, 0);
        for (std::size_t t = 0; t < shape.tiles(); ++t) {
            const unsigned most = std::min(3U, nested::kMostPlanes - held[t]);
            const unsigned added = below(most + 1);
            block.map[t / 4] = static_cast<std::uint8_t>(block.map[t / 4] | added << (2 * (t % 4)));
            for (unsigned p = 0; p < added; ++p, ++held[t]) {
                if (held[t] == 0)
                    top[t] = 120 + below(16);
                block.gains.push_back(static_cast<std::uint8_t>(held[t] == 0 ? top[t] : top[t] - below(32)));
                for (std::size_t i = 0; i < nested::kPlaneBytes; ++i)
                    block.planes.push_back(static_cast<std::uint8_t>(below(256)));
            }
        }
    }
    return blocks;
}

} // namespace bs::test
