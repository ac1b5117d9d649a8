#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace bs::test {

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe
{
    std::array<int, 2> ends{-1, -1};
    Pipe()
    {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    }
};

/// Reads what is there; closes the descriptor at its end.
void drain(int& descriptor, std::string& text)
{
    std::array<char, 65536> piece{};
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got > 0) {
        text.append(piece.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
        ::close(descriptor);
        descriptor = -1;
    }
}

} // namespace

Program::Program(const std::string& path, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment)
{
    std::signal(SIGPIPE,
                SIG_IGN); // writing to a program that ended is an answer, not the end of the test
    const Pipe in;
    const Pipe out;
    const Pipe err;
    std::vector<char*> argv{const_cast<char*>(path.c_str())};
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    m_pid = ::fork();
    if (m_pid == 0) {
        ::dup2(in.ends[0], STDIN_FILENO);
        ::dup2(out.ends[1], STDOUT_FILENO);
        ::dup2(err.ends[1], STDERR_FILENO);
        std::signal(SIGPIPE, SIG_DFL);
        for (const std::string& variable : environment)
            ::putenv(const_cast<char*>(variable.c_str()));
        ::execv(path.c_str(), argv.data());
        ::_exit(127);
    }
    ::close(in.ends[0]);
    ::close(out.ends[1]);
    ::close(err.ends[1]);
    m_in = in.ends[1];
    m_out = out.ends[0];
    m_err = err.ends[0];
}

Program::~Program()
{
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    for (const int descriptor : {m_in, m_out, m_err})
        if (descriptor >= 0) ::close(descriptor);
}

bool Program::write(const std::string& text)
{
    std::size_t written = 0;
    while (m_in >= 0 && written < text.size()) {
        const ssize_t put = ::write(m_in, text.data() + written, text.size() - written);
        if (put < 0 && errno != EINTR) return false;
        written += put > 0 ? static_cast<std::size_t>(put) : 0;
    }
    return m_in >= 0;
}

void Program::closeInput()
{
    if (m_in >= 0) ::close(m_in);
    m_in = -1;
}

/// Waits for output until the given time; false if nothing more will come, or not in time.
bool Program::pump(Clock::time_point until)
{
    std::array<pollfd, 2> waits{pollfd{m_out, POLLIN, 0}, pollfd{m_err, POLLIN, 0}};
    if (m_out < 0 && m_err < 0) return false;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || ::poll(waits.data(), waits.size(), static_cast<int>(left)) <= 0) return false;
    if (waits[0].revents != 0) drain(m_out, m_outText);
    if (waits[1].revents != 0) drain(m_err, m_errText);
    return true;
}

bool Program::readLine(std::string& line, std::chrono::milliseconds limit)
{
    const auto until = Clock::now() + limit;
    while (true) {
        const std::size_t end = m_outText.find('\n');
        if (end != std::string::npos) {
            line = m_outText.substr(0, end);
            m_outText.erase(0, end + 1);
            return true;
        }
        if (m_out < 0 || !pump(until)) return false;
    }
}

void Program::signal(int number)
{
    ::kill(m_pid, number);
}

Outcome Program::finish(std::chrono::milliseconds limit)
{
    const auto until = Clock::now() + limit;
    while (pump(until)) {
    }
    if (m_out >= 0 || m_err >= 0) ::kill(m_pid, SIGKILL);
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    Outcome outcome;
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = std::move(m_outText);
    outcome.err = std::move(m_errText);
    return outcome;
}

Outcome runProgram(const std::string& path, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment, const std::string& input)
{
    Program program(path, arguments, environment);
    program.write(input);
    program.closeInput();
    return program.finish();
}

} // namespace bs::test
