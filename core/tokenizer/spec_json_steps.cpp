#include "core/tokenizer/spec_json_steps.h"

#include "core/tokenizer/base64.h"

#include <array>
#include <limits>
#include <utility>

namespace bs {

namespace {

using nlohmann::json;

/// Names on disk: frozen.
constexpr std::array<std::pair<const char*, std::vector<std::int32_t> AddedTokenTraits::*>, 4>
    kTraits = {{{"normalized", &AddedTokenTraits::normalized},
                {"strip_left", &AddedTokenTraits::stripLeft},
                {"strip_right", &AddedTokenTraits::stripRight},
                {"single_word", &AddedTokenTraits::singleWord}}};
constexpr std::array<std::pair<const char*, bool TokenizerSpec::*>, 5> kSwitches = {
    {{"double_sums", &TokenizerSpec::doubleSums},
     {"ignore_merges", &TokenizerSpec::ignoreMerges},
     {"byte_fallback", &TokenizerSpec::byteFallback},
     {"fuse_unknown", &TokenizerSpec::fuseUnknown},
     {"drops_space", &TokenizerSpec::dropsSpace}}};

Result<void> readSteps(const JsonFields& fields, TokenizerSpec& spec)
{
    BS_TRY(const json* splits, fields.list("splits"));
    for (const json& entry : *splits) {
        BS_TRY(const JsonFields step, JsonFields::of(entry, fields.place("splits")));
        SplitStep split;
        BS_TRY(split.pattern, step.text("pattern"));
        BS_TRY(split.behavior, step.text("behavior"));
        BS_TRY(split.invert, step.boolOr("invert", false));
        spec.splits.push_back(std::move(split));
    }
    BS_TRY(const json* steps, fields.list("normalizer"));
    for (const json& entry : *steps) {
        BS_TRY(const JsonFields step, JsonFields::of(entry, fields.place("normalizer")));
        NormalizerStep one;
        BS_TRY(one.type, step.text("type"));
        BS_TRY(one.from, step.textOr("from", ""));
        BS_TRY(one.to, step.textOr("to", ""));
        spec.normalizer.push_back(std::move(one));
    }
    return {};
}

Result<void> readScores(const JsonFields& fields, TokenizerSpec& spec)
{
    BS_TRY(const json* scores, fields.list("scores"));
    for (const json& score : *scores) {
        if (!score.is_number())
            return fields.wrong("scores[" + std::to_string(spec.scores.size()) + "]", "a number");
        spec.scores.push_back(score.get<double>());
    }
    return {};
}

Result<void> readTraits(const JsonFields& fields, TokenizerSpec& spec)
{
    BS_TRY(const JsonFields added, fields.object("added"));
    for (const auto& [name, member] : kTraits) {
        if (added.find(name) == nullptr) continue;
        BS_TRY(const std::vector<std::int64_t> ids, added.integers(name));
        for (const std::int64_t id : ids) {
            if (id < 0 || id >= static_cast<std::int64_t>(spec.tokens.size()))
                return Error{ErrorCode::Format, added.place(name) + " names token " +
                                                    std::to_string(id) + ", but there are " +
                                                    std::to_string(spec.tokens.size())};
            (spec.added.*member).push_back(static_cast<std::int32_t>(id));
        }
    }
    return {};
}

} // namespace

bool needsVersion2(const TokenizerSpec& spec)
{
    bool needed = spec.model != "bpe" || !spec.splits.empty() || !spec.scores.empty() ||
                  !spec.normalizer.empty() || !spec.charsmap.empty() || !spec.spaceMark.empty();
    for (const auto& [name, member] : kTraits)
        needed = needed || !(spec.added.*member).empty();
    for (const auto& [name, member] : kSwitches)
        needed = needed || spec.*member;
    return needed;
}

void addVersion2(const TokenizerSpec& spec, json& object)
{
    object["splits"] = json::array();
    for (const SplitStep& split : spec.splits)
        object["splits"].push_back(
            {{"pattern", split.pattern}, {"behavior", split.behavior}, {"invert", split.invert}});
    object["normalizer"] = json::array();
    for (const NormalizerStep& step : spec.normalizer)
        object["normalizer"].push_back({{"type", step.type}, {"from", step.from}, {"to", step.to}});
    object["scores"] = spec.scores;
    for (const auto& [name, member] : kSwitches)
        object[name] = spec.*member;
    object["added"] = json::object();
    for (const auto& [name, member] : kTraits)
        if (!(spec.added.*member).empty()) object["added"][name] = spec.added.*member;
    object["sentencepiece"] = {{"add_prefix", spec.sentencePiece.addPrefix},
                               {"remove_extra", spec.sentencePiece.removeExtra},
                               {"replace_invalid", spec.sentencePiece.replaceInvalid}};
    object["charsmap"] = toBase64(spec.charsmap);
    object["space_mark"] = spec.spaceMark;
}

Result<void> readVersion2(const JsonFields& fields, TokenizerSpec& spec)
{
    BS_CHECK(readSteps(fields, spec));
    BS_CHECK(readScores(fields, spec));
    BS_CHECK(readTraits(fields, spec));
    for (const auto& [name, member] : kSwitches) {
        BS_TRY(spec.*member, fields.boolOr(name, false));
    }
    BS_TRY(const JsonFields switches, fields.object("sentencepiece"));
    BS_TRY(spec.sentencePiece.addPrefix, switches.boolOr("add_prefix", true));
    BS_TRY(spec.sentencePiece.removeExtra, switches.boolOr("remove_extra", false));
    BS_TRY(spec.sentencePiece.replaceInvalid, switches.boolOr("replace_invalid", true));
    BS_TRY(const std::string charsmap, fields.text("charsmap"));
    auto bytes = fromBase64(charsmap);
    if (!bytes) return fields.wrong("charsmap", "base64");
    spec.charsmap = std::move(*bytes);
    BS_TRY(spec.spaceMark, fields.text("space_mark"));
    return {};
}

} // namespace bs
