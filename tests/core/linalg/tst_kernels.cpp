#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/linalg/cpu/kernels.h"
#include "core/tensor/block_formats.h"
#include "core/tensor/float16.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace bs;

namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
const std::size_t kLengths[] = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 257};

/// Every table the processor has, the plain one included (against f64).
std::vector<const Kernels*> tables()
{
    const Kernels* const* list = nullptr;
    const std::size_t count = availableKernels(list);
    return {list, list + count};
}

/// A sum of n products in any order: off by at most n eps times the sum of their absolute values.
bool close(double got, double want, double sumAbs, std::size_t n)
{
    return std::isfinite(want) && std::abs(got - want) <= static_cast<double>(n) * kEps * sumAbs;
}

struct Exact
{
    double value = 0;
    double sumAbs = 0;

    void add(double product)
    {
        value += product;
        sumAbs += std::abs(product);
    }
};

Exact exactDot(const std::vector<float>& a, const std::vector<float>& b)
{
    Exact sum;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum.add(static_cast<double>(a[i]) * static_cast<double>(b[i]));
    return sum;
}

using Dot = float (*)(const void*, const float*, std::size_t);

Dot dotOf(const Kernels& table, DType type)
{
    switch (type) {
    case DType::F16:
        return table.dotF16;
    case DType::BF16:
        return table.dotBF16;
    case DType::Q4_0:
        return table.dotQ4_0;
    case DType::Q4_1:
        return table.dotQ4_1;
    case DType::Q5_0:
        return table.dotQ5_0;
    case DType::Q5_1:
        return table.dotQ5_1;
    default:
        return table.dotQ8_0;
    }
}

/// Random bytes of a type, with scales that are ordinary numbers; one spare byte before, so that
/// the data is not aligned.
std::vector<std::byte> storedRow(DType type, std::size_t n, std::uint64_t seed)
{
    const DTypeInfo& info = infoOf(type);
    std::vector<std::byte> bytes(1 + n / info.blockElements * info.blockBytes);
    RandomValues random(seed);
    for (std::byte& b : bytes)
        b = static_cast<std::byte>(random.next() & 0xFF);
    const auto put = [&](std::size_t at, std::uint16_t half) {
        bytes[at] = static_cast<std::byte>(half & 0xFF);
        bytes[at + 1] = static_cast<std::byte>(half >> 8);
    };
    for (std::size_t at = 1; at < bytes.size(); at += info.blockBytes) {
        const std::uint16_t value = floatToHalf(random.gaussian());
        put(at, type == DType::BF16 ? static_cast<std::uint16_t>(0x3F00 + (value & 0xFF)) : value);
        if (type == DType::Q4_1 || type == DType::Q5_1) put(at + 2, floatToHalf(random.gaussian()));
    }
    return bytes;
}

void checkStored(const Kernels& table, DType type, std::size_t n)
{
    CAPTURE(infoOf(type).name);
    CAPTURE(n);
    const std::vector<std::byte> row = storedRow(type, n, 7 + n);
    std::vector<float> weights(n);
    toFloat(type, row.data() + 1, n, weights.data());
    const std::vector<float> x = randomValues(n, 11 + n);
    // The formats with a minimum add d q and m apart: their absolute values bound the error
    // instead.
    Exact want = exactDot(weights, x);
    if (infoOf(type).blockElements == 32)
        for (std::size_t i = 0; i < n; ++i)
            want.sumAbs += 64 * std::abs(static_cast<double>(x[i]));
    CHECK(close(dotOf(table, type)(row.data() + 1, x.data(), n), want.value, want.sumAbs, n));
}

bool plus(const std::vector<std::uint8_t>& sign, std::size_t cols, std::size_t i, std::size_t j)
{
    return ((sign[i * cols / 8 + j / 8] >> (7 - j % 8)) & 1) != 0;
}

std::vector<std::uint8_t> randomSigns(std::size_t rows, std::size_t cols)
{
    RandomValues random(rows * 1000 + cols);
    std::vector<std::uint8_t> sign(rows * cols / 8);
    for (std::uint8_t& b : sign)
        b = static_cast<std::uint8_t>(random.next() & 0xFF);
    return sign;
}

void checkSignedSums(const Kernels& table, std::size_t rows, std::size_t cols, std::size_t k)
{
    CAPTURE(rows);
    CAPTURE(cols);
    CAPTURE(k);
    const auto sign = randomSigns(rows, cols);
    const auto p = randomValues(k * cols, k);
    std::vector<float> z(rows * k + 1, 12345.0F);
    table.signedSums(sign.data(), p.data(), rows, cols, k, z.data());
    bool good = z.back() == 12345.0F; // nothing written behind the end
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t r = 0; r < k; ++r) {
            Exact want;
            for (std::size_t j = 0; j < cols; ++j)
                want.add(plus(sign, cols, i, j) ? p[r * cols + j] : -p[r * cols + j]);
            good = good && close(z[i * k + r], want.value, want.sumAbs, cols);
        }
    CHECK(good);
}

void checkAddSignedLowRank(const Kernels& table, std::size_t rows, std::size_t cols, std::size_t k)
{
    CAPTURE(rows);
    CAPTURE(cols);
    CAPTURE(k);
    const auto sign = randomSigns(rows, cols);
    const auto u = randomValues(rows * k, 1);
    const auto v = randomValues(k * cols, 2);
    const auto before = randomValues(rows * cols, 3);
    auto W = before;
    table.addSignedLowRank(sign.data(), u.data(), v.data(), rows, cols, k, W.data());
    bool good = true;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            Exact want;
            want.add(before[i * cols + j]);
            const double factor = plus(sign, cols, i, j) ? 1 : -1;
            for (std::size_t r = 0; r < k; ++r)
                want.add(factor * static_cast<double>(u[i * k + r]) *
                         static_cast<double>(v[r * cols + j]));
            good = good && close(W[i * cols + j], want.value, want.sumAbs, k + 1);
        }
    CHECK(good);
}

} // namespace

TEST_CASE("softmax and gate within a few units in the last place, also far out")
{
    for (const Kernels* table : tables())
        for (const std::size_t n : {1, 2, 7, 8, 9, 64, 301})
            for (const float scale : {0.1F, 3.0F, 60.0F}) {
                CAPTURE(table->name);
                CAPTURE(n);
                CAPTURE(scale);
                std::vector<float> x = randomValues(n, 5);
                for (float& v : x)
                    v *= scale;
                const std::vector<float> up = randomValues(n, 6);
                std::vector<float> soft = x, gate = x;
                const float logSum = table->softmax(soft.data(), n);
                table->swiglu(gate.data(), up.data(), n);
                const double most = static_cast<double>(*std::max_element(x.begin(), x.end()));
                double sum = 0;
                for (const float v : x)
                    sum += std::exp(static_cast<double>(v) - most);
                CHECK(std::abs(static_cast<double>(logSum) - most - std::log(sum)) <= 8 * kEps * (1 + std::abs(most) + std::log(sum)));
                for (std::size_t i = 0; i < n; ++i) {
                    const auto v = static_cast<double>(x[i]);
                    const double want = std::exp(v - most) / sum;
                    CHECK(std::abs(static_cast<double>(soft[i]) - want) <= (8 + std::abs(v - most)) * kEps * want + 1e-37);
                    const double gated = v / (1 + std::exp(-v)) * static_cast<double>(up[i]);
                    CHECK(std::abs(static_cast<double>(gate[i]) - gated) <= (8 + std::abs(v)) * kEps * std::abs(gated) + 1e-36);
                }
            }
}

TEST_CASE("gathered values are the scalar table's to the bit")
{
    const std::vector<float> x = randomValues(1000, 3), scale = randomValues(70, 4);
    std::vector<std::uint16_t> at;
    for (std::size_t i = 0; i < scale.size(); ++i)
        at.push_back(static_cast<std::uint16_t>(i * 577 % 1000));
    for (const Kernels* table : tables())
        for (std::size_t n = 0; n <= scale.size(); ++n) {
            std::vector<float> y(scale.size() + 1, 7.0F);
            table->gather(x.data(), at.data(), scale.data(), n, y.data());
            for (std::size_t i = 0; i < y.size(); ++i)
                REQUIRE(y[i] == (i < n ? x[at[i]] * scale[i] : 7.0F));
        }
}

TEST_CASE("softmax and gate of what is no number are none")
{
    for (const Kernels* table : tables()) {
        std::vector<float> x(20, 0.5F), gate(20, 0.5F);
        const std::vector<float> up(20, 1.0F);
        x[13] = gate[13] = std::numeric_limits<float>::quiet_NaN();
        table->softmax(x.data(), 20);
        table->swiglu(gate.data(), up.data(), 20);
        CHECK(std::isnan(x[13]));
        CHECK(std::isnan(gate[13]));
        CHECK(std::isfinite(gate[12]));
    }
}

TEST_CASE("products with several rows, and sums of several rows")
{
    for (const Kernels* table : tables())
        for (const std::size_t n : {1, 7, 8, 31, 64, 72, 128})
            for (const std::size_t count : {0, 1, 5, 40}) {
                CAPTURE(table->name);
                CAPTURE(n);
                CAPTURE(count);
                const std::vector<float> rows = randomValues(count * n, 3);
                const std::vector<float> x = randomValues(n, 4);
                const std::vector<float> a = randomValues(count, 5);
                std::vector<float> y(count + 1, 9.0F), mixed(n + 1, 9.0F);
                table->dotRows(rows.data(), x.data(), count, n, y.data());
                table->mixRows(rows.data(), a.data(), count, n, mixed.data());
                CHECK(y.back() == 9.0F);
                CHECK(mixed.back() == 9.0F);
                std::vector<Exact> sums(n);
                for (std::size_t t = 0; t < count; ++t) {
                    const std::vector<float> row(rows.begin() + static_cast<std::ptrdiff_t>(t * n),
                                                 rows.begin() + static_cast<std::ptrdiff_t>((t + 1) * n));
                    const Exact want = exactDot(row, x);
                    CHECK(close(static_cast<double>(y[t]), want.value, want.sumAbs, n));
                    for (std::size_t i = 0; i < n; ++i)
                        sums[i].add(static_cast<double>(row[i]) * static_cast<double>(a[t]));
                }
                for (std::size_t i = 0; i < n; ++i)
                    CHECK(close(static_cast<double>(mixed[i]), sums[i].value, sums[i].sumAbs, count));
            }
}

TEST_CASE("rows times a narrow matrix, and their columns mixed by one")
{
    for (const Kernels* table : tables())
        for (const std::size_t n : {0, 1, 7, 255, 257, 600})
            for (const std::size_t count : {0, 1, 3, 8, 21}) {
                CAPTURE(table->name);
                CAPTURE(n);
                CAPTURE(count);
                const std::size_t stride = n + 3;
                const std::vector<float> A = randomValues(count * stride, 6);
                const std::vector<float> q = randomValues(n * kNarrow, 7);
                const std::vector<float> p = randomValues(count * kNarrow, 8);
                std::vector<float> dots = p, mixed = q; // both are added to
                table->narrowDots({A.data(), stride, count, n}, q.data(), dots.data());
                table->narrowMix({A.data(), stride, count, n}, p.data(), mixed.data());
                std::vector<Exact> wantDots(dots.size()), wantMixed(mixed.size());
                for (std::size_t c = 0; c < kNarrow; ++c)
                    for (std::size_t r = 0; r < count; ++r)
                        for (std::size_t i = 0; i < n; ++i) {
                            const auto a = static_cast<double>(A[r * stride + i]);
                            wantDots[r * kNarrow + c].add(a * static_cast<double>(q[i * kNarrow + c]));
                            wantMixed[i * kNarrow + c].add(a * static_cast<double>(p[r * kNarrow + c]));
                        }
                for (std::size_t i = 0; i < dots.size(); ++i) {
                    wantDots[i].add(static_cast<double>(p[i]));
                    CHECK(close(static_cast<double>(dots[i]), wantDots[i].value, wantDots[i].sumAbs, n + 1));
                }
                for (std::size_t i = 0; i < mixed.size(); ++i) {
                    wantMixed[i].add(static_cast<double>(q[i]));
                    CHECK(close(static_cast<double>(mixed[i]), wantMixed[i].value, wantMixed[i].sumAbs, count + 1));
                }
            }
}

TEST_CASE("every table computes the same dot products, sums and conversions")
{
    for (const Kernels* table : tables()) {
        CAPTURE(std::string(table->name));
        for (const std::size_t n : kLengths) {
            CAPTURE(n);
            const auto a = randomValues(n, n);
            const auto b = randomValues(n, n + 1);
            const Exact want = exactDot(a, b);
            CHECK(close(table->dot(a.data(), b.data(), n), want.value, want.sumAbs, n));
            auto y = b;
            table->axpy(0.5F, a.data(), y.data(), n); // 0.5 a is exact: one rounding either way
            bool good = true;
            for (std::size_t i = 0; i < n; ++i)
                good = good && y[i] == b[i] + 0.5F * a[i];
            CHECK(good);
            checkStored(*table, DType::F16, n);
            checkStored(*table, DType::BF16, n);
        }
    }
}

TEST_CASE("every table converts all 65536 halves alike")
{
    std::vector<std::uint16_t> halves(65536);
    for (std::size_t i = 0; i < halves.size(); ++i)
        halves[i] = static_cast<std::uint16_t>(i);
    for (const Kernels* table : tables()) {
        CAPTURE(std::string(table->name));
        std::vector<float> y(halves.size());
        table->halfToFloat(halves.data(), y.data(), halves.size() - 3); // with a tail
        table->halfToFloat(halves.data() + 65533, y.data() + 65533, 3);
        bool good = true;
        for (std::size_t i = 0; i < halves.size(); ++i) {
            const float want = halfToFloat(halves[i]);
            good = good && (y[i] == want || (std::isnan(want) && std::isnan(y[i])));
        }
        CHECK(good);
    }
}

TEST_CASE("every table multiplies the quantised formats")
{
    for (const Kernels* table : tables()) {
        CAPTURE(std::string(table->name));
        for (const DType type : {DType::Q4_0, DType::Q4_1, DType::Q5_0, DType::Q5_1, DType::Q8_0})
            for (const std::size_t blocks : {0, 1, 2, 3, 7, 18})
                checkStored(*table, type, 32 * blocks);
    }
}

TEST_CASE("every table sums by packed signs and adds signed low-rank products")
{
    for (const Kernels* table : tables()) {
        CAPTURE(std::string(table->name));
        for (const std::size_t rows : {0, 1, 2, 3, 4, 5, 7, 33})
            for (const std::size_t cols : {0, 8, 16, 24, 56, 64, 72, 136, 264})
                for (const std::size_t k : {1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64}) {
                    checkSignedSums(*table, rows, cols, k);
                    checkAddSignedLowRank(*table, rows, cols, k);
                }
    }
}

TEST_CASE("NaN in a product is not hidden")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const Kernels* table : tables()) {
        CAPTURE(std::string(table->name));
        for (const std::size_t at : {0, 13, 32}) {
            auto a = randomValues(33, 1);
            const auto b = randomValues(33, 2);
            a[at] = nan;
            CHECK(std::isnan(table->dot(a.data(), b.data(), 33)));
            std::vector<float> p(40, 1.0F);
            p[at] = nan;
            const std::vector<std::uint8_t> sign(5, 0x5A);
            float z = 0;
            table->signedSums(sign.data(), p.data(), 1, 40, 1, &z);
            CHECK(std::isnan(z));
        }
    }
}

TEST_CASE("the first table is the plain one, and a table can be chosen")
{
    CHECK(std::string(tables().front()->name) == "scalar");
    const Kernels& best = kernels();
    for (const Kernels* table : tables()) {
        useKernels(*table);
        CHECK(&kernels() == table);
    }
    useKernels(best);
}
