#include "core/tokenizer/normalizer.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bs {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t found = std::min(text.find(from, at), text.size());
        result += text.substr(at, found - at);
        if (found < text.size()) result += to;
        at = found < text.size() ? found + from.size() : found;
    }
    return result;
}

std::string replaced(std::string_view text, const Pattern& pattern, std::string_view to)
{
    const std::string mended = withoutInvalidBytes(text);
    Pattern::Search search(pattern);
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const Pattern::Range found = search.next(mended.empty() ? text : mended, at);
        result += text.substr(at, found.begin - at);
        if (found.found) result += to;
        at = found.end;
    }
    return result;
}

} // namespace

Result<Normalizer> Normalizer::create(const TokenizerSpec& spec, TokenFinder kept)
{
    static constexpr std::array<std::pair<std::string_view, Kind>, 13> kNames = {{
        {"nfc", Kind::Nfc},
        {"nfd", Kind::Nfd},
        {"nfkc", Kind::Nfkc},
        {"nfkd", Kind::Nfkd},
        {"prepend", Kind::Prepend},
        {"prefix", Kind::Prefix},
        {"prefix_first", Kind::PrefixFirst},
        {"replace", Kind::Replace},
        {"replace_pattern", Kind::ReplacePattern},
        {"strip_left", Kind::StripLeft},
        {"strip_right", Kind::StripRight},
        {"charsmap", Kind::Charsmap},
        {"sentencepiece", Kind::SentencePiece},
    }};
    Normalizer normalizer(spec);
    normalizer.m_kept = std::move(kept);
    BS_TRY(normalizer.m_charsmap, Charsmap::create(spec.charsmap));
    for (const NormalizerStep& step : spec.normalizer) {
        const auto* named =
            std::ranges::find(kNames, step.type, [](const auto& e) { return e.first; });
        if (named == kNames.end())
            return Error{ErrorCode::Unsupported,
                         "tokenizer: normalizer \"" + printable(step.type) + "\" is not known"};
        if (named->second == Kind::Replace && step.from.empty())
            return Error{ErrorCode::Format, "tokenizer: normalizer \"replace\" of an empty text"};
        normalizer.m_steps.push_back({named->second, step.from, step.to, std::nullopt});
        if (named->second != Kind::ReplacePattern) continue;
        BS_TRY(Pattern pattern, Pattern::create(step.from));
        normalizer.m_steps.back().pattern = std::move(pattern);
    }
    return normalizer;
}

std::string Normalizer::apply(std::string_view text, bool first) const
{
    std::string result(text);
    for (const Step& step : m_steps)
        result = one(step, std::move(result), first);
    return result;
}

std::string Normalizer::one(const Step& step, std::string text, bool first) const
{
    switch (step.kind) {
    case Kind::Nfc:
        return normalizedUnicode(text, {true, false});
    case Kind::Nfd:
        return normalizedUnicode(text, {false, false});
    case Kind::Nfkc:
        return normalizedUnicode(text, {true, true});
    case Kind::Nfkd:
        return normalizedUnicode(text, {false, true});
    case Kind::Prepend:
        return text.empty() ? text : step.to + text;
    case Kind::PrefixFirst:
        if (!first) return text;
        [[fallthrough]];
    case Kind::Prefix:
        return text.empty() || text.starts_with(step.to) ? text : step.to + text;
    case Kind::Replace:
        return replaced(text, step.from, step.to);
    case Kind::ReplacePattern:
        return replaced(text, *step.pattern, step.to);
    case Kind::StripLeft:
        return text.substr(leadingSpace(text));
    case Kind::StripRight:
        return text.substr(0, text.size() - trailingSpace(text));
    case Kind::Charsmap:
        return byGraphemes(text);
    case Kind::SentencePiece:
        return sentencePiece(text);
    }
    return text;
}

/// Hugging Face looks up graphemes shorter than six bytes whole, and else their characters; of the
/// map's spellings the shortest that begins what is looked up takes its place.
std::string Normalizer::byGraphemes(std::string_view text) const
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        std::string_view grapheme = text.substr(at, graphemeLength(text.substr(at)));
        at += grapheme.size();
        const Charsmap::Match whole = m_charsmap.shortest(grapheme);
        if (grapheme.size() < 6 && whole.size > 0) {
            result += whole.becomes;
            continue;
        }
        while (!grapheme.empty()) {
            const std::size_t length = std::max<std::size_t>(1, utf8CharLength(grapheme));
            const Charsmap::Match match = m_charsmap.shortest(grapheme.substr(0, length));
            result += match.size > 0 ? match.becomes : grapheme.substr(0, length);
            grapheme.remove_prefix(length);
        }
    }
    return result;
}

std::string Normalizer::sentencePiece(std::string_view text) const
{
    const SentencePieceSwitches& switches = m_spec->sentencePiece;
    const std::string& mark = m_spec->spaceMark;
    TokenFinder::Found kept = m_kept.next(text, 0);
    std::string result;
    bool afterSpace = switches.removeExtra; // spaces here are left out
    bool started = false;
    for (std::size_t at = 0; at < text.size();) {
        if (kept.size > 0 && kept.begin < at) kept = m_kept.next(text, at);
        std::string_view part;
        std::size_t consumed = std::max<std::size_t>(1, utf8CharLength(text.substr(at)));
        if (kept.size > 0 && kept.begin == at) {
            consumed = kept.size;
            part = text.substr(at, consumed);
        } else if (const Charsmap::Match match = m_charsmap.longest(text.substr(at));
                   match.size > 0) {
            consumed = match.size;
            part = match.becomes;
        } else {
            const bool valid = utf8CharLength(text.substr(at)) > 0;
            part = valid || !switches.replaceInvalid ? text.substr(at, consumed) : kReplacement;
        }
        at += consumed;
        // While nothing has been written, only what is a single space counts as one in front.
        if (switches.removeExtra && !started && part == " ") continue;
        if (!started && switches.addPrefix) result += mark;
        started = true;
        while (afterSpace && part.starts_with(' '))
            part.remove_prefix(1);
        for (const char byte : part)
            if (byte == ' ')
                result += mark;
            else
                result += byte;
        if (!part.empty()) afterSpace = switches.removeExtra && part.ends_with(' ');
    }
    while (switches.removeExtra && !mark.empty() && result.ends_with(mark))
        result.resize(result.size() - mark.size());
    return result;
}

} // namespace bs
