#pragma once

#include "core/eval/perplexity.h"

#include <memory>
#include <string>

namespace bs {

/// How far the engine's token distribution is from a reference model's over the same positions, in nats.
/// From the reference's top 4096 and the mass of the rest: a lower bound of the exact value, since
/// merging the rest into one event can only bring two distributions closer (log-sum inequality).
struct DivergenceResult
{
    double mean = 0;
    double meanError = 0; ///< standard error
    double p25 = 0;
    double median = 0;
    double p75 = 0;
    double p99 = 0;
    double sameTop = 0; ///< share of positions with the same most probable token
    PerplexityResult perplexity;
};

/// The reference's distributions at every scored position, kept in a file: 8 bytes for each of the top
/// 4096 tokens, or all of a smaller vocabulary.
class ReferenceDistributions
{
public:
    /// Runs the reference over the text and writes `path`. Errors: as measurePerplexity, Io.
    static Result<ReferenceDistributions> collect(Engine& reference, std::span<const std::int32_t> tokens,
                                                  const PerplexityOptions& options, const std::string& path,
                                                  const JobContext& context);
    /// Opens what collect has written. Errors: NotFound, Format (not such a file, or of another size).
    static Result<ReferenceDistributions> open(const std::string& path);

    std::size_t positions() const { return m_positions; }
    std::size_t kept() const { return m_kept; }

    struct Position
    {
        std::vector<std::int32_t> ids;         ///< by falling probability
        std::vector<float> logProbabilities;
        float tailMass = 0;                    ///< probability of all other tokens
    };
    Result<void> read(std::size_t index, Position& position) const;

private:
    explicit ReferenceDistributions(File file) : m_file(std::move(file)) {}
    File m_file;
    std::size_t m_positions = 0;
    std::size_t m_kept = 0;
};

/// KL(reference || engine) in nats at one position.
double divergenceAt(const ReferenceDistributions::Position& reference, std::span<const float> logits);

/// Errors: as measurePerplexity; Usage (the reference was collected over another number of positions).
Result<DivergenceResult> measureDivergence(Engine& engine, const ReferenceDistributions& reference,
                                           std::span<const std::int32_t> tokens, const PerplexityOptions& options,
                                           const JobContext& context);

} // namespace bs
