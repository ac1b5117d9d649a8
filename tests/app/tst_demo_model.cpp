#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>

// The main job on the demo model through the program: compress, size, answer, memory.

using namespace bs::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// The demo model as a stack of four blocks a matrix, made once.
struct World
{
    TempFolder folder;
    std::string stack;

    World()
        : stack(folder.file("demo.bitstack"))
    {
        ok({"compress", BS_DEMO_MODEL, "-o", stack, "--codec", "bitstack", "--blocks", "4",
            "--calibration", BS_REFERENCE_DIR "/data/calibration-mixed.txt", "--calibration-tokens",
            "1024"});
    }

    json ok(std::vector<std::string> arguments) const
    {
        arguments.emplace_back("--json");
        Program program(BS_PROGRAM, arguments,
                        {"XDG_DATA_HOME=" + folder.path(), "XDG_CACHE_HOME=" + folder.path()});
        program.closeInput();
        const Outcome outcome = program.finish(400s);
        REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
        return json::parse(outcome.out);
    }
};

const World& world()
{
    static const World all;
    return all;
}

class Worker
{
public:
    Worker()
        : m_program(BS_PROGRAM, {"worker"})
    {
    }

    json result(const std::string& method, const json& params = json::object())
    {
        ++m_id;
        REQUIRE(m_program.write(
            json{{"jsonrpc", "2.0"}, {"id", m_id}, {"method", method}, {"params", params}}.dump() +
            "\n"));
        std::string line;
        while (m_program.readLine(line, 200s)) {
            const json message = json::parse(line);
            if (message.contains("id") && message["id"] == m_id) {
                REQUIRE_MESSAGE(message.contains("result"), line);
                return message["result"];
            }
        }
        FAIL("the worker ended");
        return {};
    }

private:
    Program m_program;
    int m_id = 0;
};

double number(const json& value)
{
    return value.get<double>();
}

} // namespace

TEST_CASE("the demo model answers, dense, from the command line")
{
    const json answer = world().ok({"generate", BS_DEMO_MODEL, "--prompt",
                                    "What is the capital of France?", "--temperature", "0"});
    CHECK(answer["text"].get<std::string>().find("Paris") != std::string::npos);
    CHECK(answer["stop_reason"] == "eos");
    CHECK(number(answer["weight_bytes"]) < 400e6);
}

TEST_CASE("a plan's size is the size of the trimmed file, and the file runs")
{
    const json plan = world().ok({"plan", world().stack, "--budget", "120MB"});
    CHECK(number(plan["file_bytes"]) <= 120e6);
    CHECK(number(plan["file_bytes"]) > 119e6);
    const std::string trimmed = world().folder.file("trimmed.bitstack");
    CHECK(world().ok({"trim", world().stack, "--budget", "120MB", "-o", trimmed})["file_bytes"] ==
          plan["file_bytes"]);
    CHECK(std::filesystem::file_size(trimmed) == plan["file_bytes"]);
    const std::vector<std::string> ask{"--prompt", "Hello",        "--temperature",
                                       "0",        "--max-tokens", "8"};
    std::vector<std::string> whole{"generate", world().stack, "--budget", "120MB"};
    std::vector<std::string> cut{"generate", trimmed};
    whole.insert(whole.end(), ask.begin(), ask.end());
    cut.insert(cut.end(), ask.begin(), ask.end());
    CHECK(world().ok(whole)["ids"] == world().ok(cut)["ids"]);
}

TEST_CASE("resident memory follows the slider, and the same size gives the same answer everywhere")
{
    Worker worker;
    const json opened = worker.result(
        "open", {{"path", world().stack}, {"budget_bytes", nullptr}, {"context", 256}});
    const json stack = opened["card"]["stack"];
    const json question{{"messages", {{{"role", "user"}, {"content", "Name a color."}}}},
                        {"max_tokens", 8},
                        {"temperature", 0}};
    const json first = worker.result("generate", question);

    // Nothing loaded: what is left is the process without weights.
    const std::vector<int> nothing(stack["matrices"].get<std::size_t>(), 0);
    const json empty = worker.result("slide", {{"plan", nothing}})["state"];
    for (const char* size : {"smallest_bytes", "largest_bytes", "smallest_bytes"}) {
        const json state = worker.result("slide", {{"budget_bytes", stack[size]}})["state"];
        const double grown = number(state["rss_bytes"]) - number(empty["rss_bytes"]);
        const double weights = number(state["weight_bytes"]) - number(empty["weight_bytes"]);
        CAPTURE(size);
        CHECK(std::abs(grown - weights) < 0.02 * weights + 4 * 1024 * 1024);
    }

    worker.result("slide", {{"budget_bytes", stack["largest_bytes"]}});
    worker.result("reset_context");
    CHECK(worker.result("generate", question)["ids"] == first["ids"]);
    CHECK(world().ok({"generate", world().stack, "--prompt", "Name a color.", "--max-tokens", "8",
                      "--temperature", "0", "--context", "256"})["ids"] == first["ids"]);
}
