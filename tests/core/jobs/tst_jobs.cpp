#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/bench.h"
#include "core/jobs/boundary.h"
#include "core/jobs/compress.h"
#include "core/jobs/evaluate.h"
#include "core/jobs/inspect.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/session.h"
#include "core/jobs/size_marks.h"
#include "core/jobs/stack_report.h"
#include "core/store/store.h"
#include "tests/support/tiny_stack.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <new>

using namespace bs;
using namespace bs::test;

namespace {

TinyStack& world()
{
    static TinyStack all;
    return all;
}

std::unique_ptr<Session> session(const SizeChoice& size = {})
{
    SessionRequest request;
    request.model = world().stack;
    request.size = size;
    request.context = 256;
    return got(Session::open(request, {}));
}

AnswerOptions greedy(std::size_t tokens)
{
    AnswerOptions options;
    options.sampling.temperature = 0;
    options.maxTokens = tokens;
    return options;
}

const std::function<void(const AnswerPiece&)> kSilent = [](const AnswerPiece&) {};

} // namespace

TEST_CASE("what a plan says it weighs is what the engine holds, at every size")
{
    const auto source = got(openShared(world().stack));
    auto open = session();
    for (std::uint32_t depth = 0; depth <= 4; ++depth) {
        const ChosenSize size = got(chooseSize(*source, depthChoice(depth)));
        open->requestSlide(size);
        CHECK(got(open->applySlide({})));
        CHECK(open->engine().weightBytes() == size.weightBytes);
        CHECK(open->state().weightBytes == size.weightBytes);
        CHECK(open->state().depthMax == depth);
    }
    CHECK_FALSE(got(open->applySlide({})));
    const auto dense = got(openShared(world().model));
    const ChosenSize whole = got(chooseSize(*dense, {}));
    const auto engine = got(loadEngine(dense, whole, 0, {1, {}}, {})).engine;
    CHECK(engine->weightBytes() == whole.weightBytes);
}

TEST_CASE("so it is of nested blocks, whose lists and outliers take memory too")
{
    CompressRequest compressed;
    compressed.model = world().model;
    compressed.output = world().folder.file("nested.bitstack");
    compressed.codec = "nested";
    compressed.calibration = world().text;
    compressed.calibrationTokens = 512;
    compressed.engine.threads = 1;
    got(compress(compressed, {}));
    const auto source = got(openShared(compressed.output));
    SessionRequest request;
    request.model = compressed.output;
    request.context = 256;
    const auto open = got(Session::open(request, {}));
    for (const SizePoint& point : sizePoints(*source, 6)) {
        const ChosenSize size = got(chooseSize(*source, budgetChoice(point.fileBytes)));
        open->requestSlide(size);
        got(open->applySlide({}));
        CHECK(size.weightBytes == point.weightBytes);
        CHECK(open->engine().weightBytes() == size.weightBytes);
    }
}

TEST_CASE("the slider's points rise, begin and end at the smallest and largest size, and add up")
{
    const auto source = got(openShared(world().stack));
    const std::vector<SizePoint> points = sizePoints(*source, 10);
    REQUIRE(points.size() == 10);
    for (std::size_t i = 1; i < points.size(); ++i) {
        CHECK(points[i].fileBytes > points[i - 1].fileBytes);
        CHECK(points[i].weightBytes >= points[i - 1].weightBytes);
    }
    CHECK(points.back().fileBytes == std::filesystem::file_size(world().stack));
    CHECK(points.back().nextBytes == 0);
    CHECK(sizePoints(*source, 1000000).size() <= source->container->stack.order.size() + 1);
    CHECK(sizePoints(*source, 0).size() == 2);
}

TEST_CASE("an answer's kept beginning, a fresh one and a repeated one are the same")
{
    auto open = session();
    AnswerOptions options = greedy(10);
    options.sampling.repeatPenalty = 1.3F; // counts the whole conversation, kept or not
    const std::vector<ChatMessage> first{{"user", "hello"}};
    const Answer one = got(open->answer(first, options, kSilent, {}));
    const std::vector<ChatMessage> longer{
        {"user", "hello"}, {"assistant", one.text}, {"user", "go on"}};
    const Answer kept = got(open->answer(longer, options, kSilent, {}));
    open->resetContext();
    const Answer fresh = got(open->answer(longer, options, kSilent, {}));
    CHECK(kept.ids == fresh.ids);
    CHECK(kept.promptIds == fresh.promptIds);
}

TEST_CASE("stopping an answer does not give up a slide that has begun")
{
    auto open = session();
    const auto source = got(openShared(world().stack));
    const ChosenSize smallest = got(chooseSize(*source, got(parseBudget("min"))));
    std::stop_source stop;
    const auto onPiece = [&](const AnswerPiece& piece) {
        if (piece.count != 2) return;
        open->requestSlide(smallest);
        stop.request_stop();
    };
    const Answer answer = got(
        open->answer({{"user", "hello"}}, greedy(20), onPiece, JobContext{stop.get_token(), {}}));
    CHECK(answer.reason == StopReason::Stopped);
    got(open->applySlide({}));
    CHECK(open->state().weightBytes == smallest.weightBytes);
}

TEST_CASE(
    "a slide during an answer takes effect between its tokens and marks the conversation mixed")
{
    auto open = session();
    const auto source = got(openShared(world().stack));
    const ChosenSize smallest = got(chooseSize(*source, got(parseBudget("min"))));
    int slides = 0;
    open->onSlid = [&](const Result<void>& slid) { slides += slid ? 1 : 0; };
    std::vector<std::uint64_t> weights;
    const auto onPiece = [&](const AnswerPiece& piece) {
        weights.push_back(open->engine().weightBytes());
        if (piece.count == 2) open->requestSlide(smallest);
    };
    const Answer answer = got(open->complete("once upon a time", greedy(40), onPiece, {}));
    REQUIRE(weights.size() >= 4);
    CHECK(slides == 1);
    CHECK(weights[1] > smallest.weightBytes);
    CHECK(std::is_sorted(weights.rbegin(), weights.rend()));
    CHECK(weights.back() == smallest.weightBytes);
    CHECK(answer.mixed);
    CHECK(answer.weightBytes == smallest.weightBytes);
    open->resetContext();
    const Answer clean = got(open->complete("once upon a time", greedy(8), kSilent, {}));
    CHECK_FALSE(clean.mixed);
    CHECK(
        clean.ids ==
        got(session(got(parseBudget("min")))->complete("once upon a time", greedy(8), kSilent, {}))
            .ids);
}

TEST_CASE("an answer that is stopped is a result, and the session goes on")
{
    auto open = session();
    std::stop_source stop;
    const auto onPiece = [&](const AnswerPiece& piece) {
        if (piece.count == 3) stop.request_stop();
    };
    const Answer stopped = got(
        open->complete("once upon a time", greedy(50), onPiece, JobContext{stop.get_token(), {}}));
    CHECK(stopped.reason == StopReason::Stopped);
    CHECK(stopped.ids.size() == 3);
    CHECK(got(open->complete("once upon a time", greedy(3), kSilent, {})).ids == stopped.ids);
}

TEST_CASE(
    "an evaluation stores each size before the next, the dense model under the same model's hash")
{
    EvaluateRequest request;
    request.model = world().stack;
    request.text = world().text;
    request.context = 128;
    request.chunks = 3;
    request.sizes = {depthChoice(1), depthChoice(4)};
    request.includeDense = true;
    request.database = world().folder.file("runs.sqlite");
    std::vector<std::size_t> stored;
    const auto onResult = [&](std::optional<std::int64_t> run, const EvaluateResult&) {
        Store store = got(Store::open(request.database));
        stored.push_back(got(store.measurements(run.value())).size());
    };
    const Evaluation evaluation = got(evaluatePerplexity(request, onResult, {}));
    CHECK(stored == std::vector<std::size_t>{1, 2, 3});
    CHECK(evaluation.note.empty());
    Store store = got(Store::open(request.database));
    const std::vector<CurvePoint> curve = got(store.curve({}));
    REQUIRE(curve.size() == 3);
    const ModelIdentity dense = got(identify(*got(openShared(world().model))));
    std::size_t denseLines = 0;
    for (const CurvePoint& point : curve) {
        CHECK(point.modelHash == dense.modelHash);
        denseLines += point.dense() ? 1 : 0;
    }
    CHECK(denseLines == 1);

    // The model has moved: its line is left out, with a note.
    const std::string moved = world().model + "-moved";
    std::filesystem::rename(world().model, moved);
    const Evaluation without = got(evaluatePerplexity(request, {}, {}));
    std::filesystem::rename(moved, world().model);
    CHECK(without.results.size() == 2);
    CHECK(without.note.find(world().model) != std::string::npos);
}

TEST_CASE("a canceled evaluation is remembered as canceled with what it had")
{
    EvaluateRequest request;
    request.model = world().stack;
    request.text = world().text;
    request.context = 128;
    request.sizes = {depthChoice(1), depthChoice(2), depthChoice(3)};
    request.database = world().folder.file("canceled.sqlite");
    std::stop_source stop;
    const auto onResult = [&](std::optional<std::int64_t>, const EvaluateResult&) {
        stop.request_stop();
    };
    const Result<Evaluation> ended =
        evaluatePerplexity(request, onResult, JobContext{stop.get_token(), {}});
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == ErrorCode::Canceled);
    Store store = got(Store::open(request.database));
    const RunRecord run = got(store.listRuns()).front();
    CHECK(run.state == RunState::Canceled);
    CHECK(got(store.measurements(run.id)).size() == 1);
}

TEST_CASE("progress over several sizes is one rising bar")
{
    EvaluateRequest request;
    request.model = world().stack;
    request.text = world().text;
    request.context = 128;
    request.chunks = 4;
    request.sizes = {depthChoice(1), depthChoice(2), depthChoice(3)};
    double last = -1;
    double total = 0;
    const JobContext context{{}, [&](const Progress& p) {
                                 if (p.phase != "evaluating") return;
                                 CHECK(p.done >= last);
                                 last = p.done;
                                 total = p.total;
                             }};
    got(evaluatePerplexity(request, {}, context));
    CHECK(total == 3);
    CHECK(last == doctest::Approx(3));
}

TEST_CASE("memory is read at a plausible speed")
{
    const double bytesPerSecond = got(readBandwidth(64U << 20, 1));
    CHECK(bytesPerSecond > 1e8);
    CHECK(bytesPerSecond < 1e13);
}

TEST_CASE("what does not fit is told with its figures before anything is loaded")
{
    const auto source = got(openShared(world().model));
    const ChosenSize whole = got(chooseSize(*source, {}));
    const EnginePlace here = got(enginePlace({}));
    const Result<void> refused = checkMemory(*source, whole, 1ULL << 60, here);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Memory);
    CHECK(refused.error().message.find("KV cache") != std::string::npos);
    CHECK(largestThatFits(*got(openShared(world().stack)), 1ULL << 60, here).error().code ==
          ErrorCode::Memory);
}

TEST_CASE("out of memory and bugs become errors at the job's boundary")
{
    const auto memory = atJobBoundary([]() -> Result<int> { throw std::bad_alloc(); });
    CHECK(memory.error().code == ErrorCode::Memory);
    const auto bug = atJobBoundary([]() -> Result<int> { throw std::runtime_error("odd"); });
    CHECK(bug.error().code == ErrorCode::Internal);
    CHECK(bug.error().message.find("odd") != std::string::npos);
}

TEST_CASE("sizes along the loading order are those of the files, but for the header's length "
          "between a few")
{
    const auto source = got(openShared(world().stack));
    const StackReport report = got(reportStack(*source));
    const Container& container = *source->container;
    REQUIRE(report.fileBytes.size() == report.order.size() - report.smallestCount + 1);
    std::size_t exact = 0;
    for (std::size_t i = 0; i < report.fileBytes.size(); ++i) {
        const std::uint64_t file =
            fileBytesOf(container, prefixPlan(container.stack, report.smallestCount + i));
        const std::uint64_t said = report.fileBytes[i];
        CHECK(std::max(file, said) - std::min(file, said) <= 8192);
        exact += file == said ? 1 : 0;
    }
    CHECK(exact >= std::min<std::size_t>(33, report.fileBytes.size()));
    CHECK(report.fileBytes.back() == fileBytesOf(container, largestPlan(container)));
}

TEST_CASE("a known size is where the mean depth becomes whole, or what llama.cpp's types give "
          "these shapes")
{
    StackReport stack;
    stack.layers = 1;
    stack.matrices.push_back({"model.embed_tokens", {}, "embed_tokens", 1000, 64, false, {10}, {}});
    for (const char* const kind : {"q_proj", "down_proj"}) {
        const std::string name = std::string("model.layers.0.") + kind;
        stack.matrices.push_back(
            {name, 0, kind, 256, kind[0] == 'q' ? 64U : 256U, true, {1, 1}, {}});
    }
    stack.order = {{0, 0}, {1, 0}, {2, 0}, {2, 1}, {1, 1}}; // mean depths 0, .2, 1, 1.8, 2
    stack.smallestCount = 2;
    stack.fileBytes = {20'000, 60'000, 90'000, 150'000};
    std::vector<std::string> marks;
    for (const SizeMark& mark : sizeMarks(stack))
        marks.push_back(std::string(nameOf(mark.kind)) + " " + mark.name + " " +
                        std::to_string(mark.fileBytes));
    // Rows of 64 weights are not of a super-block type: embedding Q8_0 68000, q 256 * 64 as IQ4_NL,
    // Q5_0 or Q8_0; down 256 * 256 as Q3_K, Q6_K (the only layer is one of the last eighth) or
    // Q8_0.
    CHECK(marks == std::vector<std::string>{"depth 1 60000", "depth 2 150000", "peer Q3_K_S 105376",
                                            "peer Q4_K_M 133024", "peer Q6_K 139168"});
}
