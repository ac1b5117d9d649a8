#pragma once

// Included by instruction-set islands: fixed-width types only.
#include <cstddef>
#include <cstdint>

namespace bs {

/// Kernels::signedSums and Kernels::addSignedLowRank of the AVX2 table.
void avx2SignedSums(const std::uint8_t* sign, const float* p, std::size_t rows, std::size_t cols,
                    std::size_t k, float* z);
void avx2AddSignedLowRank(const std::uint8_t* sign, const float* u, const float* v,
                          std::size_t rows, std::size_t cols, std::size_t k, float* W);

} // namespace bs
