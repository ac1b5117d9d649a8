// Which engine a model gets, with cards that are made up.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/infer/compress_device.h"
#include "core/jobs/compress.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/session.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

namespace {

using namespace bs;
using bs::test::got;

const std::string kModel = std::string(BS_TEST_DATA_DIR) + "/families/llama";

/// Cards as the test wants them; their engine is the processor's under another name.
class MadeUpCards : public GpuDevices
{
public:
    Result<std::vector<GpuCard>> found = std::vector<GpuCard>{};
    Result<void> loads;
    bool splits = false;
    int loadedOn = -1;
    int loaded = 0; ///< how often

    MadeUpCards() { setGpuDevices(this); }
    ~MadeUpCards() override { setGpuDevices(nullptr); }
    Result<std::vector<GpuCard>> cards() override { return found; }
    Result<std::unique_ptr<Engine>> load(std::shared_ptr<const ModelSource> source, int card,
                                         int threads, const Plan* plan,
                                         const JobContext& context) override
    {
        BS_CHECK(loads);
        loadedOn = card;
        ++loaded;
        return loadCpuEngine(std::move(source), threads, plan, context);
    }
    Result<std::unique_ptr<Engine>> loadSplit(std::shared_ptr<const ModelSource> source, int card,
                                              int threads, const Plan* plan, std::uint64_t,
                                              const JobContext& context) override
    {
        if (!splits) return Error{ErrorCode::Memory, "not one layer fits"};
        return load(std::move(source), card, threads, plan, context);
    }
    Result<std::unique_ptr<CompressDevice>> compressDevice(int) override
    {
        return Error{ErrorCode::Unsupported, "a made-up card"};
    }
};

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 40;

Result<LoadedEngine> load(const std::string& device)
{
    const auto source = got(openShared(kModel));
    return loadEngine(source, got(chooseSize(*source, {})), 1000, {1, got(parseDevice(device))},
                      {});
}

} // namespace

TEST_CASE("names of devices")
{
    CHECK(got(parseDevice("auto")).kind == DeviceWish::Kind::Auto);
    CHECK(got(parseDevice("cpu")).kind == DeviceWish::Kind::Cpu);
    CHECK(got(parseDevice("cuda")).number == 0);
    CHECK(got(parseDevice("cuda:12")).number == 12);
    for (const char* const wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1000", "CPU"})
        CHECK(parseDevice(wrong).error().code == ErrorCode::Usage);
}

TEST_CASE("without cards a model runs on the processor; one that is named is missed")
{
    CHECK(got(load("auto")).notice.empty());
    CHECK(load("cuda").error().code == ErrorCode::Memory);
    MadeUpCards cards;
    CHECK(got(load("auto")).notice.empty());
    CHECK(load("cuda:0").error().message.find("no card 0") != std::string::npos);
    cards.found = Error{ErrorCode::NotFound, "there is no NVIDIA driver"};
    CHECK(got(load("auto")).notice.empty()); // as most machines are
    CHECK(load("cuda").error().message == "there is no NVIDIA driver");
    cards.found = Error{ErrorCode::Unsupported, "the NVIDIA driver is too old"};
    CHECK(got(load("auto")).notice ==
          "the NVIDIA driver is too old; the model runs on the processor");
    CHECK(got(load("cpu")).notice.empty());
    CHECK(cards.loadedOn == -1);
}

TEST_CASE("the first card is taken, or the one that is named")
{
    MadeUpCards cards;
    cards.found = std::vector<GpuCard>{{"one", kPlenty, kPlenty}, {"two", kPlenty, kPlenty}};
    CHECK(got(load("auto")).notice.empty());
    CHECK(cards.loadedOn == 0);
    got(load("cuda:1"));
    CHECK(cards.loadedOn == 1);
    cards.loadedOn = -1;
    got(load("cpu"));
    CHECK(cards.loadedOn == -1);
}

TEST_CASE("a card that is full, or does not take the model: the processor, and why")
{
    MadeUpCards cards;
    cards.found = std::vector<GpuCard>{{"small", 5000, kPlenty}};
    const LoadedEngine loaded = got(load("auto"));
    CHECK(loaded.engine->deviceName().find("cpu") == 0);
    INFO(loaded.notice);
    CHECK(loaded.notice.find("of memory on cuda:0, 5.00 kB is free; the model runs on the "
                             "processor") != std::string::npos);
    CHECK(load("cuda").error().code == ErrorCode::Memory);

    cards.splits = true; // some layers fit
    for (const char* const device : {"auto", "cuda"})
        CHECK(got(load(device)).notice.find("is free; the last layers run on the processor") !=
              std::string::npos);
    CHECK(cards.loadedOn == 0);

    cards.found = std::vector<GpuCard>{{"large", kPlenty, kPlenty}};
    cards.loads = Error{ErrorCode::Unsupported, "heads of 7 numbers"};
    CHECK(got(load("auto")).notice == "heads of 7 numbers; the model runs on the processor");
    CHECK(load("cuda:0").error().message == "heads of 7 numbers");
    // A file that cannot be read is no better there.
    cards.loads = Error{ErrorCode::Format, "a damaged block"};
    CHECK(load("auto").error().code == ErrorCode::Format);
}

TEST_CASE("a session says where it runs, and why not on a card")
{
    MadeUpCards cards;
    cards.found = std::vector<GpuCard>{{"small", 5000, kPlenty}};
    SessionRequest request;
    request.model = kModel;
    request.context = 16;
    const auto session = got(Session::open(request, {}));
    CHECK(session->state().device.find("cpu") == 0);
    CHECK(session->state().deviceNotice.find("is free") != std::string::npos);
    CHECK_FALSE(session->state().cardFreeBytes);
    request.fitMemory = true; // no size of it fits the card
    CHECK(got(Session::open(request, {}))->state().device.find("cpu") == 0);
}

TEST_CASE("what a model has to run for when it is compressed runs on the card")
{
    test::TempFolder folder;
    ::setenv("XDG_CACHE_HOME", folder.file("cache").c_str(), 1);
    MadeUpCards cards;
    cards.found = std::vector<GpuCard>{{"large", kPlenty, kPlenty}};
    CompressRequest request;
    request.model = kModel;
    request.output = folder.file("out.bitstack");
    request.calibrationTokens = 256; // of its own: it must run
    request.engine.threads = 1;
    got(compress(request, {}));
    CHECK(cards.loadedOn == 0);
    CHECK(cards.loaded == 3); // its text, the dense model measured, the stack measured
    cards.loaded = 0;
    request.engine.device.kind = DeviceWish::Kind::Cpu;
    request.force = true;
    got(compress(request, {}));
    CHECK(cards.loaded == 0);
}
