#include "core/jobs/loaded_model.h"

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/base/sizes.h"
#include "core/jobs/inspect.h"
#include "core/jobs/weight_bytes.h"

namespace bs {

namespace {

/// Weights, keys and values, and a tenth more for activations, logits and the program itself.
std::uint64_t neededBytes(std::uint64_t weightBytes, std::uint64_t kvBytes)
{
    return weightBytes + kvBytes + (weightBytes + kvBytes) / 10;
}

/// What a KV cache that takes so much in f32 takes there: cards have it in f16.
std::uint64_t kvBytesAt(const EnginePlace& place, std::uint64_t kvBytes)
{
    return place.card ? kvBytes / 2 : kvBytes;
}

Error doesNotFit(const ModelSource& source, std::uint64_t weightBytes, std::uint64_t kvBytes,
                 const EnginePlace& place)
{
    kvBytes = kvBytesAt(place, kvBytes);
    const std::string where =
        place.card ? "memory on cuda:" + std::to_string(*place.card) : std::string("memory");
    return Error{ErrorCode::Memory, source.path + ": does not fit: " + formatSize(weightBytes) +
                                        " of weights and " + formatSize(kvBytes) +
                                        " of KV cache need " +
                                        formatSize(neededBytes(weightBytes, kvBytes)) + " of " +
                                        where + ", " + formatSize(place.freeBytes) + " is free"};
}

bool fits(std::uint64_t weightBytes, std::uint64_t kvBytes, const EnginePlace& place)
{
    return place.freeBytes == 0 ||
           neededBytes(weightBytes, kvBytesAt(place, kvBytes)) <= place.freeBytes;
}

EnginePlace processor(std::string notice = {})
{
    return {std::nullopt, availableMemoryBytes(), std::move(notice)};
}

} // namespace

Result<std::shared_ptr<const ModelSource>> openShared(const std::string& path)
{
    BS_TRY(ModelSource source, openModel(path));
    return std::shared_ptr<const ModelSource>(std::make_shared<ModelSource>(std::move(source)));
}

Result<std::shared_ptr<const Tokenizer>> tokenizerOf(const ModelSource& source)
{
    if (!source.tokenizer)
        return Error{ErrorCode::Format,
                     source.path + ": the model has no tokenizer, so no text can be given to it"};
    Result<std::shared_ptr<const Tokenizer>> made = Tokenizer::create(*source.tokenizer);
    if (!made) return std::move(made).error().in(source.path);
    return made;
}

Result<std::vector<std::int32_t>> tokenize(const Tokenizer& tokenizer, std::string_view text,
                                           bool bos)
{
    std::vector<std::int32_t> ids;
    if (bos) {
        if (tokenizer.spec().bos < 0)
            return Error{ErrorCode::Usage,
                         "a beginning-of-text token is asked for, the model's tokenizer has none"};
        ids.push_back(tokenizer.spec().bos);
    }
    const std::vector<std::int32_t> rest = tokenizer.encode(text, true);
    ids.insert(ids.end(), rest.begin(), rest.end());
    return ids;
}

Result<EnginePlace> enginePlace(const DeviceWish& wish)
{
    const bool named = wish.kind == DeviceWish::Kind::Cuda;
    if (wish.kind == DeviceWish::Kind::Cpu) return processor();
    if (gpuDevices() == nullptr) {
        if (named) return Error{ErrorCode::Memory, "there is no CUDA plugin"};
        return processor();
    }
    const Result<std::vector<GpuCard>> cards = gpuDevices()->cards();
    if (!cards) {
        if (named) return Error{ErrorCode::Memory, cards.error().message};
        // Machines without a card or its driver are as they are; all else should be known.
        const bool none = cards.error().code == ErrorCode::NotFound;
        return processor(none ? std::string() : cards.error().message);
    }
    const auto number = static_cast<std::size_t>(wish.number);
    if (number < cards.value().size())
        return EnginePlace{wish.number, cards.value()[number].freeBytes, {}};
    if (!named) return processor();
    return Error{ErrorCode::Usage, "there is no card " + std::to_string(number) + "; there are " +
                                       std::to_string(cards.value().size()) + ", counted from 0"};
}

Result<void> checkMemory(const ModelSource& source, const ChosenSize& size, std::uint64_t kvBytes,
                         const EnginePlace& place)
{
    if (fits(size.weightBytes, kvBytes, place)) return {};
    return doesNotFit(source, size.weightBytes, kvBytes, place);
}

Result<void> checkGrowth(const Engine& engine, const ModelSource& source, std::uint64_t bytes)
{
    const std::uint64_t free = engine.freeBytes();
    if (free > 0 && bytes > free)
        return Error{ErrorCode::Memory, source.path + ": does not fit: " + formatSize(bytes) +
                                            " more are needed, " + formatSize(free) + " is free"};
    return {};
}

Result<ChosenSize> largestThatFits(const ModelSource& source, std::uint64_t kvBytes,
                                   const EnginePlace& place)
{
    BS_TRY(ChosenSize largest, chooseSize(source, SizeChoice{}));
    if (fits(largest.weightBytes, kvBytes, place)) return largest;
    if (!source.container) return doesNotFit(source, largest.weightBytes, kvBytes, place);
    const Stack& stack = source.container->stack;
    WeightBytes weights(source);
    std::size_t longest = 0;
    for (std::size_t low = stack.smallestCount, high = stack.order.size(); low < high;) {
        const std::size_t middle = low + (high - low) / 2;
        const Plan plan = prefixPlan(stack, middle);
        if (fits(weights.of(&plan), kvBytes, place)) {
            longest = middle;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (longest == 0) {
        const Plan smallest = smallestPlan(*source.container);
        return doesNotFit(source, weights.of(&smallest), kvBytes, place);
    }
    return chosenPlan(source, prefixPlan(stack, longest));
}

namespace {

/// The engine of a card, or as much of it as the card has room for.
Result<LoadedEngine> loadOnCard(const std::shared_ptr<const ModelSource>& source,
                                const ChosenSize& size, std::uint64_t kvBytes,
                                const EngineOptions& options, const EnginePlace& place,
                                const JobContext& context)
{
    Result<void> whole = checkMemory(*source, size, kvBytes, place);
    if (whole) {
        auto loaded =
            gpuDevices()->load(source, *place.card, options.threads, size.planOrNull(), context);
        if (loaded) return LoadedEngine{std::move(loaded).value(), true, {}};
        if (loaded.error().code != ErrorCode::Memory) return std::move(loaded).error();
        whole = loaded.error(); // what it takes beside the weights is known only now
    }
    EnginePlace both = place; // what the card leaves is the processor's
    if (place.freeBytes > 0) both.freeBytes += availableMemoryBytes();
    BS_CHECK(checkMemory(*source, size, kvBytes, both));
    auto split = gpuDevices()->loadSplit(source, *place.card, options.threads, size.planOrNull(),
                                         kvBytes, context);
    if (split)
        return LoadedEngine{std::move(split).value(), true,
                            whole.error().message + "; the last layers run on the processor"};
    if (split.error().code == ErrorCode::Memory) return whole.error(); // not one layer fits
    return std::move(split).error();
}

} // namespace

Result<LoadedEngine> loadEngine(const std::shared_ptr<const ModelSource>& source,
                                const ChosenSize& size, std::uint64_t kvBytes,
                                const EngineOptions& options, const JobContext& context)
{
    BS_TRY(EnginePlace place, enginePlace(options.device));
    if (place.card) {
        Result<LoadedEngine> loaded = loadOnCard(source, size, kvBytes, options, place, context);
        if (loaded) return loaded;
        const ErrorCode code = loaded.error().code;
        const bool otherwise = code == ErrorCode::Memory || code == ErrorCode::Unsupported;
        if (options.device.kind == DeviceWish::Kind::Cuda || !otherwise)
            return std::move(loaded).error();
        place = processor(loaded.error().message);
    }
    BS_CHECK(checkMemory(*source, size, kvBytes, place));
    BS_TRY(std::unique_ptr<Engine> engine,
           loadCpuEngine(source, options.threads, size.planOrNull(), context));
    if (!place.notice.empty()) place.notice += "; the model runs on the processor";
    return LoadedEngine{std::move(engine), false, std::move(place.notice)};
}

Result<std::unique_ptr<Engine>> loadEngineLogged(const std::shared_ptr<const ModelSource>& source,
                                                 const ChosenSize& size, std::uint64_t kvBytes,
                                                 const EngineOptions& options,
                                                 const JobContext& context)
{
    BS_TRY(LoadedEngine loaded, loadEngine(source, size, kvBytes, options, context));
    if (!loaded.notice.empty()) logWarning(loaded.notice);
    return std::move(loaded.engine);
}

Result<std::unique_ptr<Engine>> loadWhole(const std::shared_ptr<const ModelSource>& source,
                                          std::uint64_t kvBytes, const EngineOptions& options,
                                          const JobContext& context)
{
    BS_TRY(const ChosenSize whole, chooseSize(*source, SizeChoice{}));
    return loadEngineLogged(source, whole, kvBytes, options, context);
}

} // namespace bs
