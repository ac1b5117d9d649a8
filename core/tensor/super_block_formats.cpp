#include "core/tensor/super_block_formats.h"

#include "core/tensor/float16.h"

#include <array>
#include <cstdint>

namespace bs {

namespace {

constexpr int kElements = 256;

/// The 16 levels of IQ4_NL and IQ4_XS.
constexpr std::array<float, 16> kLevels{-127, -104, -83, -65, -49, -35, -22, -10,
                                        1,    13,   25,  38,  53,  69,  89,  113};

int byteAt(const std::byte* from, int i)
{
    return std::to_integer<int>(from[i]);
}

float halfAt(const std::byte* from)
{
    return halfToFloat(static_cast<std::uint16_t>(byteAt(from, 0) | byteAt(from, 1) << 8));
}

/// Two-bit field of element i: halves of 128 elements take 32 bytes, each byte four elements 32 apart.
int twoBits(const std::byte* q, int i)
{
    return byteAt(q, i / 128 * 32 + i % 32) >> (i / 32 % 4 * 2) & 3;
}

/// Four-bit field of element i: groups of 2 * `bytes` elements take so many bytes, low halves first.
int fourBits(const std::byte* q, int i, int bytes)
{
    return byteAt(q, i / (2 * bytes) * bytes + i % bytes) >> (i / bytes % 2 * 4) & 15;
}

/// Scale and minimum of the 8 groups of 32 of Q4_K and Q5_K, six bits each in 12 bytes: the first four
/// pairs lie in bytes 0..3 and 4..7, of the others the low four bits in 8..11 and the high two on top
/// of the first.
struct ScaleAndMinimum
{
    int scale = 0;
    int minimum = 0;
};

ScaleAndMinimum scaleAndMinimum(const std::byte* packed, int group)
{
    if (group < 4) return {byteAt(packed, group) & 63, byteAt(packed, group + 4) & 63};
    const int low = byteAt(packed, group + 4);
    return {(low & 15) | (byteAt(packed, group - 4) >> 2 & 48),
            low >> 4 | (byteAt(packed, group) >> 2 & 48)};
}

/// Scale of the 16 groups of 16 of Q3_K: low four bits in bytes 0..7, high two in 8..11, offset 32.
int scaleQ3_K(const std::byte* packed, int group)
{
    const int low = byteAt(packed, group % 8) >> (group / 8 * 4) & 15;
    const int high = byteAt(packed, 8 + group % 4) >> (group / 4 * 2) & 3;
    return (low | high << 4) - 32;
}

} // namespace

void blockQ2_K(const std::byte* b, float* y)
{
    const float d = halfAt(b + 80);
    const float dMinimum = halfAt(b + 82);
    for (int i = 0; i < kElements; ++i) {
        const int packed = byteAt(b, i / 16);
        const float scale = d * static_cast<float>(packed & 15);
        const float minimum = dMinimum * static_cast<float>(packed >> 4);
        y[i] = scale * static_cast<float>(twoBits(b + 16, i)) - minimum;
    }
}

void blockQ3_K(const std::byte* b, float* y)
{
    const float d = halfAt(b + 108);
    for (int i = 0; i < kElements; ++i) {
        const float scale = d * static_cast<float>(scaleQ3_K(b + 96, i / 16));
        const int high = byteAt(b, i % 32) >> (i / 32) & 1; // set: nothing is taken off
        y[i] = scale * static_cast<float>(twoBits(b + 32, i) - 4 * (1 - high));
    }
}

void blockQ4_K(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const float dMinimum = halfAt(b + 2);
    for (int i = 0; i < kElements; ++i) {
        const ScaleAndMinimum group = scaleAndMinimum(b + 4, i / 32);
        const float scale = d * static_cast<float>(group.scale);
        const float minimum = dMinimum * static_cast<float>(group.minimum);
        y[i] = scale * static_cast<float>(fourBits(b + 16, i, 32)) - minimum;
    }
}

void blockQ5_K(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const float dMinimum = halfAt(b + 2);
    for (int i = 0; i < kElements; ++i) {
        const ScaleAndMinimum group = scaleAndMinimum(b + 4, i / 32);
        const float scale = d * static_cast<float>(group.scale);
        const float minimum = dMinimum * static_cast<float>(group.minimum);
        const int high = byteAt(b + 16, i % 32) >> (i / 32) & 1;
        y[i] = scale * static_cast<float>(fourBits(b + 48, i, 32) | high << 4) - minimum;
    }
}

void blockQ6_K(const std::byte* b, float* y)
{
    const float d = halfAt(b + 208);
    for (int i = 0; i < kElements; ++i) {
        const auto signedScale = static_cast<std::int8_t>(byteAt(b + 192, i / 16));
        const float scale = d * static_cast<float>(signedScale);
        y[i] = scale * static_cast<float>((fourBits(b, i, 64) | twoBits(b + 128, i) << 4) - 32);
    }
}

void blockIQ4_NL(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    for (int i = 0; i < 32; ++i)
        y[i] = d * kLevels[static_cast<std::size_t>(fourBits(b + 2, i, 16))];
}

void blockIQ4_XS(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const int highs = byteAt(b + 2, 0) | byteAt(b + 2, 1) << 8;
    for (int i = 0; i < kElements; ++i) {
        const int group = i / 32;
        const int low = byteAt(b + 4, group / 2) >> (group % 2 * 4) & 15;
        const float scale = d * static_cast<float>((low | (highs >> (2 * group) & 3) << 4) - 32);
        y[i] = scale * kLevels[static_cast<std::size_t>(fourBits(b + 8, i, 16))];
    }
}

} // namespace bs
