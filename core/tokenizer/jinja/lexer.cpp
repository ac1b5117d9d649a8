#include "core/tokenizer/jinja/lexer.h"

#include "core/tokenizer/jinja/escapes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bs::jinja {

namespace {

constexpr std::string_view kSpaces = " \t\n\r\v\f";
constexpr std::array<std::string_view, 6> kLongOperators = {"==", "!=", "<=", ">=", "//", "**"};
constexpr std::string_view kOperators = "+-*/%~<>=.,:|()[]{}";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Every line ending becomes \n and the last one goes.
std::string normalized(std::string_view source)
{
    std::string text;
    text.reserve(source.size());
    for (std::size_t at = 0; at < source.size(); ++at) {
        if (source[at] == '\r') {
            text += '\n';
            if (at + 1 < source.size() && source[at + 1] == '\n') ++at;
        } else {
            text += source[at];
        }
    }
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

class Lexer
{
public:
    explicit Lexer(std::string_view source)
        : m_source(normalized(source))
    {
    }

    Result<std::vector<Token>> run()
    {
        while (m_at < m_source.size())
            BS_CHECK(readDataAndTag());
        put(TokenType::End, "");
        return std::move(m_tokens);
    }

private:
    std::string_view rest() const { return std::string_view(m_source).substr(m_at); }

    Error wrong(const std::string& what) const
    {
        return Error{ErrorCode::Format, "line " + std::to_string(m_line) + ": " + what};
    }

    void put(TokenType type, std::string text)
    {
        m_tokens.push_back({type, std::move(text), m_line});
    }

    void advance(std::size_t count)
    {
        m_line += static_cast<int>(std::ranges::count(rest().substr(0, count), '\n'));
        m_at += count;
    }

    /// Position of the next "{{", "{%" or "{#", or the end.
    std::size_t nextTag() const
    {
        for (std::size_t at = m_source.find('{', m_at); at != std::string::npos;
             at = m_source.find('{', at + 1))
            if (at + 1 < m_source.size() &&
                std::string_view("{%#").find(m_source[at + 1]) != std::string_view::npos)
                return at;
        return m_source.size();
    }

    Result<void> readDataAndTag()
    {
        const std::size_t tag = nextTag();
        std::string data = m_source.substr(m_at, tag - m_at);
        const char kind = tag < m_source.size() ? m_source[tag + 1] : '\0';
        const char sign = tag + 2 < m_source.size() ? m_source[tag + 2] : '\0';
        if (kind != '\0' && sign == '-')
            data.erase(data.find_last_not_of(kSpaces) + 1);
        else if ((kind == '%' || kind == '#') && sign != '+')
            stripIndent(data);
        if (!data.empty()) put(TokenType::Data, std::move(data));
        advance(tag - m_at);
        if (kind == '\0') return {};
        const bool marked = sign == '-' || sign == '+';
        advance(marked ? 3 : 2);
        return kind == '#' ? skipComment() : readTag(kind == '{');
    }

    /// Takes away what stands between the beginning of the line and the tag, if it is only space.
    void stripIndent(std::string& data) const
    {
        const std::size_t newline = data.rfind('\n');
        if (newline == std::string::npos && !m_lineStarts) return;
        const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
        if (data.find_first_not_of(kSpaces, begin) == std::string::npos) data.erase(begin);
    }

    /// Passes the end of a tag of `size` bytes and the white space that goes with it.
    void endTag(std::size_t size, bool stripAll, bool trimNewline)
    {
        std::size_t count = size;
        const std::string_view text = rest();
        if (stripAll)
            count = std::min(text.find_first_not_of(kSpaces, size), text.size());
        else if (trimNewline && text.size() > size && text[size] == '\n')
            ++count;
        m_lineStarts = text[count - 1] == '\n';
        advance(count);
    }

    Result<void> skipComment()
    {
        const std::size_t end = m_source.find("#}", m_at);
        if (end == std::string::npos) return wrong("the comment has no end");
        const char sign = end > m_at ? m_source[end - 1] : '\0';
        advance(end - m_at);
        endTag(2, sign == '-', sign != '+');
        return {};
    }

    Result<void> readTag(bool output)
    {
        put(output ? TokenType::OutputBegin : TokenType::BlockBegin, "");
        int depth = 0;
        while (true) {
            advance(std::min(rest().find_first_not_of(kSpaces), rest().size()));
            if (rest().empty()) return wrong(output ? "{{ has no }}" : "{% has no %}");
            if (depth == 0 && readTagEnd(output)) return {};
            BS_CHECK(readToken());
            const Token& token = m_tokens.back();
            if (token.type != TokenType::Operator) continue;
            if (std::string_view("([{").find(token.text) != std::string_view::npos)
                ++depth;
            else if (std::string_view(")]}").find(token.text) != std::string_view::npos &&
                     depth-- == 0)
                return wrong("unexpected \"" + token.text + "\"");
        }
    }

    bool readTagEnd(bool output)
    {
        const std::string_view mark = output ? "}}" : "%}";
        const bool minus = rest().starts_with('-') && rest().substr(1).starts_with(mark);
        const bool plus = !output && rest().starts_with('+') && rest().substr(1).starts_with(mark);
        if (!minus && !plus && !rest().starts_with(mark)) return false;
        put(output ? TokenType::OutputEnd : TokenType::BlockEnd, "");
        endTag(minus || plus ? 3 : 2, minus, !output && !plus);
        return true;
    }

    Result<void> readToken()
    {
        const char first = rest()[0];
        if (first == '\'' || first == '"') return readString(first);
        if (isDigit(first)) return readNumber();
        if (isNameStart(first)) {
            std::size_t size = 1;
            while (size < rest().size() && (isNameStart(rest()[size]) || isDigit(rest()[size])))
                ++size;
            return take(TokenType::Name, size);
        }
        for (const std::string_view symbol : kLongOperators)
            if (rest().starts_with(symbol)) return take(TokenType::Operator, symbol.size());
        if (kOperators.find(first) != std::string_view::npos) return take(TokenType::Operator, 1);
        return wrong("unexpected character in a tag");
    }

    Result<void> take(TokenType type, std::size_t size)
    {
        put(type, std::string(rest().substr(0, size)));
        advance(size);
        return {};
    }

    Result<void> readNumber()
    {
        std::size_t size = std::min(rest().find_first_not_of("0123456789"), rest().size());
        const bool fraction =
            size + 1 < rest().size() && rest()[size] == '.' && isDigit(rest()[size + 1]);
        if (fraction)
            size = std::min(rest().find_first_not_of("0123456789", size + 1), rest().size());
        return take(fraction ? TokenType::Float : TokenType::Integer, size);
    }

    Result<void> readString(char quote)
    {
        std::string text;
        std::size_t at = 1;
        for (; at < rest().size() && rest()[at] != quote; ++at) {
            if (rest()[at] != '\\')
                text += rest()[at];
            else if (!unescape(rest(), at, text))
                return wrong("a \\ in a string that is not understood");
        }
        if (at >= rest().size()) return wrong("the string has no end");
        put(TokenType::String, std::move(text));
        advance(at + 1);
        return {};
    }

    std::string m_source;
    std::size_t m_at = 0;
    int m_line = 1;
    bool m_lineStarts = true; // the next data begins at the beginning of a line
    std::vector<Token> m_tokens;
};

} // namespace

Result<std::vector<Token>> tokenize(std::string_view source)
{
    return Lexer(source).run();
}

} // namespace bs::jinja
