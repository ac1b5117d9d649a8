#include "core/tensor/dtype.h"

#include <array>

namespace bs {

const DTypeInfo& infoOf(DType type)
{
    // In the order of the enumeration.
    static constexpr std::array<DTypeInfo, 27> kInfos{{
        {"F64", 1, 8}, {"F32", 1, 4}, {"F16", 1, 2}, {"BF16", 1, 2}, {"F8_E4M3", 1, 1}, {"F8_E5M2", 1, 1},
        {"I64", 1, 8}, {"I32", 1, 4}, {"I16", 1, 2}, {"I8", 1, 1}, {"U64", 1, 8}, {"U32", 1, 4},
        {"U16", 1, 2}, {"U8", 1, 1}, {"BOOL", 1, 1},
        {"Q4_0", 32, 18}, {"Q4_1", 32, 20}, {"Q5_0", 32, 22}, {"Q5_1", 32, 24}, {"Q8_0", 32, 34},
        {"Q2_K", 256, 84}, {"Q3_K", 256, 110}, {"Q4_K", 256, 144}, {"Q5_K", 256, 176}, {"Q6_K", 256, 210},
        {"IQ4_NL", 32, 18}, {"IQ4_XS", 256, 136},
    }};
    return kInfos[static_cast<std::size_t>(type)];
}

std::uint64_t TensorDesc::elements() const
{
    std::uint64_t n = 1;
    for (const std::uint64_t d : shape)
        n *= d;
    return n;
}

std::string TensorDesc::shapeText() const
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

} // namespace bs
