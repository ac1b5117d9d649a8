#include "core/codecs/nested/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace bs::nested {

namespace {

// What the encoder leaves of a Gaussian matrix of 256 x 256, single weights that are too far out kept beside the planes.
constexpr std::array<float, kMostPlanes + 1> kMeanSquare{1.0F,    0.304F,   0.0912F,  0.0277F,   0.0082F,
                                                         0.0024F, 0.00072F, 0.00023F, 0.000065F, 0.00002F};

} // namespace

float gainOf(int gain)
{
    return std::exp2(static_cast<float>(gain - kGainOne) / kGainSteps);
}

std::uint8_t nearestGain(float level, int most)
{
    if (!(level > 0))
        return 0;
    const auto steps = static_cast<int>(std::lround(std::clamp(std::log2(level) * kGainSteps, -1000.0F, 1000.0F)));
    return static_cast<std::uint8_t>(std::clamp(steps + kGainOne, 0, most));
}

const NestedTables& tables()
{
    static const std::unique_ptr<const NestedTables> made = [] {
        auto filling = std::make_unique<NestedTables>();
        for (int i = 0; i < 256; ++i) {
            // kernels scale the gains of one octave by its exponent
            filling->gain[i] = std::ldexp(gainOf(kGainOne + i % 8), i / 8 - kGainOne / 8);
            filling->scale[i] = gainOf(i) / kUnit;
            const float major = kUnit * std::exp2(static_cast<float>(-i) / kGainSteps);
            filling->major[i] = static_cast<std::int16_t>(std::lround(major));
            filling->minor[i] = static_cast<std::int16_t>(std::lround(kMinor * major));
        }
        return filling;
    }();
    return *made;
}

int levelOf(const Tile& tile, unsigned plane, bool own, bool product)
{
    const unsigned below = tile.below(plane);
    const int major = tables().major[below];
    if (tile.isPlain(plane))
        return own ? -major : major;
    const int minor = tables().minor[below];
    return (own ? -minor : minor) + (product ? -major : major);
}

float meanSquareAfter(unsigned bits)
{
    return kMeanSquare[bits];
}

StepLevels stepLevels(unsigned bits)
{
    if (bits < 2)
        return {0.83F, 1.0F, 0.62F};
    return {0.83F, 0.95F, 0.6F}; // single weights that those do not reach cost less than they gain
}

} // namespace bs::nested
