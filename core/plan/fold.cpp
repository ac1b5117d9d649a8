#include "core/plan/fold.h"

namespace bs {

namespace {

void scaleColumns(std::vector<float>& W, const std::vector<float>& scale)
{
    for (std::size_t row = 0; row < W.size(); row += scale.size())
        for (std::size_t j = 0; j < scale.size(); ++j)
            W[row + j] *= scale[j];
}

void divideRows(std::vector<float>& W, const std::vector<float>& scale)
{
    const std::size_t cols = W.size() / scale.size();
    for (std::size_t i = 0; i < scale.size(); ++i)
        for (std::size_t j = 0; j < cols; ++j)
            W[i * cols + j] /= scale[i];
}

void divide(std::vector<float>& values, const std::vector<float>& scale)
{
    for (std::size_t j = 0; j < values.size(); ++j)
        values[j] /= scale[j];
}

std::vector<float> meanSquareAfter(const InputStats& stats, bool scaled)
{
    std::vector<float> meanSquare = stats.meanSquare;
    for (std::size_t j = 0; scaled && j < meanSquare.size(); ++j)
        meanSquare[j] /= stats.scale[j] * stats.scale[j];
    return meanSquare;
}

} // namespace

std::array<std::vector<float>, kSlots> foldScales(DenseLayer& layer, const LayerStats& stats)
{
    for (const Slot slot : {Slot::Q, Slot::K, Slot::V})
        scaleColumns(layer[slot], stats.attention.scale);
    divide(layer.weights.inputNorm, stats.attention.scale);
    const bool foldO = layer.weights[Slot::V].rows == layer.weights[Slot::O].rows &&
                       layer.weights[Slot::V].cols == layer.weights[Slot::O].cols;
    if (foldO) {
        scaleColumns(layer[Slot::O], stats.output.scale);
        divideRows(layer[Slot::V], stats.output.scale);
    }
    for (const Slot slot : {Slot::Gate, Slot::Up})
        scaleColumns(layer[slot], stats.mlp.scale);
    divide(layer.weights.postNorm, stats.mlp.scale);
    scaleColumns(layer[Slot::Down], stats.down.scale);
    divideRows(layer[Slot::Up], stats.down.scale);

    std::array<std::vector<float>, kSlots> meanSquares;
    for (std::size_t slot = 0; slot < kSlots; ++slot)
        meanSquares[slot] = meanSquareAfter(stats.of(static_cast<Slot>(slot)), static_cast<Slot>(slot) != Slot::O || foldO);
    return meanSquares;
}

} // namespace bs
