// Codec bitstack's decomposition beside the full one (LAPACK's sgesdd through OpenBLAS), each on one thread and in turn.
//     bench_svd MODEL [--check]
// The linears of four layers of MODEL, eight blocks each, then two of a Gaussian matrix of 4096 x 4096. --check: fails if the model's take less
// than 8 times, or the large one's less than 100 times as long in full, or if errors are 0.1 % above the full one's on average. (Of single
// matrices they differ by more behind many blocks, either way: a weight near zero whose sign falls the other way changes all later blocks.)

#include "core/codecs/bitstack/encoder.h"
#include "core/linalg/prepare_blas.h"
#include "core/model/dense_layer.h"
#include "core/model/open.h"
#include "tests/bench/steps.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace bs;

namespace {

constexpr double kLeastOnModel = 8;
constexpr double kLeastOnLarge = 100;
constexpr double kMostError = 1e-3;
constexpr std::size_t kLayers = 4;
constexpr std::size_t kLarge = 4096;
constexpr std::size_t kBlocks = 8;
constexpr std::size_t kLargeBlocks = 2;
constexpr int kRepeats = 5;

struct Timed
{
    double seconds;
    double error; ///< squared, that the last block leaves
};

Timed decompose(const std::vector<float>& W, std::size_t rows, std::size_t cols, std::size_t blocks, bitstack::Svd svd)
{
    bitstack::EncodeOptions options;
    options.blocks = blocks;
    options.svd = svd;
    const auto start = std::chrono::steady_clock::now();
    const auto encoded = orExit(bitstack::encode(W, rows, cols, options, {}));
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), encoded.residual.back()};
}

struct Compared
{
    double full = 0, truncated = 0; ///< seconds
    double errors = 0;              ///< of the truncated one above the full one's, shares, of all matrices
    int matrices = 0;

    double ratio() const { return full / truncated; }
    double error() const { return errors / matrices; }
    void add(const std::vector<float>& W, std::size_t rows, std::size_t cols, std::size_t blocks, int repeats)
    {
        std::vector<double> slow, fast;
        for (int i = 0; i < repeats; ++i) {
            const Timed oracle = decompose(W, rows, cols, blocks, bitstack::Svd::Full);
            const Timed ours = decompose(W, rows, cols, blocks, bitstack::Svd::Truncated);
            slow.push_back(oracle.seconds);
            fast.push_back(ours.seconds);
            if (i == 0)
                errors += ours.error / oracle.error - 1;
        }
        ++matrices;
        full += median(slow);
        truncated += median(fast);
    }
    void print(const std::string& what) const
    {
        std::printf("%-36s full %8.3f s  truncated %8.3f s  %6.1f times as fast, error %+.4f %%\n", what.c_str(), full, truncated, ratio(), 100 * error());
        std::fflush(stdout);
    }
};

std::string sizeOf(const Linear& linear)
{
    return std::to_string(linear.rows) + " x " + std::to_string(linear.cols);
}

Compared onModel(const ModelSource& source)
{
    Compared all;
    std::array<Compared, kSlots> bySlot;
    DenseLayer dense;
    for (std::size_t i = 0; i < kLayers; ++i) {
        const auto layer = static_cast<std::uint32_t>(i * (source.config.layers - 1) / (kLayers - 1));
        dense = orExit(readDenseLayer(source, layer));
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            const Linear& linear = dense.weights.linears[slot];
            bySlot[slot].add(dense.values[slot], linear.rows, linear.cols, kBlocks, kRepeats);
        }
    }
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        bySlot[slot].print(linearNames(0)[slot].substr(std::string("model.layers.0.").size()) + " " + sizeOf(dense.weights.linears[slot]));
        all.full += bySlot[slot].full;
        all.truncated += bySlot[slot].truncated;
        all.errors += bySlot[slot].errors;
        all.matrices += bySlot[slot].matrices;
    }
    all.print("all linears");
    return all;
}

Compared onLarge()
{
    std::mt19937_64 random(7);
    std::normal_distribution<float> normal;
    std::vector<float> W(kLarge * kLarge);
    for (float& w : W)
        w = 0.02F * normal(random);
    Compared large;
    large.add(W, kLarge, kLarge, kLargeBlocks, 1);
    large.print(std::to_string(kLarge) + " x " + std::to_string(kLarge) + ", Gaussian");
    return large;
}

} // namespace

int main(int argc, char** argv)
{
    prepareBlas(argv);
    const bool check = argc == 3 && std::strcmp(argv[2], "--check") == 0;
    if (argc < 2 || (argc > 2 && !check)) {
        std::fprintf(stderr, "usage: bench_svd MODEL [--check]\n");
        return 2;
    }
    const Compared model = onModel(orExit(openModel(argv[1])));
    const Compared large = onLarge();
    const bool met = model.ratio() >= kLeastOnModel && large.ratio() >= kLeastOnLarge && std::max(model.error(), large.error()) <= kMostError;
    if (check && !met)
        std::fprintf(stderr, "bench_svd: %.0f times, %.0f times and %.1f %% are asked for\n", kLeastOnModel, kLeastOnLarge, 100 * kMostError);
    return check && !met ? 1 : 0;
}
