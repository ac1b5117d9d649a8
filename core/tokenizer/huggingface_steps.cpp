#include "core/base/json_guard.h"
#include "core/tokenizer/base64.h"
#include "core/tokenizer/huggingface_parts.h"
#include "core/tokenizer/pattern.h"
#include "core/tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <cctype>
#include <span>

namespace bs {

namespace {

using Json = nlohmann::ordered_json;

/// One step as it is, several as a Sequence, none as null.
Json sequence(const char* field, Json steps)
{
    if (steps.empty()) return nullptr;
    return steps.size() == 1 ? steps[0] : Json{{"type", "Sequence"}, {field, std::move(steps)}};
}

Json byteLevel(bool cuts, bool space)
{
    return {{"type", "ByteLevel"},
            {"add_prefix_space", space},
            {"trim_offsets", true},
            {"use_regex", cuts}};
}

/// "merged_with_next" -> "MergedWithNext"
std::string camelCase(const std::string& name)
{
    std::string result;
    bool upper = true;
    for (const char c : name) {
        if (c != '_')
            result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = c == '_';
    }
    return result;
}

Json splitStep(const SplitStep& split)
{
    return {{"type", "Split"},
            {"pattern", {{"Regex", split.pattern}}},
            {"behavior", camelCase(split.behavior)},
            {"invert", split.invert}};
}

/// SentencePiece's normaliser as single steps. It works on whole texts; here each section between
/// added tokens is a text.
std::vector<NormalizerStep> sentencePieceSteps(const TokenizerSpec& spec)
{
    const std::string& mark = spec.spaceMark;
    const bool marks = mark != " ";
    std::vector<NormalizerStep> steps;
    if (!spec.charsmap.empty()) steps.push_back({"charsmap", "", ""});
    if (spec.sentencePiece.removeExtra) {
        steps.push_back({"replace_pattern", R"(\A +)", ""});
        steps.push_back({"replace_pattern", " {2,}", " "});
        steps.push_back({"replace_pattern", "[ " + (marks ? mark : std::string()) + R"(]+\z)", ""});
    }
    if (spec.sentencePiece.addPrefix) steps.push_back({"prepend", "", mark});
    if (marks) steps.push_back({"replace", " ", mark});
    return steps;
}

/// A byte token that is spelled out in a text is that token to Hugging Face's unigrams, so that the
/// text is cut behind its first character; no token may lie across the cut.
bool cutsByteTokens(const TokenizerSpec& spec)
{
    if (spec.model != "unigram" || spec.doubleSums || !spec.byteFallback) return false;
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (spec.kinds[id] == TokenKind::Normal && spec.tokens[id].find("<0") != std::string::npos)
            return false;
    return true;
}

Result<Json> normalizerStep(const NormalizerStep& step, const TokenizerSpec& spec)
{
    const std::string& type = step.type;
    if (type == "nfc" || type == "nfd" || type == "nfkc" || type == "nfkd") {
        std::string name = type;
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
        return Json{{"type", name}};
    }
    if (type == "prepend") return Json{{"type", "Prepend"}, {"prepend", step.to}};
    if (type == "replace" || type == "replace_pattern")
        return Json{{"type", "Replace"},
                    {"pattern", {{type == "replace" ? "String" : "Regex", step.from}}},
                    {"content", step.to}};
    if (type == "strip_left" || type == "strip_right")
        return Json{{"type", "Strip"},
                    {"strip_left", type == "strip_left"},
                    {"strip_right", type == "strip_right"}};
    if (type == "charsmap")
        return Json{{"type", "Precompiled"}, {"precompiled_charsmap", toBase64(spec.charsmap)}};
    return noHuggingFaceForm("normaliser \"" + printable(type) + "\"");
}

/// A space in front unless there is one is the business of pre-tokenizers, which take it from the
/// end of the steps.
bool isPrefix(const NormalizerStep& step)
{
    return step.type == "prefix" || step.type == "prefix_first";
}

/// Spaces to marks, one mark in front, and cuts before marks.
Result<Json> metaspace(std::vector<NormalizerStep>& steps, std::span<const SplitStep>& splits)
{
    const NormalizerStep prefix = steps.back();
    steps.pop_back();
    const NormalizerStep replace = steps.empty() ? NormalizerStep() : steps.back();
    if (replace.type != "replace" || replace.from != " " || replace.to != prefix.to)
        return noHuggingFaceForm("normaliser \"" + prefix.type + "\"");
    steps.pop_back();
    const bool cuts = !splits.empty() && splits[0].pattern == Pattern::quoted(prefix.to) &&
                      splits[0].behavior == "merged_with_next" && !splits[0].invert;
    if (cuts) splits = splits.subspan(1);
    return Json{{"type", "Metaspace"},
                {"replacement", prefix.to},
                {"prepend_scheme", prefix.type == "prefix" ? "always" : "first"},
                {"split", cuts}};
}

/// What cuts, then bytes to letters.
Result<Json> byteLevelSteps(std::vector<NormalizerStep>& steps, const TokenizerSpec& spec)
{
    const bool space = !steps.empty() && steps.back().type == "prefix" && steps.back().to == " ";
    if (space) steps.pop_back();
    if (spec.preTokenizer == "gpt2") return byteLevel(true, space);
    if (space && spec.preTokenizer != "none") return noHuggingFaceForm("normaliser \"prefix\"");
    Json cutting = Json::array();
    if (spec.preTokenizer == "smollm") {
        cutting.push_back({{"type", "Digits"}, {"individual_digits", true}});
        cutting.push_back(byteLevel(true, false));
        return sequence("pretokenizers", std::move(cutting));
    }
    std::vector<SplitStep> splits = spec.splits;
    if (spec.preTokenizer != "steps") {
        BS_TRY(splits, PreTokenizer::statedStepsOf(spec.preTokenizer));
    }
    for (const SplitStep& split : splits)
        cutting.push_back(splitStep(split));
    cutting.push_back(byteLevel(false, space));
    return sequence("pretokenizers", std::move(cutting));
}

Result<Json> characterSteps(std::vector<NormalizerStep>& steps, const TokenizerSpec& spec)
{
    if (spec.preTokenizer != "none" && spec.preTokenizer != "steps")
        return noHuggingFaceForm("pre-tokenizer \"" + printable(spec.preTokenizer) + "\"");
    std::span<const SplitStep> splits = spec.splits;
    Json cutting = Json::array();
    if (!steps.empty() && isPrefix(steps.back())) {
        BS_TRY(Json step, metaspace(steps, splits));
        cutting.push_back(std::move(step));
    }
    for (const SplitStep& split : splits)
        cutting.push_back(splitStep(split));
    if (cutsByteTokens(spec))
        cutting.push_back(splitStep({"<(?=0x[0-9A-F]{2}>)", "merged_with_previous", false}));
    return sequence("pretokenizers", std::move(cutting));
}

} // namespace

Result<HuggingFaceSteps> huggingFaceSteps(const TokenizerSpec& spec)
{
    std::vector<NormalizerStep> steps = spec.normalizer;
    if (!steps.empty() && steps[0].type == "sentencepiece") {
        const std::vector<NormalizerStep> own = sentencePieceSteps(spec);
        steps.erase(steps.begin());
        steps.insert(steps.begin(), own.begin(), own.end());
    }
    HuggingFaceSteps all;
    BS_TRY(all.preTokenizer,
           spec.model == "bpe" ? byteLevelSteps(steps, spec) : characterSteps(steps, spec));
    Json changing = Json::array();
    for (const NormalizerStep& step : steps) {
        BS_TRY(Json one, normalizerStep(step, spec));
        changing.push_back(std::move(one));
    }
    all.normalizer = sequence("normalizers", std::move(changing));
    return all;
}

Json huggingFaceDecoder(const TokenizerSpec& spec)
{
    if (spec.model == "bpe") return byteLevel(true, true);
    Json steps = Json::array();
    if (!spec.spaceMark.empty() && spec.spaceMark != " ")
        steps.push_back(
            {{"type", "Replace"}, {"pattern", {{"String", spec.spaceMark}}}, {"content", " "}});
    if (spec.byteFallback) steps.push_back({{"type", "ByteFallback"}});
    steps.push_back({{"type", "Fuse"}});
    if (spec.dropsSpace)
        steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return sequence("decoders", std::move(steps));
}

} // namespace bs
