#include "core/tokenizer/jinja/evaluator.h"
#include "core/tokenizer/jinja/parser.h"
#include "tests/fuzz/parts.h"

#include <cstdlib>
#include <ctime>

namespace {

using bs::jinja::Value;

bs::Result<Value> conversation(const std::vector<std::string>& parts, bs::jinja::Work& work)
{
    std::vector<Value> list;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
        BS_TRY(Value role, work.text(parts[i]));
        BS_TRY(Value content, work.text(parts[i + 1]));
        BS_TRY(Value entry, work.dict({{"role", std::move(role)}, {"content", std::move(content)}}));
        list.push_back(std::move(entry));
    }
    return work.list(std::move(list));
}

bs::Result<std::string> render(const std::vector<std::string>& parts, const bs::jinja::Limits& limits)
{
    constexpr std::time_t kNow = 1'700'000'000;
    bs::jinja::Work work(limits, kNow);
    bs::jinja::Variables variables;
    BS_TRY(variables["messages"], conversation(parts, work));
    BS_TRY(variables["bos_token"], work.text("<s>"));
    BS_TRY(variables["eos_token"], work.text("</s>"));
    variables["add_generation_prompt"] = Value(true);
    variables["tools"] = Value(bs::jinja::None{});
    BS_TRY(std::vector<bs::jinja::Token> tokens, bs::jinja::tokenize(parts[0]));
    BS_TRY(const bs::jinja::NodePtr root, bs::jinja::Parser(std::move(tokens)).parse());
    return bs::jinja::Evaluator(std::move(variables), work).run(*root);
}

} // namespace

/// A chat template, then the role and content of up to three messages, zero bytes between them. Renders twice
/// with bounds a hundred times tighter than the program's; both times it must come out the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    const std::vector<std::string> parts = bs::test::partsOf(data, size, 7);
    bs::jinja::Limits limits;
    limits.steps /= 100;
    limits.textBytes /= 100;
    limits.valueBytes /= 100;
    limits.outputBytes /= 100;
    const auto first = render(parts, limits);
    const auto second = render(parts, limits);
    if (bool(first) != bool(second) || (first && first.value() != second.value()))
        std::abort();
    if (first && first.value().size() > limits.outputBytes)
        std::abort();
    return 0;
}
