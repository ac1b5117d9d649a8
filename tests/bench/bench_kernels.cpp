// Checks the fast products against the plain ones, then times both.
//     bench_kernels [threads]

#include "core/codecs/bitstack/product.h"
#include "core/linalg/cpu/kernels.h"
#include "core/linalg/dense.h"
#include "core/tensor/float16.h"
#include "tests/core/linalg/random_values.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

using namespace bs;

namespace {

using Clock = std::chrono::steady_clock;

/// Best of `repeats` runs, in seconds.
template <class Body>
double bestSeconds(int repeats, const Body& body)
{
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < repeats; ++i) {
        const auto start = Clock::now();
        body();
        best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return best;
}

/// A block of random bits and small factors.
bitstack::Block randomBlock(const bitstack::Shape& shape, std::uint64_t seed)
{
    RandomValues random(seed);
    bitstack::Block block;
    block.sign.resize(shape.signBytes());
    for (std::uint8_t& b : block.sign)
        b = static_cast<std::uint8_t>(random.next() & 0xFF);
    const auto fill = [&](std::vector<std::uint16_t>& halfs, std::size_t count) {
        halfs.resize(count);
        for (std::uint16_t& h : halfs)
            h = floatToHalf(static_cast<float>(random.next() % 2001) / 1000.0F - 1.0F);
    };
    fill(block.u, shape.rows * shape.k);
    fill(block.vt, shape.k * shape.cols);
    return block;
}

struct Matrix
{
    bitstack::Shape shape;
    std::vector<bitstack::Block> blocks;
    std::vector<bitstack::BlockView> views;

    Matrix(bitstack::Shape s, std::size_t depth, std::uint64_t seed)
        : shape(s)
    {
        for (std::size_t b = 0; b < depth; ++b)
            blocks.push_back(randomBlock(shape, seed * 100 + b));
        for (const bitstack::Block& block : blocks)
            views.push_back(block.view());
    }
};

/// q k v o gate up down of the demo model, rank 16.
std::vector<Matrix> demoLayer(std::size_t depth, std::uint64_t seed)
{
    std::vector<Matrix> layer;
    const std::size_t shapes[7][2] = {{576, 576},  {192, 576},  {192, 576}, {576, 576},
                                      {1536, 576}, {1536, 576}, {576, 1536}};
    for (const auto& shape : shapes)
        layer.emplace_back(bitstack::Shape{shape[0], shape[1], 16}, depth, seed + layer.size());
    return layer;
}

[[noreturn]] void fail(const std::string& what)
{
    std::printf("%s: fast and plain results differ\n", what.c_str());
    std::exit(1);
}

/// Sums of `terms` values, in any order: within terms * eps * (sum of absolute values, bounded
/// here).
void checkClose(const std::vector<float>& got, const std::vector<float>& want, double terms,
                double sumAbs, const std::string& what)
{
    const double limit = terms * std::numeric_limits<float>::epsilon() * sumAbs;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (!(std::abs(static_cast<double>(got[i]) - static_cast<double>(want[i])) <= limit))
            fail(what);
}

void benchSignedSums()
{
    const bitstack::Shape shape{576, 576, 16};
    const bitstack::Block block = randomBlock(shape, 3);
    const auto p = randomValues(shape.k * shape.cols, 4);
    std::vector<float> want(shape.rows * shape.k);
    std::vector<float> got(want.size());
    double plain = 0;
    const Kernels* const* tables = nullptr;
    const std::size_t count = availableKernels(tables);
    std::printf("signed sums, 576 x 576, k = 16, one core\n");
    for (std::size_t t = 0; t < count; ++t) {
        std::vector<float>& z = t == 0 ? want : got;
        const double seconds = bestSeconds(t == 0 ? 5 : 200, [&] {
            tables[t]->signedSums(block.sign.data(), p.data(), shape.rows, shape.cols, shape.k,
                                  z.data());
        });
        if (t == 0)
            plain = seconds;
        else
            checkClose(got, want, 576, 6.0 * 576, tables[t]->name); // |p| < 6
        std::printf("  %-8s %8.1f us  %7.2f G multiply-adds/s  x %.1f\n", tables[t]->name,
                    seconds * 1e6, 576.0 * 576 * 16 / seconds * 1e-9, plain / seconds);
    }
}

void benchDecode()
{
    const Matrix m({576, 576, 16}, 4, 5);
    std::vector<float> want(576 * 576);
    std::vector<float> got(want.size());
    const double plain = bestSeconds(2, [&] { bitstack::decode(m.shape, m.views, want.data()); });
    const double fast =
        bestSeconds(50, [&] { bitstack::decodeRows(m.shape, m.views, 0, 576, got.data()); });
    checkClose(got, want, 64, 64, "decode"); // four blocks of 16 products up to 1
    std::printf("decode, 576 x 576, depth 4, one core\n  %.0f us  %.2f G multiply-adds/s  x %.1f\n",
                fast * 1e6, 576.0 * 576 * 64 / fast * 1e-9, plain / fast);
}

void benchProduct(ThreadPool& pool)
{
    const Matrix m({576, 576, 16}, 4, 6);
    const auto x = randomValues(576, 7);
    std::vector<float> want(576);
    std::vector<float> got(576);
    const double plain = bestSeconds(
        3, [&] { bitstack::multiplyReference(m.shape, m.views, x.data(), want.data()); });
    const double fast = bestSeconds(
        100, [&] { bitstack::multiply(m.shape, m.views, x.data(), 1, got.data(), pool); });
    checkClose(got, want, 576, 64.0 * 6 * 576, "product");
    std::printf("product, 576 x 576, depth 4, %d threads\n  %.0f us  x %.1f\n", pool.size(),
                fast * 1e6, plain / fast);
}

/// All linears of the demo model, each layer with blocks of its own (so that they come from
/// memory).
void benchTokens(ThreadPool& pool)
{
    constexpr std::size_t kLayers = 30;
    std::vector<std::vector<Matrix>> layers;
    for (std::size_t l = 0; l < kLayers; ++l)
        layers.push_back(demoLayer(8, 10 * l));
    const auto x = randomValues(1536, 8);
    std::vector<float> y(1536);
    std::printf("linears of the demo model, %d threads\n", pool.size());
    for (const std::size_t depth : {1, 2, 4, 8}) {
        const double seconds = bestSeconds(5, [&] {
            for (const auto& layer : layers)
                for (const Matrix& m : layer)
                    bitstack::multiply(m.shape, std::span(m.views).first(depth), x.data(), 1,
                                       y.data(), pool);
        });
        std::printf("  depth %zu: %6.1f ms  %6.1f tokens/s  %6.1f G multiply-adds/s\n", depth,
                    seconds * 1e3, 1 / seconds,
                    106.2e6 * 16 * static_cast<double>(depth) / seconds * 1e-9);
    }
}

void benchPrompt(ThreadPool& pool)
{
    constexpr std::size_t kTokens = 2048;
    const auto layer = demoLayer(8, 1);
    const auto x = randomValues(kTokens * 1536, 9);
    std::vector<float> y(kTokens * 1536);
    std::vector<std::byte> bytes(1536 * 576 * sizeof(float),
                                 std::byte{0x3C}); // ordinary f32 and f16
    const auto report = [&](const char* name, double seconds) {
        double weights = 0;
        for (const Matrix& m : layer)
            weights += static_cast<double>(m.shape.rows * m.shape.cols);
        std::printf("  %-8s %7.1f ms a layer  %6.1f GFLOP/s\n", name, seconds * 1e3,
                    2 * weights * kTokens / seconds * 1e-9);
    };
    std::printf("prompt of %zu tokens, one layer's linears, %d threads\n", kTokens, pool.size());
    for (const DType type : {DType::F32, DType::F16, DType::Q4_1})
        report(std::string(infoOf(type).name).c_str(), bestSeconds(2, [&] {
                   for (const Matrix& m : layer)
                       multiply({type, m.shape.rows, m.shape.cols, bytes.data()}, x.data(), kTokens,
                                y.data(), pool);
               }));
    for (const std::size_t depth : {4, 8})
        report(depth == 4 ? "depth 4" : "depth 8", bestSeconds(2, [&] {
                   for (const Matrix& m : layer)
                       bitstack::multiply(m.shape, std::span(m.views).first(depth), x.data(),
                                          kTokens, y.data(), pool);
               }));
}

void benchDenseTokens(ThreadPool& pool)
{
    const std::size_t rows = 49152;
    const auto x = randomValues(576, 2);
    std::vector<float> y(rows);
    std::vector<std::byte> bytes(rows * 576 * sizeof(float), std::byte{0x3C});
    std::printf("one row times 49152 x 576 as stored, %d threads\n", pool.size());
    for (const DType type : {DType::F32, DType::F16, DType::Q8_0, DType::Q4_1}) {
        const DTypeInfo& info = infoOf(type);
        const double size = static_cast<double>(rows * 576 / info.blockElements * info.blockBytes);
        const double seconds = bestSeconds(10, [&] {
            multiply({type, rows, 576, bytes.data()}, x.data(), 1, y.data(), pool);
        });
        std::printf("  %-5s %6.2f ms  %5.1f GB/s\n", std::string(info.name).c_str(), seconds * 1e3,
                    size / seconds * 1e-9);
    }
}

} // namespace

int main(int argc, char** argv)
{
    ThreadPool pool(argc > 1 ? std::atoi(argv[1]) : 0);
    std::printf("kernel table: %s\n", kernels().name);
    benchSignedSums();
    benchDecode();
    benchProduct(pool);
    benchTokens(pool);
    benchDenseTokens(pool);
    benchPrompt(pool);
    return 0;
}
