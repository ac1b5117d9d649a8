#pragma once

#include "app/cli/command.h"
#include "core/jobs/session.h"

namespace bs::cli {

/// What `generate` and `chat` share.
struct AnsweringOptions
{
    CommonOptions common;
    SizeOptions size;
    SessionRequest session;
    AnswerOptions answer;
    std::string system;
};

/// MODEL, a size, --system, --context, --max-tokens and the sampling options, with their defaults.
void addAnswering(CLI::App& command, AnsweringOptions& options);

/// Opens the session that the options ask for. Errors: as Session::open; Usage (device).
Result<std::unique_ptr<Session>> openSession(const AnsweringOptions& options,
                                             const JobContext& context);

} // namespace bs::cli
