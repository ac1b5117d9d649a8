// Times the nested encoder on made-up matrices (made_up_matrix.h): all blocks of each, on one thread.
//     bench_encode [--growth] [ROWS COLS]
// Without ROWS and COLS: 14336 x 4096 and 4096 x 14336 (2.5 GB of memory). --growth: three widths instead, with the time over parameters x width.

#include "core/codecs/nested/encoder.h"
#include "core/linalg/prepare_blas.h"
#include "core/plan/nested_loss.h"
#include "core/plan/price_ladder.h"
#include "tests/bench/made_up_matrix.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace bs;

namespace {

/// Seconds that all blocks of a matrix take on one thread.
double encodeAll(std::size_t rows, std::size_t cols)
{
    const MadeUpMatrix made(rows, cols);
    EnergyMean energy;
    energy.add(meanEnergy(made.W, made.moments, made.rowWeight), made.W.size());
    nested::EncodeOptions options;
    options.prices = priceLadder(energy.value());
    ThreadPool one(1);
    const auto start = std::chrono::steady_clock::now();
    const auto encoded = nested::encode(made.W, rows, cols, {made.moments, made.rowWeight}, options, one, {});
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!encoded) {
        std::printf("%s\n", encoded.error().message.c_str());
        std::exit(1);
    }
    std::size_t bytes = 0;
    for (const nested::EncodedBlock& block : encoded.value().blocks)
        bytes += block.bytes.size();
    std::printf("%6zu x %-6zu %7.1f s  %2zu blocks  %.2f bits a weight", rows, cols, seconds, encoded.value().blocks.size(),
                8.0 * static_cast<double>(bytes) / static_cast<double>(rows * cols));
    return seconds;
}

} // namespace

int main(int argc, char** argv)
{
    prepareBlas(argv);
    if (argc == 2 && std::strcmp(argv[1], "--growth") == 0) {
        double before = 0;
        for (const std::size_t width : {1024, 2048, 4096}) {
            const double seconds = encodeAll(width, width);
            const double share = seconds / std::pow(static_cast<double>(width), 3);
            if (before > 0)
                std::printf("  %.2f times as long for each parameter x width as half the width", share / before);
            std::printf("\n");
            std::fflush(stdout);
            before = share;
        }
        return 0;
    }
    if (argc == 3 && std::atoi(argv[1]) > 0 && std::atoi(argv[2]) > 0) {
        encodeAll(static_cast<std::size_t>(std::atoi(argv[1])), static_cast<std::size_t>(std::atoi(argv[2])));
        std::printf("\n");
        return 0;
    }
    if (argc > 1) {
        std::printf("bench_encode [--growth] [ROWS COLS]\n");
        return 2;
    }
    for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{14336, 4096}, {4096, 14336}}) {
        encodeAll(rows, cols);
        std::printf("\n");
        std::fflush(stdout);
    }
    return 0;
}
