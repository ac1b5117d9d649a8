// A stack of Llama-3-8B's shape with random planes, 4 bits a weight: how fast it opens, answers and slides.
//     bench_large FILE.bitstack [--check]
// FILE (4.2 GB) is written if it is not there. --check: fails if it takes 2 s to open, answers with less than 0.65 of the memory's
// bandwidth, or slides 500 MB with less than half of the speed at which the page cache is read.

#include "core/base/thread_pool.h"
#include "core/codecs/nested/block_layout.h"
#include "core/formats/container.h"
#include "core/jobs/bench.h"
#include "core/jobs/loaded_model.h"
#include "core/model/open.h"
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
constexpr std::uint64_t kSlabRows = 32768;

double secondsOf(const auto& body)
{
    const auto start = Clock::now();
    body();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

ModelConfig llama3()
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 32;
    config.width = 4096;
    config.mlpWidth = 14336;
    config.heads = 32;
    config.kvHeads = 8;
    config.headDim = 128;
    config.vocabulary = 128256;
    config.contextLength = 8192;
    config.ropeBase = 500000;
    return config;
}

/// What a matrix's blocks add to each of its tiles: the gains of the planes.
const std::vector<std::vector<std::uint8_t>> kBlocks{{128}, {121, 117}, {110}};
constexpr std::size_t kOutlierEvery = 2000; ///< weights, in block 1

class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed * 0x9E3779B97F4A7C15ULL + 1)
    {
    }
    std::uint64_t next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state;
    }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

private:
    std::uint64_t m_state;
};

template <typename T> void append(std::vector<std::byte>& bytes, const std::vector<T>& values)
{
    const auto* from = reinterpret_cast<const std::byte*>(values.data());
    bytes.insert(bytes.end(), from, from + values.size() * sizeof(T));
}

std::vector<std::uint8_t> steps(std::size_t count, Random& random)
{
    std::vector<std::uint8_t> steps(count);
    for (std::uint8_t& step : steps)
        step = static_cast<std::uint8_t>(random.below(16));
    return steps;
}

std::vector<std::uint16_t> shuffled(std::size_t count, Random& random)
{
    std::vector<std::uint16_t> order(count);
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    for (std::size_t i = count; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

std::size_t outliersOf(const nested::Shape& shape, std::size_t block)
{
    return block == 1 ? shape.rows * shape.cols / kOutlierEvery : 0;
}

std::uint64_t blockBytes(const nested::Shape& shape, std::size_t block)
{
    const std::size_t planes = shape.tiles() * kBlocks[block].size();
    const std::size_t prelude = block == 0 ? sizeof(nested::Prelude) + 3 * (shape.rows + shape.cols) : 0;
    const std::size_t tables = sizeof(nested::BlockHead) + prelude + nested::kOutlierBytes * outliersOf(shape, block) + nested::mapBytes(shape) + planes;
    return nested::roundUp64(tables) + planes * nested::kPlaneBytes;
}

/// As core/formats/FORMAT.md has it.
std::vector<std::byte> randomBlock(const nested::Shape& shape, std::size_t block, std::uint64_t seed)
{
    Random random(seed);
    std::vector<std::byte> bytes;
    bytes.reserve(blockBytes(shape, block));
    const std::size_t outliers = outliersOf(shape, block);
    append(bytes, std::vector<nested::BlockHead>{{static_cast<std::uint32_t>(outliers), 0}});
    if (block == 0) {
        append(bytes, std::vector<nested::Prelude>{{0.01F, 1}});
        append(bytes, steps(shape.rows, random));
        append(bytes, steps(shape.cols, random));
        append(bytes, shuffled(shape.rows, random));
        append(bytes, shuffled(shape.cols, random));
    }
    std::vector<std::uint16_t> rows, cols;
    for (std::size_t i = 0; i < outliers; ++i) {
        rows.push_back(static_cast<std::uint16_t>(i * shape.rows / outliers));
        cols.push_back(static_cast<std::uint16_t>(random.below(shape.cols)));
    }
    append(bytes, rows);
    append(bytes, cols);
    append(bytes, std::vector<std::uint16_t>(outliers, 0x4200)); // 3 in f16
    const std::vector<std::uint8_t>& gains = kBlocks[block];
    std::vector<std::uint8_t> map(nested::mapBytes(shape), 0), all;
    for (std::size_t t = 0; t < shape.tiles(); ++t) {
        map[t / 4] = static_cast<std::uint8_t>(map[t / 4] | gains.size() << (2 * (t % 4)));
        all.insert(all.end(), gains.begin(), gains.end());
    }
    append(bytes, map);
    append(bytes, all);
    bytes.resize(nested::roundUp64(bytes.size()));
    const std::size_t first = bytes.size();
    bytes.resize(blockBytes(shape, block));
    for (std::size_t i = first; i < bytes.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = random.next();
        std::memcpy(bytes.data() + i, &word, sizeof word);
    }
    return bytes;
}

void addMatrix(ContainerContent& content, const StackMatrix& matrix)
{
    const nested::Shape shape{matrix.rows, matrix.cols};
    auto& blocks = content.blocks.emplace_back();
    for (std::size_t b = 0; b < kBlocks.size(); ++b) {
        const std::uint64_t seed = content.matrices.size() * kBlocks.size() + b + 1;
        PendingTensor tensor{{blockPartNames(content.codec, matrix, b).front(), DType::U8, {blockBytes(shape, b)}, 0, 0},
                             [shape, b, seed]() -> Result<std::vector<std::byte>> { return randomBlock(shape, b, seed); }};
        blocks.push_back({{std::move(tensor)}, 1.0 / static_cast<double>(b + 1)});
    }
    content.matrices.push_back(matrix);
}

void write(const std::string& path)
{
    const ModelConfig config = llama3();
    ContainerContent content;
    content.codec = "nested";
    content.configText = huggingFaceConfigText(config);
    for (const ExpectedTensor& norm : expectedNorms(config))
        content.tensors.push_back({{norm.name, DType::F32, norm.shape, 0, 0}, [count = norm.shape[0]]() -> Result<std::vector<std::byte>> {
                                       std::vector<std::byte> bytes;
                                       append(bytes, std::vector<float>(count, 1.0F));
                                       return bytes;
                                   }});
    for (ExpectedTensor whole : expectedWhole(config)) {
        whole.name.resize(whole.name.size() - std::strlen(".weight"));
        for (std::uint64_t row = 0; row < whole.shape[0]; row += kSlabRows)
            addMatrix(content, {slabText({whole.name, row}), std::min(kSlabRows, whole.shape[0] - row), whole.shape[1], false, {}});
    }
    for (const ExpectedTensor& linear : expectedLinears(config))
        addMatrix(content, {linear.name, linear.shape[0], linear.shape[1], true, {}});
    for (std::uint32_t b = 0; b < kBlocks.size(); ++b)
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            content.order.push_back({m, b});
    content.smallestCount = content.matrices.size();
    std::printf("writing %s\n", path.c_str());
    orExit(writeContainer(path, content, false, {}));
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
        write(path);

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
