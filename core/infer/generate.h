#pragma once

#include "core/base/progress.h"
#include "core/infer/engine.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace bs {

/// How the next token is chosen. Applied in this order: repetition penalty over the tokens seen,
/// temperature, top-k, top-p, min-p.
struct SamplingOptions
{
    float temperature = 0.8F;   ///< 0: the most probable token (greedy)
    std::int32_t topK = 40;     ///< 0: off
    float topP = 0.95F;         ///< 1: off
    float minP = 0.05F;         ///< 0: off
    float repeatPenalty = 1.0F; ///< 1: off; positive logits divided, negative multiplied
    std::uint64_t seed = 0;
};

/// Errors: Usage (names the option, its value and its range).
Result<void> validate(const SamplingOptions& options);

/// Chooses tokens from logits; the same seed and logits give the same tokens on every machine.
class Sampler
{
public:
    explicit Sampler(const SamplingOptions& options);
    /// `logits` [vocabulary] is changed. `seen`: tokens the repetition penalty counts (prompt and answer).
    std::int32_t sample(std::span<float> logits, std::span<const std::int32_t> seen);

    /// How many of the best candidates are enough to choose from, at most kMostCandidates; 0: all logits are needed.
    std::size_t candidatesNeeded() const;
    /// The token that sample() gives for the logits whose candidatesNeeded() best ones are `best`, in the order of bestCandidates.
    /// `best`, at least one, is changed.
    std::int32_t sampleFrom(std::span<Candidate> best);

private:
    double uniform();

    SamplingOptions m_options;
    std::mt19937_64 m_random;
};

struct GenerateOptions
{
    SamplingOptions sampling;
    std::size_t maxTokens = 256;
    std::vector<std::int32_t> stopTokens; ///< EOS, EOT
    std::vector<std::int32_t> earlier;    ///< what the cache holds already; the repetition penalty counts it
};

enum class StopReason { Eos, Length, Context, Stopped };
/// "eos", "length", "context", "stopped": the command line's words.
const char* nameOf(StopReason reason);

struct Generated
{
    std::vector<std::int32_t> ids; ///< generated ones only; a stop token is the last one
    StopReason reason = StopReason::Length;
    double promptSeconds = 0;
    double generateSeconds = 0;    ///< from the first generated token on
};

/// Runs `prompt` (appended to what the cache holds), then samples until a stop token, maxTokens, the end
/// of the cache, or stop. onToken is called for every generated token before the next is computed; an
/// engine whose plan is changed inside it goes on with the new one. Stopped by the user is a result, not
/// an error. Errors: Usage (empty prompt, prompt longer than the cache's room: both numbers named).
Result<Generated> generate(Engine& engine, KvCache& cache, std::span<const std::int32_t> prompt,
                           const GenerateOptions& options, const std::function<void(std::int32_t)>& onToken,
                           const JobContext& context);

} // namespace bs
