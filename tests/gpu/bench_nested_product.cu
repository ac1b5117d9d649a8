// The product of one token with a nested matrix beside cuBLAS in f16, in ratios and shares of the
// bandwidth measured in the same run:
//   bench_nested_product [--parts N]
// Each product is one of a CUDA graph over so many copies of the matrix that none is still in the
// cache; what x and the sums take is included.
#include "core/codecs/nested/decoder.h"
#include "gpu/codecs/nested_matrix.h"
#include "gpu/kernels/launch.h"
#include "tests/gpu/bench_steps.h"
#include "tests/support/random_nested.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using namespace bs;
using namespace bs::gpu;

/// Copies of one matrix, each with its own memory for everything.
struct Copies
{
    std::vector<Buffer> planes;
    std::vector<NestedMatrix> matrices;

    Copies(const test::RandomNested& random, std::size_t count, std::size_t parts,
           const Stream& stream)
    {
        const std::size_t bytes = random.memory.size() * sizeof(std::uint64_t);
        for (std::size_t i = 0; i < count; ++i) {
            planes.push_back(orExit(Buffer::create(bytes, stream)));
            orExit(copyToDevice(planes.back().as<void>(), random.memory.data(), bytes, stream));
            orExit(placePlanes(planes.back().as<void>(), bytes / nested::kPlaneBytes, stream));
            matrices.push_back(orExit(
                NestedMatrix::create(random.matrix, planes.back().as<void>(), parts, stream)));
        }
        orExit(stream.wait());
    }
};

/// Largest error against the plain decoder, as a share of the largest value; NaN counts as 1.
double errorOf(const test::RandomNested& random, const std::vector<float>& x, std::size_t tokens,
               const std::vector<float>& y)
{
    const std::size_t rows = random.matrix.shape.rows;
    double worst = 0;
    for (std::size_t token = 0; token < tokens; ++token) {
        std::vector<float> right(rows);
        nested::multiplyReference(random.matrix, x.data() + token * random.matrix.shape.cols,
                                  right.data());
        double most = 0;
        double off = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            most = std::max(most, std::abs(static_cast<double>(right[i])));
            const double error = std::abs(static_cast<double>(right[i]) - y[token * rows + i]);
            off = error >= 0 ? std::max(off, error) : 1e30;
        }
        worst = std::max(worst, off / most);
    }
    return worst;
}

bool check(const Stream& stream)
{
    test::RandomNested random({1000, 1100}, 7);
    random.mixTiles();
    random.addOutliers(1000);
    constexpr std::size_t kMost = 7;
    const std::vector<float> x = random.randomX(kMost);
    const std::size_t rows = random.matrix.shape.rows;
    for (const std::size_t parts : {1, 3}) {
        const Copies copies(random, 1, parts, stream);
        const NestedScratch scratch = orExit(NestedScratch::create(rows, 1100, 0, stream));
        const Buffer onDevice = orExit(Buffer::create(x.size() * sizeof(float), stream));
        orExit(copyToDevice(onDevice.as<void>(), x.data(), x.size() * sizeof(float), stream));
        for (const std::size_t tokens : {1, 2, 4, 7}) {
            std::vector<float> y(tokens * rows);
            const Buffer out = orExit(Buffer::create(y.size() * sizeof(float), stream));
            orExit(fillBytes(out.as<void>(), 0xFF, out.bytes(), stream));
            orExit(copies.matrices[0].multiply(onDevice.as<float>(), tokens, out.as<float>(), rows,
                                               scratch, stream));
            orExit(copyToHost(y.data(), out.as<void>(), y.size() * sizeof(float), stream));
            orExit(stream.wait());
            const double error = errorOf(random, x, tokens, y);
            std::printf("check: parts %zu, tokens %zu: error %.2g of the largest value\n", parts,
                        tokens, error);
            if (!(error < 2e-3)) {
                std::printf("WRONG\n");
                return false;
            }
        }
    }
    return true;
}

void measure(std::size_t rows, std::size_t cols, double bandwidth,
             const std::vector<std::size_t>& partsToTry, const Stream& stream)
{
    const double half = cublasHalf(rows, cols, stream);
    std::printf("%zu x %zu: cuBLAS f16 %.2f us (%.0f %% of the bandwidth)\n", rows, cols,
                half * 1e6, 100 * 2.0 * static_cast<double>(rows * cols) / half / bandwidth);
    const Buffer x = orExit(Buffer::create(cols * sizeof(float), stream));
    const Buffer y = orExit(Buffer::create(rows * sizeof(float), stream));
    const NestedScratch scratch = orExit(NestedScratch::create(rows, cols, 0, stream));
    for (const unsigned bits : {2U, 3U, 4U}) {
        test::RandomNested random({rows, cols}, bits);
        random.setAll(bits, 1);
        random.addOutliers(rows * cols / 2000);
        const std::vector<float> values = random.randomX(1);
        orExit(copyToDevice(x.as<void>(), values.data(), cols * sizeof(float), stream));
        const double bytes = static_cast<double>(random.memory.size() * sizeof(std::uint64_t));
        for (const std::size_t asked : partsToTry) {
            const std::size_t parts =
                asked > 0
                    ? asked
                    : nestedParts(random.matrix.shape,
                                  static_cast<std::size_t>(orExit(deviceInfo(0)).multiprocessors));
            const Copies copies(random, copiesOf(bytes), parts, stream);
            const double seconds =
                secondsOfGraph(stream, copies.matrices.size(), [&](std::size_t i) {
                    return copies.matrices[i].multiply(x.as<float>(), 1, y.as<float>(), rows,
                                                       scratch, stream);
                });
            std::printf("  %u bits, %2zu parts: %6.2f us  %.2fx  %.0f %%\n", bits, parts,
                        seconds * 1e6, half / seconds, 100 * bytes / seconds / bandwidth);
            std::fflush(stdout);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::size_t> parts{0};
    if (argc > 2 && std::strcmp(argv[1], "--parts") == 0) {
        parts.clear();
        for (int i = 2; i < argc; ++i)
            parts.push_back(std::strtoul(argv[i], nullptr, 10));
    }
    const DeviceInfo device = orExit(deviceInfo(0));
    const Stream stream = orExit(Stream::create());
    const bool right = check(stream);
    const double bandwidth = readBandwidth(stream);
    std::printf("%s: reads %.0f GB/s\n", device.name.c_str(), bandwidth / 1e9);
    measure(14336, 4096, bandwidth, parts, stream);
    measure(4096, 4096, bandwidth, parts, stream);
    measure(28672, 8192, bandwidth, parts, stream);
    return right ? 0 : 1;
}
