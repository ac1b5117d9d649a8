#pragma once

#include "core/model/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// What charts show of a stack: every block's bytes and gain, the loading order and what was
/// predicted and measured when the stack was made. All of it comes from the header; no block is
/// read.
struct StackReport
{
    struct Matrix
    {
        std::string name; ///< "model.layers.0.self_attn.q_proj", "model.embed_tokens#6144"
        std::optional<std::uint32_t> layer; ///< empty: outside the layers
        std::string kind; ///< "q_proj": what stands behind the last dot, without a slab's row
        std::uint64_t rows = 0;
        std::uint64_t cols = 0;
        bool linear = true;
        std::vector<std::uint64_t> blockBytes;
        std::vector<double> gains; ///< nats a token that each block is expected to save
    };

    std::string path;
    std::string codec;
    std::uint64_t parameters = 0; ///< of the model, what bits per weight are counted over
    std::uint32_t layers = 0;
    bool hasGains = false; ///< false: none is stored, all are 0
    std::vector<Matrix> matrices;
    std::vector<StackBlock> order;
    std::size_t smallestCount = 0;
    /// Of the first smallestCount + i blocks of the order, i from 0 to all the rest. The file's
    /// size is exact at both ends and at every 1/32 of the order, and within 8 KiB between them:
    /// the header's length is interpolated there.
    std::vector<std::uint64_t> fileBytes;
    std::vector<double> gainLeft; ///< nats a token that the blocks behind them are expected to save
    std::vector<PredictedRise> predicted;
};

/// Errors: Usage (the model is no stack).
Result<StackReport> reportStack(const ModelSource& source);

} // namespace bs
