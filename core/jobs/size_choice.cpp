#include "core/jobs/size_choice.h"

#include "core/base/json_guard.h"
#include "core/base/sizes.h"
#include "core/jobs/recipe.h"
#include "core/jobs/weight_bytes.h"

#include <algorithm>
#include <map>

namespace bs {

namespace {

/// The depth of one entry of a plan file, checked against the matrix it names.
Result<void> takeDepth(const nlohmann::json& entry,
                       const std::map<std::string, std::size_t>& places, const Stack& stack,
                       std::vector<bool>& given, Plan& plan)
{
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() ||
        !entry.contains("depth") || !entry["depth"].is_number_unsigned())
        return Error{ErrorCode::Format,
                     "an entry of \"matrices\" is not {\"name\": text, \"depth\": number}"};
    const std::string name = entry["name"].get<std::string>();
    const auto depth = entry["depth"].get<std::uint64_t>();
    const auto place = places.find(name);
    if (place == places.end())
        return Error{ErrorCode::Format, "the model has no matrix '" + printable(name) + "'"};
    const std::size_t blocks = stack.matrices[place->second].blockBytes.size();
    if (depth > blocks)
        return Error{ErrorCode::Format, name + ": depth " + std::to_string(depth) +
                                            " is asked for, the model has " +
                                            std::to_string(blocks) + " blocks of it"};
    if (given[place->second]) return Error{ErrorCode::Format, name + " is named twice"};
    given[place->second] = true;
    plan.depth[place->second] = static_cast<std::uint32_t>(depth);
    return {};
}

Result<Plan> parsePlan(const std::string& text, const Stack& stack)
{
    BS_TRY(const nlohmann::json json, parseJson(text, "the plan"));
    if (!json.is_object() || !json.contains("matrices") || !json["matrices"].is_array())
        return Error{ErrorCode::Format, "this is no plan: it has no list \"matrices\""};
    std::map<std::string, std::size_t> places;
    for (std::size_t m = 0; m < stack.matrices.size(); ++m)
        places[stack.matrices[m].name] = m;
    Plan plan{std::vector<std::uint32_t>(stack.matrices.size(), 0)};
    std::vector<bool> given(stack.matrices.size(), false);
    for (const nlohmann::json& entry : json["matrices"])
        BS_CHECK(takeDepth(entry, places, stack, given, plan));
    const auto missing = std::find(given.begin(), given.end(), false);
    if (missing != given.end())
        return Error{ErrorCode::Format,
                     "the plan says nothing about " +
                         stack.matrices[static_cast<std::size_t>(missing - given.begin())].name};
    return plan;
}

/// Of a choice that has rules.
Result<Plan> planUnderRecipe(const Container& container, const SizeChoice& choice)
{
    switch (choice.kind) {
    case SizeChoice::Kind::Bytes:
        return planRecipe(container, choice.recipe, choice.bytes);
    case SizeChoice::Kind::Smallest:
        return smallestOf(container, choice.recipe);
    case SizeChoice::Kind::Everything:
    case SizeChoice::Kind::Largest:
        return largestOf(container, choice.recipe);
    case SizeChoice::Kind::Depth:
    case SizeChoice::Kind::PlanFile:
    case SizeChoice::Kind::Plan:
        break;
    }
    return Error{ErrorCode::Usage, "rules go with a budget, not with a depth or a plan"};
}

Result<Plan> planOf(const Container& container, const SizeChoice& choice)
{
    if (!choice.recipe.empty()) return planUnderRecipe(container, choice);
    switch (choice.kind) {
    case SizeChoice::Kind::Bytes: {
        Plan largest = largestPlan(container);
        if (choice.bytes >= fileBytesOf(container, largest)) return largest;
        return planForBudget(container, choice.bytes);
    }
    case SizeChoice::Kind::Smallest:
        return smallestPlan(container);
    case SizeChoice::Kind::Depth:
        return uniformPlan(container.stack, choice.depth);
    case SizeChoice::Kind::PlanFile: {
        BS_TRY(const std::string text, readTextFile(choice.planFile, 100'000'000));
        Result<Plan> plan = parsePlan(text, container.stack);
        if (!plan) return std::move(plan).error().in(choice.planFile);
        return plan;
    }
    case SizeChoice::Kind::Plan:
        return choice.plan;
    case SizeChoice::Kind::Everything:
    case SizeChoice::Kind::Largest:
        break;
    }
    return largestPlan(container);
}

} // namespace

Result<SizeChoice> parseBudget(const std::string& text)
{
    SizeChoice choice;
    if (text == "min") {
        choice.kind = SizeChoice::Kind::Smallest;
        return choice;
    }
    if (text == "max") {
        choice.kind = SizeChoice::Kind::Largest;
        return choice;
    }
    BS_TRY(const std::uint64_t bytes, parseSize(text));
    return budgetChoice(bytes);
}

SizeChoice budgetChoice(std::uint64_t bytes)
{
    SizeChoice choice;
    choice.kind = SizeChoice::Kind::Bytes;
    choice.bytes = bytes;
    return choice;
}

SizeChoice depthChoice(std::uint32_t depth)
{
    SizeChoice choice;
    choice.kind = SizeChoice::Kind::Depth;
    choice.depth = depth;
    return choice;
}

SizeChoice planFileChoice(const std::string& path)
{
    SizeChoice choice;
    choice.kind = SizeChoice::Kind::PlanFile;
    choice.planFile = path;
    return choice;
}

SizeChoice planChoice(Plan plan)
{
    SizeChoice choice;
    choice.kind = SizeChoice::Kind::Plan;
    choice.plan = std::move(plan);
    return choice;
}

Result<const Container*> needStack(const ModelSource& source, const std::string& what)
{
    if (!source.container)
        return Error{ErrorCode::Usage, source.path + ": " + what +
                                           " needs a .bitstack file, this is a model of format " +
                                           nameOf(source.format) + "; compress it first"};
    return &*source.container;
}

Result<ChosenSize> chosenPlan(const ModelSource& source, Plan plan)
{
    BS_TRY(const Container* container, needStack(source, "a plan"));
    BS_CHECK(checkPlan(container->stack, plan));
    ChosenSize chosen;
    chosen.fileBytes = fileBytesOf(*container, plan);
    chosen.weightBytes = WeightBytes(source).of(&plan);
    chosen.plan = std::move(plan);
    chosen.isStack = true;
    return chosen;
}

Result<ChosenSize> chooseSize(const ModelSource& source, const SizeChoice& choice)
{
    if (choice.kind == SizeChoice::Kind::Everything && choice.recipe.empty() && !source.container) {
        ChosenSize whole;
        whole.fileBytes = source.bytes;
        whole.weightBytes = WeightBytes(source).of(nullptr);
        return whole;
    }
    BS_TRY(const Container* container, needStack(source, "choosing a size"));
    Result<Plan> plan = planOf(*container, choice);
    if (!plan)
        return std::move(plan).error().code == ErrorCode::Budget
                   ? Error(std::move(plan).error()).in(source.path)
                   : std::move(plan).error();
    BS_TRY(ChosenSize chosen, chosenPlan(source, std::move(plan).value()));
    chosen.recipe = choice.recipe;
    if (choice.kind == SizeChoice::Kind::Bytes) chosen.budgetBytes = choice.bytes;
    if (choice.kind == SizeChoice::Kind::Smallest || choice.kind == SizeChoice::Kind::Largest)
        chosen.budgetBytes = chosen.fileBytes;
    if (choice.kind == SizeChoice::Kind::Depth) chosen.depth = choice.depth;
    return chosen;
}

} // namespace bs
