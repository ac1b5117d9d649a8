#pragma once

#include <functional>
#include <mutex>
#include <stop_token>

namespace bs::cli {

/// Turns Ctrl-C (and a request to end) into a stop token: the first asks the running job to stop,
/// the second ends the program at once.
class Interrupts
{
public:
    Interrupts();

    /// Of the job that runs now.
    std::stop_token token();
    /// Makes the next Ctrl-C a first one again, with a fresh token (between two answers of a chat).
    void renew();
    /// Called instead of stopping the token while set: nothing runs, a line is awaited. May be
    /// empty.
    void whenIdle(std::function<void()> action);

private:
    void waitForSignals();
    void interrupted(int signal);

    std::mutex m_mutex;
    std::stop_source m_source;
    std::function<void()> m_idle;
};

/// The program's one.
Interrupts& interrupts();

} // namespace bs::cli
