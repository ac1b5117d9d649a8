#include "core/tokenizer/pattern.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <utility>

namespace bs {

namespace {

/// Files' patterns are some hundred bytes long.
constexpr std::size_t kLongestPattern = 65536;
/// A match may step back this often before the pattern is given up; a run of white space of a
/// megabyte takes a million steps.
constexpr std::uint32_t kMatchLimit = 8'000'000;
constexpr std::uint32_t kHeapLimitKib = 32'768;
constexpr std::size_t kJitStack = 1U << 20;

struct FreeCode
{
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch
{
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext
{
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeStack
{
    void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};

Error refused(std::string_view source, const std::string& why)
{
    return Error{ErrorCode::Unsupported, "pattern \"" + printable(source) + "\": " + why};
}

/// What a class escape of Oniguruma is in PCRE2, whose own have other members (\s has U+180E
/// there); empty if both mean the same by it.
std::string_view escapeOf(char letter, bool inClass)
{
    switch (letter) {
    case 's':
        return R"(\p{White_Space})";
    case 'S':
        return R"(\P{White_Space})";
    case 'd':
        return R"(\p{Nd})";
    case 'D':
        return R"(\P{Nd})";
    case 'w':
        return inClass ? R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc})"
                       : R"([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}])";
    default:
        return {};
    }
}

/// Escapes that both libraries read alike: properties, code points, control and quoted characters.
bool isCommonEscape(char letter)
{
    constexpr std::string_view kLetters = "pPnrtfexAzZ0123456789";
    const auto byte = static_cast<unsigned char>(letter);
    const bool alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                              (byte >= 'A' && byte <= 'Z');
    return byte < 0x80 && (!alphanumeric || kLetters.find(letter) != std::string_view::npos);
}

/// The pattern in PCRE2's words.
Result<std::string> translated(std::string_view source)
{
    std::string result;
    bool inClass = false;
    for (std::size_t at = 0; at < source.size(); ++at) {
        const char letter = source[at];
        if (letter != '\\') {
            if (inClass && letter == '&' && source.substr(at, 2) == "&&")
                return refused(source, "sets joined by && are not supported");
            if (inClass && letter == '[')
                return refused(source, "sets inside sets are not supported");
            // Verbs and calls out of PCRE2: no file means them.
            if (!inClass && (source.substr(at, 2) == "(*" || source.substr(at, 3) == "(?C"))
                return refused(source,
                               "\"" + std::string(source.substr(at, 2)) + "\" is not supported");
            if (letter == '[')
                inClass = true;
            else if (letter == ']')
                inClass = false;
            result += letter;
            continue;
        }
        if (++at == source.size()) return refused(source, "it ends in a backslash");
        const std::string_view own = escapeOf(source[at], inClass);
        if (own.empty() && !isCommonEscape(source[at]))
            return refused(source, "\\" + printable(source.substr(at, 1)) + " is not supported");
        if (own.empty())
            result += {'\\', source[at]};
        else
            result += own;
    }
    return result;
}

} // namespace

struct Pattern::Code
{
    std::unique_ptr<pcre2_code, FreeCode> code;
};

struct Pattern::Search::State
{
    std::shared_ptr<const Code> code;
    std::unique_ptr<pcre2_match_data, FreeMatch> match;
    std::unique_ptr<pcre2_match_context, FreeContext> context;
    std::unique_ptr<pcre2_jit_stack, FreeStack> stack;
    bool gaveUp = false;
};

Pattern::Pattern(std::shared_ptr<const Code> code)
    : m_code(std::move(code))
{
}

Result<Pattern> Pattern::create(std::string_view source)
{
    if (source.size() > kLongestPattern)
        return refused(source, "it has " + std::to_string(source.size()) +
                                   " bytes, more than the " + std::to_string(kLongestPattern) +
                                   " allowed");
    if (!isUtf8(source)) return refused(source, "it is not UTF-8");
    BS_TRY(const std::string pattern, translated(source));
    int error = 0;
    PCRE2_SIZE at = 0;
    auto code = std::make_shared<Code>();
    code->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                   PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &at,
                                   nullptr));
    if (!code->code)
        return refused(source, "it does not compile (PCRE2 error " + std::to_string(error) +
                                   " at " + std::to_string(at) + ")");
    // Where there is no just-in-time compiler, pcre2_match interprets the pattern instead.
    (void)pcre2_jit_compile(code->code.get(), PCRE2_JIT_COMPLETE);
    return Pattern(std::move(code));
}

std::string Pattern::quoted(std::string_view text)
{
    constexpr std::string_view kSpecial = R"(\^$.|?*+()[]{}-&~# )";
    std::string result;
    for (const char letter : text) {
        if (kSpecial.find(letter) != std::string_view::npos) result += '\\';
        result += letter;
    }
    return result;
}

Pattern::Search::Search(const Pattern& pattern)
    : m_state(std::make_unique<State>())
{
    m_state->code = pattern.m_code;
    m_state->match.reset(pcre2_match_data_create_from_pattern(pattern.m_code->code.get(), nullptr));
    m_state->context.reset(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(m_state->context.get(), kMatchLimit);
    pcre2_set_heap_limit(m_state->context.get(), kHeapLimitKib);
    m_state->stack.reset(pcre2_jit_stack_create(32'768, kJitStack, nullptr));
    pcre2_jit_stack_assign(m_state->context.get(), nullptr, m_state->stack.get());
}
Pattern::Search::Search(Search&&) noexcept = default;
Pattern::Search::~Search() = default;

Pattern::Range Pattern::Search::next(std::string_view text, std::size_t from)
{
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    while (from < text.size() && !m_state->gaveUp) {
        int found = pcre2_match(m_state->code->code.get(), subject, text.size(), from,
                                PCRE2_NO_UTF_CHECK, m_state->match.get(), m_state->context.get());
        if (found == PCRE2_ERROR_JIT_STACKLIMIT)
            found = pcre2_match(m_state->code->code.get(), subject, text.size(), from,
                                PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, m_state->match.get(),
                                m_state->context.get());
        if (found < 0) {
            m_state->gaveUp = found != PCRE2_ERROR_NOMATCH;
            break;
        }
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(m_state->match.get());
        if (range[1] > range[0] && range[0] >= from) return {range[0], range[1], true};
        // An empty match: go on behind the character it lies before.
        const std::size_t at = std::max(from, range[0]);
        from =
            at + std::max<std::size_t>(1, utf8CharLength(text.substr(std::min(at, text.size()))));
    }
    return {text.size(), text.size(), false};
}

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

} // namespace bs
