#include "core/plan/fold.h"

#include <algorithm>
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

bool leavesOutput(const ModelConfig& config, GroupedOutput grouped)
{
    return config.heads != config.kvHeads && grouped == GroupedOutput::Published;
}

} // namespace

std::array<std::vector<float>, kSlots> columnScales(const ModelConfig& config, const LayerStats& stats, GroupedOutput grouped)
{
    std::array<std::vector<float>, kSlots> scales;
    for (std::size_t slot = 0; slot < kSlots; ++slot)
        scales[slot] = stats.of(static_cast<Slot>(slot)).scale;
    auto& output = scales[static_cast<std::size_t>(Slot::O)];
    if (!leavesOutput(config, grouped))
        output = spreadOverGroups(config, valueScales(config, stats.output.scale));
    else
        std::fill(output.begin(), output.end(), 1.0F);
    return scales;
}

std::array<std::vector<float>, kSlots> foldScales(DenseLayer& layer, const ModelConfig& config, const LayerStats& stats,
                                                  GroupedOutput grouped)
{
    const auto scales = columnScales(config, stats, grouped);
    std::array<std::vector<float>, kSlots> meanSquares;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        scaleColumns(layer.values[slot], scales[slot]);
        meanSquares[slot] = meanSquareAfter(stats.of(static_cast<Slot>(slot)).meanSquare, scales[slot]);
    }
    divide(layer.weights.inputNorm, stats.attention.scale);
    divide(layer.weights.postNorm, stats.mlp.scale);
    divideRows(layer[Slot::Up], stats.down.scale);
    if (!leavesOutput(config, grouped)) {
        const std::vector<float> scale = valueScales(config, stats.output.scale);
        divideRows(layer[Slot::V], scale);
        divide(layer.weights.vBias, scale);
    }
    return meanSquares;
}

} // namespace bs
