// A card that is lost: a sentence, and the conversation goes on elsewhere.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/compress.h"
#include "core/jobs/session.h"
#include "tests/gpu/emulated_cards.h"
#include "tests/support/got.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace {

using namespace bs;
using bs::gpu::test::EmulatedCards;
using bs::test::got;
using bs::test::TempFolder;

/// A small model with its tokenizer, a text, and a stack of it.
struct World
{
    TempFolder folder;
    std::string model = folder.file("model");
    std::string text = folder.write("text.txt", someText());
    std::string stack = folder.file("small.bitstack");

    World()
    {
        std::filesystem::create_directory(model);
        ModelConfig config = test::tinyConfig(true, 256);
        config.vocabulary = 421; // the tokenizer's
        test::writeRandomModel(model, config);
        std::filesystem::copy_file(std::string(BS_TEST_DATA_DIR) + "/tokenizers/smollm/tokenizer.json",
                                   model + "/tokenizer.json");
        CompressRequest request;
        request.model = model;
        request.output = stack;
        request.calibration = text;
        request.calibrationTokens = 256;
        request.engine = {1, got(parseDevice("cpu"))};
        got(compress(request, {}));
    }
    static std::string someText()
    {
        std::string text;
        for (int i = 0; i < 400; ++i)
            text += "the dog number " + std::to_string(i * 37 % 101) + " went home; ";
        return text;
    }
};

World& world()
{
    static World all;
    return all;
}

std::unique_ptr<Session> opened(const std::string& device)
{
    SessionRequest request;
    request.model = world().stack;
    request.context = 256;
    request.engine = {1, got(parseDevice(device))};
    return got(Session::open(request, {}));
}

constexpr std::size_t kTokens = 4;

AnswerOptions greedy(std::size_t tokens)
{
    AnswerOptions options;
    options.sampling.temperature = 0;
    options.maxTokens = tokens;
    return options;
}

/// What the card says that is lost while token number `at` is handed out.
Error lostAt(Session& session, int at)
{
    int seen = 0;
    const auto answer = session.complete("once upon a time", greedy(kTokens),
                                         [&](const AnswerPiece&) {
                                             if (++seen == at) gpu::emulation::loseDevice();
                                         },
                                         {});
    REQUIRE(!answer);
    return answer.error();
}

} // namespace

TEST_CASE("a card that is lost during an answer says so, and the processor goes on")
{
    const EmulatedCards cards;
    const auto before = opened("cuda");
    REQUIRE(before->state().device.find("cuda:0") == 0);
    const std::string whole =
        got(before->complete("once upon a time", greedy(kTokens), [](const AnswerPiece&) {}, {})).text;
    for (const int at : {1, 3}) {
        const auto session = opened("cuda");
        const Error lost = lostAt(*session, at);
        CHECK(lost.code == ErrorCode::Io);
        CHECK(lost.message.find("the card is lost") != std::string::npos);
        // Whatever else is asked of it: an error, no end of the program.
        CHECK(!session->complete("again", greedy(2), [](const AnswerPiece&) {}, {}));
        session->requestSlide(got(chooseSize(session->source(), SizeChoice{})));
        CHECK_NOTHROW(static_cast<void>(session->applySlide({})));
        static_cast<void>(session->state());
        gpu::emulation::loseDevice(false);
    }
    gpu::emulation::loseDevice();
    const auto after = opened("cpu");
    CHECK(got(after->complete("once upon a time", greedy(kTokens), [](const AnswerPiece&) {}, {})).text ==
          whole);
}

TEST_CASE("a lost card opens nothing, by name an error and by itself a notice")
{
    const EmulatedCards cards;
    gpu::emulation::loseDevice();
    SessionRequest request;
    request.model = world().stack;
    request.context = 256;
    request.engine = {1, got(parseDevice("cuda"))};
    const auto named = Session::open(request, {});
    REQUIRE(!named);
    CHECK(named.error().message.find("the card is lost") != std::string::npos);
    request.engine.device = got(parseDevice("auto"));
    const auto session = got(Session::open(request, {}));
    CHECK(session->state().device.find("cpu") == 0);
}

TEST_CASE("a card that is lost while it compresses ends that with a sentence, and what is finished stays")
{
    const EmulatedCards cards;
    CompressRequest request;
    request.model = world().model;
    request.output = world().folder.file("lost.bitstack");
    request.calibration = world().text;
    request.calibrationTokens = 256;
    request.engine = {1, got(parseDevice("cuda"))};
    JobContext context;
    context.onProgress = [](const Progress& progress) {
        if (progress.phase == "compressing" && progress.done >= 1) gpu::emulation::loseDevice();
    };
    const auto lost = compress(request, context);
    REQUIRE(!lost);
    CHECK(lost.error().code == ErrorCode::Io);
    CHECK(lost.error().message.find("the card is lost") != std::string::npos);
    CHECK(lost.error().message.find("--resume") != std::string::npos);
    gpu::emulation::loseDevice(false);
    request.resume = true;
    request.engine.device = got(parseDevice("cpu"));
    // The pass that sets prices is not made again: what the processor adds must be at the card's.
    int passes = 0;
    context.onProgress = [&](const Progress& progress) {
        if (progress.phase == "calibrating" && progress.done == 0) ++passes;
    };
    CHECK(got(compress(request, context)).matrices > 0);
    CHECK(passes == 1);
}
