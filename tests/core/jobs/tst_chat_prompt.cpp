#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/jobs/chat_prompt.h"

#include <doctest/doctest.h>

using namespace bs;

namespace {

/// Every byte is a token; without a template it is ChatML.
std::shared_ptr<const Tokenizer> byteTokenizer(std::string chatTemplate = "")
{
    TokenizerSpec spec;
    spec.chatTemplate = std::move(chatTemplate);
    spec.model = "bpe";
    spec.preTokenizer = "gpt2";
    for (unsigned byte = 0x21; byte < 0x7F; ++byte)
        spec.tokens.emplace_back(1, static_cast<char>(byte));
    for (const char* special :
         {"\xC4\xA0", "\xC4\x8A", "<|im_start|>", "<|im_end|>"}) // space, line feed
        spec.tokens.emplace_back(special);
    spec.kinds.assign(spec.tokens.size(), TokenKind::Normal);
    spec.kinds.back() = TokenKind::Control;
    spec.kinds[spec.kinds.size() - 2] = TokenKind::Control;
    spec.bos = static_cast<std::int32_t>(spec.tokens.size() - 2);
    spec.eos = spec.bos + 1;
    const auto made = Tokenizer::create(spec);
    REQUIRE_MESSAGE(made, (made ? "" : made.error().message));
    return made.value();
}

std::string promptText(const Tokenizer& tokenizer, const ChatPrompt& prompt)
{
    return tokenizer.decode(prompt.ids, true);
}

const std::vector<ChatMessage> kTalk{{"system", "S"}, {"user", "one"},    {"assistant", "1"},
                                     {"user", "two"}, {"assistant", "2"}, {"user", "three"}};

} // namespace

TEST_CASE("a conversation that fits is rendered whole")
{
    const auto tokenizer = byteTokenizer();
    const auto prompt = buildChatPrompt(*tokenizer, kTalk, 1000, 50);
    REQUIRE(prompt);
    CHECK(prompt.value().droppedMessages == 0);
    const std::string text = promptText(*tokenizer, prompt.value());
    CHECK(text.find("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\none<|im_end|>\n") !=
          std::string::npos);
    CHECK(text.ends_with("<|im_start|>assistant\n"));
}

TEST_CASE("the oldest question goes together with its answer; system prompt and last message stay")
{
    const auto tokenizer = byteTokenizer();
    const std::size_t whole = buildChatPrompt(*tokenizer, kTalk, 1000, 1).value().ids.size();
    const auto shorter = buildChatPrompt(*tokenizer, kTalk, whole, 1);
    REQUIRE(shorter);
    CHECK(shorter.value().droppedMessages == 2);
    const std::string text = promptText(*tokenizer, shorter.value());
    CHECK(text.find("one") == std::string::npos);
    CHECK(text.find("system\nS") != std::string::npos);
    CHECK(text.find("two") != std::string::npos);

    std::vector<ChatMessage> last{kTalk.front(), kTalk.back()};
    const std::size_t least = buildChatPrompt(*tokenizer, last, 1000, 1).value().ids.size();
    const auto shortest = buildChatPrompt(*tokenizer, kTalk, least + 1, 1);
    REQUIRE(shortest);
    CHECK(shortest.value().droppedMessages == 4);
    CHECK(shortest.value().ids.size() == least);
}

TEST_CASE("a reserve is kept for the answer, at most a quarter of the context")
{
    const auto tokenizer = byteTokenizer();
    const std::size_t whole = buildChatPrompt(*tokenizer, kTalk, 1000, 1).value().ids.size();
    CHECK(buildChatPrompt(*tokenizer, kTalk, whole + 10, 10).value().droppedMessages == 0);
    CHECK(buildChatPrompt(*tokenizer, kTalk, whole + 10, 11).value().droppedMessages == 2);
    CHECK(buildChatPrompt(*tokenizer, kTalk, 4 * whole, 1000000).value().droppedMessages == 0);
}

TEST_CASE("what cannot fit at all is refused with both numbers, and so is an empty conversation")
{
    const auto tokenizer = byteTokenizer();
    const auto tooLong = buildChatPrompt(*tokenizer, {{"user", std::string(100, 'x')}}, 50, 10);
    REQUIRE_FALSE(tooLong);
    CHECK(tooLong.error().code == ErrorCode::Usage);
    CHECK(tooLong.error().message.find("holds 50") != std::string::npos);
    CHECK(buildChatPrompt(*tokenizer, {}, 50, 10).error().code == ErrorCode::Usage);
}

TEST_CASE("a template that cannot be run gives way to plain ChatML, and the notice says why")
{
    const auto plain = buildChatPrompt(*byteTokenizer(), kTalk, 1000, 50);
    REQUIRE(plain);
    CHECK(plain.value().notice.empty());
    struct Row
    {
        const char* chatTemplate;
        const char* said;
    };
    for (const Row& row :
         {Row{"{% include 'x' %}", "chat template: line 1: "}, Row{"{{ messages", "line 1: "},
          Row{"a\n{{ messages|shuffle }}", "line 2: "},
          Row{"{{ messages[0].content.weigh() }}", "weigh"},
          Row{"{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
              "steps"}}) {
        CAPTURE(row.chatTemplate);
        const auto prompt = buildChatPrompt(*byteTokenizer(row.chatTemplate), kTalk, 1000, 50);
        REQUIRE(prompt);
        CAPTURE(prompt.value().notice);
        CHECK(prompt.value().ids == plain.value().ids);
        CHECK(prompt.value().notice.starts_with("the model's chat template: "));
        CHECK(prompt.value().notice.find(row.said) != std::string::npos);
        CHECK(prompt.value().notice.ends_with("; plain ChatML stands in for it"));
    }
}

TEST_CASE("a template that fails only once messages are left out gives way from there on")
{
    const auto tokenizer = byteTokenizer(
        "{% if messages|length < 6 %}{{ messages|shuffle }}{% endif %}{{ 'x' * 400 }}");
    const auto whole = buildChatPrompt(*tokenizer, kTalk, 1000, 1);
    REQUIRE(whole);
    CHECK(whole.value().notice.empty());
    const auto shorter = buildChatPrompt(*tokenizer, kTalk, 350, 1);
    REQUIRE(shorter);
    CHECK(shorter.value().droppedMessages == 2);
    CHECK(shorter.value().notice.find("shuffle") != std::string::npos);
    CHECK(promptText(*tokenizer, shorter.value()).ends_with("<|im_start|>assistant\n"));
}

TEST_CASE("a template that refuses a conversation has its way")
{
    const auto tokenizer = byteTokenizer("{{ raise_exception('roles must alternate') }}");
    const auto refused = buildChatPrompt(*tokenizer, kTalk, 1000, 50);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK(refused.error().message.find("roles must alternate") != std::string::npos);
}

TEST_CASE("a template handed over is used instead, and nothing stands in for it")
{
    const auto tokenizer = byteTokenizer("{{ own }}");
    const auto prompt =
        buildChatPrompt(*tokenizer, kTalk, 1000, 50, "{{ messages|length }}messages");
    REQUIRE(prompt);
    CHECK(promptText(*tokenizer, prompt.value()) == "6messages");
    const auto broken = buildChatPrompt(*tokenizer, kTalk, 1000, 50, "\n{% if %}");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == ErrorCode::Format);
    CHECK(broken.error().message.find("line 2") != std::string::npos);
}

TEST_CASE("a template is checked on messages: its text, or its error and the line")
{
    const auto tokenizer = byteTokenizer("{{ messages[0].content }}");
    const TemplateCheck own = checkTemplate(*tokenizer, std::nullopt, kTalk);
    CHECK(own.chatTemplate == "{{ messages[0].content }}");
    CHECK(own.text == "S");
    CHECK(own.tokens == 1);
    CHECK(own.error.empty());
    struct Row
    {
        const char* text;
        const char* said;
        std::size_t line;
    };
    for (const Row& row :
         {Row{"a\n{{ b |", "line 2", 2}, Row{"{{ messages|shuffle }}", "shuffle", 1},
          Row{"\n\n{{ raise_exception('no') }}", "no", 3}}) {
        CAPTURE(row.text);
        const TemplateCheck check = checkTemplate(*tokenizer, row.text, kTalk);
        CHECK(check.error.find(row.said) != std::string::npos);
        CHECK(check.line == row.line);
        CHECK(check.text.empty());
    }
    // Without any the plain one is shown, so that it can be changed.
    const TemplateCheck plain = checkTemplate(*byteTokenizer(), std::nullopt, kTalk);
    CHECK(plain.chatTemplate == plainChatTemplate());
    CHECK(plain.text.ends_with("<|im_start|>assistant\n"));
}
