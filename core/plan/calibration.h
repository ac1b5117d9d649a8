#pragma once

#include "core/base/progress.h"
#include "core/infer/layer.h"
#include "core/model/dense_layer.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace bs {

/// Tokens of a calibration sequence.
inline constexpr std::size_t kCalibrationLength = 512;

/// What calibration knows of the input of one linear, by channel.
struct InputStats
{
    /// mean over samples of the L2 norm over the sample's tokens, + 1e-3 (BitStack, section 3.2, as the
    /// authors' code computes it)
    std::vector<float> scale;
    std::vector<float> meanSquare; ///< over all tokens
    /// mean of x x^T over all tokens, [cols, cols]; empty unless Capture::SecondMoments was asked for
    std::vector<float> moments;
};

/// What a layer's run keeps of the inputs of its linears.
enum class Capture {
    Channels,      ///< scale and mean square of each channel
    SecondMoments, ///< their products with each other too: about twice the time
};

/// Of one layer. q, k and v share an input, so do gate and up.
struct LayerStats
{
    InputStats attention; ///< q, k, v: [width]
    InputStats output;    ///< o: [qWidth]
    InputStats mlp;       ///< gate, up: [width]
    InputStats down;      ///< [mlpWidth]

    const InputStats& of(Slot slot) const;
};

/// The tokens cut into sequences of `length`; the last, partial one is dropped unless it is the only one.
std::vector<std::span<const std::int32_t>> calibrationSamples(std::span<const std::int32_t> tokens, std::size_t length);

/// Carries the hidden states of all calibration samples from layer to layer: tokens * width f32.
class Calibrator
{
public:
    /// Embeds the samples. Errors: Usage (no tokens, token outside the vocabulary), Io, Numeric.
    static Result<Calibrator> create(const ModelSource& source, std::span<const std::int32_t> tokens,
                                     std::size_t sampleLength = kCalibrationLength);

    /// Runs the next layer over all samples and returns what went into its linears. `device` multiplies; nullptr: the processor.
    /// Errors: Canceled, and as MatrixDevice and HeldMatrix have them; after either the calibrator is useless.
    Result<LayerStats> runLayer(const DenseLayer& layer, ThreadPool& pool, const JobContext& context,
                                Capture capture = Capture::Channels, MatrixDevice* device = nullptr);

    /// Hidden states behind the layers that have run, [tokens, width].
    const std::vector<float>& hidden() const { return m_hidden; }

private:
    Calibrator(const ModelConfig& config, std::size_t sampleLength);

    ModelConfig m_config;
    Rope m_rope;
    std::size_t m_sampleLength;
    std::vector<std::size_t> m_lengths; ///< of the samples
    std::vector<float> m_hidden;        ///< [tokens, width]
};

} // namespace bs
