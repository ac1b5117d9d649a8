// Perplexity by products straight from the planes, with x in tables of 8 bits, beside that by decoded weights and x in 12 bits.
//     bench_direct FILE.bitstack TEXT WINDOWS SIZE..
// WINDOWS of 512 tokens, the second half of each scored. Fails if they differ by more than 0.2 % at some size.

#include "core/codecs/nested/product.h"
#include "core/jobs/evaluate.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

using namespace bs;

namespace {

constexpr double kMost = 0.002;

std::vector<double> perplexities(const EvaluateRequest& request, std::size_t directRows)
{
    nested::setDirectRows(directRows);
    const auto evaluation = evaluatePerplexity(request, {}, {});
    if (!evaluation) {
        std::fprintf(stderr, "bench_direct: %s\n", evaluation.error().message.c_str());
        std::exit(1);
    }
    std::vector<double> results;
    for (const EvaluateResult& result : evaluation.value().results)
        results.push_back(result.perplexity.perplexity);
    return results;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 5) {
        std::fprintf(stderr, "bench_direct FILE.bitstack TEXT WINDOWS SIZE..\n");
        return 2;
    }
    EvaluateRequest request;
    request.model = argv[1];
    request.text = argv[2];
    request.context = 512;
    request.chunks = static_cast<std::size_t>(std::atoi(argv[3]));
    for (int i = 4; i < argc; ++i) {
        auto choice = parseBudget(argv[i]);
        if (!choice) {
            std::fprintf(stderr, "bench_direct: %s\n", choice.error().message.c_str());
            return 2;
        }
        request.sizes.push_back(std::move(choice).value());
    }
    const std::vector<double> decoded = perplexities(request, 0);
    const std::vector<double> direct = perplexities(request, std::numeric_limits<std::size_t>::max());
    bool close = true;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        const double off = direct[i] / decoded[i] - 1;
        close = close && std::abs(off) <= kMost;
        std::printf("%s: decoded %.4f, from the planes %.4f, %+.3f %%\n", argv[4 + i], decoded[i], direct[i], 100 * off);
    }
    return close ? 0 : 1;
}
