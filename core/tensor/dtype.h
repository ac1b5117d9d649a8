#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Element types of the files we read. Quantised types come in blocks of 32 or 256 elements along the
/// last dimension. The values are ours and never reach disk.
enum class DType {
    F64, F32, F16, BF16, F8E4M3, F8E5M2,
    I64, I32, I16, I8, U64, U32, U16, U8, Bool,
    Q4_0, Q4_1, Q5_0, Q5_1, Q8_0,
    Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS,
};

/// Layout of a type: `blockBytes` bytes hold `blockElements` elements (1 for plain types).
struct DTypeInfo
{
    std::string_view name; ///< safetensors' name for plain types ("F8_E4M3"), GGUF's for quantised ones
    std::uint64_t blockElements;
    std::uint64_t blockBytes;
};

const DTypeInfo& infoOf(DType type);

/// A tensor as a file describes it: where its bytes lie and how to read them.
struct TensorDesc
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape; ///< outermost dimension first, row-major; [] is one element
    std::uint64_t offset = 0;         ///< first byte, from the beginning of the file
    std::uint64_t bytes = 0;

    std::uint64_t elements() const;
    std::string shapeText() const; ///< "[576, 1536]"
};

} // namespace bs
