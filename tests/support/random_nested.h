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
        matrix.colOrder = shuffled(shape.cols);
        matrix.tiles.resize(shape.tiles());
    }

    /// Planes of a tile up to `bits`, with gains around one.
    void setTile(std::size_t index, nested::Base base, unsigned bits)
    {
        nested::Tile& tile = matrix.tiles[index];
        tile.base = base;
        tile.planes = static_cast<std::uint8_t>(nested::planesOf(base, bits));
        tile.firstGain = static_cast<std::uint8_t>(nested::kFirstGainOne - 8 + m_random() % 16);
        for (std::uint8_t& gain : tile.gains)
            gain = static_cast<std::uint8_t>(nested::kGainOne - 3 + m_random() % 7);
        for (unsigned p = 0; p < tile.planes; ++p) {
            tile.at[p] = static_cast<std::uint32_t>(memory.size() * sizeof(std::uint64_t) / 64);
            for (std::size_t i = 0; i < nested::planeBytes(base, p); i += sizeof(std::uint64_t))
                memory.push_back(m_random());
        }
        matrix.bytes = reinterpret_cast<const std::byte*>(memory.data());
    }

    void setAll(nested::Base base, unsigned bits)
    {
        for (std::size_t t = 0; t < matrix.tiles.size(); ++t)
            setTile(t, base, bits);
    }

    /// Depths and bases of all kinds, also tiles without a plane.
    void mixTiles()
    {
        for (std::size_t t = 0; t < matrix.tiles.size(); ++t) {
            const nested::Base base = m_random() % 2 == 0 ? nested::Base::One : nested::Base::Two;
            const unsigned bits = static_cast<unsigned>(m_random() % (nested::kMostPlanes + 1));
            setTile(t, base, base == nested::Base::Two && bits == 1 ? 0 : bits);
        }
    }

    void addOutliers(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            matrix.outliers.push_back({static_cast<std::uint16_t>(m_random() % matrix.shape.rows),
                                       static_cast<std::uint16_t>(m_random() % matrix.shape.cols),
                                       static_cast<float>(m_random() % 2001) / 200 - 5});
        std::stable_sort(matrix.outliers.begin(), matrix.outliers.end(),
                         [](const nested::Outlier& a, const nested::Outlier& b) { return a.row < b.row; });
    }

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
