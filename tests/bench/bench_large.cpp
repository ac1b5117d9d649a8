// A stack of Llama-3-8B's shape with random planes, 4 bits a weight: how fast it opens, answers and slides.
//     bench_large FILE.bitstack [--check]
// FILE (4.2 GB) is written if it is not there. --check: fails if it takes 2 s to open, answers with less than 0.65 of the memory's
// bandwidth, or slides 500 MB with less than half of the speed at which the page cache is read.

#include "core/base/thread_pool.h"
#include "core/formats/container.h"
#include "core/jobs/bench.h"
#include "core/jobs/loaded_model.h"
#include "tests/bench/large_stack.h"
#include "tests/bench/steps.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>

using namespace bs;

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMostSeconds = 2;
constexpr double kLeastBandwidth = 0.65;
constexpr double kLeastSlide = 0.5;
constexpr std::uint64_t kSlideBytes = 500'000'000;
constexpr std::size_t kTokens = 24;

double secondsOf(const auto& body)
{
    const auto start = Clock::now();
    body();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Bytes a second at which the start of the file is read from the page cache, with all threads.
double cacheReads(const File& file, ThreadPool& pool)
{
    constexpr std::size_t kPiece = 1 << 20;
    const auto pieces = static_cast<std::size_t>(kSlideBytes / kPiece);
    std::vector<double> seconds;
    for (int pass = 0; pass < 5; ++pass)
        seconds.push_back(secondsOf([&] {
            pool.parallelFor(pieces, [&](std::size_t i) {
                thread_local std::vector<std::byte> room(kPiece);
                if (auto read = file.readAt(i * kPiece, room); !read)
                    std::abort();
            });
        }));
    return static_cast<double>(pieces * kPiece) / *std::min_element(seconds.begin(), seconds.end());
}

} // namespace

int main(int argc, char** argv)
{
    const bool check = argc > 2 && std::strcmp(argv[2], "--check") == 0;
    if (argc < 2 || argc > 3 || (argc == 3 && !check)) {
        std::fprintf(stderr, "bench_large FILE.bitstack [--check]\n");
        return 2;
    }
    const std::string path = argv[1];
    if (!std::filesystem::exists(path))
        orExit(test::writeLargeStack(path, test::llama3Of8Billion()));

    ThreadPool pool;
    ChosenSize all;
    double reads = 0;
    {
        const auto source = orExit(openShared(path));
        const File& file = *source->container->file;
        std::vector<std::byte> room(1 << 24);
        for (std::uint64_t at = 0; at < file.size(); at += room.size()) // into the page cache
            (void)file.readAt(at, std::span(room).first(std::min<std::uint64_t>(room.size(), file.size() - at)));
        reads = cacheReads(file, pool);
        all = orExit(chooseSize(*source, orExit(parseBudget("max"))));
        std::printf("%.2f GB, %.1f billion parameters, %.2f bits each; page cache read at %.1f GB/s\n", static_cast<double>(file.size()) * 1e-9,
                    static_cast<double>(source->parameters) * 1e-9, static_cast<double>(file.size()) * 8 / static_cast<double>(source->parameters), reads * 1e-9);
    }
    std::shared_ptr<const ModelSource> source;
    std::unique_ptr<Engine> engine;
    std::vector<double> openings;
    for (int i = 0; i < 3; ++i) {
        engine.reset();
        openings.push_back(secondsOf([&] {
            source = orExit(openShared(path));
            engine = orExit(loadEngine(source, all, 0, {}, {})).engine;
        }));
    }
    const double opening = median(openings);
    std::printf("opens in %.2f s (%.2f the first time), %.2f GB/s\n", opening, openings[0], static_cast<double>(engine->weightBytes()) / opening * 1e-9);

    const double bandwidth = orExit(readBandwidth(1ULL << 30, 0));
    const auto cache = orExit(engine->newCache(kTokens + 1));
    std::vector<float> logits;
    std::vector<double> times;
    for (std::size_t i = 0; i <= kTokens; ++i) {
        const std::int32_t token = static_cast<std::int32_t>(i * 997);
        times.push_back(secondsOf([&] { (void)orExit([&]() -> Result<bool> {
                                            BS_CHECK(engine->forward(std::span(&token, 1), *cache, 1, logits, {}));
                                            return true;
                                        }()); }));
    }
    std::uint64_t embedding = 0;
    for (const StackMatrix& matrix : engine->stack()->matrices)
        if (matrix.name.starts_with("model.embed_tokens"))
            embedding += std::accumulate(matrix.blockBytes.begin(), matrix.blockBytes.end(), std::uint64_t{0});
    const double token = median(times);
    const double share = static_cast<double>(engine->weightBytes() - embedding) / token / bandwidth;
    std::printf("%.2f tokens/s: %.2f of the memory's %.1f GB/s\n", 1 / token, share, bandwidth * 1e-9);

    const ChosenSize less = orExit(chooseSize(*source, orExit(parseBudget(std::to_string(all.fileBytes - kSlideBytes)))));
    std::vector<double> down, up;
    for (int i = 0; i < 3; ++i) {
        down.push_back(secondsOf([&] { (void)engine->setPlan(less.plan, {}); }));
        up.push_back(secondsOf([&] { (void)engine->setPlan(all.plan, {}); }));
    }
    const double slid = static_cast<double>(all.fileBytes - less.fileBytes);
    const double slide = slid / std::max(median(down), median(up)) / reads;
    std::printf("slides %.0f MB down in %.0f ms, up in %.0f ms: %.2f of the speed of the page cache\n", slid * 1e-6, median(down) * 1000, median(up) * 1000, slide);
    return check && !(opening < kMostSeconds && share >= kLeastBandwidth && slide >= kLeastSlide) ? 1 : 0;
}
