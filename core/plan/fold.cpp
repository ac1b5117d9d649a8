#include "core/plan/fold.h"

#include <cmath>

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

std::vector<float> meanSquareAfter(const std::vector<float>& meanSquare, const std::vector<float>& scale)
{
    std::vector<float> after = meanSquare;
    for (std::size_t j = 0; j < after.size(); ++j)
        after[j] /= scale[j] * scale[j];
    return after;
}

/// Scales of o's input [qWidth] as v's rows [kvWidth] can undo them: the root mean square over the query
/// heads of a group, which is the scale itself where every head has its own keys and values.
std::vector<float> valueScales(const ModelConfig& config, const std::vector<float>& outputScale)
{
    const std::size_t group = config.heads / config.kvHeads;
    std::vector<float> squares(config.kvWidth(), 0.0F);
    for (std::size_t j = 0; j < outputScale.size(); ++j) {
        const std::size_t kvHead = j / config.headDim / group;
        squares[kvHead * config.headDim + j % config.headDim] += outputScale[j] * outputScale[j];
    }
    for (float& value : squares)
        value = std::sqrt(value / static_cast<float>(group));
    return squares;
}

/// One entry for every query head's channel.
std::vector<float> spreadOverGroups(const ModelConfig& config, const std::vector<float>& valueScale)
{
    const std::size_t group = config.heads / config.kvHeads;
    std::vector<float> spread;
    for (std::size_t j = 0; j < config.qWidth(); ++j)
        spread.push_back(valueScale[j / config.headDim / group * config.headDim + j % config.headDim]);
    return spread;
}

} // namespace

std::array<std::vector<float>, kSlots> foldScales(DenseLayer& layer, const ModelConfig& config, const LayerStats& stats,
                                                  GroupedOutput grouped)
{
    std::array<std::vector<float>, kSlots> meanSquares;
    auto scale = [&](Slot slot, const InputStats& input, const std::vector<float>& scales) {
        scaleColumns(layer[slot], scales);
        meanSquares[static_cast<std::size_t>(slot)] = meanSquareAfter(input.meanSquare, scales);
    };
    for (const Slot slot : {Slot::Q, Slot::K, Slot::V})
        scale(slot, stats.attention, stats.attention.scale);
    divide(layer.weights.inputNorm, stats.attention.scale);
    for (const Slot slot : {Slot::Gate, Slot::Up})
        scale(slot, stats.mlp, stats.mlp.scale);
    divide(layer.weights.postNorm, stats.mlp.scale);
    scale(Slot::Down, stats.down, stats.down.scale);
    divideRows(layer[Slot::Up], stats.down.scale);

    if (config.heads != config.kvHeads && grouped == GroupedOutput::Published) {
        meanSquares[static_cast<std::size_t>(Slot::O)] = stats.output.meanSquare;
        return meanSquares;
    }
    const std::vector<float> valueScale = valueScales(config, stats.output.scale);
    scale(Slot::O, stats.output, spreadOverGroups(config, valueScale));
    divideRows(layer[Slot::V], valueScale);
    return meanSquares;
}

} // namespace bs
