#include "core/infer/attention.h"

#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/linalg/gemm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace bs {

namespace {

/// Rows of queries and keys that are worked on together.
constexpr std::size_t kQueryBlock = 64;
constexpr std::size_t kKeyBlock = 512;

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
    std::size_t window; // 0: none

    /// First key that a position sees which has `length` keys up to its own.
    std::size_t firstSeen(std::size_t length) const { return window != 0 && length > window ? length - window : 0; }
};

void attendRow(const Head& head, const float* q, std::size_t length, float* out)
{
    thread_local std::vector<float> scores;
    const std::size_t first = head.firstSeen(length);
    length -= first;
    scores.resize(std::max(scores.size(), length));
    thread_local std::vector<float> scaled;
    scaled.assign(q, q + head.headDim);
    for (float& value : scaled)
        value *= head.scale;
    kernels().dotRows(head.keys + first * head.headDim, scaled.data(), length, head.headDim, scores.data());
    kernels().softmax(scores.data(), length);
    kernels().mixRows(head.values + first * head.headDim, scores.data(), length, head.headDim, out);
}

/// Softmax weights and what they gave of earlier keys, to which those of more keys are added.
class Merged
{
public:
    /// Of more keys: their weights among themselves become those among all, and so does what earlier ones gave.
    void add(float logSum, float* weights, std::size_t count, float* out, std::size_t width)
    {
        const float before = m_logSum;
        if (!std::exchange(m_started, true)) {
            m_logSum = logSum;
            return;
        }
        m_logSum = std::max(before, logSum) + std::log1p(std::exp(-std::abs(before - logSum)));
        scale(weights, count, std::exp(logSum - m_logSum));
        scale(out, width, std::exp(before - m_logSum));
    }

private:
    static void scale(float* values, std::size_t count, float factor)
    {
        for (std::size_t i = 0; i < count; ++i)
            values[i] *= factor;
    }

    float m_logSum = 0; ///< logarithm of the sum of the exponentials so far
    bool m_started = false;
};

/// The same for `rows` consecutive positions, the first of which sees `firstLength` keys: block by block of keys, so that scores of a long
/// context never exist at once (Milakov and Gimelshein, arXiv 1805.02867).
void attendBlock(const Head& head, const float* q, std::size_t rows, std::size_t firstLength, float* out)
{
    thread_local std::vector<float> scores(kQueryBlock * kKeyBlock);
    thread_local std::vector<float> scaled;
    const std::size_t d = head.headDim;
    scaled.resize(rows * d);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t i = 0; i < d; ++i)
            scaled[r * d + i] = q[r * head.stride + i] * head.scale;
    std::array<Merged, kQueryBlock> merged;
    const std::size_t length = firstLength + rows - 1;
    const std::size_t start = head.firstSeen(firstLength);
    for (std::size_t first = start; first < length; first += kKeyBlock) {
        const std::size_t count = std::min(kKeyBlock, length - first);
        gemmNT(rows, count, d, scaled.data(), d, head.keys + first * d, d, scores.data(), count);
        for (std::size_t r = 0; r < rows; ++r) {
            float* const row = scores.data() + r * count;
            const std::size_t seen = std::clamp(firstLength + r, first, first + count) - first;
            const std::size_t unseen = std::clamp(head.firstSeen(firstLength + r), first, first + count) - first;
            std::fill(row, row + unseen, 0.0F);
            std::fill(row + seen, row + count, 0.0F);
            if (seen <= unseen)
                continue;
            const float logSum = kernels().softmax(row + unseen, seen - unseen);
            merged[r].add(logSum, row + unseen, seen - unseen, out + r * head.stride, d);
        }
        gemmNN(rows, d, count, scores.data(), count, head.values + first * d, d, out, head.stride, first == start ? Into::Replace : Into::Add);
    }
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
        const Head head{cache.keys + first, cache.values + first, d, stride, scale, config.slidingWindow};
        const std::size_t offset = (piece.batchRow + piece.firstRow) * stride + h * d;
        const std::size_t length = piece.sequence->firstPosition + piece.firstRow + 1;
        if (piece.rows >= kBlockedFrom)
            return attendBlock(head, q + offset, piece.rows, length, out + offset);
        for (std::size_t r = 0; r < piece.rows; ++r)
            attendRow(head, q + offset + r * stride, length + r, out + offset + r * stride);
    });
}

} // namespace bs
