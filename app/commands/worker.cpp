#include "app/worker/worker.h"

#include "app/cli/command.h"
#include "app/cli/interrupts.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace bs::cli {

namespace {

Result<void> serve()
{
    // A window that is gone shows as the end of input, and as writes that fail.
    std::signal(SIGPIPE, SIG_IGN);
    interrupts().whenIdle([] { ::_exit(exitCodeOf(ErrorCode::Canceled)); });
    BS_TRY(const int output, worker::takeStandardOutput());
    const int code = [output] {
        auto* const served = new worker::Worker(STDIN_FILENO, output); // a job may outlive serve()
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
    command->callback([&chosen] { chosen.action = [](const JobContext&) { return serve(); }; });
}

} // namespace bs::cli
