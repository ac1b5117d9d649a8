// The plain loops: what every other table is tested against.
#include "core/linalg/cpu/kernel_tables.h"
#include "core/tensor/block_formats.h"
#include "core/tensor/float16.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

float dot(const float* a, const float* b, std::size_t n)
{
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

void axpy(float a, const float* x, float* y, std::size_t n)
{
    for (std::size_t i = 0; i < n; ++i)
        y[i] += a * x[i];
}

void dotRows(const float* rows, const float* x, std::size_t count, std::size_t n, float* y)
{
    for (std::size_t t = 0; t < count; ++t)
        y[t] = dot(rows + t * n, x, n);
}

void mixRows(const float* rows, const float* a, std::size_t count, std::size_t n, float* y)
{
    for (std::size_t i = 0; i < n; ++i)
        y[i] = 0;
    for (std::size_t t = 0; t < count; ++t)
        axpy(a[t], rows + t * n, y, n);
}

float softmax(float* s, std::size_t n)
{
    float most = s[0];
    for (std::size_t i = 1; i < n; ++i)
        most = std::max(most, s[i]);
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += s[i] = std::exp(s[i] - most);
    for (std::size_t i = 0; i < n; ++i)
        s[i] /= sum;
    return most + std::log(sum);
}

void swiglu(float* gate, const float* up, std::size_t n)
{
    for (std::size_t i = 0; i < n; ++i)
        gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
}

void halfsToFloats(const std::uint16_t* h, float* y, std::size_t n)
{
    for (std::size_t i = 0; i < n; ++i)
        y[i] = halfToFloat(h[i]);
}

/// Any stored type, 32 elements at a time through the format's own reader.
template <DType type>
float dotStored(const void* w, const float* x, std::size_t n)
{
    const DTypeInfo& info = infoOf(type);
    const std::byte* from = static_cast<const std::byte*>(w);
    float values[32];
    float sum = 0;
    for (std::size_t i = 0; i < n; i += 32) {
        const std::size_t count = n - i < 32 ? n - i : 32;
        toFloat(type, from, count, values);
        from += count / info.blockElements * info.blockBytes;
        for (std::size_t j = 0; j < count; ++j)
            sum += values[j] * x[i + j];
    }
    return sum;
}

bool signBit(const std::uint8_t* row, std::size_t j)
{
    return ((row[j / 8] >> (7 - j % 8)) & 1) != 0;
}

void signedSums(const std::uint8_t* sign, const float* p, std::size_t rows, std::size_t cols,
                std::size_t k, float* z)
{
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint8_t* row = sign + i * (cols / 8);
        for (std::size_t r = 0; r < k; ++r) {
            float sum = 0;
            for (std::size_t j = 0; j < cols; ++j)
                sum += signBit(row, j) ? p[r * cols + j] : -p[r * cols + j];
            z[i * k + r] = sum;
        }
    }
}

void addSignedLowRank(const std::uint8_t* sign, const float* u, const float* v, std::size_t rows,
                      std::size_t cols, std::size_t k, float* W)
{
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint8_t* row = sign + i * (cols / 8);
        for (std::size_t j = 0; j < cols; ++j) {
            float sum = 0;
            for (std::size_t r = 0; r < k; ++r)
                sum += u[i * k + r] * v[r * cols + j];
            W[i * cols + j] += signBit(row, j) ? sum : -sum;
        }
    }
}

} // namespace

void scalarGather(const float* x, const std::uint16_t* at, const float* scale, std::size_t n, float* y)
{
    for (std::size_t i = 0; i < n; ++i)
        y[i] = x[at[i]] * scale[i];
}

const Kernels kScalarKernels = {
    "scalar",
    dot,
    axpy,
    dotRows,
    mixRows,
    softmax,
    swiglu,
    scalarGather,
    halfsToFloats,
    dotStored<DType::F16>,
    dotStored<DType::BF16>,
    dotStored<DType::Q4_0>,
    dotStored<DType::Q4_1>,
    dotStored<DType::Q5_0>,
    dotStored<DType::Q5_1>,
    dotStored<DType::Q8_0>,
    signedSums,
    addSignedLowRank,
    scalarNarrowDots,
    scalarNarrowMix,
    scalarSearchRings,
    scalarNestedPrepare,
    scalarNestedProduct,
    scalarNestedDecode,
    scalarNestedPanel,
    scalarNestedBatch,
};

} // namespace bs
