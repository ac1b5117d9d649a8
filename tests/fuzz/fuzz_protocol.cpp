#include "app/worker/worker.h"
#include "tests/fuzz/memory_file.h"

#include <set>
#include <string>

#include <fcntl.h>

namespace {

/// Methods that touch no file of this machine, whatever their parameters say; the last is none.
const std::set<std::string> kWithoutFiles{"hello", "close", "status", "slide", "sizes", "generate", "reset_context", "cancel", "nothing"};

void readEveryParameter(const nlohmann::json& json)
{
    using bs::worker::Params;
    for (const char* name : {"id", "path", "plan", "points", "messages", "temperature", "force", "budget_bytes"}) {
        static_cast<void>(Params(json).text(name));
        static_cast<void>(Params(json).size(name));
        static_cast<void>(Params(json).number(name, 0));
        static_cast<void>(Params(json).flag(name, false));
        static_cast<void>(Params(json).sizes(name));
        static_cast<void>(Params(json).messages(name));
        Params params(json);
        if (params.id(name).is_null() && params.check())
            std::abort(); // a missing id went unnoticed
    }
}

bool answersWithoutFiles(const std::string& line)
{
    bs::worker::Request request;
    if (const auto refusal = bs::worker::parseRequest(line, request)) {
        if (refusal->message.empty())
            std::abort();
        return true; // the worker refuses it too
    }
    readEveryParameter(request.params);
    return kWithoutFiles.count(request.method) > 0;
}

} // namespace

/// Lines as the window would send them. Each is read by itself, and those whose methods touch no file are served by a worker.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    static bs::test::MemoryFile input;
    static const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    input.fill(data, size);
    std::string served;
    const int all = ::open(input.path().c_str(), O_RDONLY | O_CLOEXEC);
    bs::worker::LineReader reader(all);
    while (true) {
        const auto line = reader.next();
        if (!line || !line.value())
            break;
        if (answersWithoutFiles(*line.value()))
            served += *line.value() + "\n";
    }
    ::close(all);
    input.fill(reinterpret_cast<const std::uint8_t*>(served.data()), served.size());
    const int lines = ::open(input.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (bs::worker::Worker(lines, nowhere).serve() != 0)
        std::abort();
    ::close(lines);
    return 0;
}
