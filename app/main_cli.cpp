#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "app/cli/interrupts.h"
#include "app/cli/standard_streams.h"
#include "app/cli/version_text.h"
#include "core/jobs/boundary.h"
#include "core/linalg/prepare_blas.h"
#include "gpu/plugin.h"

#include <cstdio>
#include <string>

namespace {

using namespace bs;

constexpr int kUsage = 2;

void addCommands(CLI::App& app, cli::Chosen& chosen)
{
    cli::addInspect(app, chosen);
    cli::addTokenize(app, chosen);
    cli::addCompress(app, chosen);
    cli::addPlan(app, chosen);
    cli::addTrim(app, chosen);
    cli::addExport(app, chosen);
    cli::addEval(app, chosen);
    cli::addGenerate(app, chosen);
    cli::addKeep(app, chosen);
    cli::addChat(app, chosen);
    cli::addBench(app, chosen);
    cli::addRuns(app, chosen);
    cli::addWorker(app, chosen);
}

/// What was printed must have arrived (disk full, closed pipe).
int exitCode(const Result<void>& done)
{
    if (!done) {
        std::fflush(stdout);
        std::fprintf(stderr, "bitstack: %s\n", done.error().message.c_str());
        return exitCodeOf(done.error().code);
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        std::fputs("bitstack: standard output cannot be written\n", stderr);
        return exitCodeOf(ErrorCode::Io);
    }
    return 0;
}

/// Help and version are results, everything the arguments are refused for ends with 2.
int parseFailure(const CLI::App& app, const CLI::ParseError& error)
{
    if (error.get_exit_code() == 0) {
        static_cast<void>(app.exit(error));
        return exitCode({});
    }
    std::fprintf(stderr, "bitstack: %s\nRun with --help for more information.\n",
                 cli::refusalText(app, error).c_str());
    return kUsage;
}

int run(int argc, char** argv)
{
    cli::Interrupts& interrupts = cli::interrupts();
    CLI::App app("Any-size compression of language models: one file, and as many bytes of it as "
                 "there is memory.",
                 "bitstack");
    app.set_version_flag("--version", [] { return cli::versionText(useGpuPlugin()); });
    app.require_subcommand(1);
    cli::Chosen chosen;
    addCommands(app, chosen);
    cli::checkCounts(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return parseFailure(app, error);
    }
    const JobContext context{interrupts.token(), {}};
    return exitCode(atJobBoundary([&] { return chosen.action(context); }));
}

} // namespace

int main(int argc, char** argv)
{
    cli::holdStandardStreams();
    prepareBlas(argv);
    try {
        return run(argc, argv);
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "bitstack: unexpected failure: %s\n", bug.what());
        return exitCodeOf(ErrorCode::Internal);
    }
}
