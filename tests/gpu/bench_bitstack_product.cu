// Products of one, two and eight tokens with blocks of codec `bitstack`, and their weights in f16,
// beside cuBLAS in f16 with one token, in ratios and shares of the bandwidth measured in the same
// run:
//   bench_bitstack_product [--multiprocessors N ..]
// Each is one of a CUDA graph over so many copies of the matrix that none is still in the cache.
// The card is filled as if it had so many multiprocessors, for other numbers of parts.
#include "core/codecs/bitstack/product.h"
#include "core/tensor/float16.h"
#include "gpu/codecs/bitstack_matrix.h"
#include "gpu/kernels/launch.h"
#include "tests/gpu/bench_steps.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace {

using namespace bs;
using namespace bs::gpu;
using bitstack::Shape;

std::vector<float> randomNumbers(std::size_t count, float size, std::mt19937& random)
{
    std::normal_distribution<float> normal(0, size);
    std::vector<float> values(count);
    for (float& value : values)
        value = normal(random);
    return values;
}

std::vector<std::uint16_t> randomHalves(std::size_t count, float size, std::mt19937& random)
{
    std::vector<std::uint16_t> halves;
    for (const float value : randomNumbers(count, size, random))
        halves.push_back(floatToHalf(value));
    return halves;
}

std::vector<bitstack::Block> randomBlocks(const Shape& shape, std::size_t depth)
{
    std::mt19937 random(1);
    std::vector<bitstack::Block> blocks(depth);
    for (bitstack::Block& block : blocks) {
        block.sign.resize(shape.signBytes());
        for (std::uint8_t& byte : block.sign)
            byte = static_cast<std::uint8_t>(random());
        block.u = randomHalves(shape.rows * shape.k, 0.1F, random);
        block.vt = randomHalves(shape.k * shape.cols, 0.1F, random);
    }
    return blocks;
}

std::size_t padded(std::size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/// Copies of one matrix, each with its own memory.
struct Copies
{
    std::vector<Buffer> memory;
    std::vector<BitstackMatrix> matrices;

    Copies(const Shape& shape, const std::vector<bitstack::Block>& blocks, std::size_t count,
           std::size_t multiprocessors, const Stream& stream)
    {
        const std::size_t uAt = padded(shape.signBytes());
        const std::size_t vtAt = uAt + padded(shape.uBytes());
        const std::size_t bytes = vtAt + padded(shape.vtBytes());
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<bitstack::BlockView> views;
            memory.push_back(orExit(Buffer::create(blocks.size() * bytes, stream)));
            for (std::size_t b = 0; b < blocks.size(); ++b) {
                auto* at = memory.back().as<std::uint8_t>() + b * bytes;
                orExit(copyToDevice(at, blocks[b].sign.data(), shape.signBytes(), stream));
                orExit(copyToDevice(at + uAt, blocks[b].u.data(), shape.uBytes(), stream));
                orExit(copyToDevice(at + vtAt, blocks[b].vt.data(), shape.vtBytes(), stream));
                views.push_back({at, reinterpret_cast<const std::uint16_t*>(at + uAt),
                                 reinterpret_cast<const std::uint16_t*>(at + vtAt)});
            }
            matrices.push_back(
                orExit(BitstackMatrix::create(shape, views, multiprocessors, stream)));
        }
        orExit(stream.wait());
    }
};

/// Largest error against the plain loop, as a share of the largest value; NaN counts as 1.
double errorOf(const Shape& shape, const std::vector<bitstack::Block>& blocks, const float* x,
               const float* y)
{
    std::vector<bitstack::BlockView> views;
    for (const bitstack::Block& block : blocks)
        views.push_back(block.view());
    std::vector<float> right(shape.rows);
    bitstack::multiplyReference(shape, views, x, right.data());
    double most = 0;
    double off = 0;
    for (std::size_t i = 0; i < shape.rows; ++i) {
        most = std::max(most, std::abs(static_cast<double>(right[i])));
        const double error = std::abs(static_cast<double>(right[i]) - y[i]);
        off = error >= 0 ? std::max(off, error) : 1e30;
    }
    return off / most;
}

bool check(const Stream& stream)
{
    constexpr std::size_t kMost = 9;
    std::mt19937 random(2);
    for (const Shape& shape : {Shape{1000, 1096, 16}, Shape{1000, 1088, 16}, Shape{300, 1088, 7}}) {
        const std::vector<bitstack::Block> blocks = randomBlocks(shape, 3);
        const std::vector<float> x = randomNumbers(kMost * shape.cols, 1, random);
        const Copies copies(shape, blocks, 1, 132, stream);
        const BitstackScratch scratch =
            orExit(BitstackScratch::create(shape.rows, shape.cols, stream));
        const Buffer onDevice = orExit(Buffer::create(x.size() * sizeof(float), stream));
        orExit(copyToDevice(onDevice.as<void>(), x.data(), x.size() * sizeof(float), stream));
        for (const std::size_t tokens : {1, 2, 8, 9}) {
            std::vector<float> y(tokens * shape.rows);
            const Buffer out = orExit(Buffer::create(y.size() * sizeof(float), stream));
            orExit(fillBytes(out.as<void>(), 0xFF, out.bytes(), stream));
            orExit(copies.matrices[0].multiply(onDevice.as<float>(), tokens, out.as<float>(),
                                               shape.rows, scratch, stream));
            orExit(copyToHost(y.data(), out.as<void>(), y.size() * sizeof(float), stream));
            orExit(stream.wait());
            double error = 0;
            for (std::size_t t = 0; t < tokens; ++t)
                error = std::max(error, errorOf(shape, blocks, x.data() + t * shape.cols,
                                                y.data() + t * shape.rows));
            std::printf("check: %zu x %zu, rank %zu, tokens %zu: error %.2g of the largest value\n",
                        shape.rows, shape.cols, shape.k, tokens, error);
            if (!(error < 2e-3)) {
                std::printf("WRONG\n");
                return false;
            }
        }
    }
    return true;
}

struct Room
{
    Buffer x, y, W;
    BitstackScratch scratch;

    Room(const Shape& shape, const Stream& stream)
        : x(orExit(Buffer::create(kBitstackTokens * shape.cols * sizeof(float), stream)))
        , y(orExit(Buffer::create(kBitstackTokens * shape.rows * sizeof(float), stream)))
        , W(orExit(Buffer::create(shape.rows * shape.cols * sizeof(Half), stream)))
        , scratch(orExit(BitstackScratch::create(shape.rows, shape.cols, stream)))
    {
        std::mt19937 random(3);
        const std::vector<float> values = randomNumbers(kBitstackTokens * shape.cols, 1, random);
        orExit(copyToDevice(x.as<void>(), values.data(), x.bytes(), stream));
        orExit(stream.wait());
    }
};

void measure(const Shape& shape, double bandwidth, const std::vector<std::size_t>& full,
             const Stream& stream)
{
    const double half = cublasHalf(shape.rows, shape.cols, stream);
    std::printf("%zu x %zu, rank %zu: cuBLAS f16 %.2f us (%.0f %% of the bandwidth)\n", shape.rows,
                shape.cols, shape.k, half * 1e6,
                100 * 2.0 * static_cast<double>(shape.rows * shape.cols) / half / bandwidth);
    const Room room(shape, stream);
    for (const std::size_t depth : {2, 3, 4}) {
        const std::vector<bitstack::Block> blocks = randomBlocks(shape, depth);
        const double bytes = static_cast<double>(depth * shape.blockBytes());
        for (const std::size_t multiprocessors : full) {
            const Copies copies(shape, blocks, copiesOf(bytes), multiprocessors, stream);
            std::printf("  %zu blocks, %zu multiprocessors:", depth, multiprocessors);
            for (const std::size_t tokens : {1, 2, 8}) {
                const double seconds =
                    secondsOfGraph(stream, copies.matrices.size(), [&](std::size_t i) {
                        return copies.matrices[i].multiply(room.x.as<float>(), tokens,
                                                           room.y.as<float>(), shape.rows,
                                                           room.scratch, stream);
                    });
                std::printf("  %zu token%s %6.2f us %.2fx %.0f %%;", tokens, tokens > 1 ? "s" : "",
                            seconds * 1e6, half / seconds, 100 * bytes / seconds / bandwidth);
            }
            const double seconds =
                secondsOfGraph(stream, copies.matrices.size(), [&](std::size_t i) {
                    return copies.matrices[i].decodeRows(0, shape.rows, room.W.as<Half>(), stream);
                });
            std::printf("  weights %6.2f us\n", seconds * 1e6);
            std::fflush(stdout);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const DeviceInfo device = orExit(deviceInfo(0));
    std::vector<std::size_t> full{static_cast<std::size_t>(device.multiprocessors)};
    if (argc > 2 && std::strcmp(argv[1], "--multiprocessors") == 0) {
        full.clear();
        for (int i = 2; i < argc; ++i)
            full.push_back(std::strtoul(argv[i], nullptr, 10));
    }
    const Stream stream = orExit(Stream::create());
    const bool right = check(stream);
    const double bandwidth = readBandwidth(stream);
    std::printf("%s: reads %.0f GB/s\n", device.name.c_str(), bandwidth / 1e9);
    measure({14336, 4096, 16}, bandwidth, full, stream);
    measure({4096, 4096, 16}, bandwidth, full, stream);
    return right ? 0 : 1;
}
