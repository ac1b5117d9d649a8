#include "app/worker/worker.h"

#include "app/cli/command.h"
#include "app/cli/interrupts.h"
#include "gpu/plugin.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

namespace bs::cli {

namespace {

Result<void> serve(int threads)
{
    // A window that is gone shows as the end of input, and as writes that fail.
    std::signal(SIGPIPE, SIG_IGN);
    interrupts().whenIdle([] { ::_exit(exitCodeOf(ErrorCode::Canceled)); });
    BS_TRY(const int output, worker::takeStandardOutput());
    static_cast<void>(useGpuPlugin()); // being without one is normal
    const int code = [output, threads] {
        auto* const served = new worker::Worker(STDIN_FILENO, output, threads); // a job may outlive serve()
        return served->serve();
    }();
    // At once: a job that did not stop in time still has threads that run.
    std::fflush(stderr);
    ::_exit(code);
}

} // namespace

void addWorker(CLI::App& app, Chosen& chosen)
{
    CLI::App* const command =
        app.add_subcommand("worker", "Serve a window over standard input and output");
    const auto threads = std::make_shared<int>(0);
    command
        ->add_option("--threads", *threads,
                     "Threads for requests that do not say (default: one per core)")
        ->check(CLI::Range(1, 1024));
    command->callback([&chosen, threads] {
        chosen.action = [threads](const JobContext&) { return serve(*threads); };
    });
}

} // namespace bs::cli
