// Our own templates in tests/data/chat_templates beside what jinja2 makes of them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/json_guard.h"
#include "core/tokenizer/chat_template.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace bs;

namespace {

std::string textOf(const std::string& name)
{
    std::ifstream file(std::string(BS_TEST_DATA_DIR "/") + name, std::ios::binary);
    REQUIRE_MESSAGE(file, name);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<ChatMessage> messagesOf(const nlohmann::json& json)
{
    std::vector<ChatMessage> messages;
    for (const auto& message : json)
        messages.push_back({message.at("role"), message.at("content")});
    return messages;
}

} // namespace

TEST_CASE("our templates give what jinja2 gives, byte for byte")
{
    REQUIRE(::setenv("TZ", "UTC", 1) == 0); // strftime_now tells the local time
    const auto data = parseJson(textOf("chat_templates.json"), "chat_templates.json");
    REQUIRE(data);
    std::size_t texts = 0;
    std::size_t refusals = 0;
    for (const auto& entry : data.value().at("cases")) {
        const std::string name = entry.at("template");
        const std::string conversation = entry.at("conversation");
        CAPTURE(name);
        CAPTURE(conversation);
        const auto text =
            renderChat(textOf("chat_templates/" + name),
                       messagesOf(data.value().at("conversations").at(conversation)),
                       entry.at("prompt"), data.value().at("bos").get<std::string>(),
                       data.value().at("eos").get<std::string>(), data.value().at("now"));
        if (entry.contains("text")) {
            REQUIRE_MESSAGE(text, text.error().message);
            CHECK(text.value() == entry.at("text").get<std::string>());
            ++texts;
        } else {
            REQUIRE_FALSE(text);
            CHECK(text.error().code == ErrorCode::Usage);
            CHECK(text.error().message.ends_with(entry.at("refused").get<std::string>()));
            ++refusals;
        }
    }
    CHECK(texts > 100);
    CHECK(refusals > 5);
}
