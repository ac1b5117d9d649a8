// What compressing takes on a card, on made-up matrices of an 8B-shaped model: the blocks of a layer's seven linears at once, as the job
// makes them, by each codec, and the products through which moments are gathered. Times of a layer, and of 32 of them.
//     bench_gpu_compress [--tiny]
// --tiny: a small matrix beside the processor alone.
#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/refined_encoder.h"
#include "core/codecs/nested/encoder.h"
#include "core/plan/price_ladder.h"
#include "gpu/compress/compress_device.h"
#include "tests/bench/made_up_matrix.h"
#include "tests/bench/steps.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

using namespace bs;

namespace {

constexpr std::size_t kLayers = 32;
constexpr std::size_t kTokens = 16384; ///< of calibration
constexpr std::size_t kBatch = 1024;
constexpr std::size_t kBlocks = 8; ///< of codec bitstack: about 9 bits a weight

struct Widths
{
    std::size_t model, kv, mlp;
};

double secondsOf(const auto& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

nested::Encoded encoded(const MadeUpMatrix& m, nested::PassDevice* device)
{
    EnergyMean energy;
    energy.add(meanEnergy(m.W, m.moments, m.rowWeight), m.W.size());
    nested::EncodeOptions options;
    options.prices = priceLadder(energy.value());
    options.device = device;
    ThreadPool one(1);
    return orExit(nested::encode(m.W, m.rows, m.cols, {m.moments, m.rowWeight}, options, one, {}));
}

bitstack::EncodeOptions bitstackOptions(bitstack::LeftoverDevice* device)
{
    bitstack::EncodeOptions options;
    options.blocks = kBlocks;
    options.device = device;
    return options;
}

void published(const MadeUpMatrix& m, CompressDevice& device)
{
    orExit(bitstack::encode(m.W, m.rows, m.cols, bitstackOptions(&device), {}));
}

void refined(const MadeUpMatrix& m, CompressDevice& device)
{
    orExit(bitstack::encodeRefined(m.W, m.rows, m.cols, m.moments, bitstackOptions(&device), {},
                                   {}));
}

void byNested(const MadeUpMatrix& m, CompressDevice& device)
{
    encoded(m, &device);
}

struct Way
{
    const char* name;
    void (*encode)(const MadeUpMatrix&, CompressDevice&);
};
constexpr Way kWays[] = {
    {"nested", byNested}, {"bitstack", published}, {"bitstack --refined", refined}};

/// What the blocks of a layer take, by each way.
void encodeLayer(const Widths& w, CompressDevice& device)
{
    const std::array<std::array<std::size_t, 2>, 7> shapes{{{w.model, w.mlp},
                                                            {w.mlp, w.model},
                                                            {w.mlp, w.model},
                                                            {w.model, w.model},
                                                            {w.model, w.model},
                                                            {w.kv, w.model},
                                                            {w.kv, w.model}}};
    std::vector<std::unique_ptr<MadeUpMatrix>> matrices(shapes.size());
    ThreadPool pool(static_cast<int>(shapes.size()));
    pool.parallelFor(shapes.size(), [&](std::size_t i) {
        matrices[i] = std::make_unique<MadeUpMatrix>(shapes[i][0], shapes[i][1]);
    });
    for (const Way& way : kWays) {
        for (const std::size_t i : {0, 1})
            std::printf("%s, %zu x %zu alone: %.2f s\n", way.name, shapes[i][0], shapes[i][1],
                        secondsOf([&] { way.encode(*matrices[i], device); }));
        const double layer = secondsOf([&] {
            pool.parallelFor(shapes.size(), [&](std::size_t i) { way.encode(*matrices[i], device); });
        });
        std::printf("%s, a layer's blocks: %.1f s, %zu layers %.1f min\n", way.name, layer, kLayers,
                    layer * kLayers / 60);
    }
}

/// Seconds of what a layer's gradients and moments are to an MLP's matrix: forward, forward again, backward, and two sums of moments.
double gatherMoments(const Widths& w, CompressDevice& device)
{
    const MadeUpMatrix m(w.mlp, w.model);
    const auto held = orExit(device.hold(m.W.data(), w.mlp, w.model));
    const auto sums = orExit(device.hold(nullptr, w.model, w.model));
    const std::vector<float> narrow(kBatch * w.model, 0.01F);
    const std::vector<float> wide(kBatch * w.mlp, 0.01F);
    std::vector<float> result(kBatch * w.mlp);
    const auto batch = [&] {
        for (int forward = 0; forward < 2; ++forward)
            orExit(held->multiply(narrow.data(), kBatch, result.data()));
        orExit(held->multiplyTransposed(wide.data(), kBatch, result.data(), Into::Replace));
        for (int sum = 0; sum < 2; ++sum)
            orExit(sums->addGram(narrow.data(), kBatch));
    };
    batch();
    return secondsOf(batch) * static_cast<double>(kTokens / kBatch);
}

/// How much worse the card's blocks are than the processor's, by the loss that both foresee; printed for each size.
bool asGood(std::size_t width, CompressDevice& device)
{
    const MadeUpMatrix m(width, width);
    const nested::Encoded there = encoded(m, &device);
    const nested::Encoded here = encoded(m, nullptr);
    bool good = there.blocks.size() == here.blocks.size();
    for (std::size_t b = 0; good && b < here.blocks.size(); ++b) {
        const double ratio = there.blocks[b].loss / here.blocks[b].loss;
        std::printf("%zu x %zu, block %zu: loss %.4f of the processor's, bytes %.4f\n", width, width, b, ratio,
                    static_cast<double>(there.blocks[b].bytes.size()) /
                        static_cast<double>(here.blocks[b].bytes.size()));
        good = ratio < 1.05;
    }
    return good;
}

} // namespace

int main(int argc, char** argv)
{
    const bool tiny = argc == 2 && std::strcmp(argv[1], "--tiny") == 0;
    if (argc > 1 && !tiny) {
        std::printf("bench_gpu_compress [--tiny]\n");
        return 2;
    }
    const auto device = orExit(gpu::openCompressDevice(0));
    if (tiny) {
        const MadeUpMatrix m(96, 96);
        for (const Way& way : kWays)
            way.encode(m, *device);
        return asGood(96, *device) ? 0 : 1;
    }
    const Widths widths{4096, 1024, 14336};
    if (!asGood(1024, *device)) return 1;
    encodeLayer(widths, *device);
    const double moments = gatherMoments(widths, *device);
    std::printf("%zu x %zu, %zu tokens forward twice, back, two sums of moments: %.2f s, three of them in %zu layers %.1f min\n",
                widths.mlp, widths.model, kTokens, moments, kLayers, 3 * moments * kLayers / 60);
    return 0;
}
