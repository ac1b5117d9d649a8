#include "app/cli/command.h"
#include "core/base/file.h"
#include "core/jobs/not_the_input.h"
#include "core/store/run_filter.h"
#include "core/store/store.h"

#include <cstdio>
#include <set>

namespace bs::cli {

namespace {

struct Options
{
    CommonOptions common;
    std::string database;
    std::int64_t run = 0;
    std::vector<std::int64_t> runs;
    std::string filter;
    std::string note;
    std::string format = "csv";
    std::string output;
    bool force = false;
};

Result<std::string> databasePath(const Options& options)
{
    if (options.database.empty()) return defaultDatabasePath();
    // A name that was mistyped would be an empty database from now on.
    BS_TRY([[maybe_unused]] const File there, File::open(options.database));
    return options.database;
}

Result<Store> openStore(const Options& options)
{
    BS_TRY(const std::string path, databasePath(options));
    return Store::open(path);
}

/// Runs of which the filter line lets a size through.
Result<void> keepMatching(Store& store, const std::string& line, std::vector<RunRecord>& runs)
{
    BS_TRY(const RunFilter filter, RunFilter::parse(line));
    BS_TRY(const RunTable table, store.runTable());
    std::set<std::int64_t> matching;
    for (const RunPoint& point : table)
        if (filter.matches(point)) matching.insert(point.run->id);
    std::erase_if(runs, [&](const RunRecord& run) { return !matching.contains(run.id); });
    return {};
}

Result<void> list(const Options& options)
{
    BS_TRY(Store store, openStore(options));
    BS_TRY(std::vector<RunRecord> runs, store.listRuns());
    if (!options.filter.empty()) BS_CHECK(keepMatching(store, options.filter, runs));
    if (options.common.json) {
        print(runsJson(runs));
        return {};
    }
    std::vector<std::vector<std::string>> rows{{"id", "kind", "started", "state", "model"}};
    for (const RunRecord& run : runs)
        rows.push_back(
            {std::to_string(run.id), run.kind, run.started, nameOf(run.state), run.modelPath});
    printTable(rows);
    return {};
}

Result<void> show(const Options& options)
{
    BS_TRY(Store store, openStore(options));
    BS_TRY(const RunRecord run, store.showRun(options.run));
    BS_TRY(const std::vector<MeasurementRecord> measurements, store.measurements(options.run));
    if (options.common.json) {
        print(runJson(run, measurements));
        return {};
    }
    std::printf("run %lld: %s of %s, %s, started %s on %s\n", static_cast<long long>(run.id),
                run.kind.c_str(), run.modelPath.c_str(), nameOf(run.state), run.started.c_str(),
                run.device.c_str());
    if (!run.error.empty()) std::printf("%s\n", run.error.c_str());
    std::vector<std::vector<std::string>> rows{{"bytes", "metric", "value", "+-", "n"}};
    for (const MeasurementRecord& m : measurements)
        rows.push_back({std::to_string(m.budgetBytes.value_or(m.fileBytes)), m.metric,
                        numberText(m.value, 4), m.error ? numberText(*m.error, 4) : "",
                        m.n ? std::to_string(*m.n) : ""});
    printTable(rows);
    return {};
}

Result<void> exportTo(const Options& options)
{
    BS_TRY(const std::string database, databasePath(options));
    BS_CHECK(checkNotTheInput(options.output, database));
    BS_TRY(Store store, Store::open(database));
    BS_TRY(
        const std::string text,
        store.exportRuns(options.format == "json" ? ExportFormat::JsonArray : ExportFormat::Csv));
    BS_TRY(AtomicFile file, AtomicFile::create(options.output, options.force));
    BS_CHECK(file.write(text));
    BS_CHECK(file.commit());
    if (options.common.json)
        print(Json{{"bytes", text.size()}, {"file", options.output}});
    else
        std::printf("wrote %s\n", options.output.c_str());
    return {};
}

void printChanged(const Options& options, const std::vector<std::int64_t>& runs, const char* what)
{
    if (options.common.json)
        print(Json{{"runs", runs}});
    else
        for (const std::int64_t run : runs)
            std::printf("run %lld: %s\n", static_cast<long long>(run), what);
}

Result<void> remove(const Options& options)
{
    BS_TRY(Store store, openStore(options));
    BS_CHECK(store.removeRuns(options.runs));
    printChanged(options, options.runs, "removed; `runs restore` brings it back for a day");
    return {};
}

Result<void> restore(const Options& options)
{
    BS_TRY(Store store, openStore(options));
    BS_CHECK(store.restoreRuns(options.runs));
    printChanged(options, options.runs, "restored");
    return {};
}

Result<void> writeNote(const Options& options)
{
    BS_TRY(Store store, openStore(options));
    BS_CHECK(store.setRunNote(options.run, options.note));
    printChanged(options, {options.run}, options.note.empty() ? "note removed" : "note kept");
    return {};
}

using Job = Result<void> (*)(const Options&);

CLI::App* addJob(CLI::App& runs, Chosen& chosen, const std::shared_ptr<Options>& options,
                 const char* name, const char* what, Job job)
{
    CLI::App* const command = runs.add_subcommand(name, what);
    addJson(*command, options->common);
    command->add_option("--database", options->database, "Database to read (default: the user's)");
    command->callback([&chosen, options, job] {
        chosen.action = [options, job](const JobContext&) { return job(*options); };
    });
    return command;
}

} // namespace

void addRuns(CLI::App& app, Chosen& chosen)
{
    auto options = std::make_shared<Options>();
    CLI::App* const runs = app.add_subcommand("runs", "What was measured before");
    runs->require_subcommand(1);
    addJob(*runs, chosen, options, "list", "List all runs, newest first", list)
        ->add_option("--filter", options->filter,
                     "Only runs that match a line such as 'codec:nested ppl<20 size<100MB'");
    addJob(*runs, chosen, options, "show", "Show one run with its measurements", show)
        ->add_option("ID", options->run, "Number of the run")
        ->required();
    const auto addChange = [&](const char* name, const char* what, Job job) {
        addJob(*runs, chosen, options, name, what, job)
            ->add_option("ID", options->runs, "Numbers of the runs")
            ->required();
    };
    addChange("remove", "Take runs out of lists, charts and exports", remove);
    addChange("restore", "Bring removed runs back", restore);
    CLI::App* const note =
        addJob(*runs, chosen, options, "note", "Write something about a run", writeNote);
    note->add_option("ID", options->run, "Number of the run")->required();
    note->add_option("TEXT", options->note, "What to write; nothing removes the note");
    CLI::App* const exporting =
        addJob(*runs, chosen, options, "export", "Write all measurements to a file", exportTo);
    exporting->add_option("--format", options->format, "csv or json")
        ->check(CLI::IsMember({"csv", "json"}))
        ->capture_default_str();
    exporting->add_option("-o,--output", options->output, "File to write")->required();
    exporting->add_flag("--force", options->force, "Write over an existing file");
}

} // namespace bs::cli
