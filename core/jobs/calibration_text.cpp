#include "core/jobs/calibration_text.h"

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/infer/engine.h"
#include "core/jobs/user_folders.h"
#include "core/plan/self_text.h"

#include <algorithm>
#include <cstring>

namespace bs {

SplitTokens splitTokens(std::span<const std::int32_t> tokens)
{
    constexpr std::size_t kHeldOut = 4096;
    const std::size_t held = tokens.size() < kFewestCalibrationTokens ? 0 : std::min(kHeldOut, tokens.size() / 4);
    return {tokens.first(tokens.size() - held), tokens.last(held)};
}

Result<CalibrationText> readCalibrationText(const ModelSource& source, const std::string& path, std::size_t tokens)
{
    if (!source.tokenizer)
        return Error{ErrorCode::Format, source.path + ": has no tokenizer, so a calibration text cannot be read; "
                                                      "without --calibration the model writes its own"};
    BS_TRY(const auto tokenizer, Tokenizer::create(*source.tokenizer));
    BS_TRY(const std::string text, readTextFile(path));
    CalibrationText calibration;
    // A token is rarely more than a few bytes; tokenising a whole corpus for its beginning would be waste.
    const std::string_view start = std::string_view(text).substr(0, tokens * 32);
    calibration.tokens = tokenizer->encode(start, false);
    const std::size_t found = calibration.tokens.size();
    if (found < kFewestCalibrationTokens)
        return Error{ErrorCode::Usage, path + ": the calibration text has " + std::to_string(found) + " tokens; " + std::to_string(kFewestCalibrationTokens) +
                                           " are the fewest that say anything about a model, " + std::to_string(tokens) + " are asked for"};
    if (found < tokens / 4)
        logWarning(path + ": the calibration text has " + std::to_string(found) + " tokens of the " + std::to_string(tokens) +
                   " asked for; small sizes will be worse than with a longer one");
    if (found > tokens)
        calibration.tokens.resize(tokens);
    calibration.origin = "file " + hexOf(xxh3(std::as_bytes(std::span(text.data(), text.size()))));
    return calibration;
}

namespace {

Result<void> saveTokens(const std::string& path, const std::vector<std::int32_t>& tokens)
{
    BS_TRY(AtomicFile file, AtomicFile::create(path, true));
    BS_CHECK(file.write(std::as_bytes(std::span(tokens))));
    return file.commit();
}

/// Empty unless the file holds exactly `tokens` ids of the vocabulary.
std::vector<std::int32_t> loadTokens(const std::string& path, std::size_t tokens, std::uint32_t vocabulary)
{
    const auto text = readTextFile(path);
    if (!text || text.value().size() != tokens * sizeof(std::int32_t))
        return {};
    std::vector<std::int32_t> ids(tokens);
    std::memcpy(ids.data(), text.value().data(), text.value().size());
    for (const std::int32_t id : ids)
        if (id < 0 || static_cast<std::uint32_t>(id) >= vocabulary)
            return {};
    return ids;
}

} // namespace

Result<CalibrationText> selfCalibrationText(std::shared_ptr<const ModelSource> source, const std::string& modelHash,
                                            std::size_t tokens, const EngineOptions& options,
                                            const JobContext& context)
{
    BS_TRY(const std::string folder, userCacheFolder("calibration"));
    const std::string path = folder + "/" + modelHash + "-" + std::to_string(tokens) + ".ids";
    CalibrationText calibration;
    calibration.origin = "written by the model, " + std::to_string(tokens) + " tokens";
    const std::uint32_t vocabulary = source->config.vocabulary;
    calibration.tokens = loadTokens(path, tokens, vocabulary);
    if (!calibration.tokens.empty())
        return calibration;
    const std::int32_t bos = source->tokenizer ? source->tokenizer->bos : -1;
    const std::uint64_t kvBytes = tokens * source->config.kvBytesPerToken(); // of all sequences
    BS_TRY(const std::unique_ptr<Engine> engine, loadWhole(source, kvBytes, options, context));
    BS_TRY(calibration.tokens, writeSelfText(*engine, bos, tokens, context));
    calibration.tokens.resize(tokens);
    if (const auto saved = saveTokens(path, calibration.tokens); !saved)
        logWarning(saved.error().message + " (the text will be written again next time)");
    return calibration;
}

} // namespace bs
