#include "core/tokenizer/json_fields.h"

#include <limits>
#include <utility>

namespace bs {

bool isInteger(const nlohmann::json& value, std::int64_t& into)
{
    if (!value.is_number_integer()) return false;
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return false;
    into = value.get<std::int64_t>();
    return true;
}

JsonFields::JsonFields(const nlohmann::json& object, std::string where)
    : m_object(&object)
    , m_where(std::move(where))
{
}

Result<JsonFields> JsonFields::of(const nlohmann::json& object, std::string where)
{
    if (!object.is_object()) return Error{ErrorCode::Format, where + " is not an object"};
    return JsonFields(object, std::move(where));
}

std::string JsonFields::place(std::string_view key) const
{
    const char* separator = m_where.find(':') == std::string::npos ? ": " : ".";
    return m_where + separator + std::string(key);
}

Error JsonFields::wrong(std::string_view key, std::string_view expected) const
{
    return Error{ErrorCode::Format, place(key) + " is not " + std::string(expected)};
}

const nlohmann::json* JsonFields::find(const char* key) const
{
    const auto found = m_object->find(key);
    return found == m_object->end() || found->is_null() ? nullptr : &*found;
}

Result<const nlohmann::json*> JsonFields::list(const char* key) const
{
    const nlohmann::json* value = find(key);
    if (value == nullptr || !value->is_array()) return wrong(key, "a list");
    return value;
}

Result<JsonFields> JsonFields::object(const char* key) const
{
    const nlohmann::json* value = find(key);
    if (value == nullptr || !value->is_object()) return wrong(key, "an object");
    return JsonFields(*value, place(key));
}

Result<std::string> JsonFields::text(const char* key) const
{
    const nlohmann::json* value = find(key);
    if (value == nullptr || !value->is_string()) return wrong(key, "a text");
    return value->get<std::string>();
}

Result<std::string> JsonFields::textOr(const char* key, std::string otherwise) const
{
    if (find(key) == nullptr) return otherwise;
    return text(key);
}

Result<bool> JsonFields::boolOr(const char* key, bool otherwise) const
{
    const nlohmann::json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) return wrong(key, "true or false");
    return value->get<bool>();
}

Result<std::int64_t> JsonFields::integer(const char* key) const
{
    const nlohmann::json* value = find(key);
    std::int64_t number = 0;
    if (value == nullptr || !isInteger(*value, number)) return wrong(key, "a whole number");
    return number;
}

Result<std::vector<std::string>> JsonFields::texts(const char* key) const
{
    BS_TRY(const nlohmann::json* values, list(key));
    std::vector<std::string> texts;
    texts.reserve(values->size());
    for (const nlohmann::json& value : *values) {
        if (!value.is_string())
            return wrong(std::string(key) + "[" + std::to_string(texts.size()) + "]", "a text");
        texts.push_back(value.get<std::string>());
    }
    return texts;
}

Result<std::vector<std::int64_t>> JsonFields::integers(const char* key) const
{
    BS_TRY(const nlohmann::json* values, list(key));
    std::vector<std::int64_t> numbers;
    numbers.reserve(values->size());
    for (const nlohmann::json& value : *values) {
        std::int64_t number = 0;
        if (!isInteger(value, number))
            return wrong(std::string(key) + "[" + std::to_string(numbers.size()) + "]",
                         "a whole number");
        numbers.push_back(number);
    }
    return numbers;
}

} // namespace bs
