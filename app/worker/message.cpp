#include "app/worker/message.h"

#include "core/base/json_guard.h"

#include <cmath>

namespace bs::worker {

namespace {

/// Whole numbers, also written as 5.0; at most 2^63.
std::optional<std::uint64_t> wholeNumber(const nlohmann::json& value)
{
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (number >= 0 && number < 9.2e18 && number == std::floor(number))
            return static_cast<std::uint64_t>(number);
    }
    return std::nullopt;
}

} // namespace

std::optional<Refusal> parseRequest(const std::string& line, Request& request)
{
    JsonLimits limits;
    limits.maxBytes = line.size() + 1;
    limits.maxMemory = 64ULL << 20; // what fits a line, unless it is brackets for their own sake
    Result<nlohmann::json> parsed = parseJson(line, "the message", limits);
    if (!parsed) return Refusal{kParseError, parsed.error().message, nullptr};
    nlohmann::json& message = parsed.value();
    if (!message.is_object())
        return Refusal{kInvalidRequest, "a message must be one JSON object", nullptr};
    const nlohmann::json id = message.value("id", nlohmann::json());
    if (!id.is_null() && !id.is_number_integer() && !id.is_string())
        return Refusal{kInvalidRequest, "\"id\" must be a whole number or a text", nullptr};
    request.id = Json(id);
    if (message.value("jsonrpc", nlohmann::json()) != "2.0")
        return Refusal{kInvalidRequest, "\"jsonrpc\" must be \"2.0\"", request.id};
    if (!message.contains("method") || !message["method"].is_string())
        return Refusal{kInvalidRequest, "\"method\" is missing or no text", request.id};
    request.method = message["method"].get<std::string>();
    request.params = message.value("params", nlohmann::json::object());
    if (!request.params.is_object())
        return Refusal{kInvalidParams, "\"params\" must be an object", request.id};
    return std::nullopt;
}

Json resultMessage(const Json& id, Json result)
{
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json errorMessage(const Json& id, int code, const std::string& message)
{
    return Json{
        {"jsonrpc", "2.0"}, {"id", id}, {"error", Json{{"code", code}, {"message", message}}}};
}

Json notification(const std::string& method, Json params)
{
    return Json{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

const nlohmann::json* Params::find(const char* name) const
{
    const auto found = m_params.find(name);
    return found == m_params.end() || found->is_null() ? nullptr : &*found;
}

void Params::fail(const char* name, const char* wanted)
{
    if (m_error.empty()) m_error = std::string("parameter \"") + name + "\" must be " + wanted;
}

bool Params::has(const char* name) const
{
    return find(name) != nullptr;
}

Json Params::id(const char* name)
{
    const nlohmann::json* const value = find(name);
    if (value != nullptr && (value->is_number_integer() || value->is_string())) return Json(*value);
    fail(name, "a whole number or a text");
    return nullptr;
}

std::string Params::text(const char* name)
{
    if (!has(name)) fail(name, "a text");
    return text(name, "");
}

std::string Params::text(const char* name, const std::string& fallback)
{
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return fallback;
    if (value->is_string()) return value->get<std::string>();
    fail(name, "a text");
    return fallback;
}

std::optional<std::uint64_t> Params::optionalSize(const char* name)
{
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    const std::optional<std::uint64_t> number = wholeNumber(*value);
    if (!number) fail(name, "a whole number, 0 or more");
    return number;
}

std::uint64_t Params::size(const char* name)
{
    if (!has(name)) fail(name, "a whole number, 0 or more");
    return size(name, 0);
}

std::uint64_t Params::size(const char* name, std::uint64_t fallback)
{
    return optionalSize(name).value_or(fallback);
}

double Params::number(const char* name, double fallback)
{
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return fallback;
    if (value->is_number()) return value->get<double>();
    fail(name, "a number");
    return fallback;
}

bool Params::flag(const char* name, bool fallback)
{
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return fallback;
    if (value->is_boolean()) return value->get<bool>();
    fail(name, "true or false");
    return fallback;
}

std::vector<std::uint64_t> Params::sizes(const char* name)
{
    std::vector<std::uint64_t> numbers;
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return numbers;
    if (!value->is_array())
        fail(name, "a list of whole numbers");
    else
        for (const nlohmann::json& entry : *value) {
            const std::optional<std::uint64_t> number = wholeNumber(entry);
            if (!number) fail(name, "a list of whole numbers, 0 or more");
            numbers.push_back(number.value_or(0));
        }
    return numbers;
}

std::vector<std::string> Params::texts(const char* name)
{
    std::vector<std::string> texts;
    const nlohmann::json* const value = find(name);
    if (value == nullptr) return texts;
    if (!value->is_array()) fail(name, "a list of texts");
    for (const nlohmann::json& entry : *value)
        if (entry.is_string())
            texts.push_back(entry.get<std::string>());
        else
            fail(name, "a list of texts");
    return texts;
}

std::vector<ChatMessage> Params::messages(const char* name)
{
    std::vector<ChatMessage> messages;
    const nlohmann::json* const value = find(name);
    constexpr const char* kWanted = "a list of {\"role\": text, \"content\": text}";
    if (value == nullptr || !value->is_array()) {
        fail(name, kWanted);
        return messages;
    }
    for (const nlohmann::json& entry : *value) {
        if (!entry.is_object() || !entry.contains("role") || !entry["role"].is_string() ||
            !entry.contains("content") || !entry["content"].is_string()) {
            fail(name, kWanted);
            return messages;
        }
        messages.push_back({entry["role"].get<std::string>(), entry["content"].get<std::string>()});
    }
    return messages;
}

Result<void> Params::check() const
{
    if (failed()) return Error{ErrorCode::Usage, m_error};
    return {};
}

} // namespace bs::worker
