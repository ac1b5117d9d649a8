#include "app/cli/interrupts.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

namespace bs::cli {

namespace {

std::array<int, 2> signalPipe{-1, -1};

/// Only hands the signal on: little else is allowed inside a handler. Blocking the signals and
/// waiting for them would not do, since libraries start threads before main that do not block them.
void onSignal(int signal)
{
    const int before = errno;
    const auto byte = static_cast<unsigned char>(signal);
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &byte, 1);
    errno = before;
}

} // namespace

Interrupts::Interrupts()
{
    if (::pipe2(signalPipe.data(), O_CLOEXEC) != 0)
        return; // Ctrl-C ends the program as it would without us
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    // The terminal is gone; nohup has it ignored, and so it stays.
    struct sigaction before = {};
    if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
        ::sigaction(SIGHUP, &action, nullptr);
    std::thread([this] { waitForSignals(); }).detach();
}

void Interrupts::waitForSignals()
{
    while (true) {
        unsigned char signal = 0;
        const ssize_t got = ::read(signalPipe[0], &signal, 1);
        if (got == 1)
            interrupted(signal);
        else if (got == 0 || errno != EINTR)
            return;
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
