#include "core/jobs/reference.h"

#include "core/base/hash.h"
#include "core/jobs/identity.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/user_folders.h"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace bs {

namespace {

namespace fs = std::filesystem;

/// A position takes 32 KiB, a text of eight windows 268 MB.
constexpr std::uint64_t kMostCachedBytes = 2ULL << 30;

/// Lets the oldest go until the rest fits; what cannot be removed stays.
void trimCache(const fs::path& newest)
{
    struct Entry
    {
        fs::file_time_type written;
        std::uint64_t bytes = 0;
        fs::path path;
    };
    std::vector<Entry> entries;
    std::uint64_t total = 0;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(newest.parent_path(), failed)) {
        const std::uint64_t bytes = entry.file_size(failed);
        if (failed || entry.path().extension() != ".dist") continue;
        total += bytes;
        if (entry.path() != newest)
            entries.push_back({entry.last_write_time(failed), bytes, entry.path()});
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.written < b.written; });
    for (const Entry& entry : entries) {
        if (total <= kMostCachedBytes) return;
        if (fs::remove(entry.path, failed)) total -= entry.bytes;
    }
}

/// Where the distributions over a text are kept between runs.
Result<std::string> cachePath(const ScoredText& text, const std::string& referenceHash)
{
    const PerplexityOptions& o = text.options;
    const std::string key =
        referenceHash + "/" + text.dataHash + "/" + std::to_string(o.context) + "/" +
        (o.scored == Scored::Half ? "half" : "all") + "/" + std::to_string(o.chunks) + "/" +
        std::to_string(o.bosToken.value_or(-1)) + "/" + std::to_string(text.tokens.size());
    BS_TRY(const std::string folder, userCacheFolder("references"));
    return folder + "/" + hexOf(xxh3(std::as_bytes(std::span(key)))) + ".dist";
}

} // namespace

Result<IdentifiedModel> identified(std::shared_ptr<const ModelSource> source)
{
    BS_TRY(ModelIdentity identity, identify(*source));
    return IdentifiedModel{std::move(source), std::move(identity)};
}

IdentifiedModel denseSourceOf(const ModelSource& source, const std::string& modelHash,
                              std::string& note)
{
    if (!source.container) return {};
    const auto leaveOut = [&note](const std::string& why) {
        note += (note.empty() ? "" : "; ") + ("the uncompressed model is left out: " + why);
        return IdentifiedModel{};
    };
    const std::string path = provenanceOf(source, "source_path");
    std::error_code failed;
    if (path.empty()) return leaveOut("the file does not say where it was");
    if (!fs::exists(path, failed)) return leaveOut(path + " is not there any more");
    Result<std::shared_ptr<const ModelSource>> opened = openShared(path);
    Result<IdentifiedModel> dense =
        opened ? identified(std::move(opened).value()) : Result<IdentifiedModel>(opened.error());
    if (!dense) return leaveOut(dense.error().message);
    if (dense.value().identity.modelHash != modelHash)
        return leaveOut(path + " is another model by now");
    return std::move(dense).value();
}

Result<void> checkVocabulary(const ModelSource& reference, const ModelSource& model)
{
    if (reference.config.vocabulary == model.config.vocabulary) return {};
    return Error{ErrorCode::Usage, "the reference " + reference.path + " has a vocabulary of " +
                                       std::to_string(reference.config.vocabulary) + " tokens, " +
                                       model.path + " one of " +
                                       std::to_string(model.config.vocabulary)};
}

Result<ReferenceDistributions> referenceDistributions(const IdentifiedModel& reference,
                                                      const ScoredText& text,
                                                      const EngineOptions& options,
                                                      const JobContext& context)
{
    BS_TRY(const std::string path, cachePath(text, reference.identity.artifactHash));
    if (Result<ReferenceDistributions> cached = ReferenceDistributions::open(path)) return cached;
    const ModelSource& model = *reference.source;
    BS_TRY(const ChosenSize size, chooseSize(model, SizeChoice{}));
    BS_TRY(const auto engine,
           loadEngineLogged(reference.source, size,
                            text.options.context * model.config.kvBytesPerToken(), options,
                            context));
    BS_TRY(ReferenceDistributions collected,
           ReferenceDistributions::collect(*engine, text.tokens, text.options, path, context));
    trimCache(path);
    return collected;
}

} // namespace bs
