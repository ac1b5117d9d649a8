#pragma once

#include "core/infer/candidates.h"
#include "gpu/device/runtime.h"

#include <cstddef>
#include <span>

namespace bs::gpu {

/// Finds the best candidates of logits that lie on the device, so that only they come to the host.
/// One for a stream: what is queued next overwrites what the last one found.
class CandidateFinder
{
public:
    CandidateFinder() = default;
    /// Errors: Memory.
    static Result<CandidateFinder> create(const Stream& stream);

    /// Queues the search of logits [vocabulary] on the device for the kMostCandidates best, and
    /// their way to the host. May be recorded; a graph that has it is good as long as this is.
    Result<void> find(const float* logits, std::size_t vocabulary, const Stream& stream);
    /// What the last find() found, once the stream has been waited for: what bestCandidates() gives
    /// for `count` of logits [vocabulary], 0 < count <= kMostCandidates.
    std::span<const Candidate> found(std::size_t count, std::size_t vocabulary) const;

private:
    Buffer m_lists, m_best;
    PinnedMemory m_onHost; ///< [kMostCandidates]
};

} // namespace bs::gpu
