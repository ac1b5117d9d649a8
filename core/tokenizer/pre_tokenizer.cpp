#include "core/tokenizer/pre_tokenizer.h"

#include "core/tokenizer/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <utility>

namespace bs {

namespace {

// Unicode's White_Space. Spelled out, because \s of PCRE2 has U+180E too, which is a letter's
// neighbour to everyone else.
#define BS_SPACES                                                                                  \
    R"(\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})"

// GPT-2's pattern. The runs are possessive: what may follow a run can never begin inside it.
constexpr std::string_view kGpt2 =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}++| ?\\p{N}++| ?[^\\p{L}\\p{N}" BS_SPACES "]++|[" BS_SPACES
    "]+(?![^" BS_SPACES "])|[" BS_SPACES "]+";
constexpr std::string_view kDigit = "\\p{N}";
#undef BS_SPACES

struct FreeCode
{
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch
{
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;
using Match = std::unique_ptr<pcre2_match_data, FreeMatch>;

Result<Code> compile(std::string_view pattern)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                            PCRE2_UTF | PCRE2_UCP, &error, &at, nullptr));
    if (!code)
        return Error{ErrorCode::Internal, "pre-tokenizer pattern does not compile: PCRE2 error " +
                                              std::to_string(error) + " at " + std::to_string(at)};
    // Where there is no just-in-time compiler, pcre2_match interprets the pattern instead.
    (void)pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
    return code;
}

/// The text with every byte that is not part of a character replaced by U+0001: one byte as well,
/// and a symbol to every pattern. Empty if there is nothing to replace.
std::string withoutInvalidBytes(std::string_view text)
{
    std::string copy;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8CharLength(text.substr(at));
        if (length == 0) {
            if (copy.empty()) copy = text;
            copy[at] = '\x01';
        }
        at += length == 0 ? 1 : length;
    }
    return copy;
}

/// One text on its way through the patterns, the later ones cutting the pieces of the earlier.
struct Cutter
{
    const std::vector<Code>& stages;
    std::vector<Match> matches; // one per stage: ovectors, not shared between threads
    std::string_view text;
    std::vector<std::size_t> ends;

    void cut(std::size_t stage, std::size_t begin, std::size_t end)
    {
        if (begin == end) return;
        if (stage == stages.size()) {
            ends.push_back(end);
            return;
        }
        // The piece is the whole subject, so that what follows it is the end to a lookahead.
        const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data() + begin);
        pcre2_match_data* match = matches[stage].get();
        const std::size_t size = end - begin;
        std::size_t at = 0;
        while (at < size) {
            const int found = pcre2_match(stages[stage].get(), subject, size, at,
                                          PCRE2_NO_UTF_CHECK, match, nullptr);
            const PCRE2_SIZE* range = pcre2_get_ovector_pointer(match);
            const bool matched = found > 0 && range[1] > range[0] && range[0] >= at;
            const std::size_t from = matched ? range[0] : size;
            const std::size_t to = matched ? range[1] : size;
            cut(stage + 1, begin + at, begin + from);
            cut(stage + 1, begin + from, begin + to);
            at = to;
        }
    }
};

} // namespace

struct PreTokenizer::Patterns
{
    std::vector<Code> stages;
};

Result<PreTokenizer> PreTokenizer::create(std::string_view name)
{
    std::vector<std::string_view> sources;
    if (name == "gpt2")
        sources = {kGpt2};
    else if (name == "smollm")
        sources = {kDigit, kGpt2};
    else
        return Error{ErrorCode::Unsupported, "pre-tokenizer \"" + std::string(name) +
                                                 "\" is not known (known: gpt2, smollm)"};
    auto patterns = std::make_unique<Patterns>();
    for (const std::string_view source : sources) {
        BS_TRY(Code code, compile(source));
        patterns->stages.push_back(std::move(code));
    }
    return PreTokenizer(std::move(patterns));
}

PreTokenizer::PreTokenizer(std::unique_ptr<const Patterns> patterns)
    : m_patterns(std::move(patterns))
{
}
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;
PreTokenizer::~PreTokenizer() = default;

std::vector<std::size_t> PreTokenizer::pieceEnds(std::string_view text) const
{
    const std::string mended = withoutInvalidBytes(text);
    Cutter cutter{m_patterns->stages, {}, mended.empty() ? text : std::string_view(mended), {}};
    for (const Code& code : m_patterns->stages)
        cutter.matches.emplace_back(pcre2_match_data_create_from_pattern(code.get(), nullptr));
    cutter.cut(0, 0, text.size());
    return std::move(cutter.ends);
}

} // namespace bs
