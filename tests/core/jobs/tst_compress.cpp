// The compress job from model to file, on the tiny reference model (no tokenizer: it writes its own text).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/formats/container.h"
#include "core/infer/engine.h"
#include "core/jobs/calibration_text.h"
#include "core/jobs/compress.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>

namespace {

using namespace bs;
using test::TempFolder;

const std::string kModel = std::string(BS_REFERENCE_DIR) + "/reference/tiny-mha/original";

/// Keeps the user's own cache out of the tests.
struct PrivateCache
{
    TempFolder folder;
    PrivateCache() { ::setenv("XDG_CACHE_HOME", folder.path().c_str(), 1); }
};
const PrivateCache kCache;

CompressRequest request(const TempFolder& folder)
{
    CompressRequest r;
    r.model = kModel;
    r.output = folder.file("out.bitstack");
    r.codec = "bitstack";
    r.rank = 16;
    r.blocks = 4;
    r.calibrationTokens = 1024;
    r.engine.threads = 2;
    return r;
}

CompressRequest nested(const TempFolder& folder)
{
    CompressRequest r = request(folder);
    r.codec = "nested";
    return r;
}

std::vector<float> logitsOf(Engine& engine)
{
    std::vector<float> values;
    const auto cache = engine.newCache(8);
    REQUIRE(cache);
    REQUIRE(engine.forward(std::vector<std::int32_t>{5, 17, 200, 3}, *cache.value(), 1, values, {}));
    return values;
}

double squaredDistance(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>((a[i] - b[i]) * (a[i] - b[i]));
    return sum;
}

std::size_t filesIn(const std::string& path)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
}

void checkRefused(const Result<CompressResult>& result, ErrorCode code, const std::string& part)
{
    REQUIRE(!result);
    CAPTURE(result.error().message);
    CHECK(result.error().code == code);
    CHECK(result.error().message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("a model becomes a stack that runs at every size, and nothing else is left")
{
    const TempFolder folder;
    const auto result = compress(request(folder), {});
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    CHECK(result.value().matrices == 16);
    CHECK(result.value().blocks == 14 * 4 + 2);
    CHECK(folder.names() == std::vector<std::string>{"out.bitstack"});
    CHECK(std::filesystem::file_size(folder.file("out.bitstack")) == result.value().fileBytes);

    auto source = openModel(folder.file("out.bitstack"));
    REQUIRE(source);
    const auto shared = std::make_shared<const ModelSource>(std::move(source).value());
    const Container& container = *shared->container;
    CHECK(container.stack.smallestCount == 2 + 2 * 14);
    CHECK(fileBytesOf(container, largestPlan(container)) == result.value().fileBytes);
    const auto original = openModel(kModel);
    REQUIRE(original);
    const auto dense = loadCpuEngine(std::make_shared<const ModelSource>(original.value()), 1, nullptr, {});
    const auto engine = loadCpuEngine(shared, 1, nullptr, {});
    REQUIRE((dense && engine));
    const auto want = logitsOf(*dense.value());
    auto distance = [&](std::size_t prefix) {
        REQUIRE(engine.value()->setPlan(prefixPlan(container.stack, prefix), {}));
        return squaredDistance(logitsOf(*engine.value()), want);
    };
    const double smallest = distance(container.stack.smallestCount);
    const double largest = distance(container.stack.order.size());
    CHECK(largest < 0.2 * smallest);
}

TEST_CASE("a run that was stopped goes on where it was and gives the same file")
{
    const TempFolder whole;
    REQUIRE(compress(request(whole), {}));

    const TempFolder folder;
    CompressRequest r = request(folder);
    std::stop_source stop;
    JobContext stopping{stop.get_token(), [&](const Progress& p) {
                            if (p.phase == "compressing" && p.done >= 1)
                                stop.request_stop();
                        }};
    checkRefused(compress(r, stopping), ErrorCode::Canceled, "stopped");
    CHECK(folder.names() == std::vector<std::string>{"out.bitstack.work"});
    const std::size_t finished = filesIn(folder.file("out.bitstack.work"));
    CHECK(finished >= 8); // the settings and the first layer
    r.resume = true;
    double first = -1;
    const JobContext watching{{}, [&](const Progress& p) {
                                  if (p.phase == "compressing" && first < 0)
                                      first = p.done;
                              }};
    REQUIRE(compress(r, watching));
    CHECK(first > 1.0); // the first layer was not made again
    CHECK(folder.read("out.bitstack") == whole.read("out.bitstack"));
}

TEST_CASE("what another run with other settings left is not mixed in")
{
    const TempFolder folder;
    CompressRequest r = request(folder);
    std::stop_source stop;
    REQUIRE(!compress(r, {stop.get_token(), [&](const Progress& p) {
                              if (p.phase == "compressing" && p.done >= 1)
                                  stop.request_stop();
                          }}));
    r.resume = true;
    r.blocks = 2;
    const auto result = compress(r, {});
    REQUIRE(result);
    CHECK(result.value().blocks == 14 * 2 + 2);
}

TEST_CASE("the refined encoder is named in the file, makes one of the same size and resumes")
{
    const TempFolder whole;
    REQUIRE(compress(request(whole), {}));
    const TempFolder folder;
    CompressRequest r = request(folder);
    r.refined = true;
    std::stop_source stop;
    checkRefused(compress(r, {stop.get_token(), [&](const Progress& p) {
                                  if (p.phase == "compressing" && p.done >= 1)
                                      stop.request_stop();
                              }}),
                 ErrorCode::Canceled, "stopped");
    CHECK(folder.read("out.bitstack.work/settings").find("codec bitstack, refined\n") != std::string::npos);
    r.resume = true;
    const auto result = compress(r, {});
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    const auto refined = openContainer(folder.file("out.bitstack"));
    const auto plain = openContainer(whole.file("out.bitstack"));
    REQUIRE((refined && plain));
    CHECK(refined.value().provenance.at("encoder") == "refined");
    CHECK(!plain.value().provenance.contains("encoder"));
    CHECK(fileBytesOf(refined.value(), largestPlan(refined.value())) ==
          fileBytesOf(plain.value(), largestPlan(plain.value())));
    const TempFolder again;
    CompressRequest once = request(again);
    once.refined = true;
    once.engine.threads = 1;
    REQUIRE(compress(once, {}));
    CHECK(folder.read("out.bitstack") == again.read("out.bitstack"));
}

TEST_CASE("the authors' sort as the order")
{
    const TempFolder folder;
    CompressRequest r = request(folder);
    r.blocks = 2;
    r.calibrationTokens = 512;
    r.authorsOrder = true;
    REQUIRE(compress(r, {}));
    const auto container = openContainer(folder.file("out.bitstack"));
    REQUIRE(container);
    CHECK(container.value().provenance.at("order") == "authors");
    CHECK(container.value().stack.smallestCount == 2 + 2 * 14);
}

TEST_CASE("nested: a stack that comes nearer to the model with its size, measured at eight sizes")
{
    const TempFolder folder;
    const auto result = compress(nested(folder), {});
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    CHECK(folder.names() == std::vector<std::string>{"out.bitstack"});
    auto source = openModel(folder.file("out.bitstack"));
    REQUIRE(source);
    const auto shared = std::make_shared<const ModelSource>(std::move(source).value());
    const Container& container = *shared->container;
    CHECK(container.codec == "nested");
    CHECK(container.stack.smallestCount == container.stack.matrices.size());
    CHECK(fileBytesOf(container, largestPlan(container)) == result.value().fileBytes);
    REQUIRE(container.predicted.size() == 8);
    CHECK(container.predicted.front().predictedRise > container.predicted.back().predictedRise);
    CHECK(container.predicted.back().budgetBytes == result.value().fileBytes);

    const auto engine = loadCpuEngine(shared, 1, nullptr, {});
    auto original = openModel(kModel);
    REQUIRE(original);
    const auto dense = loadCpuEngine(std::make_shared<const ModelSource>(std::move(original).value()), 1, nullptr, {});
    REQUIRE((dense && engine));
    const std::vector<float> want = logitsOf(*dense.value());
    const std::size_t least = container.stack.smallestCount;
    const std::size_t most = container.stack.order.size();
    std::vector<double> distances;
    for (const std::size_t prefix : {least, least + (most - least) / 3, most}) {
        REQUIRE(engine.value()->setPlan(prefixPlan(container.stack, prefix), {}));
        distances.push_back(squaredDistance(logitsOf(*engine.value()), want));
    }
    CHECK(distances[1] < 0.7 * distances[0]);
    CHECK(distances[2] < 0.01 * distances[0]);
}

TEST_CASE("nested: a run that was stopped goes on where it was and gives the same file, on any number of threads")
{
    const TempFolder whole;
    REQUIRE(compress(nested(whole), {}));
    const TempFolder folder;
    CompressRequest r = nested(folder);
    std::stop_source stop;
    checkRefused(compress(r, {stop.get_token(), [&](const Progress& p) {
                                  if (p.phase == "compressing" && p.done >= 1)
                                      stop.request_stop();
                              }}),
                 ErrorCode::Canceled, "stopped");
    CHECK(folder.names() == std::vector<std::string>{"out.bitstack.work"});
    CHECK(filesIn(folder.file("out.bitstack.work")) >= 8); // the settings and the last layer
    r.resume = true;
    r.engine.threads = 1;
    REQUIRE(compress(r, {}));
    CHECK(folder.read("out.bitstack") == whole.read("out.bitstack"));
}

TEST_CASE("the end of the calibration text is kept out to measure with")
{
    std::vector<std::int32_t> tokens(32768);
    std::iota(tokens.begin(), tokens.end(), 0);
    struct Row
    {
        std::size_t tokens, calibration;
    };
    for (const Row& row : {Row{0, 0}, Row{1, 1}, Row{63, 63}, Row{64, 48}, Row{1000, 750}, Row{16384, 12288}, Row{32768, 28672}}) {
        CAPTURE(row.tokens);
        const auto some = std::span(std::as_const(tokens)).first(row.tokens);
        const SplitTokens split = splitTokens(some);
        CHECK(split.calibration.size() == row.calibration);
        CHECK(split.calibration.size() + split.heldOut.size() == row.tokens);
        CHECK(split.calibration.data() == some.data());
        if (!split.heldOut.empty())
            CHECK(split.heldOut.back() == static_cast<std::int32_t>(row.tokens - 1));
    }
}

TEST_CASE("nested: a text too short to keep any of it out gives a stack without measurements")
{
    const TempFolder folder;
    CompressRequest r = nested(folder);
    r.calibrationTokens = 60;
    const auto result = compress(r, {});
    REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
    const auto container = openContainer(folder.file("out.bitstack"));
    REQUIRE(container);
    CHECK(container.value().predicted.empty());
}

TEST_CASE("nested: what belongs to the other codec is refused")
{
    const TempFolder folder;
    CompressRequest r = nested(folder);
    r.authorsOrder = true;
    checkRefused(compress(r, {}), ErrorCode::Usage, "nested");
    r = nested(folder);
    r.publishedScales = true;
    checkRefused(compress(r, {}), ErrorCode::Usage, "nested");
    r = nested(folder);
    r.refined = true;
    checkRefused(compress(r, {}), ErrorCode::Usage, "nested");
    CHECK(folder.names().empty());
}

TEST_CASE("requests that cannot be are refused before any work")
{
    const TempFolder folder;
    CompressRequest r = request(folder);
    r.codec = "other";
    checkRefused(compress(r, {}), ErrorCode::Usage, "other");
    r = request(folder);
    r.rank = 100;
    checkRefused(compress(r, {}), ErrorCode::Usage, "rank 100; from 1 to 64");
    r = request(folder);
    r.blocks = 0;
    checkRefused(compress(r, {}), ErrorCode::Usage, "0 blocks");
    r = request(folder);
    r.calibration = folder.write("text.txt", "some text");
    checkRefused(compress(r, {}), ErrorCode::Format, "no tokenizer");
    r = request(folder);
    folder.write("out.bitstack", "precious");
    checkRefused(compress(r, {}), ErrorCode::Exists, "out.bitstack");
    CHECK(folder.read("out.bitstack") == "precious");
    r.output = folder.file("no/such/folder.bitstack");
    checkRefused(compress(r, {}), ErrorCode::Io, "no");
    r = request(folder);
    r.model = folder.file("missing");
    checkRefused(compress(r, {}), ErrorCode::NotFound, "missing");
}

TEST_CASE("a folder of somebody else's is not cleared")
{
    const TempFolder folder;
    std::filesystem::create_directory(folder.file("out.bitstack.work"));
    folder.write("out.bitstack.work/thesis.tex", "years of work");
    checkRefused(compress(request(folder), {}), ErrorCode::Io, "holds something else");
    CHECK(folder.read("out.bitstack.work/thesis.tex") == "years of work");
}

TEST_CASE("the forecast of the file is within 10 %")
{
    const TempFolder folder;
    const auto forecast = forecastCompress(request(folder));
    REQUIRE(forecast);
    const auto result = compress(request(folder), {});
    REQUIRE(result);
    CHECK(forecast.value().freeDiskBytes > 0);
    CHECK(forecast.value().diskBytes > forecast.value().fileBytes);
    CHECK(static_cast<double>(forecast.value().fileBytes) == doctest::Approx(static_cast<double>(result.value().fileBytes)).epsilon(0.1));
    const TempFolder other;
    const auto nestedForecast = forecastCompress(nested(other));
    const auto nestedResult = compress(nested(other), {});
    REQUIRE((nestedForecast && nestedResult));
    CHECK(nestedForecast.value().diskBytes > 2 * nestedForecast.value().fileBytes);
    CHECK(nestedForecast.value().seconds > 0);
    // In a model as small as this one outliers and headers are a good part of it.
    CHECK(static_cast<double>(nestedForecast.value().fileBytes) ==
          doctest::Approx(static_cast<double>(nestedResult.value().fileBytes)).epsilon(0.4));
    CompressRequest refined = request(folder);
    refined.refined = true;
    const auto longer = forecastCompress(refined);
    REQUIRE(longer);
    CHECK(longer.value().fileBytes == forecast.value().fileBytes);
    CHECK(longer.value().peakBytes > forecast.value().peakBytes);
}
