#pragma once

#include "core/base/arena.h"
#include "core/base/progress.h"
#include "core/model/linear.h"
#include "core/model/source.h"
#include "core/stack/stack.h"

#include <array>
#include <memory>
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
    /// Format (checksum), Canceled.
    Result<void> setPlan(const Plan& plan, const JobContext& context);

    const ModelSource& source() const { return *m_source; }
    const Plan& plan() const { return m_plan; }
    std::uint64_t weightBytes() const;

    const std::vector<LayerWeights>& layers() const { return m_layers; }
    const DenseView& embedding() const { return m_embedding; }
    const DenseView& head() const { return m_head; }
    const std::vector<float>& finalNorm() const { return m_finalNorm; }

private:
    Weights() = default;
    Result<void> loadNorms();
    Result<void> loadDense(const JobContext& context);
    Result<DenseView> loadMatrix(const std::string& name);
    Result<void> loadBlock(std::size_t matrix, std::size_t index);
    void dropBlock(std::size_t matrix, std::size_t index);
    void connectMatrix(std::size_t matrix);
    void connectWhole(const std::string& name, const DenseView& view);

    std::shared_ptr<const ModelSource> m_source;
    std::vector<Arena> m_arenas; ///< one for each file
    Plan m_plan;
    std::vector<LayerWeights> m_layers;
    std::vector<float> m_finalNorm;
    DenseView m_embedding;
    DenseView m_head;
    std::vector<Linear*> m_linearOf; ///< by matrix of the stack; nullptr: a whole tensor
};

} // namespace bs
