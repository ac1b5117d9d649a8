#pragma once

#include "core/base/progress.h"
#include "gpu/device/gemm.h"
#include "gpu/device/runtime.h"

#include <cstddef>
#include <span>
#include <vector>

namespace bs::gpu {

/// nested::Feedback, its factor on the device.
struct DeviceFeedback
{
    Buffer factor;          ///< [n, n], strictly upper
    std::vector<float> own; ///< [n]
};

/// nested::makeFeedback of moments [n, n] on the device, which stay as they are; `diagonal` [n] is
/// theirs. Takes two more matrices of that size while it runs, one afterwards. Errors: as
/// Factorisation.
Result<DeviceFeedback> makeDeviceFeedback(const Buffer& moments, std::span<const float> diagonal,
                                          float damping, float floor, const Gemm& gemm,
                                          const Stream& stream, const JobContext& context);

} // namespace bs::gpu
