#include "core/codecs/bitstack/encoder.h"

#include "core/codecs/bitstack/encoder_steps.h"

#include <string>

namespace bs::bitstack {

Result<Encoded> encode(std::span<const float> W, std::size_t rows, std::size_t cols,
                       const EncodeOptions& options, const JobContext& context)
{
    BS_CHECK(checkInput(W, rows, cols, options.k));
    BS_TRY(const std::unique_ptr<Leftover> left,
           startLeftover({{W.begin(), W.end()}, rows, cols, options.k, {}, 0}, options, context));
    Encoded out;
    BS_TRY(const LeftoverSize whole, left->size());
    out.residual.push_back(whole.squared);
    for (std::size_t i = 0; i < options.blocks; ++i) {
        BS_CHECK(context.checkStop());
        BS_CHECK(left->takeSigns());
        auto found = left->decompose({}, i);
        if (!found) return std::move(found).error().in("block " + std::to_string(i));
        SvdFactors& svd = found.value();
        spreadSigma(svd, cols);
        Block block;
        BS_TRY(block.u, toHalfs(svd.u, i));
        BS_TRY(block.vt, toHalfs(svd.vt, i));
        BS_CHECK(left->subtract({options.k, std::move(svd.u), std::move(svd.vt)}));
        BS_TRY(block.sign, left->signs({}));
        BS_TRY(const LeftoverSize size, left->size());
        out.blocks.push_back(std::move(block));
        out.residual.push_back(size.squared);
    }
    return out;
}

} // namespace bs::bitstack
