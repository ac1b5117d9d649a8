#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bs::bitstack {

/// One block of the published layout, as it lies in memory: W += sign * (u vt).
/// Source: BitStack (arXiv 2410.23918), section 3.1, iterative absolute value decomposition.
struct BlockView
{
    const std::uint8_t* sign = nullptr;  ///< [rows, cols / 8], MSB first; bit 1: +1, bit 0: -1
    const std::uint16_t* u = nullptr;    ///< [rows, k] f16, row-major
    const std::uint16_t* vt = nullptr;   ///< [k, cols] f16, row-major
};

/// Shape shared by all blocks of a matrix. cols is a multiple of 8.
struct Shape
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::size_t k = 0;

    std::size_t signBytes() const { return rows * cols / 8; }
    std::size_t uBytes() const { return rows * k * 2; }
    std::size_t vtBytes() const { return k * cols * 2; }
    std::size_t blockBytes() const { return signBytes() + uBytes() + vtBytes(); }
};

/// A block that owns its bytes.
struct Block
{
    std::vector<std::uint8_t> sign;
    std::vector<std::uint16_t> u;
    std::vector<std::uint16_t> vt;

    BlockView view() const { return {sign.data(), u.data(), vt.data()}; }
};

} // namespace bs::bitstack
