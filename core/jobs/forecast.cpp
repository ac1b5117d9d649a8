#include "core/jobs/compress.h"

#include "core/base/thread_pool.h"
#include "core/codecs/bitstack/layout.h"
#include "core/linalg/dense.h"
#include "core/model/open.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace bs {

namespace {

/// Multiply-adds a second of one thread in a matrix product, from about 20 ms of work.
double measureRate()
{
    constexpr std::size_t kSize = 384;
    std::vector<float> a(kSize * kSize, 1.0F);
    std::vector<float> b(a);
    std::vector<float> c(a.size());
    gemmNT(kSize, kSize, kSize, a.data(), kSize, b.data(), kSize, c.data(), kSize); // starts the library up
    const auto start = std::chrono::steady_clock::now();
    double seconds = 0;
    int rounds = 0;
    for (; seconds < 0.02; ++rounds) {
        gemmNT(kSize, kSize, kSize, a.data(), kSize, b.data(), kSize, c.data(), kSize);
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return rounds * static_cast<double>(kSize * kSize * kSize) / seconds;
}

// What the parts of a compression take, in multiply-adds of a matrix product of the same machine, as
// measured on the demo model: encoding takes about a hundred for each weight, block and rank (several
// passes over the matrix, in f32 without a matrix product's locality).
constexpr double kCalibrationShare = 0.6;
constexpr double kSelfTextShare = 0.25;
constexpr double kEncodeAddsPerRank = 100;

// The refined encoder beside that: products of each residual with the second moments of its inputs.
constexpr double kRefineProducts = 5;

struct Work
{
    double linearWeights = 0;
    double blockBytes = 0;
    double momentAdds = 0; ///< of one product of every linear with the moments of its inputs
};

/// Of embedding and head.
double wholeWeights(const ModelConfig& c)
{
    return static_cast<double>(c.vocabulary) * c.width * (c.tiedEmbeddings ? 1 : 2);
}

Work workOf(const ModelConfig& c, const CompressRequest& request)
{
    Work work;
    for (const ExpectedTensor& linear : expectedLinears(c)) {
        const bitstack::Shape shape{linear.shape[0], linear.shape[1], request.rank};
        work.linearWeights += static_cast<double>(shape.rows * shape.cols);
        work.blockBytes += static_cast<double>(shape.blockBytes() * request.blocks);
        const auto cols = static_cast<double>(shape.cols);
        work.momentAdds += static_cast<double>(shape.rows) * cols * cols;
    }
    return work;
}

/// Second moments of a layer's four inputs, and three of those of each linear that is worked on.
double momentBytes(const ModelConfig& c, int threads)
{
    const double width = c.width;
    const double attended = c.qWidth();
    const double mlp = c.mlpWidth;
    const double largest = std::max({width, attended, mlp});
    const double copies = 3 * std::min(threads, 7);
    return 4 * (2 * width * width + attended * attended + mlp * mlp + copies * largest * largest);
}

} // namespace

Result<CompressForecast> forecastSizes(const ModelSource& source, const CompressRequest& request)
{
    const ModelConfig& c = source.config;
    const Work work = workOf(c, request);
    const bool self = request.calibration.empty();
    const auto tokens = static_cast<double>(calibrationTokens(request));
    const double whole = wholeWeights(c);

    CompressForecast forecast;
    const double tokenizer = source.tokenizer ? static_cast<double>(toJson(*source.tokenizer).size()) : 0;
    // About 140 bytes of header for each part of a block.
    const double header = 140.0 * 3 * static_cast<double>(c.layers) * 7 * static_cast<double>(request.blocks);
    forecast.fileBytes = static_cast<std::uint64_t>(work.blockBytes + whole * 2 + header + tokenizer);
    forecast.diskBytes = forecast.fileBytes + static_cast<std::uint64_t>(work.blockBytes);
    std::error_code failed;
    const std::filesystem::path folder = std::filesystem::absolute(request.output).parent_path();
    forecast.freeDiskBytes = std::filesystem::space(folder, failed).available;
    if (failed)
        return Error{ErrorCode::Io, folder.string() + ": " + failed.message()};
    // The embedding in f32 and hidden states of the samples, or the embedding and its f16 copy at the end;
    // beside them a layer in f32 with a few copies of its largest matrix.
    double hidden = tokens * c.width * 4;
    const double embedding = static_cast<double>(c.vocabulary) * c.width * 4;
    const double layer = work.linearWeights / c.layers * 4 * 3;
    const double dense = self ? static_cast<double>(source.bytes) + tokens * static_cast<double>(c.kvBytesPerToken()) : 0;
    if (request.refined)
        hidden += momentBytes(c, request.threads > 0 ? request.threads : availableCores()) + layer;
    forecast.peakBytes = static_cast<std::uint64_t>(5e7 + std::max(dense, hidden + embedding * 1.5 + layer));
    return forecast;
}

Result<CompressForecast> forecastCompress(const CompressRequest& request)
{
    BS_TRY(const ModelSource source, openModel(request.model));
    BS_TRY(CompressForecast forecast, forecastSizes(source, request));
    const Work work = workOf(source.config, request);
    const auto tokens = static_cast<double>(calibrationTokens(request));
    const double rate = measureRate() * (request.threads > 0 ? request.threads : availableCores());
    double encodeAdds = work.linearWeights * static_cast<double>(request.blocks * request.rank) * kEncodeAddsPerRank;
    if (request.refined)
        encodeAdds += work.momentAdds * static_cast<double>(request.blocks) * kRefineProducts;
    forecast.seconds = work.linearWeights * tokens / (rate * kCalibrationShare) + encodeAdds / rate;
    if (request.calibration.empty())
        forecast.seconds += (work.linearWeights + wholeWeights(source.config)) * tokens / (rate * kSelfTextShare);
    return forecast;
}

} // namespace bs
