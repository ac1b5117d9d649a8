#pragma once

#include "core/base/arena.h"
#include "core/base/progress.h"
#include "core/model/linear.h"
#include "core/model/source.h"
#include "core/stack/stack.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace bs {

/// The linears of a layer, in the order of linearNames.
enum class Slot : std::uint8_t { Q, K, V, O, Gate, Up, Down };
inline constexpr std::size_t kSlots = 7;

struct LayerWeights
{
    std::vector<float> inputNorm; ///< [width]
    std::vector<float> postNorm;  ///< [width]
    std::array<Linear, kSlots> linears;

    Linear& operator[](Slot slot) { return linears[static_cast<std::size_t>(slot)]; }
    const Linear& operator[](Slot slot) const { return linears[static_cast<std::size_t>(slot)]; }
};

/// The weights of a model in memory. A dense model is wholly resident, as stored. Of a stack exactly the
/// blocks of the plan are.
class Weights
{
public:
    /// Errors: as setPlan; Io; Numeric never (values are checked when compressing, not here).
    static Result<std::unique_ptr<Weights>> load(std::shared_ptr<const ModelSource> source, const Plan* plan,
                                                 const JobContext& context);

    /// Loads what the plan has and the old one had not, checks it, then drops the rest. On an error the
    /// old plan stays. Errors: Usage (no stack, wrong number of matrices, more blocks than there are), Io,
    /// Format (checksum, a damaged nested block: file, matrix and block named), Canceled.
    Result<void> setPlan(const Plan& plan, const JobContext& context);

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
    using NestedMatrices = std::vector<std::pair<std::size_t, nested::Matrix>>; ///< by matrix of the stack

    Weights() = default;
    Result<void> loadNorms();
    Result<void> loadDense(const JobContext& context);
    Result<Linear> loadMatrix(const std::string& name);
    void connectStack();
    bool isNested() const;
    Result<void> loadBlocks(const Plan& plan, std::vector<StackBlock>& loaded, const JobContext& context);
    Result<void> loadBlock(const StackBlock& at);
    void dropBlock(const StackBlock& at);
    const std::byte* partAt(const ContainerBlock& block, std::size_t part) const;
    Result<nested::Matrix> readNested(std::size_t matrix, std::uint32_t depth) const;
    Result<NestedMatrices> readChanged(const Plan& plan) const;
    void connectBitstack(std::size_t matrix);

    std::shared_ptr<const ModelSource> m_source;
    std::vector<Arena> m_arenas; ///< one for each file
    Plan m_plan;
    std::vector<LayerWeights> m_layers;
    std::vector<float> m_finalNorm;
    Linear m_embedding;
    Linear m_head;                  ///< if not tied
    std::vector<StackPart> m_parts; ///< by matrix of the stack
};

} // namespace bs
