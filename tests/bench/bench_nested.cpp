// Checks the product from the planes of the nested codec against the plain one, then measures it at every depth beside the
// core's own reading of the same memory.
//     bench_nested [--check] [--threads N] [--megabytes N]
// --check: fails if one thread reaches less than 0.35 of what it can read at some depth.

#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/product.h"
#include "core/linalg/cpu/kernels.h"
#include "tests/support/random_nested.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>

using namespace bs;

namespace {

constexpr double kLeastShare = 0.35;
constexpr double kOutliers = 1e-3;

double secondsOf(const auto& body)
{
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What one run in ten is faster than: what the core can do, without what else runs on the machine.
double fast(std::vector<double> seconds)
{
    const auto at = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 10);
    std::nth_element(seconds.begin(), at, seconds.end());
    return *at;
}

std::uint64_t readAll(const std::uint64_t* words, std::size_t count)
{
    std::uint64_t sums[16] = {};
    for (std::size_t i = 0; i + 16 <= count; i += 16)
        for (std::size_t k = 0; k < 16; ++k)
            sums[k] += words[i + k];
    std::uint64_t sum = 0;
    for (const std::uint64_t s : sums)
        sum += s;
    return sum;
}

volatile std::uint64_t g_kept;

struct Depth
{
    bool pairs; ///< a plain plane and a trellis plane in turn; trellis planes alone if not
    unsigned planes;

    unsigned plain() const { return pairs ? 0x155U & ((1U << planes) - 1) : 0; }
};

std::vector<Depth> allDepths()
{
    std::vector<Depth> depths;
    for (unsigned planes = 1; planes <= nested::kMostPlanes; ++planes)
        depths.push_back({false, planes});
    for (unsigned planes = 2; planes <= nested::kMostPlanes; ++planes)
        depths.push_back({true, planes});
    return depths;
}

std::string nameOf(const Depth& depth)
{
    return std::to_string(depth.planes) + (depth.planes == 1 ? " bit, " : " bits, ") + (depth.pairs ? "pairs of planes" : "trellis planes");
}

/// Random bytes that matrices of any depth share.
struct Pool
{
    struct alignas(64) Line
    {
        std::uint64_t words[8];
    };
    std::vector<Line> lines; ///< as a mapped file's blocks begin at multiples of 64 bytes
    std::span<std::uint64_t> words;

    explicit Pool(std::size_t megabytes)
        : lines(megabytes << 14), words(lines[0].words, lines.size() * 8)
    {
        std::uint64_t state = 88172645463325252ULL;
        for (std::uint64_t& word : words) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word = state;
        }
    }
};

/// As a file has it when each plane was added by a block of its own: the first planes of all tiles, then the second ones.
struct Placed
{
    nested::Matrix matrix;
    std::size_t firstWord;
    std::size_t bytes;

    Placed(const test::RandomNested& like, const Depth& depth, const Pool& pool, std::size_t word)
        : matrix(like.matrix), firstWord(word)
    {
        std::size_t at = 0;
        std::vector<nested::Tile> tiles = like.tiles;
        matrix.bytes = reinterpret_cast<const std::byte*>(pool.words.data() + word);
        for (unsigned p = 0; p < depth.planes; ++p)
            for (nested::Tile& tile : tiles) {
                tile.at[p] = static_cast<std::uint32_t>(at / 64);
                at += nested::kPlaneBytes;
            }
        bytes = at;
        matrix.setTiles(tiles);
    }
};

std::vector<Placed> placeAll(const nested::Shape& shape, const Depth& depth, const Pool& pool, std::size_t most)
{
    test::RandomNested random(shape, depth.planes);
    random.setAll(depth.planes, depth.plain());
    random.addOutliers(static_cast<std::size_t>(kOutliers * static_cast<double>(shape.rows * shape.cols)));
    const std::size_t words = shape.tiles() * nested::kPlaneBytes * depth.planes / sizeof(std::uint64_t);
    std::vector<Placed> placed;
    for (std::size_t word = 0; word + words <= pool.words.size() && placed.size() < most; word += words)
        placed.emplace_back(random, depth, pool, word);
    return placed;
}

void product(const nested::Matrix& matrix, const std::vector<float>& x, std::vector<float>& y, ThreadPool& threads)
{
    const nested::Product one{&matrix, y.data(), y.size()};
    nested::multiply(std::span(&one, 1), x.data(), 1, threads);
}

/// The fast tables equal the plain one to the bit; the plain one is the reference's within 2 % (8 bits of x).
void check(const Placed& placed, const std::vector<float>& x)
{
    const std::size_t rows = placed.matrix.shape.rows;
    std::vector<float> reference(rows), plain(rows), got(rows);
    ThreadPool one(1);
    nested::multiplyReference(placed.matrix, x.data(), reference.data());
    const Kernels& used = kernels();
    const Kernels* const* tables = nullptr;
    const std::size_t count = availableKernels(tables);
    for (std::size_t t = 0; t < count; ++t) {
        useKernels(*tables[t]);
        std::vector<float>& y = t == 0 ? plain : got;
        product(placed.matrix, x, y, one);
        if (t > 0 && got != plain) {
            std::printf("%s and %s differ\n", tables[t]->name, tables[0]->name);
            std::exit(1);
        }
    }
    useKernels(used);
    double error = 0;
    double size = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        error += std::pow(static_cast<double>(plain[i]) - static_cast<double>(reference[i]), 2);
        size += std::pow(static_cast<double>(reference[i]), 2);
    }
    if (!(std::sqrt(error / size) < 0.03)) {
        std::printf("the product is off by %.3g of its size\n", std::sqrt(error / size));
        std::exit(1);
    }
    std::printf("  off by %.4f", std::sqrt(error / size));
}

struct Speed
{
    double product = 0; ///< GB/s of planes
    double read = 0;    ///< GB/s of the same memory
};

/// Products and reads in turn, far apart in memory.
Speed measure(const std::vector<Placed>& set, const Pool& pool, const std::vector<float>& x, ThreadPool& threads, int rounds)
{
    std::vector<float> y(set[0].matrix.shape.rows);
    std::vector<double> multiplied, read;
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < set.size(); ++i) {
            multiplied.push_back(secondsOf([&] { product(set[i].matrix, x, y, threads); }));
            const Placed& other = set[(i + set.size() / 2) % set.size()];
            const auto pieces = static_cast<std::size_t>(threads.size());
            const std::size_t words = other.bytes / sizeof(std::uint64_t) / pieces;
            read.push_back(secondsOf([&] {
                threads.parallelFor(pieces, [&](std::size_t piece) {
                    g_kept = readAll(pool.words.data() + other.firstWord + piece * words, words);
                });
            }));
        }
    const double bytes = static_cast<double>(set[0].bytes) * 1e-9;
    return {bytes / fast(multiplied), bytes / fast(read)};
}

/// Speeds at all depths; false if a share is too small.
bool measureAll(const nested::Shape& shape, const Pool& pool, std::size_t most, ThreadPool& threads, int rounds)
{
    bool enough = true;
    for (const Depth& depth : allDepths()) {
        const std::vector<Placed> set = placeAll(shape, depth, pool, most);
        test::RandomNested random(shape, 1);
        const std::vector<float> x = random.randomX(1);
        if (threads.size() == 1 && most == 1)
            check(set[0], x);
        const Speed speed = measure(set, pool, x, threads, rounds);
        const double share = speed.product / speed.read;
        std::printf("  %-28s %6.1f GB/s of planes  %6.1f G weights/s", nameOf(depth).c_str(), speed.product, speed.product * 8 / depth.planes);
        if (most > 1) {
            std::printf("  reads %5.1f GB/s  %.2f", speed.read, share);
            enough = enough && share >= kLeastShare;
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    return enough;
}

} // namespace

int main(int argc, char** argv)
{
    bool check = false;
    int threads = 0;
    std::size_t megabytes = 256;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--check") == 0)
            check = true;
        else if (i + 1 < argc && std::strcmp(argv[i], "--threads") == 0)
            threads = std::atoi(argv[++i]);
        else if (i + 1 < argc && std::strcmp(argv[i], "--megabytes") == 0)
            megabytes = static_cast<std::size_t>(std::max(64, std::atoi(argv[++i])));
        else {
            std::printf("bench_nested [--check] [--threads N] [--megabytes N]\n");
            return 2;
        }
    }
    const Pool pool(megabytes);
    ThreadPool one(1);
    ThreadPool all(threads);
    std::printf("kernel table: %s; one row of x in 8 bits, scales, gains and one outlier in a thousand included\n", kernels().name);
    std::printf("1536 x 1536 from the caches, one thread\n");
    measureAll({1536, 1536}, pool, 1, one, 400);
    std::printf("4096 x 2048 from %zu MB of memory, one thread, beside its own reads\n", megabytes);
    const bool enough = measureAll({4096, 2048}, pool, ~std::size_t{0}, one, 2);
    if (all.size() > 1) {
        std::printf("the same, %d threads\n", all.size());
        measureAll({4096, 2048}, pool, ~std::size_t{0}, all, 2);
    }
    if (check && !enough) {
        std::printf("below %.2f of the core's own reads\n", kLeastShare);
        return 1;
    }
    return 0;
}
