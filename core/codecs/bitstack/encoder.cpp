#include "core/codecs/bitstack/encoder.h"

#include "core/codecs/bitstack/encoder_steps.h"
#include "core/linalg/cpu/kernels.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace bs::bitstack {

Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols,
                       const EncodeOptions& options, const JobContext& context)
{
    BS_CHECK(checkInput(W, rows, cols, options.k));
    std::vector<float> R(W.begin(), W.end());
    std::vector<float> A(R.size());
    Encoded out;
    out.residual.push_back(squaredNorm(R));
    for (std::size_t i = 0; i < options.blocks; ++i) {
        BS_CHECK(context.checkStop());
        Block block;
        block.sign = packSigns(R);
        std::transform(R.begin(), R.end(), A.begin(), [](float r) { return std::abs(r); });
        auto found = decompose(A, rows, cols, options, i);
        if (!found) return std::move(found).error().in("block " + std::to_string(i));
        SvdFactors& factors = found.value();
        spreadSigma(factors, cols);
        BS_TRY(block.u, toHalfs(factors.u, i));
        BS_TRY(block.vt, toHalfs(factors.vt, i));
        for (float& u : factors.u)
            u = -u; // the kernel adds
        kernels().addSignedLowRank(block.sign.data(), factors.u.data(), factors.vt.data(), rows,
                                   cols, options.k, R.data());
        out.blocks.push_back(std::move(block));
        out.residual.push_back(squaredNorm(R));
    }
    return out;
}

} // namespace bs::bitstack
