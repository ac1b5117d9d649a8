#include "core/jobs/compress.h"

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/sizes.h"
#include "core/infer/compress_device.h"
#include "core/jobs/assemble_nested.h"
#include "core/jobs/assemble_stack.h"
#include "core/jobs/calibration_text.h"
#include "core/jobs/encode_layers.h"
#include "core/jobs/encode_nested.h"
#include "core/jobs/not_the_input.h"
#include "core/jobs/version.h"
#include "core/jobs/work_folder.h"
#include "core/model/weights.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace bs {

namespace {

constexpr std::size_t kTokensWithFile = 32768;
constexpr std::size_t kTokensWithout = 16384;

Result<void> checkNested(const CompressRequest& request)
{
    if (request.authorsOrder || request.publishedScales)
        return Error{ErrorCode::Usage, "the authors' order and scales are of codec 'bitstack', not of 'nested'"};
    return {};
}

Result<void> checkRequest(const CompressRequest& request, const ModelSource& source)
{
    if (request.codec != "bitstack" && request.codec != "nested")
        return Error{ErrorCode::Usage, "codec '" + request.codec + "' is unknown; this version has 'nested' and 'bitstack'"};
    if (request.refined && request.codec != "bitstack")
        return Error{ErrorCode::Usage, "the refined encoder is one of codec 'bitstack', not of '" + request.codec + "'"};
    if (request.blocks < 1 || request.blocks > 64)
        return Error{ErrorCode::Usage, std::to_string(request.blocks) + " blocks; from 1 to 64 are possible"};
    if (source.container)
        return Error{ErrorCode::Usage, source.path + ": is compressed already; give the model it was made from"};
    if (request.codec == "nested")
        return checkNested(request);
    const ModelConfig& c = source.config;
    const std::uint32_t smallest = std::min({c.width, c.mlpWidth, c.qWidth(), c.kvWidth()});
    if (request.rank < 1 || request.rank > smallest)
        return Error{ErrorCode::Usage, "rank " + std::to_string(request.rank) + "; from 1 to " + std::to_string(smallest) +
                                           " is possible with the matrices of this model"};
    for (const std::uint32_t cols : {c.width, c.mlpWidth, c.qWidth()})
        if (cols % 8 != 0)
            return Error{ErrorCode::Unsupported, source.path + ": a linear layer has " + std::to_string(cols) +
                                                     " inputs; signs are packed by eight, so a multiple of 8 is needed"};
    return {};
}

std::string settingsText(const CompressRequest& request, const std::string& modelHash, const CalibrationText& text)
{
    return "model " + modelHash + "\ncodec " + request.codec + (request.refined ? ", refined" : "") +
           "\nrank " + std::to_string(request.rank) + "\nblocks " +
           std::to_string(request.blocks) + "\ncalibration " + text.origin + ", " + std::to_string(text.tokens.size()) +
           " tokens\nscales " + (request.publishedScales ? "published" : "shared") + "\nversion " + programVersion() + "\n";
}

Result<void> checkOutput(const CompressRequest& request, const ModelSource& source)
{
    BS_CHECK(checkWritable(request.output, request.force));
    BS_CHECK(checkNotTheInput(request.output, request.model));
    if (!request.calibration.empty())
        BS_CHECK(checkNotTheInput(request.output, request.calibration));
    BS_TRY(const CompressForecast forecast, forecastSizes(source, request));
    if (forecast.freeDiskBytes < forecast.diskBytes)
        return Error{ErrorCode::Io, request.output + ": compressing needs " + formatSize(forecast.diskBytes) +
                                        " of disk, only " + formatSize(forecast.freeDiskBytes) + " are free"};
    return {};
}

/// Whether the processor takes over from a card that ended with this.
bool processorTakesOver(const DeviceWish& wish, ErrorCode code)
{
    return wish.kind == DeviceWish::Kind::Auto && (code == ErrorCode::Memory || code == ErrorCode::Unsupported);
}

void logTakenOver(const std::string& why)
{
    logWarning(why + "; the processor compresses");
}

/// The card that a wish comes down to; nullptr: the processor.
Result<std::unique_ptr<CompressDevice>> openDevice(const DeviceWish& wish)
{
    BS_TRY(const EnginePlace place, enginePlace(wish));
    if (!place.card) {
        if (!place.notice.empty())
            logTakenOver(place.notice);
        return std::unique_ptr<CompressDevice>();
    }
    auto opened = gpuDevices()->compressDevice(*place.card);
    if (opened || !processorTakesOver(wish, opened.error().code))
        return opened;
    logTakenOver(opened.error().message);
    return std::unique_ptr<CompressDevice>();
}

/// Codes all matrices that the work folder does not hold yet.
Result<void> encodeMatrices(const CompressRequest& request, const std::shared_ptr<const ModelSource>& source, const WorkFolder& work,
                            const std::vector<std::int32_t>& tokens, const JobContext& context)
{
    const auto encode = request.codec == "nested" ? encodeNested : encodeLayers;
    BS_TRY(const std::unique_ptr<CompressDevice> device, openDevice(request.engine.device));
    auto encoded = encode(request, source, work, tokens, device.get(), context);
    if (encoded || device == nullptr || !processorTakesOver(request.engine.device, encoded.error().code))
        return encoded;
    logTakenOver(encoded.error().message);
    return encode(request, source, work, tokens, nullptr, context);
}

} // namespace

std::size_t calibrationTokens(const CompressRequest& request)
{
    if (request.calibrationTokens > 0)
        return request.calibrationTokens;
    return request.calibration.empty() ? kTokensWithout : kTokensWithFile;
}

Result<CompressResult> compress(const CompressRequest& request, const JobContext& context)
{
    const auto start = std::chrono::steady_clock::now();
    BS_TRY(ModelSource opened, openModel(request.model));
    BS_CHECK(checkRequest(request, opened));
    BS_CHECK(checkOutput(request, opened));
    BS_TRY(const WorkFolder work, WorkFolder::open(request.output + ".work"));
    const auto source = std::make_shared<const ModelSource>(std::move(opened));
    BS_TRY(const std::string modelHash, bs::modelHash(*source));
    auto readText = [&] {
        return request.calibration.empty()
                   ? selfCalibrationText(source, modelHash, calibrationTokens(request), request.engine, context)
                   : readCalibrationText(*source, request.calibration, calibrationTokens(request));
    };
    BS_TRY(const CalibrationText text, readText());
    BS_CHECK(work.begin(settingsText(request, modelHash, text), request.resume));
    const std::string kept = "; finished matrices are kept in " + request.output + ".work, --resume goes on from there";
    if (auto encoded = encodeMatrices(request, source, work, text.tokens, context); !encoded)
        return Error{encoded.error().code, encoded.error().message + kept};
    CompressResult result;
    BS_TRY(result.fileBytes, (request.codec == "nested" ? assembleNested : assembleStack)(request, source, work, text, modelHash, context));
    work.remove();
    BS_TRY(const ModelSource written, openModel(request.output));
    result.matrices = written.container->stack.matrices.size();
    result.blocks = written.container->stack.order.size();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.peakBytes = peakResidentBytes();
    return result;
}

} // namespace bs
