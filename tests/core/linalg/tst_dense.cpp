#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/tensor/block_formats.h"
#include "core/tensor/float16.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

using namespace bs;

namespace {

struct Stored
{
    std::vector<std::byte> bytes;
    std::vector<float> values; ///< [rows, cols]
    DenseView view;
};

/// A matrix of a type with ordinary values, two bytes off any alignment.
Stored storedMatrix(DType type, std::size_t rows, std::size_t cols)
{
    const DTypeInfo& info = infoOf(type);
    const std::size_t bytes = rows * cols / info.blockElements * info.blockBytes;
    Stored W;
    W.bytes.resize(bytes + 2);
    RandomValues random(rows + cols);
    for (std::size_t at = 2; at + info.blockBytes <= W.bytes.size(); at += info.blockBytes) {
        for (std::size_t i = 0; i < info.blockBytes; ++i)
            W.bytes[at + i] = static_cast<std::byte>(random.next() & 0xFF);
        const float value = random.gaussian();
        const double wide = static_cast<double>(value);
        const std::uint16_t half = floatToHalf(value);
        const std::uint16_t brain =
            static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16);
        if (type == DType::F64)
            std::memcpy(&W.bytes[at], &wide, sizeof wide);
        else if (type == DType::F32)
            std::memcpy(&W.bytes[at], &value, sizeof value);
        else
            std::memcpy(&W.bytes[at], type == DType::BF16 ? &brain : &half, sizeof half);
        if (type == DType::Q4_1 || type == DType::Q5_1)
            std::memcpy(&W.bytes[at + 2], &half, sizeof half);
    }
    W.values.resize(rows * cols);
    W.view = {type, rows, cols, W.bytes.data() + 2};
    toFloat(type, W.view.data, rows * cols, W.values.data());
    return W;
}

void checkProduct(const Stored& W, std::size_t n, ThreadPool& pool)
{
    const std::size_t rows = W.view.rows;
    const std::size_t cols = W.view.cols;
    const auto x = randomValues(n * cols, 5);
    std::vector<float> y(n * rows);
    multiply(W.view, x.data(), n, y.data(), pool);
    bool good = true;
    for (std::size_t t = 0; t < n; ++t)
        for (std::size_t i = 0; i < rows; ++i) {
            double want = 0;
            double sumAbs = 0;
            for (std::size_t j = 0; j < cols; ++j) {
                const double xj = x[t * cols + j];
                want += xj * static_cast<double>(W.values[i * cols + j]);
                // The quantised formats with a minimum add d q and m apart.
                sumAbs +=
                    std::abs(xj) * (std::abs(static_cast<double>(W.values[i * cols + j])) + 64);
            }
            const double limit =
                static_cast<double>(cols) * std::numeric_limits<float>::epsilon() * sumAbs;
            good = good && std::abs(static_cast<double>(y[t * rows + i]) - want) <= limit;
        }
    CHECK(good);
}

} // namespace

TEST_CASE("products with every stored type, for few and many rows")
{
    ThreadPool pool(2);
    for (const DType type : {DType::F64, DType::F32, DType::F16, DType::BF16, DType::Q4_0,
                             DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0}) {
        CAPTURE(infoOf(type).name);
        for (const std::size_t rows : {1, 17, 95, 97, 200}) {
            const Stored W = storedMatrix(type, rows, 96);
            for (const std::size_t n : {1, 2, 4, 5, 9, 40}) {
                CAPTURE(rows);
                CAPTURE(n);
                checkProduct(W, n, pool);
            }
        }
    }
}

TEST_CASE("one row is what the format's reader says")
{
    const Stored W = storedMatrix(DType::Q4_1, 5, 64);
    std::vector<float> row(64);
    denseRow(W.view, 3, row.data());
    CHECK(std::memcmp(row.data(), W.values.data() + 3 * 64, 64 * sizeof(float)) == 0);
}

TEST_CASE("results do not depend on the number of threads")
{
    const Stored W = storedMatrix(DType::Q8_0, 321, 576);
    const auto x = randomValues(33 * 576, 1);
    for (const std::size_t n : {1, 3, 33}) {
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 3, 5}) {
            ThreadPool pool(threads);
            results.emplace_back(n * 321);
            multiply(W.view, x.data(), n, results.back().data(), pool);
        }
        for (const auto& result : results)
            CHECK(std::memcmp(result.data(), results[0].data(), n * 321 * sizeof(float)) == 0);
    }
}

TEST_CASE("gemmNT multiplies windows of larger matrices")
{
    const auto A = randomValues(3 * 10, 1); // [3, 7] in rows of 10
    const auto B = randomValues(5 * 9, 2);  // [5, 7] in rows of 9
    std::vector<float> C(3 * 6, -1.0F);     // [3, 5] in rows of 6
    gemmNT(3, 5, 7, A.data(), 10, B.data(), 9, C.data(), 6);
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 5; ++j) {
            double want = 0;
            double sumAbs = 0;
            for (std::size_t l = 0; l < 7; ++l) {
                const double product =
                    static_cast<double>(A[i * 10 + l]) * static_cast<double>(B[j * 9 + l]);
                want += product;
                sumAbs += std::abs(product);
            }
            CHECK(std::abs(static_cast<double>(C[i * 6 + j]) - want) <=
                  7 * std::numeric_limits<float>::epsilon() * sumAbs);
        }
        CHECK(C[i * 6 + 5] == -1.0F);
    }
}
