#include "core/tensor/block_formats.h"

#include "core/base/result.h"
#include "core/tensor/float16.h"
#include "core/tensor/super_block_formats.h"

#include <cstring>

namespace bs {

namespace {

template <class T>
T readAs(const std::byte* from)
{
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

float halfAt(const std::byte* from)
{
    return halfToFloat(readAs<std::uint16_t>(from));
}

int byteAt(const std::byte* from, int i)
{
    return std::to_integer<int>(from[i]);
}

// GGML's 32-element blocks: f16 scale d, then (for _1) f16 minimum m, then (for Q5) 32 fifth bits, then
// 16 bytes whose low nibbles are elements 0..15 and whose high nibbles are elements 16..31.

void blockQ4_0(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    for (int i = 0; i < 16; ++i) {
        y[i] = static_cast<float>((byteAt(b + 2, i) & 15) - 8) * d;
        y[i + 16] = static_cast<float>((byteAt(b + 2, i) >> 4) - 8) * d;
    }
}

void blockQ4_1(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const float m = halfAt(b + 2);
    for (int i = 0; i < 16; ++i) {
        y[i] = static_cast<float>(byteAt(b + 4, i) & 15) * d + m;
        y[i + 16] = static_cast<float>(byteAt(b + 4, i) >> 4) * d + m;
    }
}

int fifthBit(std::uint32_t high, int i)
{
    return static_cast<int>((high >> i) & 1U) << 4;
}

void blockQ5_0(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const auto high = readAs<std::uint32_t>(b + 2);
    for (int i = 0; i < 16; ++i) {
        y[i] = static_cast<float>(((byteAt(b + 6, i) & 15) | fifthBit(high, i)) - 16) * d;
        y[i + 16] = static_cast<float>(((byteAt(b + 6, i) >> 4) | fifthBit(high, i + 16)) - 16) * d;
    }
}

void blockQ5_1(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    const float m = halfAt(b + 2);
    const auto high = readAs<std::uint32_t>(b + 4);
    for (int i = 0; i < 16; ++i) {
        y[i] = static_cast<float>((byteAt(b + 8, i) & 15) | fifthBit(high, i)) * d + m;
        y[i + 16] = static_cast<float>((byteAt(b + 8, i) >> 4) | fifthBit(high, i + 16)) * d + m;
    }
}

void blockQ8_0(const std::byte* b, float* y)
{
    const float d = halfAt(b);
    for (int i = 0; i < 32; ++i)
        y[i] = static_cast<float>(readAs<std::int8_t>(b + 2 + i)) * d;
}

template <class Block>
void eachBlock(DType type, const std::byte* source, std::size_t elements, float* values, Block block)
{
    const DTypeInfo& info = infoOf(type);
    for (std::size_t i = 0; i < elements / info.blockElements; ++i)
        block(source + i * info.blockBytes, values + i * info.blockElements);
}

} // namespace

bool isWeightType(DType type)
{
    switch (type) {
    case DType::F64:
    case DType::F32:
    case DType::F16:
    case DType::BF16:
    case DType::Q4_0:
    case DType::Q4_1:
    case DType::Q5_0:
    case DType::Q5_1:
    case DType::Q8_0:
    case DType::Q2_K:
    case DType::Q3_K:
    case DType::Q4_K:
    case DType::Q5_K:
    case DType::Q6_K:
    case DType::IQ4_NL:
    case DType::IQ4_XS:
        return true;
    default:
        return false;
    }
}

void toFloat(DType type, const std::byte* source, std::size_t elements, float* values)
{
    BS_ASSERT(isWeightType(type));
    switch (type) {
    case DType::F32:
        std::memcpy(values, source, elements * sizeof(float));
        return;
    case DType::F64:
        return eachBlock(type, source, elements, values,
                         [](const std::byte* b, float* y) { *y = static_cast<float>(readAs<double>(b)); });
    case DType::F16:
        return eachBlock(type, source, elements, values, [](const std::byte* b, float* y) { *y = halfAt(b); });
    case DType::BF16:
        return eachBlock(type, source, elements, values,
                         [](const std::byte* b, float* y) { *y = bfloatToFloat(readAs<std::uint16_t>(b)); });
    case DType::Q4_0:
        return eachBlock(type, source, elements, values, blockQ4_0);
    case DType::Q4_1:
        return eachBlock(type, source, elements, values, blockQ4_1);
    case DType::Q5_0:
        return eachBlock(type, source, elements, values, blockQ5_0);
    case DType::Q5_1:
        return eachBlock(type, source, elements, values, blockQ5_1);
    case DType::Q8_0:
        return eachBlock(type, source, elements, values, blockQ8_0);
    case DType::Q2_K:
        return eachBlock(type, source, elements, values, blockQ2_K);
    case DType::Q3_K:
        return eachBlock(type, source, elements, values, blockQ3_K);
    case DType::Q4_K:
        return eachBlock(type, source, elements, values, blockQ4_K);
    case DType::Q5_K:
        return eachBlock(type, source, elements, values, blockQ5_K);
    case DType::Q6_K:
        return eachBlock(type, source, elements, values, blockQ6_K);
    case DType::IQ4_NL:
        return eachBlock(type, source, elements, values, blockIQ4_NL);
    case DType::IQ4_XS:
        return eachBlock(type, source, elements, values, blockIQ4_XS);
    default:
        return;
    }
}

} // namespace bs
