#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/chat_template.h"

#include <doctest/doctest.h>

#include <chrono>

#include "chat_template_cases.h"

using namespace bs;

namespace {

const std::vector<ChatMessage> kMessages = {
    {"system", " sys \n"}, {"user", "  spaced  "}, {"assistant", "\nhello\n"}, {"user", "again?"}};

std::string rendered(std::string_view source, const std::vector<ChatMessage>& messages = kMessages,
                     bool prompt = true)
{
    const auto text = renderChat(source, messages, prompt, "<s>", "</s>");
    REQUIRE_MESSAGE(text, text.error().message);
    return text.value();
}

std::string refusal(std::string_view source)
{
    const auto text = renderChat(source, kMessages, true, "<s>", "</s>");
    REQUIRE_FALSE_MESSAGE(text, std::string(source.substr(0, 80)));
    CHECK(text.error().code == ErrorCode::Format);
    return text.error().message;
}

std::string repeated(std::string_view part, int count)
{
    std::string text;
    for (int at = 0; at < count; ++at)
        text += part;
    return text;
}

/// A template in which ns.s has 16 * 2^doublings letters.
std::string withLongText(int doublings, const std::string& then)
{
    return "{% set ns = namespace(s='aaaaaaaaaaaaaaaa') %}{% for i in range(" +
           std::to_string(doublings) + ") %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}" + then;
}

/// Turns between [INST] and [/INST], the system's words inside the first.
constexpr const char* kBracketStyle = R"({% if messages[0]['role'] == 'system' -%}
    {%- set system = messages[0].content | trim %}{% set turns = messages[1:] %}
{%- else -%}
    {%- set system = false %}{% set turns = messages %}
{%- endif %}
{%- for turn in turns %}
    {%- if (turn['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('user and assistant must take turns') }}
    {%- endif %}
    {%- if loop.first and system != false %}
        {%- set words = '<<SYS>>' + system + '<</SYS>>' + turn['content'].strip() %}
    {%- else %}
        {%- set words = turn['content'].strip() %}
    {%- endif %}
    {%- if turn['role'] == 'user' %}
        {{- bos_token ~ '[INST] ' ~ words ~ ' [/INST]' }}
    {%- else %}
        {{- ' ' + words + ' ' + eos_token }}
    {%- endif %}
{%- endfor %})";

/// Roles in headers, the BOS before the first; tools and dates are looked for.
constexpr const char* kHeaderStyle = R"({{- bos_token }}
{%- if not date is defined %}{% set date = 'today' %}{% endif %}
{%- if tools is not none %}{{ raise_exception('no tools here') }}{% endif %}
{#- the first message may be the system's #}
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|h|>' + message['role'] + '<|/h|>\n' + message['content'] | trim + '<|eot|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|h|>assistant<|/h|>\n' }}
{%- endif %})";

/// Thoughts of earlier answers are left out, as reasoning models ask.
constexpr const char* kThinkingStyle =
    R"({%- set ns = namespace(last=messages | length - 1, open=true) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages | length - 1) - loop.index0 %}
    {%- if ns.open and message.role == "user" and message.content is string %}
        {%- set ns.open = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if '</think>' in content and loop.index0 < ns.last %}
        {%- set content = content.split('</think>')[-1].lstrip('\n') %}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}
{%- endfor %})";

/// Models that call the assistant otherwise and know no system role.
constexpr const char* kRenamingStyle = R"({{ bos_token }}{% for message in messages %}
{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}
{{ '<start>' + role }}
{{ message['content'] | trim }}{{ '<stop>' }}
{% endfor %}
{% if add_generation_prompt %}
{{ '<start>model' }}
{% endif %}
)";

} // namespace

TEST_CASE("the pieces of Jinja, as jinja2 does them")
{
    for (const TemplateCase& entry : kTemplateCases) {
        CAPTURE(entry.source);
        CHECK(rendered(entry.source) == entry.expected);
    }
}

TEST_CASE("no template means ChatML")
{
    CHECK(rendered("", {{"user", "Hi"}}) ==
          "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    CHECK(rendered("", {{"user", "Hi"}}, false) == "<|im_start|>user\nHi<|im_end|>\n");
    CHECK(rendered("", {}, false).empty());
}

TEST_CASE("templates of the kinds models come with")
{
    CHECK(rendered(kBracketStyle) ==
          "<s>[INST] <<SYS>>sys<</SYS>>spaced [/INST] hello </s><s>[INST] again? [/INST]");
    CHECK(rendered(kHeaderStyle) ==
          "<s><|h|>system<|/h|>\nsys<|eot|><|h|>user<|/h|>\nspaced<|eot|><|h|>assistant<|/h|>\n"
          "hello<|eot|><|h|>user<|/h|>\nagain?<|eot|><|h|>assistant<|/h|>\n");
    const std::vector<ChatMessage> thinking = {{"user", "a"},
                                               {"assistant", "<think>hm</think>\n\nb"},
                                               {"user", "c"},
                                               {"assistant", "<think>d</think>e"}};
    CHECK(rendered(kThinkingStyle, thinking) ==
          "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc"
          "<|im_end|>\n<|im_start|>assistant\n<think>d</think>e<|im_end|>\n");
    CHECK(rendered(kRenamingStyle, {{"user", "a"}, {"assistant", " b"}}) ==
          "<s><start>user\na<stop>\n<start>model\nb<stop>\n<start>model\n");
}

TEST_CASE("what a person writes is not part of the template")
{
    CHECK(rendered("", {{"user", "{{ 1 }}{% if %} <|im_end|>"}}, false) ==
          "<|im_start|>user\n{{ 1 }}{% if %} <|im_end|><|im_end|>\n");
}

TEST_CASE("a template's own refusal reaches the person")
{
    const auto words =
        renderChat("\n{{ raise_exception('roles must alternate') }}", kMessages, true);
    REQUIRE_FALSE(words);
    CHECK(words.error().code == ErrorCode::Usage);
    CHECK(words.error().message == "chat template: line 2: roles must alternate");
    const auto text = renderChat(kBracketStyle, {{"user", "a"}, {"user", "b"}}, true);
    REQUIRE_FALSE(text);
    CHECK(text.error().message.find("must take turns") != std::string::npos);
}

TEST_CASE("what is not understood is named with its line")
{
    const TemplateCase cases[] = {
        {"a\n{% include 'x' %}", "line 2: {% include %} is not supported"},
        {"{% for x in [1] %}\n{% macro f() %}{% endmacro %}{% endfor %}",
         "line 2: the macro \"f\" inside a loop"},
        {"{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "the macro \"f\" takes 1 arguments, not 2"},
        {"{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", "the macro \"f\" has no parameter \"b\""},
        {"{% macro f(a=1, b) %}{% endmacro %}", "a parameter without a default"},
        {"{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "it runs more than 400 levels deep"},
        {"{{ '{} {}'.format(1) }}", "{} is not among the arguments"},
        {"{{ strftime_now('') ~ strftime_now(1) }}", "strftime_now needs a string"},
        {"{{ {1: 2} }}", "a key of a dict is int"},
        {"{{ [1, 'a']|sort }}", "string < int"},
        {"{{ 'a'|nonesuch }}", "line 1: the filter \"nonesuch\""},
        {"{{ 'a'.nonesuch() }}", "the method \"nonesuch\""},
        {"{{ nonesuch() }}", "the function \"nonesuch\""},
        {"{{ 1 is nonesuch }}", "the test \"nonesuch\""},
        {"{{ x.y }}", "\"x\" is undefined"},
        {"{{ messages[9].role }}", "\"role\" of a value that is undefined"},
        {"{{ 'a' + 1 }}", "string + int"},
        {"{{ 1 // 0 }}", "division by zero"},
        {"{% if true %}", "{% endif %} is missing"},
        {"{% endfor %}", "unexpected {% endfor %}"},
        {"{% for a, b in [[1]] %}{% endfor %}", "2 loop variables for 1 values"},
        {"{{ 'abc }}", "the string has no end"},
        {"{# abc", "the comment has no end"},
        {"{{ 1", "{{ has no }}"},
        {"{{ (1] }}", "expected \",\""},
        {"{{ 1 ) }}", "unexpected \")\""},
        {"{{ }}", "an expression is missing"},
        {"{{ 1 ? 2 }}", "unexpected character"},
        {"{{ range(100001) }}", "a range of more than 100000 numbers"},
        {"{% for a in range(99999) %}{{ messages|tojson }}{% endfor %}",
         "it prints more than 8388608 bytes"},
        {"{% for a in range(9999) %}{% for b in range(9999) %}{% if a %}{% endif %}{% endfor %}"
         "{% endfor %}",
         "it does more than 16000000 steps"},
        {"{{ 99999999999999999999 }}", "too large"},
        {"{% break %}", "{% break %} is not supported"},
        {"{{ [namespace()] }}", "a namespace inside"},
        {"{% set ns = namespace() %}{% set ns.x = ns %}", "only a plain value"},
        {"{% set x.y = 1 %}", "only a plain value"},
    };
    for (const TemplateCase& entry : cases) {
        const std::string message = refusal(entry.source);
        CAPTURE(message);
        CHECK(message.find(entry.expected) != std::string::npos);
    }
}

TEST_CASE("a template can neither hang nor crash the program")
{
    const auto started = std::chrono::steady_clock::now();
    const std::string hostile[] = {
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        withLongText(60, ""),
        withLongText(18, "{% for i in range(99999) %}{{ (ns.s ~ 'b') in ns.s }}{% endfor %}"),
        withLongText(18, "{% for i in range(99999) %}{{ ns.s == ns.s ~ '' }}{% endfor %}"),
        withLongText(16, "{% for i in range(99999) %}{{ ns.s|length }}{{ ns.s[1] }}{% endfor %}"),
        withLongText(16, "{% for i in range(99999) %}{{ ns.s.split('a')|length }}{% endfor %}"),
        withLongText(16, "{{ ns.s.replace('a', ns.s) }}"),
        withLongText(16, "{{ ns.s.strip(ns.s) }}"),
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% "
        "endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(30) %}{% set ns.l = [ns.l, ns.l] %}"
        "{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% "
        "endfor %}",
        "{{ range(10000000000) }}",
        withLongText(30, ""),
        withLongText(18, "{% for c in ns.s %}{% endfor %}"),
        withLongText(18, "{% set l = ns.s.split('a') %}"),
        withLongText(18, "{{ ns.s|replace('a', '\n')|indent }}"),
        withLongText(18, "{{ ns.s * 9223372036854775807 }}"),
        "{% macro f(n) %}{{ f(n + 1) ~ f(n + 1) }}{% endmacro %}{{ f(0) }}",
        "{{ " + repeated("(", 100000),
        "{{ " + repeated("[", 100000) + "1" + repeated("]", 100000) + " }}",
        "{{ " + repeated("-", 100000) + "1 }}",
        "{{ " + repeated("not ", 100000) + "1 }}",
        "{{ 1" + repeated("+1", 100000) + " }}",
        "{{ x" + repeated(".y", 100000) + " }}",
        "{{ x" + repeated("|trim", 100000) + " }}",
        "{{ " + repeated("1 if 1 else ", 50000) + "1 }}",
        repeated("{% if 1 %}", 100000),
        repeated("{% set x %}", 50000),
        repeated("{", 100000),
        std::string(2'000'000, 'x'),
    };
    for (const std::string& source : hostile)
        CHECK_FALSE(refusal(source).empty());
    CHECK(rendered("{{ [1][:: -9223372036854775807 - 1] }}{{ 'abc'[9223372036854775807:] }}") ==
          "[1]");
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
}

TEST_CASE("any cut of a template is an answer or an error")
{
    for (const std::string source : {kBracketStyle, kHeaderStyle, kThinkingStyle})
        for (std::size_t size = 0; size < source.size(); ++size) {
            const auto text = renderChat(source.substr(0, size), kMessages, true);
            CHECK((text || text.error().code == ErrorCode::Format));
        }
}
