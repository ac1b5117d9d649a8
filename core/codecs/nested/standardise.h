#pragma once

#include "core/codecs/nested/block.h"
#include "core/codecs/nested/encoder.h"

namespace bs::nested {

/// W = rowScale * colScale * (z + outliers), everything in the codec's order: rows and columns by falling share of the loss.
struct Standard
{
    Shape shape;
    std::size_t paddedRows = 0;           ///< rows rounded up to whole tiles
    std::vector<float> z;                 ///< [cols, paddedRows]: column after column; padding is 0
    float rowBase = 0, colBase = 0;
    std::vector<std::uint8_t> rowStep, colStep; ///< scales as a block stores them
    std::vector<float> rowScale, colScale;
    std::vector<std::uint16_t> rowOrder, colOrder;
    std::vector<Outlier> outliers;        ///< by row
    std::vector<float> rowLoss;           ///< [paddedRows] rowWeight * rowScale^2; padding 0
    std::vector<float> moments;           ///< [cols, cols] of the scaled, ordered inputs
};

Standard standardise(std::span<const float> W, std::size_t rows, std::size_t cols, LossModel loss,
                     const EncodeOptions& options);

} // namespace bs::nested
