#pragma once

#include "gpu/codecs/bitstack_matrix.h"
#include "gpu/codecs/nested_matrix.h"
#include "gpu/device/gemm.h"
#include "gpu/device/runtime.h"
#include "gpu/model/decoded_rooms.h"
#include "gpu/ops/scaled_halves.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace bs::gpu {

/// Neighbouring rows of a linear as codec `nested` holds them.
struct DeviceSlab
{
    std::size_t firstRow = 0;
    NestedMatrix matrix;
};

/// A linear layer y = W x as it is on the device: f16, or the blocks that are loaded. What there is
/// nothing of is 0.
struct DeviceLinear
{
    std::size_t rows = 0;
    std::size_t cols = 0;
    const Half* dense = nullptr;            ///< [rows, cols]
    std::optional<BitstackMatrix> bitstack; ///< codec `bitstack`
    std::vector<DeviceSlab> slabs;          ///< codec `nested`: all rows, by firstRow
};

/// What a model's products can be of, for the room they take.
struct ProductSizes
{
    std::size_t mostRows = 0;
    std::size_t mostCols = 0;
    bool bitstack = false;       ///< some are of that codec
    std::size_t mostSums = 0;    ///< of codec `nested`'s parts (NestedMatrix::batchSums)
    std::size_t mostDecoded = 0; ///< weights of the largest matrix or slab that is coded
    std::size_t headDecoded = 0; ///< the same of the head

    void add(const DeviceLinear& linear);
    void addHead(const DeviceLinear& linear);
};

/// What products take beside the matrices. One for a stream; also runs them.
class Products
{
public:
    /// For products of up to kDirectTokens tokens. Errors: Memory, Unsupported (cuBLAS).
    static Result<Products> create(const ProductSizes& sizes, const Stream& stream);
    /// Makes room for products of so many tokens with all but the head, or with the head (which is
    /// large, and mostly for one token). Errors: Memory.
    Result<void> reserve(std::size_t tokens);
    Result<void> reserveHead(std::size_t tokens);
    /// y [n, rows] f32 = x [n, cols] f32 times the transposed W.
    Result<void> multiply(const DeviceLinear& linear, const float* x, std::size_t n, float* y);

private:
    Result<void> reserve(std::size_t tokens, std::size_t decoded);
    Result<void> multiplyDirect(const DeviceLinear& linear, const float* x, std::size_t n,
                                float* y) const;
    Result<void> multiplyDecoded(const DeviceLinear& linear, const float* x, std::size_t n,
                                 float* y);

    const Stream* m_stream = nullptr;
    ProductSizes m_sizes;
    Gemm m_gemm;
    NestedScratch m_nested;
    BitstackScratch m_bitstack;
    HalvesRoom m_halves;
    DecodedRooms m_decoded;
};

/// Up to so many tokens products are taken straight from the blocks.
inline constexpr std::size_t kDirectTokens = 8;
/// .. from blocks that are decoded on the way; more meet the decoded matrix.
inline constexpr std::size_t kShortPromptTokens = 32;

} // namespace bs::gpu
