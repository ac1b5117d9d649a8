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

// The codec `nested`, measured on the demo model in the same way. A token's gradient costs the forward pass and twice it back, and what
// every linear's inputs and their products with the gradient add to the moments; each weight is coded once for each of its 13 prices.
constexpr std::size_t kGradientTokens = 16384; ///< at most
constexpr double kGradientPasses = 3;
constexpr double kGradientShare = 0.9;
constexpr double kNestedBits = 8.7; ///< a weight, with what tiles and outliers carry beside their planes
constexpr double kNestedEncodeAdds = 12000;
constexpr double kFeedbackProducts = 13; ///< of a matrix with cols^2, all prices

/// Tokens that the gradient is taken of: those that are not kept out to measure with.
double gradientTokens(const CompressRequest& request)
{
    const std::size_t tokens = calibrationTokens(request);
    const std::size_t heldOut = std::min<std::size_t>(4096, tokens / 4);
    return static_cast<double>(std::min(tokens - heldOut, kGradientTokens));
}

/// Weights as the tiles count them, 64 rows and 32 columns filled up, with scale and place of every row and column.
double nestedBytes(const ModelConfig& c)
{
    double sum = 0;
    auto add = [&](const ExpectedTensor& tensor) {
        const auto up = [](std::uint64_t n, std::uint64_t unit) { return static_cast<double>((n + unit - 1) / unit * unit); };
        sum += up(tensor.shape[0], 64) * up(tensor.shape[1], 32) * kNestedBits / 8;
        sum += 3 * static_cast<double>(tensor.shape[0] + tensor.shape[1]);
    };
    for (const ExpectedTensor& tensor : expectedWhole(c))
        add(tensor);
    for (const ExpectedTensor& tensor : expectedLinears(c))
        add(tensor);
    return sum;
}

/// File and disk. While a run ends its finished matrices, the file that sizes are measured with and the output lie side by side;
/// before that the inputs of all layers in f16 lie beside the matrices.
void forecastNestedFile(const ModelConfig& c, const CompressRequest& request, double tokenizer, CompressForecast& forecast)
{
    const double header = 1800 * (7 * static_cast<double>(c.layers) + 1); // about 12 blocks a matrix
    const double file = nestedBytes(c) + header + tokenizer;
    forecast.fileBytes = static_cast<std::uint64_t>(file);
    const double inputs = gradientTokens(request) * c.width * 2 * static_cast<double>(c.layers);
    forecast.diskBytes = static_cast<std::uint64_t>(std::max(3 * file, file + inputs));
}

/// Hidden states and their gradient in f32; beside them embedding or head, whole and a slab of it twice in f32, or a layer with its
/// moments (those of four inputs, plain and weighted by the gradient) and what coding two of its matrices takes.
double nestedPeak(const ModelConfig& c, const CompressRequest& request, double layerWeights)
{
    const double width = c.width;
    const double hidden = gradientTokens(request) * width * 4 * 2;
    const double embedding = static_cast<double>(c.vocabulary) * width * 4 * 2;
    const double mlp = c.mlpWidth;
    const double moments = 4 * (11 * width * width + 2 * mlp * mlp);
    return hidden + std::max(embedding, moments + layerWeights * 4 * 2.5);
}

/// Multiply-adds of a compression.
double nestedAdds(const ModelConfig& c, const Work& work, const CompressRequest& request)
{
    const double weights = work.linearWeights + wholeWeights(c);
    const double width = c.width;
    const double mlp = c.mlpWidth;
    const double moments = static_cast<double>(c.layers) * (9 * width * width + 2 * mlp * mlp) / 2; // symmetric
    const double gradient = (gradientTokens(request) + 1024) * (kGradientPasses * weights + moments) / kGradientShare;
    return gradient + weights * kNestedEncodeAdds + work.momentAdds * kFeedbackProducts;
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
    const bool nested = request.codec == "nested";
    if (nested) {
        forecastNestedFile(c, request, tokenizer, forecast);
    } else {
        // About 140 bytes of header for each part of a block.
        const double header = 140.0 * 3 * static_cast<double>(c.layers) * 7 * static_cast<double>(request.blocks);
        forecast.fileBytes = static_cast<std::uint64_t>(work.blockBytes + whole * 2 + header + tokenizer);
        forecast.diskBytes = forecast.fileBytes + static_cast<std::uint64_t>(work.blockBytes);
    }
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
        hidden += momentBytes(c, request.engine.threads > 0 ? request.engine.threads : availableCores()) + layer;
    const double coding = nested ? nestedPeak(c, request, work.linearWeights / c.layers) : hidden + embedding * 1.5 + layer;
    forecast.peakBytes = static_cast<std::uint64_t>(5e7 + std::max(dense, coding));
    return forecast;
}

Result<CompressForecast> forecastCompress(const CompressRequest& request)
{
    BS_TRY(const ModelSource source, openModel(request.model));
    BS_TRY(CompressForecast forecast, forecastSizes(source, request));
    const Work work = workOf(source.config, request);
    const auto tokens = static_cast<double>(calibrationTokens(request));
    const double rate = measureRate() * (request.engine.threads > 0 ? request.engine.threads : availableCores());
    double encodeAdds = work.linearWeights * static_cast<double>(request.blocks * request.rank) * kEncodeAddsPerRank;
    if (request.refined)
        encodeAdds += work.momentAdds * static_cast<double>(request.blocks) * kRefineProducts;
    forecast.seconds = request.codec == "nested" ? nestedAdds(source.config, work, request) / rate
                                                 : work.linearWeights * tokens / (rate * kCalibrationShare) + encodeAdds / rate;
    if (request.calibration.empty())
        forecast.seconds += (work.linearWeights + wholeWeights(source.config)) * tokens / (rate * kSelfTextShare);
    // A card's share of it takes a small part of that, which its own figures would have to tell.
    if (const auto place = enginePlace(request.engine.device); place && place.value().card)
        forecast.seconds = -1;
    return forecast;
}

} // namespace bs
