#include "app/cli/interrupts.h"

#include <csignal>
#include <thread>

#include <pthread.h>
#include <unistd.h>

namespace bs::cli {

namespace {

sigset_t endingSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

} // namespace

Interrupts::Interrupts()
{
    // Blocked here and, by inheritance, in all threads to come; the waiting thread takes them one by one,
    // so that nothing has to happen inside a signal handler.
    const sigset_t set = endingSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::thread([this] { waitForSignals(); }).detach();
}

void Interrupts::waitForSignals()
{
    const sigset_t set = endingSignals();
    while (true) {
        int signal = 0;
        if (sigwait(&set, &signal) == 0)
            interrupted(signal);
    }
}

void Interrupts::interrupted(int signal)
{
    std::function<void()> idle;
    bool again = false;
    {
        const std::lock_guard lock(m_mutex);
        idle = m_idle;
        again = m_source.stop_requested();
    }
    if (idle)
        idle();
    else if (again)
        ::_exit(128 + signal);
    else
        m_source.request_stop();
}

std::stop_token Interrupts::token()
{
    const std::lock_guard lock(m_mutex);
    return m_source.get_token();
}

void Interrupts::renew()
{
    const std::lock_guard lock(m_mutex);
    m_source = std::stop_source();
}

void Interrupts::whenIdle(std::function<void()> action)
{
    const std::lock_guard lock(m_mutex);
    m_idle = std::move(action);
}

Interrupts& interrupts()
{
    static auto* const all = new Interrupts; // never destroyed: its thread runs to the end
    return *all;
}

} // namespace bs::cli
