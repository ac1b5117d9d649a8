#define DOCTEST_CONFIG_IMPLEMENT
#include "core/linalg/cpu/kernels.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// The table is chosen once a process, so every choice runs in a process of its own: this program
// started again with an argument prints the name of its table.

namespace {

struct Answer
{
    std::string table;
    std::string words;
};

std::string self;

std::string outputOf(const std::string& command)
{
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    char piece[256];
    while (std::fgets(piece, sizeof piece, pipe) != nullptr)
        text += piece;
    pclose(pipe);
    return text;
}

Answer choose(const std::string& wanted)
{
    const std::string command = "BS_CPU='" + wanted + "' '" + self + "' --print-table";
    return {outputOf(command + " 2>/dev/null"), outputOf(command + " 2>&1 >/dev/null")};
}

} // namespace

TEST_CASE("BS_CPU forces each table that this processor has")
{
    const bs::Kernels* const* tables = nullptr;
    const std::size_t count = bs::availableKernels(tables);
    REQUIRE(count >= 1);
    for (std::size_t i = 0; i < count; ++i) {
        const Answer answer = choose(tables[i]->name);
        CHECK(answer.table == tables[i]->name);
        CHECK(answer.words.empty());
    }
    CHECK(choose("").table == tables[count - 1]->name);
}

TEST_CASE("an unknown table is named in a warning, and the best one is used")
{
    const bs::Kernels* const* tables = nullptr;
    const std::size_t count = bs::availableKernels(tables);
    const Answer answer = choose("abacus");
    CHECK(answer.table == tables[count - 1]->name);
    CHECK(answer.words.find("BS_CPU=abacus") != std::string::npos);
    CHECK(answer.words.find("scalar") != std::string::npos);
}

int main(int argc, char** argv)
{
    if (argc == 2 && std::strcmp(argv[1], "--print-table") == 0) {
        std::printf("%s", bs::kernels().name);
        return 0;
    }
    self = argv[0];
    return doctest::Context(argc, argv).run();
}
