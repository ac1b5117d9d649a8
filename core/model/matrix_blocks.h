#pragma once

#include "core/formats/container.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bs {

/// How often each code was met that the first signs of a weight are: counts[n][c], codes of n bits.
struct SignCodes
{
    static constexpr std::size_t kMostBits = 4;
    std::array<std::array<std::uint64_t, 1U << kMostBits>, kMostBits + 1> counts{};
};

/// The first blocks of a matrix of a stack, read and checked once, to be decoded at any depth.
class MatrixBlocks
{
public:
    /// Errors: Io, Format (checksum: file, block and matrix named).
    static Result<MatrixBlocks> read(const Container& container, std::uint32_t matrix,
                                     std::uint32_t depth);
    MatrixBlocks(MatrixBlocks&&) = default;
    MatrixBlocks& operator=(MatrixBlocks&&) = default;
    MatrixBlocks(const MatrixBlocks&) = delete; // parts point into m_held
    MatrixBlocks& operator=(const MatrixBlocks&) = delete;
    ~MatrixBlocks() = default;

    std::uint32_t depth() const { return static_cast<std::uint32_t>(m_blocks.size()); }
    /// W [rows, cols] f32 row-major becomes what the first `depth` blocks are; 0: zeros.
    /// Errors: Format (a damaged nested block: file and matrix named).
    Result<void> decode(std::uint32_t depth, float* W) const;
    /// Adds the codes of all weights, at all blocks: of codec `bitstack` the signs of a weight in
    /// the first blocks, of `nested` its bits in the largest planes of its tile, where 1 is minus.
    /// Whole tensors have none. Errors: as decode.
    Result<void> countCodes(SignCodes& to) const;

private:
    MatrixBlocks(const Container& container, std::uint32_t matrix)
        : m_container(&container)
        , m_matrix(matrix)
    {
    }
    const StackMatrix& info() const { return m_container->stack.matrices[m_matrix]; }
    void decodeSigns(std::uint32_t depth, float* W) const;

    const Container* m_container;
    std::uint32_t m_matrix;
    std::vector<std::byte> m_held;
    std::byte* m_base = nullptr;                                   ///< aligned, within m_held
    std::vector<std::vector<std::span<const std::byte>>> m_blocks; ///< parts of each
};

} // namespace bs
