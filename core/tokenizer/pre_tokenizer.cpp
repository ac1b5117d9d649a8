#include "core/tokenizer/pre_tokenizer.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/tokenizer.h"

#include <algorithm>
#include <array>
#include <regex>

namespace bs {

namespace {

// The families' patterns. The runs are possessive: what may follow a run can never begin inside it.
constexpr std::string_view kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}++| ?\p{N}++)"
                                   R"(| ?[^\p{L}\p{N}\s]++|\s+(?!\S)|\s+)";
constexpr std::string_view kDigit = R"(\p{N})";
constexpr std::string_view kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+)"
    R"(| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s*[\r\n]++|\s+(?!\S)|\s+)";
constexpr std::string_view kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N})"
    R"(| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s*[\r\n]++|\s+(?!\S)|\s+)";
// Marks count as letters. What precedes a run may be a mark itself, so that it is given back.
constexpr std::string_view kQwen35 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]++|\p{N})"
    R"(| ?[^\s\p{L}\p{M}\p{N}]++[\r\n]*+|\s*[\r\n]++|\s+(?!\S)|\s+)";
constexpr std::string_view kFalconSymbols = R"([\p{P}\$\+<=>\^~\|`]++)";
constexpr std::string_view kThreeDigits = "[0-9][0-9][0-9]";

struct Family
{
    std::string_view name;
    std::array<std::string_view, 5> patterns;
};

/// Names on disk: frozen.
constexpr std::array<Family, 8> kFamilies = {{
    {"gpt2", {kGpt2}},
    {"smollm", {kDigit, kGpt2}},
    {"llama3", {kLlama3}},
    {"qwen2", {kQwen2}},
    {"qwen35", {kQwen35}},
    {"falcon", {kFalconSymbols, kGpt2, kThreeDigits}},
    {"deepseek-coder",
     {R"([\r\n])", R"(\s?\p{L}++)", R"(\s?\p{P}++)",
      R"([\x{4E00}-\x{9FA5}\x{0800}-\x{4E00}\x{AC00}-\x{D7FF}]++)", kDigit}},
    {"none", {}},
}};

/// The families' patterns take runs possessively ("++", "{1,3}+"), for speed alone; Hugging Face's
/// kind of expressions reads the latter otherwise.
std::string withoutPossessive(const std::string& pattern)
{
    // an escaped character is left alone
    static const std::regex possessive(R"((\\[\s\S])|([+*?]|\{[0-9,]+\})\+)");
    return std::regex_replace(pattern, possessive, "$1$2");
}

} // namespace

std::string PreTokenizer::names()
{
    std::string list;
    for (const Family& family : kFamilies)
        list += (list.empty() ? "" : ", ") + std::string(family.name);
    return list;
}

Result<std::vector<SplitStep>> PreTokenizer::stepsOf(std::string_view name)
{
    const auto* family = std::ranges::find(kFamilies, name, &Family::name);
    if (family == kFamilies.end())
        return Error{ErrorCode::Unsupported, "pre-tokenizer \"" + printable(name) +
                                                 "\" is not known (known: " + names() + ")"};
    std::vector<SplitStep> steps;
    for (const std::string_view pattern : family->patterns)
        if (!pattern.empty()) steps.push_back({std::string(pattern), "isolated", false});
    return steps;
}

Result<std::vector<SplitStep>> PreTokenizer::statedStepsOf(std::string_view name)
{
    BS_TRY(std::vector<SplitStep> steps, stepsOf(name));
    for (SplitStep& step : steps)
        step.pattern = withoutPossessive(step.pattern);
    return steps;
}

Result<PreTokenizer> PreTokenizer::create(std::string_view name)
{
    BS_TRY(const std::vector<SplitStep> steps, stepsOf(name));
    return create(steps);
}

Result<PreTokenizer> PreTokenizer::create(std::span<const SplitStep> steps)
{
    PreTokenizer result;
    for (const SplitStep& step : steps) {
        BS_TRY(const Behavior behavior, behaviorOf(step.behavior));
        BS_TRY(Pattern pattern, Pattern::create(step.pattern));
        result.m_stages.push_back({std::move(pattern), behavior, step.invert});
    }
    return result;
}

Result<PreTokenizer::Behavior> PreTokenizer::behaviorOf(std::string_view name)
{
    if (name == "isolated") return Behavior::Isolated;
    if (name == "removed") return Behavior::Removed;
    if (name == "contiguous") return Behavior::Contiguous;
    if (name == "merged_with_previous") return Behavior::MergedWithPrevious;
    if (name == "merged_with_next") return Behavior::MergedWithNext;
    return Error{ErrorCode::Unsupported,
                 "pre-tokenizer: behavior \"" + printable(name) + "\" is not known"};
}

void PreTokenizer::cut(const Stage& stage, std::string_view text, Pattern::Search& search,
                       Piece piece, std::vector<Piece>& into)
{
    // The piece is the whole subject, so that what follows it is the end to a lookahead.
    const std::string_view subject = text.substr(piece.begin, piece.end - piece.begin);
    const std::size_t first = into.size();
    bool lastMatched = false;
    const auto add = [&](std::size_t begin, std::size_t end, bool isMatch) {
        if (begin == end) return;
        const bool matched = isMatch != stage.invert;
        const Piece cutOut{piece.begin + begin, piece.begin + end};
        const bool joins =
            into.size() > first &&
            ((stage.behavior == Behavior::Contiguous && matched == lastMatched) ||
             (stage.behavior == Behavior::MergedWithPrevious && matched && !lastMatched) ||
             (stage.behavior == Behavior::MergedWithNext && !matched && lastMatched));
        lastMatched = matched;
        if (matched && stage.behavior == Behavior::Removed) return;
        if (joins)
            into.back().end = cutOut.end;
        else
            into.push_back(cutOut);
    };
    for (std::size_t at = 0; at < subject.size();) {
        const Pattern::Range found = search.next(subject, at);
        add(at, found.begin, false);
        add(found.begin, found.end, true);
        at = found.end;
    }
}

std::vector<PreTokenizer::Piece> PreTokenizer::pieces(std::string_view text) const
{
    if (text.empty()) return {};
    std::vector<Piece> current{{0, text.size()}};
    if (m_stages.empty()) return current;
    const std::string mended = withoutInvalidBytes(text);
    if (!mended.empty()) text = mended;
    for (const Stage& stage : m_stages) {
        Pattern::Search search(stage.pattern);
        std::vector<Piece> next;
        next.reserve(current.size());
        for (const Piece piece : current)
            cut(stage, text, search, piece, next);
        current = std::move(next);
    }
    return current;
}

} // namespace bs
