#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/infer/candidates.h"
#include "core/model/config.h"
#include "core/model/source.h"
#include "core/stack/stack.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace bs {

/// Keys and values of the positions computed so far.
class KvCache
{
public:
    virtual ~KvCache() = default;
    virtual std::size_t length() const = 0;
    virtual std::size_t capacity() const = 0;
    virtual std::uint64_t bytes() const = 0;
    /// Forgets the positions from `length` on.
    virtual void truncate(std::size_t length) = 0;
};

/// A model that runs. One thread at a time.
class Engine
{
public:
    /// Tokens that run through the layers together. Blocks are decoded once for a batch, so a larger one is faster, but its
    /// intermediate results take 14 kB a token on the demo model, and stop is looked at between its layers
    /// (on a card, which may take more at once, between batches).
    static constexpr std::size_t kBatchTokens = 1024;
    /// Rows whose logits are made together.
    static constexpr std::size_t kLogitRows = 128;

    virtual ~Engine() = default;
    virtual const ModelConfig& config() const = 0;
    /// "cpu (avx2, 2 threads)"
    virtual std::string deviceName() const = 0;
    /// The stack this engine's linears come from; nullptr for a dense model.
    virtual const Stack* stack() const = 0;
    /// Loads and drops blocks so that exactly `plan` is resident; counts from the next forward on. On an
    /// error the old plan stays. Errors: Usage (no stack), Io, Format (checksum: block named), Memory, Canceled.
    Result<void> setPlan(const Plan& plan, const JobContext& context);
    /// The same in pieces, between which the engine runs with the old plan, then with the new one. Begins a change, in place of one that is under way.
    virtual Result<void> startPlan(const Plan& plan) = 0;
    /// Goes on with it for about `seconds`; true when nothing is left to do. On an error the old plan stays and the change is over.
    virtual Result<bool> continuePlan(double seconds, const JobContext& context) = 0;
    /// The plan in use.
    virtual const Plan& plan() const = 0;
    /// Bytes resident as weights.
    virtual std::uint64_t weightBytes() const = 0;
    /// Memory that more weights could still take, where this engine has them; 0: not known. May be
    /// called from any thread.
    virtual std::uint64_t freeBytes() const;

    /// Memory of a cache for `capacity` positions, before it is made: capacity * config().kvBytesPerToken().
    virtual Result<std::unique_ptr<KvCache>> newCache(std::size_t capacity) = 0;

    /// Runs the tokens at positions cache.length() .. and appends them to the cache. Logits of the last
    /// `wanted` tokens (0 allowed) to `logits` [wanted, vocabulary].
    /// Errors: Usage (token outside the vocabulary, cache too small: both numbers named), Canceled.
    Result<void> forward(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                         std::vector<float>& logits, const JobContext& context);

    /// The same for one who only chooses the token that follows: the `count` best candidates for it (or the whole vocabulary if that is
    /// smaller), 1 <= count <= kMostCandidates, as bestCandidates orders the logits of the last token. There must be one.
    /// Errors: as forward.
    virtual Result<void> forwardBest(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t count,
                                     std::vector<Candidate>& best, const JobContext& context);

    /// Logits of `rows` consecutive tokens [rows, vocabulary]; `firstRow` counts from the first wanted one.
    using LogitsSink = std::function<Result<void>(std::size_t firstRow, std::size_t rows, std::span<float> logits)>;
    /// The same, logits handed out in pieces of at most kLogitRows, so that a window of 2048 tokens does not
    /// need hundreds of megabytes for them.
    virtual Result<void> forwardInPieces(std::span<const std::int32_t> tokens, KvCache& cache, std::size_t wanted,
                                         const LogitsSink& sink, const JobContext& context) = 0;

    /// One further token for each of several sequences at once, each with its own cache; logits
    /// [sequences, vocabulary]. For calibration text that the model writes itself. Errors: as forward.
    virtual Result<void> forwardBatch(std::span<const std::int32_t> tokens, std::span<KvCache* const> caches,
                                      std::vector<float>& logits, const JobContext& context) = 0;

protected:
    /// Puts all pieces into `logits` [wanted, vocabulary], which must stay as large.
    LogitsSink pieceBy(std::vector<float>& logits) const;
    /// Whether the model has all of them. Errors: Usage (both numbers named).
    Result<void> checkTokens(std::span<const std::int32_t> tokens) const;
    /// Whether so many more fit a cache. Errors: Usage (all numbers named).
    static Result<void> checkRoom(std::size_t tokens, const KvCache& cache);
};

/// The CPU engine. `plan` only for a stack; without one everything is loaded.
/// Errors: as Engine::setPlan, Memory.
Result<std::unique_ptr<Engine>> loadCpuEngine(std::shared_ptr<const ModelSource> source, int threads,
                                              const Plan* plan, const JobContext& context);

} // namespace bs
