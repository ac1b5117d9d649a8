#pragma once

#include "core/base/progress.h"
#include "core/codecs/nested/standardise.h"
#include "core/codecs/nested/tables.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace bs::nested {

/// A tile as far as it is coded.
struct CodedTile : Tile
{
    float deviation = 1; ///< of its weights, as its first plane was made for
    std::array<std::vector<std::uint8_t>, kMostPlanes> bytes;
};

/// What one pass over the columns of a matrix is to add.
struct PassWish
{
    std::vector<unsigned> planes; ///< of each tile after it: at most kMostAdded more than before
    double price = 0;             ///< loss that a byte must save, for single weights
    bool twice = false;           ///< a second visit of every column, with the errors of all others known
};

struct PassResult
{
    double loss = 0;               ///< behind it
    std::vector<Outlier> outliers; ///< single weights that it bought, in any order
};

/// Codes the columns of one matrix, pass after pass; knows what the passes so far decode to.
class Passes
{
public:
    virtual ~Passes() = default;
    /// [cols] loss per unit of squared error of a column against its target (Feedback::own).
    virtual std::span<const float> own() const = 0;
    /// Adds planes to tiles [tileRows, tileCols]. Errors: Canceled, after which they are useless; a card's.
    virtual Result<PassResult> run(const PassWish& wish, std::vector<CodedTile>& tiles, const JobContext& context) = 0;
};

/// Where passes run, if not here.
class PassDevice
{
public:
    virtual ~PassDevice() = default;
    /// `standard` outlives them; its weights and moments are given up once they lie elsewhere, not before an error. Errors: Numeric,
    /// Memory, Io, Canceled.
    virtual Result<std::unique_ptr<Passes>> startPasses(Standard& standard, const EncodeOptions& options, const JobContext& context) = 0;
};

/// On the processor, chunks of rows in parallel; the result does not depend on the number of threads. Errors: Numeric.
Result<std::unique_ptr<Passes>> startPasses(Standard& standard, const EncodeOptions& options, ThreadPool& pool);

/// How far a target may lie from its weight in a tile that is to have so many planes, at `deviations` allowed.
float targetLimit(float deviations, unsigned planes);

/// Squared error from which on a weight of a tile may be kept by itself: further out than planes reach. What is nearer
/// is left to them: in tiles of few bits it is the feedback of columns that will be coded better later.
float farSquare(float deviation, unsigned planes);

} // namespace bs::nested
