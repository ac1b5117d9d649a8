#include "gpu/kernels/candidates.cuh"
#include "gpu/kernels/launch.h"
#include "gpu/ops/candidates.h"

#include <algorithm>
#include <limits>

namespace bs::gpu {

Result<CandidateFinder> CandidateFinder::create(const Stream& stream)
{
    CandidateFinder finder;
    const std::size_t keys = std::size_t{kCandidateBlocks} * kListKeys;
    BS_TRY(finder.m_lists, Buffer::create(keys * sizeof(CandidateKey), stream));
    BS_TRY(finder.m_best, Buffer::create(kMostCandidates * sizeof(Candidate), stream));
    BS_TRY(finder.m_onHost, PinnedMemory::create(kMostCandidates * sizeof(Candidate)));
    return Result<CandidateFinder>(std::move(finder));
}

Result<void> CandidateFinder::find(const float* logits, std::size_t vocabulary,
                                   const Stream& stream)
{
    // The kernels count groups in 32 bits; ids have 31.
    BS_ASSERT(vocabulary <= std::numeric_limits<std::int32_t>::max());
    const std::size_t most = std::min(vocabulary, kMostCandidates);
    const std::size_t each = std::size_t{kCandidateWarps} * kListKeys;
    const auto blocks = static_cast<unsigned>(
        std::clamp<std::size_t>((vocabulary + each - 1) / each, 1, kCandidateBlocks));
    const dim3 threads(kCandidateWarps * 32);
    BS_CHECK(launchBehind(bestOfLogitsKernel, {dim3(blocks), threads}, stream, logits, vocabulary,
                          m_lists.as<CandidateKey>()));
    BS_CHECK(launchBehind(bestOfListsKernel, {dim3(1), threads}, stream, m_lists.as<CandidateKey>(),
                          blocks, logits, most, m_best.as<Candidate>()));
    return copyToHost(m_onHost.as<void>(), m_best.as<void>(), most * sizeof(Candidate), stream);
}

std::span<const Candidate> CandidateFinder::found(std::size_t count, std::size_t vocabulary) const
{
    BS_ASSERT(count > 0 && count <= kMostCandidates);
    return {m_onHost.as<Candidate>(), std::min(count, vocabulary)};
}

} // namespace bs::gpu
