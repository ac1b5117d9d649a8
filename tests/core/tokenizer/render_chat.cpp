// Renders what tests/data/make_chat_templates.py asks for: a line of JSON for each conversation in,
// {"template", "messages", "add_generation_prompt", "bos", "eos", "now"}, a line for each out,
// {"text"} or {"error"}.
#include "core/base/json_guard.h"
#include "core/tokenizer/chat_template.h"

#include <iostream>
#include <string>

int main()
{
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto request = bs::parseJson(line, "request");
        if (!request) {
            std::cerr << request.error().message << '\n';
            return 2;
        }
        const nlohmann::json& json = request.value();
        std::vector<bs::ChatMessage> messages;
        for (const auto& message : json.at("messages"))
            messages.push_back({message.at("role"), message.at("content")});
        const auto text = bs::renderChat(
            json.at("template").get<std::string>(), messages, json.at("add_generation_prompt"),
            json.at("bos").get<std::string>(), json.at("eos").get<std::string>(), json.at("now"));
        nlohmann::json answer;
        if (text)
            answer["text"] = text.value();
        else
            answer["error"] = text.error().message;
        std::cout << answer.dump() << std::endl;
    }
}
