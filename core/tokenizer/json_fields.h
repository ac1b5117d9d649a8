#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Reads the fields of one JSON object that a stranger wrote; `where` names it in messages. Every
/// error is Format and names the field.
class JsonFields
{
public:
    /// The object must outlive the reader.
    static Result<JsonFields> of(const nlohmann::json& object, std::string where);

    /// The field, or nullptr where it is missing or null.
    const nlohmann::json* find(const char* key) const;
    Result<const nlohmann::json*> list(const char* key) const;
    Result<JsonFields> object(const char* key) const;
    Result<std::string> text(const char* key) const;
    Result<std::string> textOr(const char* key, std::string otherwise) const;
    Result<bool> boolOr(const char* key, bool otherwise) const;
    Result<std::int64_t> integer(const char* key) const;
    Result<std::vector<std::string>> texts(const char* key) const;
    Result<std::vector<std::int64_t>> integers(const char* key) const;

    const nlohmann::json& json() const { return *m_object; }
    /// "tokenizer.json: model.vocab" for the key "vocab".
    std::string place(std::string_view key) const;
    Error wrong(std::string_view key, std::string_view expected) const;

private:
    JsonFields(const nlohmann::json& object, std::string where);
    const nlohmann::json* m_object;
    std::string m_where;
};

/// An integer of JSON that fits 64 bits with its sign, or nothing.
bool isInteger(const nlohmann::json& value, std::int64_t& into);

} // namespace bs
