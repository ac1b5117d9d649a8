#include "core/jobs/loaded_model.h"

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

Error doesNotFit(const ModelSource& source, std::uint64_t weightBytes, std::uint64_t kvBytes,
                 std::uint64_t free)
{
    return Error{ErrorCode::Memory, source.path + ": does not fit: " + formatSize(weightBytes) +
                                        " of weights and " + formatSize(kvBytes) +
                                        " of KV cache need " +
                                        formatSize(neededBytes(weightBytes, kvBytes)) +
                                        " of memory, " + formatSize(free) + " is free"};
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

Result<void> checkMemory(const ModelSource& source, const ChosenSize& size, std::uint64_t kvBytes)
{
    const std::uint64_t free = availableMemoryBytes();
    if (free > 0 && neededBytes(size.weightBytes, kvBytes) > free)
        return doesNotFit(source, size.weightBytes, kvBytes, free);
    return {};
}

Result<void> checkGrowth(const ModelSource& source, std::uint64_t bytes)
{
    const std::uint64_t free = availableMemoryBytes();
    if (free > 0 && bytes > free)
        return Error{ErrorCode::Memory, source.path + ": does not fit: " + formatSize(bytes) +
                                            " more are needed, " + formatSize(free) + " is free"};
    return {};
}

Result<ChosenSize> largestThatFits(const ModelSource& source, std::uint64_t kvBytes)
{
    BS_TRY(ChosenSize largest, chooseSize(source, SizeChoice{}));
    const std::uint64_t free = availableMemoryBytes();
    if (free == 0 || neededBytes(largest.weightBytes, kvBytes) <= free) return largest;
    if (!source.container) return doesNotFit(source, largest.weightBytes, kvBytes, free);
    const Stack& stack = source.container->stack;
    WeightBytes weights(source);
    std::size_t fits = 0;
    for (std::size_t low = stack.smallestCount, high = stack.order.size(); low < high;) {
        const std::size_t middle = low + (high - low) / 2;
        const Plan plan = prefixPlan(stack, middle);
        if (neededBytes(weights.of(&plan), kvBytes) <= free) {
            fits = middle;
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (fits == 0) {
        const Plan smallest = smallestPlan(*source.container);
        return doesNotFit(source, weights.of(&smallest), kvBytes, free);
    }
    return chosenPlan(source, prefixPlan(stack, fits));
}

Result<std::unique_ptr<Engine>> loadEngine(const std::shared_ptr<const ModelSource>& source,
                                           const ChosenSize& size, std::uint64_t kvBytes,
                                           int threads, const JobContext& context)
{
    BS_CHECK(checkMemory(*source, size, kvBytes));
    return loadCpuEngine(source, threads, size.planOrNull(), context);
}

} // namespace bs
