#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace bs::test {

/// What a program left behind.
struct Outcome
{
    int code = -1;   ///< exit code; 128 + n if signal n ended it
    std::string out; ///< standard output
    std::string err; ///< standard error
};

/// A program that runs beside the test, with pipes to its three standard streams.
class Program
{
public:
    /// `environment`: "NAME=value", on top of the test's own.
    Program(const std::string& path, const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Writes to its standard input; false once it no longer listens.
    bool write(const std::string& text);
    void closeInput();
    /// The next line of its standard output without the end; false at the end of output or after
    /// `limit`.
    bool readLine(std::string& line, std::chrono::milliseconds limit = std::chrono::seconds(20));
    void signal(int number);
    /// Reads everything that is left and waits for the end; kills what takes longer than `limit`
    /// (then the code is 137).
    Outcome finish(std::chrono::milliseconds limit = std::chrono::seconds(40));

private:
    bool pump(std::chrono::steady_clock::time_point until);
    pid_t m_pid = -1;
    int m_in = -1;
    int m_out = -1;
    int m_err = -1;
    std::string m_outText;
    std::string m_errText;
};

/// Runs a program to its end.
Outcome runProgram(const std::string& path, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {}, const std::string& input = {});

} // namespace bs::test
