#include "core/infer/attention_backward.h"

#include "core/linalg/dense.h"
#include "core/linalg/gemm.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// Queries that are worked on together: what lies behind a query is computed for half of them at
/// most.
constexpr std::size_t kQueryBlock = 64;

using Values = Eigen::Map<Eigen::ArrayXf>;
using ConstValues = Eigen::Map<const Eigen::ArrayXf>;

/// One key-value head of one sequence: its query heads are worked on one after another, since they
/// add to the same gradients.
struct Piece
{
    std::size_t firstRow; // of the sequence, in the batch
    std::size_t length;
    std::size_t weightsAt; // of the sequence
    std::size_t kvHead;
};

std::vector<Piece> cut(const ModelConfig& config, std::span<const std::size_t> lengths)
{
    std::vector<Piece> pieces;
    std::size_t row = 0;
    std::size_t weightsAt = 0;
    for (const std::size_t length : lengths) {
        for (std::size_t h = 0; h < config.kvHeads; ++h)
            pieces.push_back({row, length, weightsAt, h});
        row += length;
        weightsAt += config.heads * length * length;
    }
    return pieces;
}

std::size_t weightCount(const ModelConfig& config, std::span<const std::size_t> lengths)
{
    std::size_t count = 0;
    for (const std::size_t length : lengths)
        count += config.heads * length * length;
    return count;
}

/// Where things lie for one query head.
struct Head
{
    std::size_t q;       // of its first value in rows of q
    std::size_t kv;      // in rows of k and v
    std::size_t weights; // its [length, length]
    std::size_t qStride;
    std::size_t kvStride;
    std::size_t d;
    float scale;
    std::size_t window;
};

/// First of `length` keys that the last position looks at.
std::size_t firstSeen(std::size_t window, std::size_t length)
{
    return window != 0 && length > window ? length - window : 0;
}

Head headOf(const ModelConfig& config, const Piece& piece, std::size_t inGroup)
{
    const std::size_t h = piece.kvHead * (config.heads / config.kvHeads) + inGroup;
    return {piece.firstRow * config.qWidth() + h * config.headDim,
            piece.firstRow * config.kvWidth() + piece.kvHead * config.headDim,
            piece.weightsAt + h * piece.length * piece.length,
            config.qWidth(),
            config.kvWidth(),
            config.headDim,
            1.0F / std::sqrt(static_cast<float>(config.headDim)),
            config.slidingWindow};
}

/// Scores of keys [begin, seen) to softmax weights; those of keys the query does not see become 0.
void softmax(float* row, std::size_t begin, std::size_t seen, std::size_t length, float scale)
{
    std::fill(row, row + begin, 0.0F);
    Values s(row + begin, static_cast<Eigen::Index>(seen - begin));
    s = (scale * (s - s.maxCoeff())).exp();
    s /= s.sum();
    std::fill(row + seen, row + length, 0.0F);
}

void forwardHead(const Head& head, std::size_t length, const AttentionRows& rows, float* weights,
                 float* out)
{
    for (std::size_t first = 0; first < length; first += kQueryBlock) {
        const std::size_t count = std::min(kQueryBlock, length - first);
        const std::size_t seen = first + count;
        float* P = weights + head.weights + first * length;
        gemmNT(count, seen, head.d, rows.q + head.q + first * head.qStride, head.qStride,
               rows.k + head.kv, head.kvStride, P, length);
        for (std::size_t r = 0; r < count; ++r)
            softmax(P + r * length, firstSeen(head.window, first + r + 1), first + r + 1, seen, head.scale);
        gemmNN(count, head.d, seen, P, length, rows.v + head.kv, head.kvStride,
               out + head.q + first * head.qStride, head.qStride, Into::Replace);
    }
}

/// Gradients at the weights to gradients at the scores (before the scale), in place.
void softmaxBackward(const float* weights, float* grad, std::size_t count, float scale)
{
    const ConstValues p(weights, static_cast<Eigen::Index>(count));
    Values g(grad, static_cast<Eigen::Index>(count));
    const float mean = (p * g).sum();
    g = scale * p * (g - mean);
}

struct Gradients
{
    const float* out;
    float* q;
    float* k;
    float* v;
};

void backwardHead(const Head& head, std::size_t length, const AttentionRows& rows,
                  const float* weights, const Gradients& grad)
{
    thread_local std::vector<float> scores;
    scores.resize(std::max(scores.size(), kQueryBlock * length));
    for (std::size_t first = 0; first < length; first += kQueryBlock) {
        const std::size_t count = std::min(kQueryBlock, length - first);
        const std::size_t seen = first + count;
        const std::size_t at = head.q + first * head.qStride;
        const float* P = weights + head.weights + first * length;
        gemmNT(count, seen, head.d, grad.out + at, head.qStride, rows.v + head.kv, head.kvStride,
               scores.data(), length);
        for (std::size_t r = 0; r < count; ++r)
            softmaxBackward(P + r * length, scores.data() + r * length, seen, head.scale);
        gemmNN(count, head.d, seen, scores.data(), length, rows.k + head.kv, head.kvStride,
               grad.q + at, head.qStride, Into::Replace);
        gemmTN(seen, head.d, count, scores.data(), length, rows.q + at, head.qStride,
               grad.k + head.kv, head.kvStride, Into::Add);
        gemmTN(seen, head.d, count, P, length, grad.out + at, head.qStride, grad.v + head.kv,
               head.kvStride, Into::Add);
    }
}

} // namespace

void attentionForward(const ModelConfig& config, std::span<const std::size_t> lengths,
                      const AttentionRows& rows, std::vector<float>& weights, float* out,
                      ThreadPool& pool)
{
    weights.resize(weightCount(config, lengths));
    const std::vector<Piece> pieces = cut(config, lengths);
    const std::size_t group = config.heads / config.kvHeads;
    pool.parallelFor(pieces.size() * group, [&](std::size_t work) {
        const Piece& piece = pieces[work / group];
        forwardHead(headOf(config, piece, work % group), piece.length, rows, weights.data(), out);
    });
}

void attentionBackward(const ModelConfig& config, std::span<const std::size_t> lengths,
                       const AttentionRows& rows, const std::vector<float>& weights,
                       const float* gradOut, float* gradQ, float* gradK, float* gradV,
                       ThreadPool& pool)
{
    const std::vector<Piece> pieces = cut(config, lengths);
    const std::size_t group = config.heads / config.kvHeads;
    pool.parallelFor(pieces.size(), [&](std::size_t work) {
        const Piece& piece = pieces[work];
        const Head first = headOf(config, piece, 0);
        for (std::size_t t = 0; t < piece.length; ++t) {
            std::fill_n(gradK + first.kv + t * first.kvStride, first.d, 0.0F);
            std::fill_n(gradV + first.kv + t * first.kvStride, first.d, 0.0F);
        }
        for (std::size_t g = 0; g < group; ++g)
            backwardHead(headOf(config, piece, g), piece.length, rows, weights.data(),
                         {gradOut, gradQ, gradK, gradV});
    });
}

} // namespace bs
