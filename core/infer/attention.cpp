#include "core/infer/attention.h"

#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// Rows of queries that are worked on together. Scores of one piece of work take 64 x length floats.
constexpr std::size_t kQueryBlock = 64;

/// From this many rows on a matrix product over the keys beats a dot product for each.
constexpr std::size_t kBlockedFrom = 8;

/// One head's view of a sequence: everything a piece of work needs.
struct Head
{
    const float* keys;   // [capacity, headDim]
    const float* values; // [capacity, headDim]
    std::size_t headDim;
    std::size_t stride; // between rows of q and of out
    float scale;
};

void attendRow(const Head& head, const float* q, std::size_t length, float* out)
{
    thread_local std::vector<float> scores;
    scores.resize(std::max(scores.size(), length));
    thread_local std::vector<float> scaled;
    scaled.assign(q, q + head.headDim);
    for (float& value : scaled)
        value *= head.scale;
    kernels().dotRows(head.keys, scaled.data(), length, head.headDim, scores.data());
    kernels().softmax(scores.data(), length);
    kernels().mixRows(head.values, scores.data(), length, head.headDim, out);
}

/// The same for `rows` consecutive positions, the first of which sees `firstLength` keys.
void attendBlock(const Head& head, const float* q, std::size_t rows, std::size_t firstLength, float* out)
{
    thread_local std::vector<float> scores;
    thread_local std::vector<float> valuesT;
    const std::size_t length = firstLength + rows - 1;
    const std::size_t d = head.headDim;
    scores.resize(std::max(scores.size(), rows * length));
    valuesT.resize(std::max(valuesT.size(), d * length));
    gemmNT(rows, length, d, q, head.stride, head.keys, d, scores.data(), length);
    for (std::size_t r = 0; r < rows; ++r) {
        float* row = scores.data() + r * length;
        const std::size_t seen = firstLength + r;
        for (std::size_t t = 0; t < seen; ++t)
            row[t] *= head.scale;
        kernels().softmax(row, seen);
        std::fill(row + seen, row + length, 0.0F);
    }
    for (std::size_t t = 0; t < length; ++t)
        for (std::size_t i = 0; i < d; ++i)
            valuesT[i * length + t] = head.values[t * d + i];
    gemmNT(rows, d, length, scores.data(), length, valuesT.data(), length, out, head.stride);
}

struct Piece
{
    const SequenceRows* sequence;
    std::size_t batchRow;  // of the sequence's first row
    std::size_t firstRow;  // within the sequence
    std::size_t rows;
};

std::vector<Piece> cut(const std::vector<SequenceRows>& sequences)
{
    std::vector<Piece> pieces;
    std::size_t batchRow = 0;
    for (const SequenceRows& sequence : sequences) {
        for (std::size_t row = 0; row < sequence.count; row += kQueryBlock)
            pieces.push_back({&sequence, batchRow, row, std::min(kQueryBlock, sequence.count - row)});
        batchRow += sequence.count;
    }
    // Long ones first, so that the threads end together.
    std::reverse(pieces.begin(), pieces.end());
    return pieces;
}

} // namespace

void attention(const ModelConfig& config, const std::vector<SequenceRows>& sequences, const float* q, float* out,
               ThreadPool& pool)
{
    const std::vector<Piece> pieces = cut(sequences);
    const std::size_t d = config.headDim;
    const std::size_t stride = config.qWidth();
    const std::size_t group = config.heads / config.kvHeads;
    const float scale = 1.0F / std::sqrt(static_cast<float>(d));
    pool.parallelFor(pieces.size() * config.heads, [&](std::size_t work) {
        const Piece& piece = pieces[work / config.heads];
        const std::size_t h = work % config.heads;
        const LayerCache& cache = piece.sequence->cache;
        const std::size_t first = (h / group) * cache.capacity * d;
        const Head head{cache.keys + first, cache.values + first, d, stride, scale};
        const std::size_t offset = (piece.batchRow + piece.firstRow) * stride + h * d;
        const std::size_t length = piece.sequence->firstPosition + piece.firstRow + 1;
        if (piece.rows >= kBlockedFrom)
            return attendBlock(head, q + offset, piece.rows, length, out + offset);
        for (std::size_t r = 0; r < piece.rows; ++r)
            attendRow(head, q + offset + r * stride, length + r, out + offset + r * stride);
    });
}

} // namespace bs
