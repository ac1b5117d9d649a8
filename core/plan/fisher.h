#pragma once

#include "core/infer/layer_backward.h"
#include "core/model/dense_layer.h"
#include "core/plan/calibration.h"
#include "core/plan/fisher_head.h"
#include "core/plan/fisher_moments.h"
#include "core/plan/half_rows.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bs {

struct FisherOptions
{
    std::string scratchFolder; ///< for the inputs of all layers: 2 bytes x width x layers a token
    std::size_t sampleLength = kCalibrationLength;
    Labels labels = Labels::Text;
    std::uint64_t seed = 1; ///< of Labels::Sampled
    HeadCurvature curvature = HeadCurvature::Labels;
    bool plain = true;      ///< sum up LinearMoments::plain of the layers too: a tenth of the time
    /// Of the large products: of layers, head and moments; it must outlive the pass. nullptr: the
    /// processor. What it fails with are errors of the pass (as MatrixDevice, HeldMatrix), which is
    /// useless then.
    MatrixDevice* device = nullptr;
};

/// Of the embedding: y is a row of it, x says which.
struct EmbeddingMoments
{
    std::vector<float> gradient;       ///< [width, width]: mean over tokens of g g^T
    std::vector<std::uint32_t> counts; ///< [vocabulary]: how often each token occurs
};

/// One forward over calibration samples and the backward of their loss, layer by layer: what every
/// linear's errors cost. In a scratch file: the input of every layer in f16. In memory: the gradient
/// at the hidden states in f32, and the moments of one layer; weights come a layer at a time.
class FisherPass
{
public:
    /// Runs all layers forward and the head back, which is about a third of the work. The pool must
    /// outlive the pass. Errors: Usage (no tokens, a single one that has no next, a token outside
    /// the vocabulary, a model that is compressed), Io (reading the model, scratch file), Numeric (tensor or layer named), Canceled.
    static Result<FisherPass> create(const ModelSource& source,
                                     std::span<const std::int32_t> tokens,
                                     const FisherOptions& options, ThreadPool& pool,
                                     const JobContext& context);

    /// Moments of the head: x is the final norm's output.
    const LinearMoments& head() const { return m_head; }
    /// Cross entropy, nats a token.
    double meanLoss() const { return m_meanLoss; }
    /// Tokens the means are taken over: whole samples.
    std::size_t tokens() const { return m_tokens.size(); }
    /// Layers that have not been gone back through.
    std::uint32_t layersLeft() const { return static_cast<std::uint32_t>(m_inputs.size()); }

    /// Goes back through a layer and returns its moments by slot. `weights` are the model's own, as
    /// readDenseLayer gives them. From the last layer to the first: errors are Usage (another
    /// layer's turn: both named), Shape (a linear's shape is not the config's), Numeric (the
    /// gradient is no longer finite: layer named), Canceled; after Numeric or Canceled the pass is
    /// useless.
    Result<std::array<LinearMoments, kSlots>> layer(std::uint32_t index, const DenseLayer& weights,
                                                    const JobContext& context);

    /// Errors: Usage (before layer 0 was gone back through), and of the device.
    Result<EmbeddingMoments> embedding() const;

private:
    /// Samples that run together.
    struct Batch
    {
        std::size_t firstRow;
        std::size_t rows;
        std::span<const std::size_t> lengths;
    };

    FisherPass(const ModelSource& source, const FisherOptions& options, ThreadPool& pool);
    Result<void> takeSamples(std::span<const std::int32_t> tokens, const FisherOptions& options);
    Result<std::vector<float>> embed(const ModelSource& source) const;
    Result<void> forward(const ModelSource& source, std::vector<float>& hidden,
                         const JobContext& context);
    Result<void> forwardLayer(const LayerWeights& weights, std::vector<float>& hidden,
                              LayerScratch& scratch) const;
    Result<void> backFromLoss(const ModelSource& source, const std::vector<float>& hidden,
                              const FisherOptions& options, const JobContext& context);
    Result<void> checkLayer(std::uint32_t index, const DenseLayer& weights) const;
    std::vector<Batch> batches() const;

    ModelConfig m_config;
    std::string m_path; ///< for messages
    ThreadPool* m_pool;
    MatrixDevice* m_device;
    bool m_plain;
    Rope m_rope;
    std::vector<std::size_t> m_lengths; ///< of the samples
    std::vector<std::int32_t> m_tokens; ///< of all samples
    std::optional<ScratchFile> m_scratchFile;
    std::vector<HalfRows> m_inputs;     ///< hidden states before layer i, in the file
    std::vector<float> m_grad;          ///< [tokens, width], at the output of the next layer to do
    std::unique_ptr<BackwardScratch> m_scratch;
    LinearMoments m_head;
    double m_meanLoss = 0;
};

} // namespace bs
