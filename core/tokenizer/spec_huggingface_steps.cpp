#include "core/base/json_guard.h"
#include "core/tokenizer/base64.h"
#include "core/tokenizer/pattern.h"
#include "core/tokenizer/spec_huggingface.h"

#include <array>
#include <utility>

namespace bs {

namespace {

using nlohmann::json;

constexpr const char* kGpt2Pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}++| ?\p{N}++)"
                                     R"(| ?[^\p{L}\p{N}\s]++|\s+(?!\S)|\s+)";
constexpr const char* kDigit = R"(\p{N})";

/// The steps of a field, those of a Sequence one after the other; empty if it is null.
Result<std::vector<JsonFields>> stepsOf(const JsonFields& root, const char* key, const char* inner)
{
    std::vector<JsonFields> steps;
    if (root.find(key) == nullptr) return steps;
    BS_TRY(const JsonFields outer, root.object(key));
    BS_TRY(const std::string type, outer.text("type"));
    if (type != "Sequence") return std::vector<JsonFields>{outer};
    BS_TRY(const json* list, outer.list(inner));
    for (const json& entry : *list) {
        BS_TRY(const JsonFields step, JsonFields::of(entry, outer.place(inner)));
        steps.push_back(step);
    }
    return steps;
}

/// {"String": "x"} or {"Regex": "x"}: the text, and whether it is a pattern.
Result<std::pair<std::string, bool>> patternOf(const JsonFields& step)
{
    BS_TRY(const JsonFields pattern, step.object("pattern"));
    const bool regex = pattern.find("Regex") != nullptr;
    BS_TRY(std::string text, pattern.text(regex ? "Regex" : "String"));
    return std::pair(std::move(text), regex);
}

Result<void> readNormalizerStep(const JsonFields& step, TokenizerSpec& spec)
{
    BS_TRY(const std::string type, step.text("type"));
    if (type == "NFC" || type == "NFD" || type == "NFKC" || type == "NFKD") {
        std::string name = type;
        for (char& letter : name)
            letter = static_cast<char>(letter - 'A' + 'a');
        spec.normalizer.push_back({name, "", ""});
    } else if (type == "Prepend") {
        BS_TRY(std::string text, step.text("prepend"));
        spec.normalizer.push_back({"prepend", "", std::move(text)});
    } else if (type == "Replace") {
        BS_TRY(auto pattern, patternOf(step));
        BS_TRY(std::string content, step.text("content"));
        if (!pattern.second && pattern.first == " ") spec.spaceMark = content;
        spec.normalizer.push_back({pattern.second ? "replace_pattern" : "replace",
                                   std::move(pattern.first), std::move(content)});
    } else if (type == "Strip") {
        BS_TRY(const bool left, step.boolOr("strip_left", true));
        BS_TRY(const bool right, step.boolOr("strip_right", true));
        if (left) spec.normalizer.push_back({"strip_left", "", ""});
        if (right) spec.normalizer.push_back({"strip_right", "", ""});
    } else if (type == "Precompiled") {
        BS_TRY(const std::string map, step.textOr("precompiled_charsmap", ""));
        auto bytes = fromBase64(map);
        if (!bytes) return step.wrong("precompiled_charsmap", "base64");
        if (!spec.charsmap.empty()) return unsupportedField(step, "type", "a second Precompiled");
        spec.charsmap = std::move(*bytes);
        spec.normalizer.push_back({"charsmap", "", ""});
    } else {
        return unsupportedField(step, "type", type);
    }
    return {};
}

Result<void> readSplit(const JsonFields& step, TokenizerSpec& spec)
{
    static constexpr std::array<std::pair<std::string_view, const char*>, 5> kBehaviors = {
        {{"Isolated", "isolated"},
         {"Removed", "removed"},
         {"Contiguous", "contiguous"},
         {"MergedWithPrevious", "merged_with_previous"},
         {"MergedWithNext", "merged_with_next"}}};
    BS_TRY(auto pattern, patternOf(step));
    SplitStep split;
    split.pattern = pattern.second ? pattern.first : Pattern::quoted(pattern.first);
    BS_TRY(const std::string behavior, step.text("behavior"));
    split.behavior.clear();
    for (const auto& [theirs, ours] : kBehaviors)
        if (theirs == behavior) split.behavior = ours;
    if (split.behavior.empty()) return unsupportedField(step, "behavior", behavior);
    BS_TRY(split.invert, step.boolOr("invert", false));
    spec.splits.push_back(std::move(split));
    return {};
}

/// Spaces become marks and one goes in front: a change of the text before it is cut.
Result<void> readMetaspace(const JsonFields& step, TokenizerSpec& spec)
{
    BS_TRY(const std::string mark, step.textOr("replacement", "\xE2\x96\x81"));
    BS_TRY(const bool legacy, step.boolOr("add_prefix_space", true));
    BS_TRY(const std::string scheme, step.textOr("prepend_scheme", legacy ? "always" : "never"));
    if (!spec.splits.empty()) return unsupportedField(step, "type", "Metaspace behind a split");
    if (scheme != "always" && scheme != "first" && scheme != "never")
        return unsupportedField(step, "prepend_scheme", scheme);
    if (mark.empty()) return step.wrong("replacement", "a character");
    spec.normalizer.push_back({"replace", " ", mark});
    if (scheme != "never")
        spec.normalizer.push_back({scheme == "first" ? "prefix_first" : "prefix", "", mark});
    spec.spaceMark = mark;
    spec.dropsSpace = scheme != "never";
    BS_TRY(const bool split, step.boolOr("split", true));
    if (split) spec.splits.push_back({Pattern::quoted(mark), "merged_with_next", false});
    return {};
}

Result<void> readPreTokenizerStep(const JsonFields& step, TokenizerSpec& spec)
{
    BS_TRY(const std::string type, step.text("type"));
    if (type == "Split") return readSplit(step, spec);
    if (type == "Metaspace") return readMetaspace(step, spec);
    if (type == "Digits") {
        BS_TRY(const bool individual, step.boolOr("individual_digits", false));
        spec.splits.push_back({kDigit, individual ? "isolated" : "contiguous", false});
        return {};
    }
    if (type != "ByteLevel" || spec.model != "bpe") return unsupportedField(step, "type", type);
    BS_TRY(const bool prefix, step.boolOr("add_prefix_space", true));
    if (prefix && !spec.splits.empty()) return unsupportedField(step, "add_prefix_space", "true");
    if (prefix) spec.normalizer.push_back({"prefix", "", " "});
    BS_TRY(const bool pattern, step.boolOr("use_regex", true));
    if (pattern) spec.splits.push_back({kGpt2Pattern, "isolated", false});
    return {};
}

/// The names stand for these steps; a stored file is smaller with them, and older programs read it.
void nameSteps(TokenizerSpec& spec)
{
    spec.preTokenizer = "steps";
    const auto& splits = spec.splits;
    const auto is = [&](std::size_t at, const char* pattern) {
        return splits[at].pattern == pattern && splits[at].behavior == "isolated" &&
               !splits[at].invert;
    };
    if (splits.empty()) spec.preTokenizer = "none";
    if (splits.size() == 1 && is(0, kGpt2Pattern)) spec.preTokenizer = "gpt2";
    if (splits.size() == 2 && is(0, kDigit) && is(1, kGpt2Pattern)) spec.preTokenizer = "smollm";
    if (spec.preTokenizer != "steps") spec.splits.clear();
}

Result<void> readDecoderStep(const JsonFields& step, TokenizerSpec& spec)
{
    BS_TRY(const std::string type, step.text("type"));
    if (type == "Strip") {
        BS_TRY(const std::string content, step.textOr("content", " "));
        BS_TRY(const std::int64_t start, step.integer("start"));
        if (content == " " && start > 0) spec.dropsSpace = true;
    }
    return {};
}

} // namespace

Error unsupportedField(const JsonFields& fields, std::string_view key, std::string_view what)
{
    return Error{ErrorCode::Unsupported,
                 fields.place(key) + ": \"" + printable(what) + "\" is not supported"};
}

Result<void> readHuggingFaceSteps(const JsonFields& root, TokenizerSpec& spec)
{
    BS_TRY(const auto normalizer, stepsOf(root, "normalizer", "normalizers"));
    for (const JsonFields& step : normalizer)
        BS_CHECK(readNormalizerStep(step, spec));
    BS_TRY(const auto preTokenizer, stepsOf(root, "pre_tokenizer", "pretokenizers"));
    if (preTokenizer.empty() && spec.model == "bpe")
        return unsupportedField(root, "pre_tokenizer", "null");
    for (const JsonFields& step : preTokenizer)
        BS_CHECK(readPreTokenizerStep(step, spec));
    nameSteps(spec);
    BS_TRY(const auto decoder, stepsOf(root, "decoder", "decoders"));
    for (const JsonFields& step : decoder)
        BS_CHECK(readDecoderStep(step, spec));
    return {};
}

} // namespace bs
