// Every broken file is refused with its own sentence, in a second, and without taking memory that
// the file has no bytes for. A process of its own reads each, so that its peak is its own.
#include "app/worker/channel.h"
#include "app/worker/message.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/model/source.h"
#include "core/tokenizer/chat_template.h"
#include "core/tokenizer/utf8.h"
#include "tests/core/hostile/hostile.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <set>

using namespace bs;
using namespace bs::test;

namespace {

constexpr double kMostSeconds = 1.0;
constexpr std::uint64_t kMostExcessBytes = 64ULL << 20;

// A sanitizer keeps freed memory and slows everything down; the limits hold without one.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

/// What the reader said: a code of ours or of JSON-RPC, and its sentence. Code -1: it took the
/// file.
struct Said
{
    int code = -1;
    std::string message;
};

Said saidOf(const Error& error)
{
    return {codeOf(error.code), error.message};
}

Said readModel(const std::string& path)
{
    auto source = openModel(path);
    if (!source) return saidOf(source.error());
    if (!source.value().tokenizer) return {};
    const auto tokenizer = Tokenizer::create(std::move(*source.value().tokenizer));
    return tokenizer ? Said() : saidOf(tokenizer.error());
}

Said readTemplate(const std::string& path)
{
    const auto text = readTextFile(path);
    if (!text) return saidOf(text.error());
    const auto rendered = renderChat(
        text.value(), {{"system", "S"}, {"user", "one"}, {"assistant", "1"}, {"user", "two"}}, true,
        "<s>", "</s>");
    return rendered ? Said() : saidOf(rendered.error());
}

/// The parameters of a request as app/worker/methods.cpp asks for them.
Result<void> checkParams(const worker::Request& request)
{
    worker::Params params(request.params);
    if (request.method == "generate") {
        static_cast<void>(params.messages("messages"));
        static_cast<void>(params.size("max_tokens", 1));
        static_cast<void>(params.number("temperature", 1));
    } else if (request.method == "open") {
        static_cast<void>(params.text("path"));
        static_cast<void>(params.size("context", 1));
        static_cast<void>(params.optionalSize("budget_bytes"));
    } else if (request.method == "measure") {
        static_cast<void>(params.sizes("budgets"));
        static_cast<void>(params.flag("include_dense", false));
    } else if (request.method == "cancel") {
        static_cast<void>(params.id("id"));
    }
    return params.check();
}

Said readLines(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    worker::LineReader reader(descriptor);
    while (true) {
        const auto line = reader.next();
        if (!line) return saidOf(line.error());
        if (!line.value()) return {};
        worker::Request request;
        if (const auto refusal = worker::parseRequest(*line.value(), request))
            return {refusal->code, refusal->message};
        const auto checked = checkParams(request);
        if (!checked) return {worker::kInvalidParams, checked.error().message};
    }
}

/// Largest resident set of this program (bytes); what the system counts for a process would include
/// the one that started it.
std::uint64_t peakBytes()
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
    return 0;
}

/// In the process of its own: one line with code, seconds and bytes, then the sentence. The seconds
/// are the processor's, which what else runs does not lengthen; reading takes nothing but them.
int readHere(const std::string& reader, const std::string& path)
{
    const std::uint64_t before = residentSetBytes();
    const std::clock_t begin = std::clock();
    const Said said = reader == "0"   ? readModel(path)
                      : reader == "1" ? readTemplate(path)
                                      : readLines(path);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    const std::uint64_t peak = std::max(peakBytes(), before);
    std::printf("%d %.4f %llu\n%s", said.code, seconds,
                static_cast<unsigned long long>(peak - before), said.message.c_str());
    return 0;
}

struct Outcome
{
    int code = -1;
    double seconds = 0;
    unsigned long long bytes = 0; ///< of memory at the peak
    std::string message;
};

Outcome readElsewhere(Reader reader, const std::string& path)
{
    const bs::test::Outcome run =
        runProgram("/proc/self/exe", {"--read", std::to_string(static_cast<int>(reader)), path});
    CHECK_MESSAGE(run.code == 0, run.err);
    Outcome outcome;
    const std::size_t end = std::min(run.out.find('\n'), run.out.size());
    CHECK(std::sscanf(run.out.c_str(), "%d %lf %llu", &outcome.code, &outcome.seconds,
                      &outcome.bytes) == 3);
    outcome.message = run.out.substr(std::min(end + 1, run.out.size()));
    return outcome;
}

/// The most that any file took of what is bounded.
struct Peak
{
    double seconds = 0;
    std::string slowest;
    unsigned long long excess = 0;
    std::string largest;
};

void check(const HostileFile& hostile, Peak& peak)
{
    const TempFolder folder;
    std::uint64_t fileBytes = 0;
    for (const auto& [name, bytes] : hostile.make()) {
        folder.write(name, bytes);
        fileBytes += bytes.size();
    }
    const Outcome outcome = readElsewhere(
        hostile.reader, hostile.open.empty() ? folder.path() : folder.file(hostile.open));
    CAPTURE(hostile.lie);
    CAPTURE(outcome.message);
    CHECK(outcome.code == hostile.code);
    CHECK(outcome.message.find(hostile.part) != std::string::npos);
    // One line, whatever the file holds.
    CHECK(isUtf8(outcome.message));
    CHECK(outcome.message.size() < 1000);
    CHECK(std::ranges::none_of(outcome.message,
                               [](unsigned char c) { return c < 0x20 || c == 0x7F; }));
    if (!kMeasures) return;
    CHECK(outcome.seconds < kMostSeconds);
    CHECK(outcome.bytes < fileBytes + kMostExcessBytes);
    const unsigned long long excess =
        outcome.bytes - std::min<std::uint64_t>(outcome.bytes, fileBytes);
    if (outcome.seconds > peak.seconds)
        peak = {outcome.seconds, hostile.lie, peak.excess, peak.largest};
    if (excess > peak.excess) peak = {peak.seconds, peak.slowest, excess, hostile.lie};
}

std::size_t checkAll(const char* parser, const HostileFiles& files)
{
    Peak peak;
    std::set<std::string> lies;
    for (const HostileFile& hostile : files) {
        CHECK_MESSAGE(lies.insert(hostile.lie).second, hostile.lie);
        check(hostile, peak);
    }
    std::printf("%s: %zu files, at most %.3f s (%s) and %.1f MB above the file (%s)\n", parser,
                files.size(), peak.seconds, peak.slowest.c_str(),
                static_cast<double>(peak.excess) / 1e6, peak.largest.c_str());
    return files.size();
}

/// What all lies are made from is taken.
void checkGood(const Files& files, const std::string& open, Reader reader = Reader::Model)
{
    const TempFolder folder;
    for (const auto& [name, bytes] : files)
        folder.write(name, bytes);
    const Outcome outcome = readElsewhere(reader, open.empty() ? folder.path() : folder.file(open));
    CHECK_MESSAGE(outcome.code == -1, outcome.message);
}

} // namespace

namespace bs::test {

std::string repeated(const std::string& piece, std::size_t count)
{
    std::string text;
    text.reserve(piece.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        text += piece;
    return text;
}

} // namespace bs::test

TEST_CASE("without a lie the files are taken")
{
    checkGood(smallFolder(), "");
    checkGood(smallShards(), "");
    checkGood(smallAuthors(), "");
    checkGood(smallAuthors({}, 3), "");
    checkGood({{"m.gguf", smallGguf()}}, "m.gguf");
    checkGood(smallSentencePieceFolder(), "");
    checkGood({{"t", "{{ messages[0].content }}"}}, "t", Reader::ChatTemplate);
    checkGood({{"l", R"({"jsonrpc":"2.0","id":1,"method":"status"})"}}, "l", Reader::Protocol);
}

TEST_CASE("each broken file is refused with its own sentence, soon and in little memory")
{
    std::size_t files = 0;
    files += checkAll("GGUF", hostileGguf());
    files += checkAll("split GGUF", hostileSplits());
    files += checkAll("safetensors and index", hostileSafetensors());
    files += checkAll("config.json", hostileConfigs());
    files += checkAll("tokenizer.json", hostileTokenizers());
    files += checkAll("GGUF tokenizer", hostileGgufTokenizers());
    files += checkAll("tokenizer.model", hostileSentencePiece());
    files += checkAll("chat template", hostileTemplates());
    files += checkAll(".bitstack", hostileContainers());
    files += checkAll("authors' folders", hostileAuthors());
    files += checkAll("worker's protocol", hostileMessages());
    std::printf("%zu hostile files\n", files);
    CHECK(files >= 60);
}

int main(int argc, char** argv)
{
    if (argc == 4 && std::string(argv[1]) == "--read") return readHere(argv[2], argv[3]);
    return doctest::Context(argc, argv).run();
}
