#include "core/plan/calibration.h"

#include "core/linalg/gram_sum.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace bs {

namespace {

/// Samples that run together: 2 x 512 tokens, as large a batch as the engine's own.
constexpr std::size_t kSamplesPerBatch = 2;

/// Sums squares by channel, sample by sample.
class StatsTap : public ActivationTap
{
public:
    StatsTap(const ModelConfig& config, ThreadPool& pool)
        : m_pool(pool)
        , m_sums{Sums(config.width), Sums(config.qWidth()), Sums(config.width), Sums(config.mlpWidth)}
    {
    }

    /// To be called before the first batch. Errors: as MatrixDevice::hold.
    Result<void> captureMoments(MatrixDevice* device)
    {
        for (Sums& sums : m_sums) {
            BS_TRY(sums.products, GramSum::create(sums.norms.size(), device));
        }
        return {};
    }

    void startBatch(std::span<const std::size_t> lengths) { m_lengths = lengths; }

    Result<void> input(Slot slot, const float* x, std::size_t n, std::size_t cols) override
    {
        Sums& sums = m_sums.at(indexOf(slot));
        if (sums.products)
            BS_CHECK(sums.products->add(x, n, m_pool));
        m_pool.parallelRanges(cols, 64, [&](std::size_t begin, std::size_t end) {
            const float* row = x;
            std::vector<double> squares(end - begin);
            for (const std::size_t length : m_lengths) {
                std::fill(squares.begin(), squares.end(), 0.0);
                for (std::size_t t = 0; t < length; ++t, row += cols)
                    for (std::size_t j = begin; j < end; ++j)
                        squares[j - begin] += static_cast<double>(row[j]) * static_cast<double>(row[j]);
                for (std::size_t j = begin; j < end; ++j) {
                    sums.norms[j] += std::sqrt(squares[j - begin]);
                    sums.squares[j] += squares[j - begin];
                }
            }
        });
        return {};
    }

    Result<LayerStats> stats(std::size_t samples, std::size_t tokens)
    {
        auto finish = [&](Sums& sums) -> Result<InputStats> {
            InputStats stats;
            for (std::size_t j = 0; j < sums.norms.size(); ++j) {
                stats.scale.push_back(static_cast<float>(sums.norms[j] / static_cast<double>(samples) + 1e-3));
                stats.meanSquare.push_back(static_cast<float>(sums.squares[j] / static_cast<double>(tokens)));
            }
            if (sums.products) {
                BS_TRY(stats.moments, sums.products->finish(tokens));
            }
            return stats;
        };
        LayerStats all;
        BS_TRY(all.attention, finish(m_sums[0]));
        BS_TRY(all.output, finish(m_sums[1]));
        BS_TRY(all.mlp, finish(m_sums[2]));
        BS_TRY(all.down, finish(m_sums[3]));
        return all;
    }

private:
    struct Sums
    {
        explicit Sums(std::size_t cols)
            : norms(cols)
            , squares(cols)
        {
        }
        std::vector<double> norms;
        std::vector<double> squares;
        std::optional<GramSum> products; ///< if they are captured
    };

    static std::size_t indexOf(Slot slot)
    {
        switch (slot) {
        case Slot::O:
            return 1;
        case Slot::Gate:
            return 2;
        case Slot::Down:
            return 3;
        default:
            return 0;
        }
    }

    ThreadPool& m_pool;
    std::span<const std::size_t> m_lengths;
    std::array<Sums, 4> m_sums;
};

} // namespace

const InputStats& LayerStats::of(Slot slot) const
{
    switch (slot) {
    case Slot::Q:
    case Slot::K:
    case Slot::V:
        return attention;
    case Slot::O:
        return output;
    case Slot::Gate:
    case Slot::Up:
        return mlp;
    case Slot::Down:
        break;
    }
    return down;
}

std::vector<std::span<const std::int32_t>> calibrationSamples(std::span<const std::int32_t> tokens, std::size_t length)
{
    std::vector<std::span<const std::int32_t>> samples;
    if (tokens.size() < length)
        return {tokens};
    for (std::size_t begin = 0; begin + length <= tokens.size(); begin += length)
        samples.push_back(tokens.subspan(begin, length));
    return samples;
}

Calibrator::Calibrator(const ModelConfig& config, std::size_t sampleLength)
    : m_config(config)
    , m_rope(config)
    , m_sampleLength(sampleLength)
{
    m_rope.reserve(sampleLength);
}

Result<Calibrator> Calibrator::create(const ModelSource& source, std::span<const std::int32_t> tokens,
                                      std::size_t sampleLength)
{
    if (tokens.empty())
        return Error{ErrorCode::Usage, "the calibration text is empty"};
    Calibrator calibrator(source.config, sampleLength);
    BS_TRY(const std::vector<float> embedding, readFiniteTensor(source, "model.embed_tokens.weight"));
    const std::size_t width = source.config.width;
    for (const auto sample : calibrationSamples(tokens, sampleLength)) {
        calibrator.m_lengths.push_back(sample.size());
        for (const std::int32_t token : sample) {
            if (token < 0 || static_cast<std::uint32_t>(token) >= source.config.vocabulary)
                return Error{ErrorCode::Usage, "calibration token " + std::to_string(token) +
                                                   " is outside the vocabulary of " + std::to_string(source.config.vocabulary)};
            const float* row = embedding.data() + static_cast<std::size_t>(token) * width;
            calibrator.m_hidden.insert(calibrator.m_hidden.end(), row, row + width);
        }
    }
    return calibrator;
}

Result<LayerStats> Calibrator::runLayer(const DenseLayer& layer, ThreadPool& pool, const JobContext& context,
                                        Capture capture, MatrixDevice* device)
{
    StatsTap tap(m_config, pool);
    if (capture == Capture::SecondMoments)
        BS_CHECK(tap.captureMoments(device));
    BS_TRY(const HeldLayer held, holdLayer(layer, device));
    LayerScratch scratch;
    const std::size_t cacheFloats = m_sampleLength * m_config.kvWidth();
    std::vector<float> caches(kSamplesPerBatch * 2 * cacheFloats);
    float* hidden = m_hidden.data();
    std::size_t tokens = 0;
    for (std::size_t first = 0; first < m_lengths.size(); first += kSamplesPerBatch) {
        BS_CHECK(context.checkStop());
        const std::size_t count = std::min(kSamplesPerBatch, m_lengths.size() - first);
        const std::span lengths(m_lengths.data() + first, count);
        std::vector<SequenceRows> sequences;
        std::size_t rows = 0;
        for (std::size_t i = 0; i < count; ++i) {
            float* keys = caches.data() + i * 2 * cacheFloats;
            sequences.push_back({{keys, keys + cacheFloats, m_sampleLength}, 0, lengths[i]});
            rows += lengths[i];
        }
        tap.startBatch(lengths);
        BS_CHECK(layerForward(m_config, held.weights, m_rope, sequences, hidden, rows, scratch, pool, &tap));
        hidden += rows * m_config.width;
        tokens += rows;
    }
    return tap.stats(m_lengths.size(), tokens);
}

} // namespace bs
