// The engine on a card with a model of Llama-3-8B's shape:
//     bench_gpu_engine FOLDER [--tiny]
// FOLDER gets (or has) large.bitstack, 4.2 GB of random planes at about 4 bits, and large-f16, the
// same shape in f16 (16 GB, one piece of random numbers again and again). Answers and prompts of
// both in one run, what they reach of the bandwidth measured beside them, and a slide of 1 GB
// during an answer. --tiny: a small shape, to see that it runs.
#include "core/formats/safetensors.h"
#include "core/model/open.h"
#include "core/tensor/float16.h"
#include "gpu/device/runtime.h"
#include "gpu/engine/engine.h"
#include "tests/bench/large_stack.h"
#include "tests/bench/steps.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace {

using namespace bs;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

double secondsOf(const auto& body)
{
    const auto start = Clock::now();
    body();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Sizes
{
    ModelConfig config = test::llama3Of8Billion();
    std::size_t prompt = 2048;
    std::size_t shortPrompt = 32;
    std::size_t answer = 200;
    std::uint64_t slide = 1'000'000'000;
};

Sizes tinySizes()
{
    Sizes sizes;
    sizes.config.layers = 1;
    sizes.config.width = 64;
    sizes.config.mlpWidth = 96;
    sizes.config.heads = 4;
    sizes.config.kvHeads = 2;
    sizes.config.headDim = 16;
    sizes.config.vocabulary = 64;
    sizes.prompt = 36;
    sizes.shortPrompt = 12;
    sizes.answer = 5;
    sizes.slide = 4000;
    return sizes;
}

std::vector<ExpectedTensor> allTensors(const ModelConfig& config)
{
    std::vector<ExpectedTensor> all = expectedNorms(config);
    for (const auto& more : {expectedWhole(config), expectedLinears(config)})
        for (ExpectedTensor tensor : more) {
            if (!tensor.name.ends_with(".weight")) tensor.name += ".weight";
            all.push_back(std::move(tensor));
        }
    return all;
}

/// A Hugging Face folder in f16 whose tensors are one piece of random numbers again and again.
void writeDense(const std::string& folder, const ModelConfig& config)
{
    fs::create_directories(folder);
    std::ofstream(folder + "/config.json") << huggingFaceConfigText(config);
    nlohmann::json header;
    std::uint64_t at = 0;
    for (const ExpectedTensor& tensor : allTensors(config)) {
        std::uint64_t bytes = 2;
        for (const std::uint64_t side : tensor.shape)
            bytes *= side;
        header[tensor.name] = {
            {"dtype", "F16"}, {"shape", tensor.shape}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::ofstream file(folder + "/model.safetensors", std::ios::binary);
    const std::uint64_t length = text.size();
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0.0F, 0.02F);
    std::vector<std::uint16_t> piece(1 << 24);
    for (std::uint16_t& half : piece)
        half = floatToHalf(normal(random));
    for (std::uint64_t done = 0; done < at;) {
        const std::uint64_t bytes = std::min<std::uint64_t>(at - done, piece.size() * 2);
        file.write(reinterpret_cast<const char*>(piece.data()),
                   static_cast<std::streamsize>(bytes));
        done += bytes;
    }
}

struct Speeds
{
    double promptSeconds = 0; ///< median of three
    double shortSeconds = 0;  ///< the same of a short one
    double tokenSeconds = 0;  ///< median
    std::uint64_t weightBytes = 0;
};

std::int32_t tokenAt(std::size_t i, const ModelConfig& config)
{
    return static_cast<std::int32_t>(i * 997 % config.vocabulary);
}

/// Median seconds of a prompt, which begins `cache`.
double promptSecondsOf(Engine& engine, const Sizes& sizes, std::size_t length, KvCache& cache)
{
    std::vector<std::int32_t> prompt;
    for (std::size_t i = 0; i < length; ++i)
        prompt.push_back(tokenAt(i, sizes.config));
    std::vector<Candidate> best;
    std::vector<double> prompts;
    for (int i = 0; i < 4; ++i) { // the first one warms up
        cache.truncate(0);
        const double seconds =
            secondsOf([&] { orExit(engine.forwardBest(prompt, cache, 1, best, {})); });
        if (i > 0) prompts.push_back(seconds);
    }
    return median(prompts);
}

Speeds speedsOf(Engine& engine, const Sizes& sizes)
{
    const auto cache = orExit(engine.newCache(sizes.prompt + sizes.answer));
    Speeds speeds;
    speeds.weightBytes = engine.weightBytes();
    speeds.shortSeconds = promptSecondsOf(engine, sizes, sizes.shortPrompt, *cache);
    speeds.promptSeconds = promptSecondsOf(engine, sizes, sizes.prompt, *cache);
    std::vector<Candidate> best;
    std::vector<double> tokens;
    for (std::size_t i = 0; i < sizes.answer; ++i) {
        const std::int32_t token = tokenAt(i, sizes.config);
        tokens.push_back(secondsOf(
            [&] { orExit(engine.forwardBest(std::span(&token, 1), *cache, 1, best, {})); }));
    }
    speeds.tokenSeconds = median(tokens);
    return speeds;
}

/// Bytes a second that the card's memory gives to a copy (read and written), and the host to it.
struct Bandwidths
{
    double memory = 0;
    double fromHost = 0;
};

Bandwidths bandwidthsOf(std::size_t bytes)
{
    const gpu::Stream stream = orExit(gpu::Stream::create());
    const gpu::Buffer a = orExit(gpu::Buffer::create(bytes, stream));
    const gpu::Buffer b = orExit(gpu::Buffer::create(bytes, stream));
    const gpu::PinnedMemory host = orExit(gpu::PinnedMemory::create(bytes));
    std::memset(host.as<void>(), 1, bytes);
    const auto rateOf = [&](double moved, const auto& copy) {
        std::vector<double> rates;
        for (int i = 0; i < 7; ++i)
            rates.push_back(moved / secondsOf([&] {
                                copy();
                                orExit(stream.wait());
                            }));
        return median(rates);
    };
    Bandwidths found;
    found.memory = rateOf(2.0 * static_cast<double>(bytes),
                          [&] { orExit(copyOnDevice(a.as<void>(), b.as<void>(), bytes, stream)); });
    found.fromHost = rateOf(static_cast<double>(bytes), [&] {
        orExit(copyToDevice(a.as<void>(), host.as<void>(), bytes, stream));
    });
    return found;
}

std::unique_ptr<Engine> opened(const std::string& path)
{
    const auto source = std::make_shared<const ModelSource>(orExit(openModel(path)));
    return orExit(gpu::loadDeviceEngine(source, 0, 0, nullptr, {}));
}

/// What of the weights a token reads: all but the embedding, of which it reads a row.
double readOf(const Engine& engine, const ModelConfig& config)
{
    const double all = static_cast<double>(engine.weightBytes());
    const double embedding = static_cast<double>(config.vocabulary) * config.width;
    const double parameters = 2 * embedding + static_cast<double>(config.layers) * config.width *
                                                  (2.0 * config.qWidth() + 2.0 * config.kvWidth() +
                                                   3.0 * config.mlpWidth);
    return all * (1 - embedding / parameters);
}

/// Up by `bytes` while tokens are made.
void benchSlide(Engine& engine, const Container& container, const Sizes& sizes, double fromHost)
{
    const Plan all = largestPlan(container);
    const std::uint64_t whole = fileBytesOf(container, all);
    const Plan less = orExit(planForBudget(container, whole - sizes.slide));
    const double moved = static_cast<double>(whole - fileBytesOf(container, less));
    orExit(engine.setPlan(less, {}));
    const auto cache = orExit(engine.newCache(4 * sizes.answer));
    std::vector<Candidate> best;
    std::vector<double> before;
    std::vector<double> during;
    const auto tokenTo = [&](std::vector<double>& times, const auto& after) {
        const std::int32_t token = tokenAt(cache->length(), sizes.config);
        times.push_back(secondsOf([&] {
            orExit(engine.forwardBest(std::span(&token, 1), *cache, 1, best, {}));
            after();
        }));
    };
    for (std::size_t i = 0; i < sizes.answer; ++i)
        tokenTo(before, [] {});
    bool done = false;
    const auto start = Clock::now();
    orExit(engine.startPlan(all));
    while (!done && cache->length() < cache->capacity())
        tokenTo(during, [&] { done = orExit(engine.continuePlan(0, {})); });
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (!done) orExit(engine.setPlan(all, {}));
    std::printf("slide of %.0f MB during an answer: %.0f ms, %.2f of %.1f GB/s from the host; "
                "longest token %.2f of the median\n",
                moved * 1e-6, seconds * 1e3, moved / seconds / fromHost, fromHost * 1e-9,
                *std::max_element(during.begin(), during.end()) / median(before));
}

} // namespace

int main(int argc, char** argv)
{
    const bool tiny = argc == 3 && std::strcmp(argv[2], "--tiny") == 0;
    if (argc < 2 || argc > 3 || (argc == 3 && !tiny)) {
        std::fprintf(stderr, "bench_gpu_engine FOLDER [--tiny]\n");
        return 2;
    }
    const Sizes sizes = tiny ? tinySizes() : Sizes{};
    const std::string stack = std::string(argv[1]) + "/large.bitstack";
    const std::string dense = std::string(argv[1]) + "/large-f16";
    if (!fs::exists(stack)) orExit(test::writeLargeStack(stack, sizes.config));
    if (!fs::exists(dense)) writeDense(dense, sizes.config);

    orExit(gpu::useDevice(0));
    const gpu::DeviceInfo info = orExit(gpu::deviceInfo(0));
    const Bandwidths bandwidths = bandwidthsOf(tiny ? 1 << 20 : 1 << 30);
    std::printf("%s: memory %.2f TB/s, from the host %.1f GB/s\n", info.name.c_str(),
                bandwidths.memory * 1e-12, bandwidths.fromHost * 1e-9);
    Speeds f16;
    {
        const auto engine = opened(dense);
        f16 = speedsOf(*engine, sizes);
        std::printf("f16: %.1f GB, %.1f tokens/s (%.2f of the bandwidth), prompts %.0f tokens/s\n",
                    static_cast<double>(f16.weightBytes) * 1e-9, 1 / f16.tokenSeconds,
                    readOf(*engine, sizes.config) / f16.tokenSeconds / bandwidths.memory,
                    static_cast<double>(sizes.prompt) / f16.promptSeconds);
    }
    const auto source = std::make_shared<const ModelSource>(orExit(openModel(stack)));
    std::unique_ptr<Engine> engine;
    const double opening =
        secondsOf([&] { engine = orExit(gpu::loadDeviceEngine(source, 0, 0, nullptr, {})); });
    const Speeds ours = speedsOf(*engine, sizes);
    std::printf("stack: %.1f GB, opened in %.2f s, %.1f tokens/s: %.2f times f16 (%.2f of the "
                "bandwidth); prompts %.2f times, of %zu tokens %.2f times\n",
                static_cast<double>(ours.weightBytes) * 1e-9, opening, 1 / ours.tokenSeconds,
                f16.tokenSeconds / ours.tokenSeconds,
                readOf(*engine, sizes.config) / ours.tokenSeconds / bandwidths.memory,
                f16.promptSeconds / ours.promptSeconds, sizes.shortPrompt,
                f16.shortSeconds / ours.shortSeconds);
    benchSlide(*engine, *source->container, sizes, bandwidths.fromHost);
    return 0;
}
