#include "core/tokenizer/chat_template.h"
#include "tests/fuzz/parts.h"

#include <cstdlib>
#include <ctime>

/// A chat template, then the role and content of up to three messages, zero bytes between them. Renders twice
/// with bounds a hundred times tighter than the program's; both times it must come out the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    const std::vector<std::string> parts = bs::test::partsOf(data, size, 7);
    std::vector<bs::ChatMessage> messages;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2)
        messages.push_back({parts[i], parts[i + 1]});
    bs::jinja::Limits limits;
    limits.steps /= 100;
    limits.textBytes /= 100;
    limits.valueBytes /= 100;
    limits.outputBytes /= 100;
    const auto render = [&] {
        constexpr std::time_t kNow = 1'700'000'000;
        return bs::renderChat(parts[0], messages, true, "<s>", "</s>", kNow, limits);
    };
    const auto first = render();
    const auto second = render();
    if (bool(first) != bool(second) || (first && first.value() != second.value()))
        std::abort();
    if (first && first.value().size() > limits.outputBytes)
        std::abort();
    return 0;
}
