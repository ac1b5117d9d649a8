#pragma once

#include "core/base/arena.h"
#include "core/base/progress.h"
#include "core/model/linear.h"
#include "core/model/source.h"
#include "core/model/stack_places.h"
#include "core/stack/stack.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace bs {

/// The linears of a layer, in the order of linearNames.
enum class Slot : std::uint8_t { Q, K, V, O, Gate, Up, Down };
inline constexpr std::size_t kSlots = 7;

struct LayerWeights
{
    std::vector<float> inputNorm; ///< [width]
    std::vector<float> postNorm;  ///< [width]
    std::vector<float> qBias;     ///< [qWidth]; empty: none
    std::vector<float> kBias;     ///< [kvWidth]; empty: none
    std::vector<float> vBias;     ///< [kvWidth]; empty: none
    std::vector<float> qNorm;     ///< [headDim], of every head; empty: none
    std::vector<float> kNorm;     ///< [headDim], of every head; empty: none
    std::array<Linear, kSlots> linears;

    Linear& operator[](Slot slot) { return linears[static_cast<std::size_t>(slot)]; }
    const Linear& operator[](Slot slot) const { return linears[static_cast<std::size_t>(slot)]; }
};

/// A vector of a layer: norms and biases, which are never coded.
struct LayerVector
{
    std::string name; ///< of the tensor: "model.layers.0.input_layernorm.weight"
    std::uint64_t size;
    std::vector<float> LayerWeights::*member;
};

/// All vectors that a layer of this model has.
std::vector<LayerVector> layerVectors(const ModelConfig& config, std::uint32_t layer);

/// The weights of a model in memory. A dense model is wholly resident, as stored. Of a stack exactly the
/// blocks of the plan are.
class Weights
{
public:
    /// Errors: as setPlan; Io; Numeric never (values are checked when compressing, not here).
    /// `firstLayer`: a dense model's layers before it are left out (of a stack the plan says what is).
    static Result<std::unique_ptr<Weights>> load(std::shared_ptr<const ModelSource> source, const Plan* plan,
                                                 ThreadPool& pool, const JobContext& context, std::uint32_t firstLayer = 0);

    /// Begins to change to a plan; a change that is under way is given up. Errors: Usage (no stack, wrong number of
    /// matrices, more blocks than there are).
    Result<void> startPlan(const Plan& plan);
    /// Goes on with that for about `seconds`, at least a step: loads and checks what the plan has and the one in use has not, takes it
    /// into use at once, gives back the rest. True when nothing is left to do. On an error what was loaded is given back and the old plan
    /// stays. Errors: Io, Format (checksum, a damaged nested block: file, matrix and block named), Memory, Canceled.
    Result<bool> continuePlan(double seconds, ThreadPool& pool, const JobContext& context);

    const ModelSource& source() const { return *m_source; }
    const Plan& plan() const { return m_plan; }
    std::uint64_t weightBytes() const;

    const std::vector<LayerWeights>& layers() const { return m_layers; }
    /// [vocabulary, width]: its rows are looked up (rowOf).
    const Linear& embedding() const { return m_embedding; }
    /// [vocabulary, width]; tied: the embedding itself.
    const Linear& head() const { return m_source->config.tiedEmbeddings ? m_embedding : m_head; }
    const std::vector<float>& finalNorm() const { return m_finalNorm; }

private:
    /// Where a matrix of the stack belongs.
    struct StackPart
    {
        Linear* linear = nullptr;
        std::size_t slab = 0; ///< codec `nested`: index into Linear::slabs
    };
    /// A matrix whose depth a change of plan changes.
    struct ChangedPart
    {
        std::uint32_t number = 0; ///< of the stack
        std::uint32_t from = 0;   ///< depths
        std::uint32_t to = 0;
        bool loaded = false;
        nested::Matrix matrix; ///< codec `nested`: as it will be; as it was once the plan is in use
    };
    struct PlanChange
    {
        Plan plan;
        std::vector<ChangedPart> parts;
        std::size_t next = 0; ///< part to be loaded; to be given back once the plan is in use
        bool inUse = false;
    };

    Weights() = default;
    Result<void> loadNorms();
    Result<void> loadDense(std::uint32_t firstLayer, const JobContext& context);
    Result<Linear> loadMatrix(const std::string& name);
    void connectStack();
    Linear& linearAt(const StackPlace& place);
    bool isNested() const;
    Result<void> continueChange(std::size_t most, ThreadPool& pool, const JobContext& context);
    Result<void> loadPart(ChangedPart& part);
    Result<void> loadBlock(const StackBlock& at);
    void dropBlock(const StackBlock& at);
    void dropBlocks(std::uint32_t matrix, std::uint32_t first, std::uint32_t last);
    void takeIntoUse();
    void giveUp();
    const std::byte* partAt(const ContainerBlock& block, std::size_t part) const;
    Result<nested::Matrix> readNested(std::size_t matrix, std::uint32_t depth) const;
    void connectBitstack(std::size_t matrix);

    std::shared_ptr<const ModelSource> m_source;
    std::vector<Arena> m_arenas; ///< one for each file
    Plan m_plan;
    std::vector<LayerWeights> m_layers;
    std::vector<float> m_finalNorm;
    Linear m_embedding;
    Linear m_head;                  ///< if not tied
    std::vector<StackPart> m_parts; ///< by matrix of the stack
    std::optional<PlanChange> m_change;
};

} // namespace bs
