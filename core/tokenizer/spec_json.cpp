// The layout is described in FORMAT.md.
#include "core/base/json_guard.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/spec_check.h"
#include "core/tokenizer/spec_json_steps.h"

#include <array>
#include <utility>

namespace bs {

namespace {

using nlohmann::json;

/// Version 1 is written where it says everything, for older programs.
constexpr std::int64_t kVersion = 2;
/// A quarter of a million tokens with half a million merges.
constexpr JsonLimits kLimits{.maxMemory = 96ULL << 20};

/// Names on disk: frozen.
constexpr std::array<std::pair<const char*, TokenKind>, 5> kKindNames = {{
    {"control", TokenKind::Control},
    {"user_defined", TokenKind::UserDefined},
    {"byte", TokenKind::Byte},
    {"unknown", TokenKind::Unknown},
    {"unused", TokenKind::Unused},
}};

json kindsToJson(const std::vector<TokenKind>& kinds)
{
    json result = json::object();
    for (const auto& [name, kind] : kKindNames)
        for (std::size_t id = 0; id < kinds.size(); ++id)
            if (kinds[id] == kind) result[name].push_back(id);
    return result;
}

/// Merges as cuts through the tokens they make, or as they are spelled where that cannot be.
json mergesToJson(const TokenizerSpec& spec)
{
    const TokenIndex index = indexTokens(spec.tokens);
    std::vector<std::pair<std::int32_t, std::int32_t>> runs;
    std::vector<std::size_t> cuts;
    for (const std::string& merge : spec.merges) {
        const auto [left, right] = mergeSides(merge);
        const auto joined = index.find(std::string(left) + std::string(right));
        if (left.empty() || joined == index.end()) return json{{"pairs", spec.merges}};
        if (runs.empty() || runs.back().first + runs.back().second != joined->second)
            runs.emplace_back(joined->second, 0);
        ++runs.back().second;
        cuts.push_back(left.size());
    }
    return json{{"joined", runs}, {"cuts", cuts}};
}

Result<std::vector<TokenKind>> kindsFromJson(const JsonFields& fields, std::size_t tokens)
{
    std::vector<TokenKind> kinds(tokens, TokenKind::Normal);
    for (const auto& [name, kind] : kKindNames) {
        if (fields.find(name) == nullptr) continue;
        BS_TRY(const std::vector<std::int64_t> ids, fields.integers(name));
        for (const std::int64_t id : ids) {
            if (id < 0 || id >= static_cast<std::int64_t>(tokens))
                return Error{ErrorCode::Format, fields.place(name) + " names token " +
                                                    std::to_string(id) + ", but there are " +
                                                    std::to_string(tokens)};
            kinds[static_cast<std::size_t>(id)] = kind;
        }
    }
    return kinds;
}

/// Ids of the tokens that merges make, from [first, count] runs that must give `count` ids in all.
Result<std::vector<std::size_t>> joinedFromJson(const JsonFields& fields, std::size_t count,
                                                std::size_t tokens)
{
    BS_TRY(const json* runs, fields.list("joined"));
    std::vector<std::size_t> ids;
    ids.reserve(count);
    for (const json& run : *runs) {
        std::int64_t first = 0;
        std::int64_t length = 0;
        if (!run.is_array() || run.size() != 2 || !isInteger(run[0], first) ||
            !isInteger(run[1], length))
            return fields.wrong("joined", "a list of pairs of whole numbers");
        if (first < 0 || length < 0 || first > static_cast<std::int64_t>(tokens) ||
            length > static_cast<std::int64_t>(tokens) - first)
            return Error{ErrorCode::Format, fields.place("joined") + " has " +
                                                std::to_string(length) + " tokens from " +
                                                std::to_string(first) + ", but there are " +
                                                std::to_string(tokens)};
        if (static_cast<std::size_t>(length) > count - ids.size())
            return Error{ErrorCode::Format, fields.place("joined") + " has more tokens than the " +
                                                std::to_string(count) + " of " +
                                                fields.place("cuts")};
        for (std::int64_t id = first; id < first + length; ++id)
            ids.push_back(static_cast<std::size_t>(id));
    }
    if (ids.size() != count)
        return Error{ErrorCode::Format, fields.place("joined") + " has " +
                                            std::to_string(ids.size()) + " tokens, " +
                                            fields.place("cuts") + " has " + std::to_string(count)};
    return ids;
}

Result<std::vector<std::string>> mergesFromJson(const JsonFields& fields,
                                                const std::vector<std::string>& tokens)
{
    if (fields.find("pairs") != nullptr) return fields.texts("pairs");
    BS_TRY(const std::vector<std::int64_t> cuts, fields.integers("cuts"));
    BS_TRY(const std::vector<std::size_t> joined,
           joinedFromJson(fields, cuts.size(), tokens.size()));
    std::vector<std::string> merges;
    merges.reserve(cuts.size());
    for (std::size_t rank = 0; rank < cuts.size(); ++rank) {
        const std::string& token = tokens[joined[rank]];
        if (cuts[rank] < 1 || static_cast<std::uint64_t>(cuts[rank]) >= token.size())
            return Error{ErrorCode::Format, fields.place("cuts") + "[" + std::to_string(rank) +
                                                "] is " + std::to_string(cuts[rank]) +
                                                ", its token has " + std::to_string(token.size()) +
                                                " bytes"};
        const auto cut = static_cast<std::size_t>(cuts[rank]);
        merges.push_back(token.substr(0, cut) + " " + token.substr(cut));
    }
    return merges;
}

Result<std::int32_t> idFromJson(const JsonFields& fields, const char* key, std::size_t tokens)
{
    BS_TRY(const std::int64_t id, fields.integer(key));
    if (id < -1 || id >= static_cast<std::int64_t>(tokens))
        return Error{ErrorCode::Format, fields.place(key) + " is " + std::to_string(id) +
                                            ", but there are " + std::to_string(tokens) +
                                            " tokens"};
    return static_cast<std::int32_t>(id);
}

Result<void> readSpecialTokens(const JsonFields& fields, TokenizerSpec& spec)
{
    BS_TRY(spec.bos, idFromJson(fields, "bos", spec.tokens.size()));
    BS_TRY(spec.eos, idFromJson(fields, "eos", spec.tokens.size()));
    BS_TRY(spec.unknown, idFromJson(fields, "unknown", spec.tokens.size()));
    BS_TRY(const std::vector<std::int64_t> ends, fields.integers("end_of_turn"));
    for (const std::int64_t id : ends) {
        if (id < 0 || id >= static_cast<std::int64_t>(spec.tokens.size()))
            return Error{ErrorCode::Format, fields.place("end_of_turn") + " names token " +
                                                std::to_string(id) + ", but there are " +
                                                std::to_string(spec.tokens.size())};
        spec.endOfTurn.push_back(static_cast<std::int32_t>(id));
    }
    return {};
}

} // namespace

std::string toJson(const TokenizerSpec& spec)
{
    const bool more = needsVersion2(spec);
    json object = {{"version", more ? kVersion : 1},
                   {"model", spec.model},
                   {"pre_tokenizer", spec.preTokenizer},
                   {"tokens", spec.tokens},
                   {"kinds", kindsToJson(spec.kinds)},
                   {"merges", mergesToJson(spec)},
                   {"bos", spec.bos},
                   {"eos", spec.eos},
                   {"unknown", spec.unknown},
                   {"end_of_turn", spec.endOfTurn},
                   {"add_bos", spec.addBos},
                   {"chat_template", spec.chatTemplate}};
    if (more) addVersion2(spec, object);
    // A spec that passed checkSpec is UTF-8 throughout but for its template, which nobody checks.
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<TokenizerSpec> tokenizerSpecFromJson(std::string_view text)
{
    BS_TRY(const json object, parseJson(text, "tokenizer", kLimits));
    BS_TRY(const JsonFields fields, JsonFields::of(object, "tokenizer"));
    BS_TRY(const std::int64_t version, fields.integer("version"));
    if (version < 1 || version > kVersion)
        return Error{ErrorCode::Unsupported, fields.place("version") + " is " +
                                                 std::to_string(version) + ", known are 1 and " +
                                                 std::to_string(kVersion)};
    TokenizerSpec spec;
    BS_TRY(spec.model, fields.text("model"));
    BS_TRY(spec.preTokenizer, fields.text("pre_tokenizer"));
    BS_TRY(spec.tokens, fields.texts("tokens"));
    BS_TRY(const JsonFields kinds, fields.object("kinds"));
    BS_TRY(spec.kinds, kindsFromJson(kinds, spec.tokens.size()));
    BS_TRY(const JsonFields merges, fields.object("merges"));
    BS_TRY(spec.merges, mergesFromJson(merges, spec.tokens));
    BS_CHECK(readSpecialTokens(fields, spec));
    BS_TRY(spec.addBos, fields.boolOr("add_bos", false));
    BS_TRY(spec.chatTemplate, fields.textOr("chat_template", ""));
    if (version > 1) BS_CHECK(readVersion2(fields, spec));
    BS_CHECK(checkSpec(spec));
    return spec;
}

} // namespace bs
