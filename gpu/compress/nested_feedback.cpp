#include "gpu/compress/nested_feedback.h"

#include "core/codecs/nested/feedback.h"
#include "gpu/compress/factorisation.h"

namespace bs::gpu {

Result<DeviceFeedback> makeDeviceFeedback(const Buffer& moments, std::span<const float> diagonal,
                                          float damping, float floor, const Gemm& gemm,
                                          const Stream& stream, const JobContext& context)
{
    const std::vector<float> added = nested::dampingOf(diagonal, damping, floor);
    Factorisation factorisation(diagonal.size(), gemm, stream, context);
    BS_CHECK(factorisation.run(moments, added));
    BS_TRY(const std::vector<float> counted, factorisation.countInverse(added));
    DeviceFeedback result;
    for (std::size_t j = 0; j < counted.size(); ++j) {
        const float all = factorisation.pivots()[j] * factorisation.pivots()[j];
        result.own.push_back(nested::ownLoss(all, counted[j]));
    }
    result.factor = factorisation.takeFactor();
    return result;
}

} // namespace bs::gpu
