#pragma once

#include "core/model/weights.h"
#include "gpu/model/block_loader.h"
#include "gpu/model/linear.h"
#include "gpu/ops/rotary.h"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace bs::gpu {

/// A decoder layer on the device.
struct DeviceLayer
{
    const float* inputNorm = nullptr; ///< [width]
    const float* postNorm = nullptr;  ///< [width]
    HeadVectors heads;
    std::array<DeviceLinear, kSlots> linears;

    const DeviceLinear& operator[](Slot slot) const
    {
        return linears[static_cast<std::size_t>(slot)];
    }
};

/// Which card, and what it can do at once.
struct DeviceChoice
{
    int number = 0;
    std::size_t multiprocessors = 1;
};

/// What of a model is to be on a device.
struct LayersOnDevice
{
    /// So many of the first layers, without embedding and head; empty: the whole model.
    std::optional<std::uint32_t> first;
};

/// The weights of a model on a device: what core/model/weights.h is for the host. A dense model is
/// there in f16. Of a stack exactly the blocks of the plan are; a change of plan loads on a thread
/// and a stream of its own while the engine goes on with the plan it has.
class DeviceWeights
{
public:
    /// `stream`: of the engine. Errors: as startPlan and continuePlan; Io, Memory, Unsupported.
    static Result<std::unique_ptr<DeviceWeights>> load(std::shared_ptr<const ModelSource> source,
                                                       const Plan* plan, const DeviceChoice& device,
                                                       int threads, const LayersOnDevice& layers,
                                                       const Stream& stream,
                                                       const JobContext& context);
    ~DeviceWeights();

    /// Begins to change to a plan; a change that is under way is given up. Errors: Usage (no stack,
    /// wrong number of matrices, more blocks than there are).
    Result<void> startPlan(const Plan& plan);
    /// Whether what the plan needs is there, after waiting for it if that is asked for (the loading
    /// thread needs no turn of the caller's). On an error what was
    /// loaded is given back, and the old plan stays. Errors: Io, Format (file, matrix and block
    /// named), Memory, Canceled.
    Result<bool> loaded(bool wait, const JobContext& context);
    /// Puts a plan that is loaded in the place of the old one, and gives back what it has not. No
    /// work may be queued on the engine's stream.
    Result<void> takeIntoUse();
    /// Both; true when nothing is left to do.
    Result<bool> continuePlan(bool wait, const JobContext& context);
    /// Ends a change that is not in use: gives back what it has loaded.
    void giveUp();

    const ModelSource& source() const { return *m_source; }
    const Plan& plan() const { return m_plan; }
    /// Rises when another plan is in use: what was recorded with the old one is no longer right.
    std::uint64_t revision() const { return m_revision; }
    /// Bytes on the device, of whole pages where blocks lie.
    std::uint64_t bytes() const;

    const std::vector<DeviceLayer>& layers() const { return m_layers; }
    const DeviceLinear& head() const
    {
        return m_source->config.tiedEmbeddings ? m_embedding : m_head;
    }
    const float* finalNorm() const { return m_finalNorm; }
    const float* ropeFrequencies() const { return m_ropeFrequencies; }
    ProductSizes productSizes() const;
    /// out [n, width] f32 = the embeddings of tokens [n], on the device.
    Result<void> embed(const std::int32_t* tokens, std::size_t n, float* out) const;

private:
    /// Where a matrix of the stack belongs.
    struct StackPart
    {
        DeviceLinear* linear = nullptr; ///< nullptr: it is not here
        std::size_t slab = 0;           ///< codec `nested`: index into DeviceLinear::slabs
    };
    struct ChangedPart
    {
        std::uint32_t matrix = 0; ///< of the stack
        std::uint32_t from = 0;   ///< depths
        std::uint32_t to = 0;
        NestedMatrix nested; ///< as it will be, of its codec; a whole tensor has neither
        std::optional<BitstackMatrix> bitstack;
    };
    /// What the loading thread works on; the rest of it is read once `done` is set.
    struct PlanChange
    {
        Plan plan;
        std::vector<ChangedPart> parts;
        std::vector<StackBlock> blocks; ///< to be loaded
        std::size_t loaded = 0;         ///< of those
        Result<void> result;
        std::atomic<bool> stop = false;
        std::atomic<bool> done = false;
        std::thread thread;
    };

    DeviceWeights(std::shared_ptr<const ModelSource> source, const DeviceChoice& device,
                  const LayersOnDevice& layers, const Stream& stream)
        : m_source(std::move(source))
        , m_device(device)
        , m_whole(!layers.first)
        , m_stream(stream)
        , m_layers(layers.first.value_or(m_source->config.layers))
    {
    }
    bool isNested() const { return m_source->container->codec == "nested"; }
    Result<void> loadVectors();
    Result<void> loadDense(const JobContext& context);
    Result<void> loadDenseMatrix(const std::string& name, DeviceLinear& linear);
    Result<void> connectStack();
    DeviceLinear* linearAt(const StackPlace& place);
    void loadChange(PlanChange& change);
    Result<void> makeMatrices(PlanChange& change);
    Result<void> makeMatrix(ChangedPart& part);
    Result<void> useChange();
    Result<BitstackMatrix> bitstackAt(std::uint32_t matrix, std::uint32_t depth) const;
    Result<void> connectEmpty(std::uint32_t matrix);
    Result<void> listEmbedding();

    std::shared_ptr<const ModelSource> m_source;
    DeviceChoice m_device;
    bool m_whole; ///< embedding and head are here, too
    const Stream& m_stream;
    std::unique_ptr<BlockLoader> m_loader; ///< of a stack
    Plan m_plan;
    std::uint64_t m_revision = 0;
    Buffer m_vectors; ///< all norms, biases and frequencies, one behind the other
    const float* m_finalNorm = nullptr;
    const float* m_ropeFrequencies = nullptr;
    std::vector<Buffer> m_dense; ///< of a model that is no stack
    std::vector<DeviceLayer> m_layers;
    DeviceLinear m_embedding;
    DeviceLinear m_head;            ///< if not tied
    Buffer m_embeddingSlabs;        ///< codec `nested`: NestedRowSource of each
    std::vector<StackPart> m_parts; ///< by matrix of the stack
    std::unique_ptr<PlanChange> m_change;
};

} // namespace bs::gpu
