// Chat templates and lines of the worker's protocol.
#include "app/worker/channel.h"
#include "app/worker/message.h"
#include "tests/core/hostile/hostile.h"

namespace bs::test {

namespace {

HostileFile chat(std::string lie, std::string part, std::function<std::string()> make,
                 ErrorCode code = ErrorCode::Format)
{
    return {std::move(lie),       [make = std::move(make)] { return Files{{"template", make()}}; },
            codeOf(code),         std::move(part),
            Reader::ChatTemplate, "template"};
}

HostileFile chat(std::string lie, std::string part, const std::string& text,
                 ErrorCode code = ErrorCode::Format)
{
    return chat(
        std::move(lie), std::move(part), [=] { return text; }, code);
}

HostileFile lines(std::string lie, int code, std::string part, std::function<std::string()> make)
{
    return {std::move(lie),
            [make = std::move(make)] {
                return Files{{"lines", make()}};
            },
            code,
            std::move(part),
            Reader::Protocol,
            "lines"};
}

HostileFile line(std::string lie, int code, std::string part, const std::string& text)
{
    return lines(std::move(lie), code, std::move(part), [=] { return text + "\n"; });
}

HostileFile request(std::string lie, std::string part, const std::string& method,
                    const std::string& params)
{
    return line(std::move(lie), worker::kInvalidParams, std::move(part),
                R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}");
}

} // namespace

HostileFiles hostileTemplates()
{
    return {
        chat("an end that is missing", "chat template: line 2: ", "\n{% if messages %}"),
        chat("an expression that ends early", "line 1: ", "{{ messages[ }}"),
        chat("a text that is not closed", "line 1: ", "{{ 'abc }}"),
        chat("a statement that is none", "line 1: ", "{% import os %}"),
        chat("a filter that is none", "shuffle", "{{ messages|shuffle }}"),
        chat("a name with a line feed in a message",
             "line 2: ", "{{ messages['a\n\x1B\xFF'].b.c }}"),
        chat("a division by nothing", "line 1: ", "{{ 1 // 0 }}"),
        chat("the smallest number by minus one",
             "line 1: ", "{{ (-9223372036854775807 - 1) // -1 }}"),
        chat("numbers that wrap", "line 1: ", "{{ 9223372036854775807 * 9223372036854775807 }}"),
        chat("100,000 parentheses", "line 1: ", "{{ " + std::string(100'000, '(') + " }}"),
        chat("20,000 blocks inside one another", "line 1: ", repeated("{% if 1 %}", 10'000)),
        chat("a template of 1 MB", "it has 1000000 bytes, at most 131072 are read",
             std::string(1'000'000, 'x')),
        chat("an endless loop", "does more than 16000000 steps of work",
             "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"),
        chat("a macro that calls itself",
             "line 1: ", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        chat("a macro that calls itself twice", "line 1: ",
             "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(99) "
             "}}"),
        chat("a text that doubles", "line 1: ",
             "{% set n = namespace(t='x') %}{% for i in range(64) %}{% set n.t = n.t + n.t %}{% "
             "endfor %}"),
        chat("a text times 2^62", "line 1: ", "{{ 'x' * 4611686018427387904 }}"),
        chat("a list that doubles", "line 1: ",
             "{% set n = namespace(t=[1]) %}{% for i in range(64) %}{% set n.t = n.t + n.t %}{% "
             "endfor %}"),
        chat("a list of itself, again and again", "line 1: ",
             "{% set n = namespace(t=[]) %}{% for i in range(99) %}{% set n.t = [n.t, n.t] %}{% "
             "endfor %}{{ n.t }}"),
        chat("replacements that grow", "line 1: ",
             "{% set n = namespace(t='aa') %}{% for i in range(40) %}{% set n.t = "
             "n.t.replace('a','aaaa') %}{% endfor %}"),
        chat(
            "output without end", "line 1: ",
            "{% for i in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 99 }}{% endfor %}"),
        chat("a range of 2^62",
             "line 1: ", "{% for i in range(4611686018427387904) %}{% endfor %}"),
        chat("a width of 2^40", "line 1: ", "{{ 'x'|indent(1099511627776) }}{{ 1/0 }}"),
        chat("a refusal with control characters", "roles? must",
             "{{ raise_exception('roles\n must alternate') }}", ErrorCode::Usage),
    };
}

HostileFiles hostileMessages()
{
    using namespace worker;
    const std::string head = R"({"jsonrpc":"2.0","id":1,"method":)";
    return {
        line("no JSON", kParseError, "the message: is not JSON", "garbage"),
        line("no UTF-8", kParseError, "the message", "\"\xFF\xFE\""),
        line("a NUL byte", kParseError, "NUL byte at byte 1", std::string("{\0}", 3)),
        line("a list", kInvalidRequest, "a message must be one JSON object", "[1,2]"),
        line("an id twice", kParseError, "the key 'id' occurs twice", R"({"id":1,"id":2})"),
        line("an id that is an object", kInvalidRequest, "\"id\" must be a whole number",
             R"({"jsonrpc":"2.0","id":{},"method":"status"})"),
        line("another protocol", kInvalidRequest, "\"jsonrpc\" must be \"2.0\"",
             R"({"jsonrpc":2,"id":1,"method":"status"})"),
        line("a method that is a number", kInvalidRequest, "\"method\" is missing or no text",
             head + "7}"),
        line("parameters that are a list", kInvalidParams, "\"params\" must be an object",
             head + R"("status","params":[]})"),
        line("a second line that lies", kParseError, "the message",
             head + "\"status\"}\n\n" + head),
        lines("8 MB of brackets", kParseError, "more than 64 deep",
              [] { return std::string(8'000'000, '['); }),
        lines("16 MB of brackets", kParseError, "a run of more than 8388608 bytes",
              [] { return std::string(16'000'000, '['); }),
        lines("15 MB of lists of empty texts", kParseError, "would take more than 67108864 bytes",
              [=] {
                  return head + R"("generate","params":{"messages":[)" +
                         repeated("[\"\"],", 3'000'000) + "[]]}}";
              }),
        lines("a line of 20 MB", codeOf(ErrorCode::Usage),
              "a line is longer than the 16777216 bytes",
              [] { return std::string(20'000'000, 'x'); }),
        lines("a text of 10 MB", kParseError, "a run of more than 8388608 bytes",
              [] { return "\"" + std::string(10'000'000, 'x') + "\""; }),
        request("no path", "parameter \"path\" must be a text", "open", "{}"),
        request("a negative context", "parameter \"context\" must be a whole number", "open",
                R"({"path":"x","context":-1})"),
        request("a budget of 1e300", "parameter \"budget_bytes\" must be a whole number", "open",
                R"({"path":"x","budget_bytes":1e300})"),
        request("half a token", "parameter \"max_tokens\"", "generate",
                R"({"messages":[],"max_tokens":0.5})"),
        request("messages of numbers", "parameter \"messages\" must be a list of", "generate",
                R"({"messages":[3]})"),
        request("a message without content", "parameter \"messages\"", "generate",
                R"({"messages":[{"role":"user"}]})"),
        request("budgets that are texts", "parameter \"budgets\" must be a list of whole numbers",
                "measure", R"({"budgets":["1"]})"),
        request("to cancel an object", "parameter \"id\" must be", "cancel", R"({"id":{}})"),
    };
}

} // namespace bs::test
