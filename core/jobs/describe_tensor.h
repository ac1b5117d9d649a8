#pragma once

#include "core/base/progress.h"
#include "core/model/source.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bs {

/// A tensor of a model in a list; matrices of a stack count whole, slabs put together.
struct TensorEntry
{
    std::string name;
    std::optional<std::uint32_t> layer; ///< empty: outside the layers
    std::string dtype;                  ///< "F16"; of a matrix of a stack its codec
    std::vector<std::uint64_t> shape;
    std::uint64_t bytes = 0;
    std::uint32_t blocks = 0; ///< of a matrix of a stack the most that a slab of it has; else 0
};

/// All tensors, by layer, those outside the layers first, each in the order of the file or by name.
std::vector<TensorEntry> listTensors(const ModelSource& source);

/// What a model's files say about it: keys and values as text, long lists cut with a word of how
/// long they are. Errors: as the readers.
Result<std::vector<std::pair<std::string, std::string>>> listMetadata(const ModelSource& source);

/// Of values that are finite; `notFinite` counts the others.
struct TensorStatistics
{
    std::uint64_t count = 0;
    std::uint64_t zeros = 0;
    std::uint64_t notFinite = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    double deviation = 0;
    double largest = 0; ///< magnitude
};

/// How often values lie in each of so many equal parts of [lower, upper], and beside them.
struct TensorHistogram
{
    static constexpr std::size_t kBins = 121; ///< odd: zero lies within a bin, not between two
    double lower = 0;
    double upper = 0;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
    std::array<std::uint64_t, kBins> counts{};
};

/// What a matrix of a stack loses with fewer blocks.
struct DepthResidual
{
    std::uint32_t depth = 0;
    std::uint64_t bytes = 0;
    double bitsPerWeight = 0;
    double error =
        0; ///< norm of the difference to all blocks, as a share of the norm at all blocks
};

/// A code that the first signs of weights are, and how many have it.
struct CodeCount
{
    std::string bits; ///< "0110": 1 is minus
    std::uint64_t count = 0;
};

struct TensorReport
{
    TensorEntry tensor;
    TensorStatistics statistics;
    TensorHistogram histogram;
    std::vector<CodeCount> codes;         ///< of a stack's matrix (MatrixBlocks::countCodes)
    std::vector<DepthResidual> residuals; ///< of a stack's matrix, from no block to all
};

/// Reads and decodes a tensor, by its name in listTensors or by that of a matrix of the stack: of a
/// stack at all blocks, slab by slab. The histogram reaches five deviations from the mean, or as
/// far as there are values. Memory: two slabs, or the tensor, in f32. Errors: Usage (no such
/// tensor: named), Io, Format (a damaged block), Canceled.
Result<TensorReport> describeTensor(const ModelSource& source, const std::string& name,
                                    const JobContext& context);

} // namespace bs
