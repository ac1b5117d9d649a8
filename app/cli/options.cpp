#include "app/cli/command.h"
#include "core/base/thread_pool.h"
#include "core/store/store.h"
#include "gpu/plugin.h"

namespace bs::cli {

namespace {

constexpr int kMostThreads = 1024;

} // namespace

void addJson(CLI::App& command, CommonOptions& options)
{
    command.add_flag("--json", options.json, "Print one JSON object on standard output");
}

void addComputing(CLI::App& command, CommonOptions& options)
{
    addJson(command, options);
    command
        .add_option("--threads", options.threads, "Threads to compute with (default: one per core)")
        ->check(CLI::Range(1, kMostThreads));
    command.add_option("--device", options.device, "auto, cpu or cuda[:N]")->capture_default_str();
}

Result<EngineOptions> CommonOptions::engine() const
{
    Result<DeviceWish> wish = parseDevice(device);
    if (!wish) return std::move(wish).error().in("--device");
    if (wish.value().kind != DeviceWish::Kind::Cpu)
        if (const Result<void> plugin = useGpuPlugin();
            !plugin && wish.value().kind == DeviceWish::Kind::Cuda)
            // the model does not fit this machine's devices, the file is not to blame
            return Error{ErrorCode::Memory, "--device " + device + ": " + plugin.error().message};
    return EngineOptions{threads, wish.value()};
}

void addStore(CLI::App& command, StoreOptions& options)
{
    auto* const none =
        command.add_flag("--no-store", options.noStore, "Do not store this run in the database");
    command.add_option("--database", options.database, "Database to store the run in")
        ->excludes(none);
}

Result<std::string> StoreOptions::path() const
{
    if (noStore) return std::string();
    if (!database.empty()) return database;
    return defaultDatabasePath();
}

void addSize(CLI::App& command, SizeOptions& options, bool several)
{
    options.command = &command;
    const std::string often = several ? "; may be repeated" : "";
    // allow_extra_args(false): each occurrence takes exactly one value, so that MODEL may follow.
    command
        .add_option("--budget", options.budgets,
                    "Size of the file to use, as in 105.5MB, or min or max" + often)
        ->type_name("SIZE")
        ->allow_extra_args(false);
    command.add_option("--depth", options.depths, "Blocks of every linear matrix" + often)
        ->type_name("D")
        ->allow_extra_args(false);
    command.add_option("--plan", options.plans, "Plan file as printed by plan --json")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--rule", options.rules,
                    "What a matrix or class shall have whatever the budget is: v_proj=6 (blocks; 0 "
                    "leaves it out where the model can do without), v_proj=4bits, v_proj=+1 or -1 "
                    "(more or fewer than the loading order gives it); may be repeated")
        ->type_name("RULE")
        ->allow_extra_args(false);
}

Result<std::vector<SizeChoice>> SizeOptions::all() const
{
    std::vector<SizeChoice> choices;
    std::size_t budget = 0;
    std::size_t depth = 0;
    std::size_t plan = 0;
    for (const CLI::Option* const option : command->parse_order()) {
        const std::string name = option->get_name();
        if (name == "--budget") {
            BS_TRY(SizeChoice choice, parseBudget(budgets.at(budget++)));
            choices.push_back(std::move(choice));
        } else if (name == "--depth") {
            choices.push_back(depthChoice(depths.at(depth++)));
        } else if (name == "--plan") {
            choices.push_back(planFileChoice(plans.at(plan++)));
        }
    }
    if (rules.empty()) return choices;
    if (choices.empty()) choices.emplace_back();
    BS_TRY(const Recipe recipe, parseRecipe(rules));
    for (SizeChoice& choice : choices)
        choice.recipe = recipe;
    return choices;
}

Result<SizeChoice> SizeOptions::one() const
{
    BS_TRY(std::vector<SizeChoice> choices, all());
    if (choices.size() > 1)
        return Error{ErrorCode::Usage,
                     "only one of --budget, --depth and --plan can be given, and only once"};
    return choices.empty() ? SizeChoice{} : std::move(choices.front());
}

} // namespace bs::cli
