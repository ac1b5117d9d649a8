#pragma once

#include "core/codecs/nested/block.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace bs::test {

/// A nested matrix of random planes with the memory they lie in.
struct RandomNested
{
    std::vector<std::uint64_t> memory;
    nested::Matrix matrix;
    std::vector<nested::Tile> tiles; ///< what matrix.setTiles got

    RandomNested(nested::Shape shape, unsigned seed)
        : m_random(seed)
    {
        matrix.shape = shape;
        std::uniform_real_distribution<float> scale(0.5F, 2.0F);
        for (std::size_t i = 0; i < shape.rows; ++i)
            matrix.rowScale.push_back(scale(m_random));
        for (std::size_t j = 0; j < shape.cols; ++j)
            matrix.colScale.push_back(scale(m_random));
        matrix.rowOrder = shuffled(shape.rows);
        matrix.rowPlace.resize(shape.rows);
        for (std::size_t i = 0; i < shape.rows; ++i)
            matrix.rowPlace[matrix.rowOrder[i]] = static_cast<std::uint16_t>(i);
        matrix.colOrder = shuffled(shape.cols);
        tiles.resize(shape.tiles());
        matrix.setOutliers({});
        matrix.setTiles(tiles);
    }

    /// Planes of a tile (the matrix does not have them before setTiles); bit p of `plain`: plane p has signs alone. Gains fall, by about what a plane gains.
    void setTile(std::size_t index, unsigned planes, unsigned plain)
    {
        nested::Tile& tile = tiles[index];
        tile.planes = static_cast<std::uint8_t>(planes);
        tile.plain = static_cast<std::uint16_t>(plain);
        for (unsigned p = 0; p < nested::kMostPlanes; ++p)
            tile.gains[p] = static_cast<std::uint8_t>(p == 0 ? nested::kGainOne - 8 + static_cast<int>(m_random() % 16)
                                                             : tile.gains[p - 1] - 4 - static_cast<int>(m_random() % 6));
        for (unsigned p = 0; p < planes; ++p) {
            tile.at[p] = static_cast<std::uint32_t>(memory.size() * sizeof(std::uint64_t) / 64);
            for (std::size_t i = 0; i < nested::kPlaneBytes; i += sizeof(std::uint64_t))
                memory.push_back(m_random());
        }
        matrix.bytes = reinterpret_cast<const std::byte*>(memory.data());
    }

    void setAll(unsigned planes, unsigned plain)
    {
        for (std::size_t t = 0; t < tiles.size(); ++t)
            setTile(t, planes, plain);
        matrix.setTiles(tiles);
    }

    /// Depths and planes of all kinds, also tiles without a plane.
    void mixTiles()
    {
        for (std::size_t t = 0; t < tiles.size(); ++t) {
            const auto planes = static_cast<unsigned>(m_random() % (nested::kMostPlanes + 1));
            setTile(t, planes, static_cast<unsigned>(m_random() % (1U << planes)));
        }
        matrix.setTiles(tiles);
    }

    void addOutliers(std::size_t count)
    {
        std::vector<nested::Outlier> outliers;
        for (std::size_t i = 0; i < count; ++i)
            outliers.push_back({static_cast<std::uint16_t>(m_random() % matrix.shape.rows), static_cast<std::uint16_t>(m_random() % matrix.shape.cols),
                                static_cast<float>(m_random() % 2001) / 200 - 5});
        matrix.setOutliers(outliers);
    }

    const nested::Tile& tile(std::size_t row, std::size_t col) const { return tiles[row * matrix.shape.tileCols() + col]; }

    std::vector<float> randomX(std::size_t n)
    {
        std::normal_distribution<float> normal;
        std::vector<float> x(n * matrix.shape.cols);
        for (float& value : x)
            value = normal(m_random);
        return x;
    }

private:
    std::vector<std::uint16_t> shuffled(std::size_t count)
    {
        std::vector<std::uint16_t> order(count);
        for (std::size_t i = 0; i < count; ++i)
            order[i] = static_cast<std::uint16_t>(i);
        for (std::size_t i = count; i > 1; --i)
            std::swap(order[i - 1], order[m_random() % i]);
        return order;
    }

    std::mt19937_64 m_random;
};

} // namespace bs::test
