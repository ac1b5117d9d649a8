#pragma once

#include "core/base/progress.h"
#include "core/base/thread_pool.h"
#include "core/codecs/nested/layout.h"

#include <span>
#include <vector>

namespace bs::nested {

class PassDevice;

/// What an error in W costs: loss = 1/2 sum over rows i of rowWeight[i] * e_i moments e_i^T, e_i = row i of the error.
struct LossModel
{
    std::vector<float> moments;       ///< [cols, cols], symmetric, of the input; owned: in a large model the largest thing there is
    std::span<const float> rowWeight; ///< [rows]
};

struct EncodeOptions
{
    /// Loss a byte must save to be spent, falling: at each price a block adds the planes that are worth it.
    std::vector<double> prices;
    /// Feedback is computed under moments + damping * their diagonal.
    float damping = 0.5F;
    float dampingFloor = 0.5F; ///< .. + this times their mean
    /// A target lies at most this far from the weight, in standard deviations of the error that the tile's bits leave: more
    /// could not be taken back by later planes, when the errors it makes up for have become smaller.
    float feedbackLimit = 1;
    /// While a matrix has fewer bits a weight than this, each pass goes over its columns a second time, with the errors of all
    /// others known.
    float sweepBelow = 3.4F;
    float sweepLimit = 0.5F; ///< as feedbackLimit, of that second visit
    /// Prices at which less than this would be added (bits a weight) are passed over.
    float leastBits = 0.1F;
    unsigned leastTilePlanes = 0; ///< that block 0 gives every tile, whatever the price
    float outlierSigma = 4;     ///< weights further out are kept beside the planes ..
    float mostOutliers = 1e-3F; ///< .. but at most this share of them
    PassDevice* device = nullptr; ///< where the search runs, if it has room for it; nullptr: here
};

struct EncodedBlock
{
    std::vector<std::byte> bytes; ///< as readBlocks reads them; a multiple of 64
    double price = 0;             ///< the lowest price that is met
    double loss = 0;              ///< expected loss with this block and those before
};

struct Encoded
{
    double loss = 0; ///< with no block: 1/2 sum of rowWeight * w moments w
    std::vector<EncodedBlock> blocks;
};

/// Codes W [rows, cols] f32 row-major as nested blocks. Errors: Numeric (a NaN or infinity in W, moments or row weights, position
/// named), Shape (more than 65536 rows or columns; sizes that do not fit), Canceled; a device's. Row chunks run in parallel; the result does
/// not depend on the number of threads (but on a device's sums, in the last digits, where one is used). Memory: moments twice, W twice in f32, and what is coded.
/// Sources: tail-biting trellis coded quantisation (Marcellin and Fischer 1990); error feedback as LDLQ (QuIP, arXiv 2307.13304,
/// section 3). README.md says what each choice was measured against.
Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols, LossModel loss,
                       const EncodeOptions& options, ThreadPool& pool, const JobContext& context);

} // namespace bs::nested
