// Compressing with a device beside compressing without: same moments, same statistics, as good
// files.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/container.h"
#include "core/jobs/compress.h"
#include "core/model/source.h"
#include "core/plan/fisher.h"
#include "tests/gpu/emulated_cards.h"
#include "tests/support/got.h"
#include "tests/support/loop_device.h"
#include "tests/support/random_model.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace bs;
using bs::test::check;
using bs::test::got;
using test::relativeDifference;
using test::TempFolder;

/// In f32 on both sides; between them lie other orders of adding up.
constexpr double kTolerance = 1e-4;

std::vector<std::int32_t> someTokens(std::size_t count)
{
    std::vector<std::int32_t> tokens(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = static_cast<std::int32_t>((i * i * 37 + 11 * i + 5) % 150);
    return tokens;
}

struct Model
{
    TempFolder folder;
    ModelSource source;

    explicit Model(bool tied)
        : Model(test::smallConfig(tied, 1024))
    {
    }
    explicit Model(const ModelConfig& config)
    {
        test::writeRandomModel(folder.path(), config);
        source = got(openModel(folder.path()));
    }
};

/// Counts how often it is opened for compressing, and can be full or unwilling then; models run on
/// the processor.
class Cards : public gpu::test::EmulatedCards
{
public:
    int opened = 0;
    std::uint64_t freeBytes = gpu::test::kPlenty; ///< there is when it is opened
    bool opens = true;

    Result<std::unique_ptr<Engine>> load(std::shared_ptr<const ModelSource> source, int,
                                         int threads, const Plan* plan,
                                         const JobContext& context) override
    {
        return loadCpuEngine(std::move(source), threads, plan, context);
    }
    Result<std::unique_ptr<CompressDevice>> compressDevice(int card) override
    {
        if (!opens) return Error{ErrorCode::Unsupported, "cuBLAS cannot be used"};
        ++opened;
        gpu::emulation::setDeviceMemory(gpu::emulation::usedDeviceMemory() + freeBytes);
        return EmulatedCards::compressDevice(card);
    }
};

CompressRequest request(const Model& model, const TempFolder& folder, const std::string& codec,
                        const std::string& device)
{
    ::setenv("XDG_CACHE_HOME", folder.file("cache").c_str(), 1); // not the user's own
    CompressRequest r;
    r.model = model.folder.path();
    r.output = folder.file("out.bitstack");
    r.codec = codec;
    r.rank = 4; // so small that matrices of 72 columns are large to the decomposition
    r.blocks = 3;
    r.calibrationTokens = 700;
    r.force = true;
    r.engine.threads = 2;
    r.engine.device = got(parseDevice(device));
    return r;
}

/// What all blocks gain, by the stack itself.
double gainOf(const std::string& path)
{
    const ModelSource source = got(openModel(path));
    double sum = 0;
    for (const auto& blocks : source.container->blocks)
        for (const ContainerBlock& block : blocks)
            sum += block.gain;
    return sum;
}

} // namespace

TEST_CASE("moments of the loss's gradient")
{
    for (const bool tied : {true, false}) {
        const Model model(tied);
        const TempFolder scratch;
        ThreadPool pool(2);
        auto device = got(gpu::openCompressDevice(0));
        const auto tokens = someTokens(90);
        FisherOptions options;
        options.scratchFolder = scratch.path();
        options.sampleLength = 30;
        options.curvature = HeadCurvature::Expected;
        auto here = got(FisherPass::create(model.source, tokens, options, pool, {}));
        options.device = device.get();
        auto there = got(FisherPass::create(model.source, tokens, options, pool, {}));
        CHECK(there.meanLoss() == doctest::Approx(here.meanLoss()).epsilon(kTolerance));
        const auto same = [](const LinearMoments& a, const LinearMoments& b) {
            CHECK(relativeDifference(a.weighted, b.weighted) < kTolerance);
            CHECK(relativeDifference(*a.plain, *b.plain) < kTolerance);
            CHECK(relativeDifference(a.outputPower, b.outputPower) < kTolerance);
        };
        for (std::uint32_t layer = 2; layer-- > 0;) {
            const DenseLayer dense = got(readDenseLayer(model.source, layer));
            const auto wanted = got(here.layer(layer, dense, {}));
            const auto moments = got(there.layer(layer, dense, {}));
            for (std::size_t slot = 0; slot < kSlots; ++slot)
                same(moments[slot], wanted[slot]);
        }
        same(there.head(), here.head());
        CHECK(relativeDifference(got(there.embedding()).gradient, got(here.embedding()).gradient) <
              kTolerance);
        device.reset();
        CHECK(gpu::emulation::usedDeviceMemory() == 0); // nothing is left there
    }
}

TEST_CASE("statistics of calibration")
{
    const Model model(true);
    ThreadPool pool(2);
    const auto device = got(gpu::openCompressDevice(0));
    const auto tokens = someTokens(100);
    auto here = got(Calibrator::create(model.source, tokens, 25));
    auto there = got(Calibrator::create(model.source, tokens, 25));
    for (std::uint32_t layer = 0; layer < 2; ++layer) {
        const DenseLayer dense = got(readDenseLayer(model.source, layer));
        const auto wanted = got(here.runLayer(dense, pool, {}, Capture::SecondMoments));
        const auto stats =
            got(there.runLayer(dense, pool, {}, Capture::SecondMoments, device.get()));
        for (const Slot slot : {Slot::Q, Slot::O, Slot::Gate, Slot::Down}) {
            CHECK(relativeDifference(stats.of(slot).scale, wanted.of(slot).scale) < kTolerance);
            CHECK(relativeDifference(stats.of(slot).meanSquare, wanted.of(slot).meanSquare) <
                  kTolerance);
            REQUIRE(!wanted.of(slot).moments.empty());
            CHECK(relativeDifference(stats.of(slot).moments, wanted.of(slot).moments) < kTolerance);
        }
    }
    CHECK(relativeDifference(there.hidden(), here.hidden()) < kTolerance);
}

TEST_CASE("how long a card will need is not foreseen")
{
    const Cards cards;
    const Model model(true);
    const TempFolder folder;
    for (const char* const codec : {"nested", "bitstack"}) {
        CHECK(got(forecastCompress(request(model, folder, codec, "cpu"))).seconds > 0);
        CHECK(got(forecastCompress(request(model, folder, codec, "cuda"))).seconds < 0);
    }
}

TEST_CASE("files of both codecs, with the card and without")
{
    Cards cards;
    const Model small(true);
    ModelConfig oneLayer = test::tinyConfig(false, 1024);
    oneLayer.layers = 1;
    const Model tiny(oneLayer);
    const TempFolder folder;
    struct Way
    {
        const Model& model;
        const char* codec;
        bool refined;
    };
    for (const Way& way : {Way{tiny, "nested", false}, Way{small, "bitstack", false},
                           Way{small, "bitstack", true}}) {
        CAPTURE(way.codec);
        CAPTURE(way.refined);
        CompressRequest r = request(way.model, folder, way.codec, "cpu");
        r.refined = way.refined;
        cards.opened = 0;
        const CompressResult here = got(compress(r, {}));
        const double wanted = gainOf(r.output);
        CHECK(wanted > 0);
        CHECK(cards.opened == 0);
        r.engine.device = got(parseDevice("cuda"));
        const CompressResult there = got(compress(r, {}));
        CHECK(cards.opened == 1);
        CHECK(there.matrices == here.matrices);
        CHECK(gpu::emulation::usedDeviceMemory() == 0);
        // Signs of what is nearly zero may differ, and with them blocks that follow.
        CHECK(gainOf(r.output) == doctest::Approx(wanted).epsilon(0.02));
    }
}

TEST_CASE(
    "a card that is full in the middle: the processor goes on, unless it was asked for by name")
{
    Cards cards;
    const Model model(true);
    const TempFolder folder;
    for (const char* const codec : {"nested", "bitstack"})
        for (const std::uint64_t room : {1'000, 150'000}) { // for nothing; for some of a layer
            CAPTURE(codec);
            CAPTURE(room);
            cards.freeBytes = room;
            cards.opened = 0;
            const auto named = compress(request(model, folder, codec, "cuda:0"), {});
            REQUIRE(!named);
            CAPTURE(named.error().message);
            CHECK(named.error().code == ErrorCode::Memory);
            CHECK(named.error().message.find("no room for") != std::string::npos);
            CHECK(named.error().message.find("--resume") != std::string::npos);
            got(compress(request(model, folder, codec, "auto"), {}));
            CHECK(cards.opened == 2);
            CHECK(gpu::emulation::usedDeviceMemory() == 0);
        }
}

TEST_CASE("a card that does not open: the processor, unless it was asked for by name")
{
    Cards cards;
    cards.opens = false;
    const Model model(true);
    const TempFolder folder;
    const auto named = compress(request(model, folder, "bitstack", "cuda"), {});
    REQUIRE(!named);
    CHECK(named.error().code == ErrorCode::Unsupported);
    CHECK(named.error().message.find("cuBLAS cannot be used") != std::string::npos);
    got(compress(request(model, folder, "bitstack", "auto"), {}));
}
