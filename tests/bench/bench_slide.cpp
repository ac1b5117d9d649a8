// An answer during which the size changes from the smallest to the largest and back, again and again: how long tokens take meanwhile.
//     bench_slide FILE.bitstack [TOKENS]
// Fails if a token takes more than twice the median one of the larger size.

#include "core/jobs/session.h"
#include "tests/bench/steps.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace bs;

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMost = 2;
constexpr std::size_t kBetween = 40; ///< tokens from one slide to the next

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "bench_slide FILE.bitstack [TOKENS]\n");
        return 2;
    }
    SessionRequest request;
    request.model = argv[1];
    request.size = orExit(parseBudget("max"));
    const auto session = orExit(Session::open(request, {}));
    const ChosenSize sizes[] = {orExit(chooseSize(session->source(), orExit(parseBudget("min")))), orExit(chooseSize(session->source(), request.size))};

    std::vector<double> all; // milliseconds of tokens, what is done between them included
    std::vector<double> large;
    std::vector<double> sliding; // tokens from asking for a size until it is there
    std::size_t slides = 0;
    bool under = false;
    Clock::time_point asked, before;
    std::vector<double> slideTimes;
    session->onSlid = [&](const Result<void>& slid) {
        if (!slid) {
            std::fprintf(stderr, "bench_slide: %s\n", slid.error().message.c_str());
            std::exit(1);
        }
        under = false;
        slideTimes.push_back(std::chrono::duration<double>(Clock::now() - asked).count() * 1000);
    };
    AnswerOptions options;
    options.maxTokens = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 600;
    options.sampling.temperature = 0.8F;
    const auto onPiece = [&](const AnswerPiece& piece) {
        const Clock::time_point now = Clock::now();
        if (piece.count > 1) {
            const double ms = std::chrono::duration<double>(now - before).count() * 1000;
            all.push_back(ms);
            if (under)
                sliding.push_back(ms);
            else if (slides % 2 == 0)
                large.push_back(ms);
        }
        before = now;
        if (piece.count % kBetween == 0) {
            session->requestSlide(sizes[slides++ % 2]);
            asked = now;
            under = true;
        }
    };
    orExit(session->complete("A short history of the sea:", options, onPiece, {}));
    if (sliding.empty() || large.empty()) {
        std::fprintf(stderr, "bench_slide: the answer was too short\n");
        return 1;
    }
    const double usual = median(large);
    const double worst = *std::max_element(sliding.begin(), sliding.end());
    std::printf("%zu slides during an answer of %zu tokens, each there after %.0f ms (median); a token at the largest size takes %.2f ms, the longest of %zu while sliding %.2f: %.2f of it\n",
                slideTimes.size(), all.size() + 1, median(slideTimes), usual, sliding.size(), worst, worst / usual);
    return worst <= kMost * usual ? 0 : 1;
}
