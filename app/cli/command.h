#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/jobs/json.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/size_choice.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bs::cli {

/// What the chosen command does once its arguments are known.
using Action = std::function<Result<void>(const JobContext&)>;

/// The commands write the one that was asked for here while the arguments are read.
struct Chosen
{
    Action action;
};

/// Options of every command, and of those that compute.
struct CommonOptions
{
    bool json = false;
    int threads = 0; ///< 0: one per core
    std::string device = "auto";

    /// Opens the CUDA plugin if a card may be used. Errors: Usage (no such device), Memory (a card
    /// is named and there is no plugin: exit 4).
    Result<EngineOptions> engine() const;
};

void addJson(CLI::App& command, CommonOptions& options);
/// --json, --threads, --device
void addComputing(CLI::App& command, CommonOptions& options);

/// Where a measuring command stores its run.
struct StoreOptions
{
    bool noStore = false;
    std::string database;

    /// Path of the database; empty with --no-store. Errors: Io (no user folder).
    Result<std::string> path() const;
};
void addStore(CLI::App& command, StoreOptions& options);

/// One SIZE-CHOICE of a command line.
struct SizeOptions
{
    std::vector<std::string> budgets;
    std::vector<std::uint32_t> depths;
    std::vector<std::string> plans;
    std::vector<std::string> rules; ///< of every budget
    const CLI::App* command = nullptr;

    /// Errors: Usage (more than one choice; a text that is no size).
    Result<SizeChoice> one() const;
    /// All choices in the order they were written.
    Result<std::vector<SizeChoice>> all() const;
};
/// `several`: --budget and --depth may be repeated.
void addSize(CLI::App& command, SizeOptions& options, bool several = false);

/// Progress on standard error: one line that is written over on a terminal, a line now and then
/// otherwise.
class ProgressLine
{
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    void show(const Progress& progress);
    /// Clears the line, so that something else can be written.
    void clear();

private:
    bool m_terminal;
    bool m_shown = false;
    double m_lastSeconds = -1e9;
    std::string m_lastPhase;
};

/// The context of a job with its progress on standard error.
JobContext withProgress(const JobContext& context, ProgressLine& line);

/// The object of --json, on standard output.
void print(const Json& json);

/// Rows of text in aligned columns; the first row is the header.
void printTable(const std::vector<std::vector<std::string>>& rows);

/// "22.4831"
std::string numberText(double number, int decimals);

// Each adds one command; they are listed in `bitstack --help` in the order of main.
void addInspect(CLI::App& app, Chosen& chosen);
void addTokenize(CLI::App& app, Chosen& chosen);
void addCompress(CLI::App& app, Chosen& chosen);
void addPlan(CLI::App& app, Chosen& chosen);
void addTrim(CLI::App& app, Chosen& chosen);
void addExport(CLI::App& app, Chosen& chosen);
void addEval(CLI::App& app, Chosen& chosen);
void addGenerate(CLI::App& app, Chosen& chosen);
void addKeep(CLI::App& app, Chosen& chosen);
void addChat(CLI::App& app, Chosen& chosen);
void addBench(CLI::App& app, Chosen& chosen);
void addRuns(CLI::App& app, Chosen& chosen);
void addWorker(CLI::App& app, Chosen& chosen);

} // namespace bs::cli
