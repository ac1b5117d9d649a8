#include "core/base/json_guard.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bs {

namespace {

using Json = nlohmann::json;

/// Walks over the text and leaves its place behind: the library's events do not carry one.
class TrackingIterator
{
public:
    // NOLINTBEGIN(readability-identifier-naming): the names that std::iterator_traits asks for
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    // NOLINTEND(readability-identifier-naming)

    TrackingIterator(const char* at, const char** reached)
        : m_at(at)
        , m_reached(reached)
    {
    }
    reference operator*() const { return *m_at; }
    TrackingIterator& operator++()
    {
        *m_reached = ++m_at;
        return *this;
    }
    TrackingIterator operator++(int)
    {
        TrackingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const TrackingIterator& other) const { return m_at == other.m_at; }

private:
    const char* m_at;
    const char** m_reached;
};

/// Looks at every event and builds nothing; stops at the first broken rule.
class Guard : public nlohmann::json_sax<Json>
{
public:
    explicit Guard(const JsonLimits& limits)
        : m_limits(limits)
    {
    }

    /// Empty: the text may be parsed.
    const std::string& fault() const { return m_fault; }
    /// Where the library saw a syntax error; 0: the fault is ours.
    std::size_t syntaxPosition() const { return m_syntaxPosition; }

    bool null() override { return charge(kValueBytes); }
    bool boolean(bool /*value*/) override { return charge(kValueBytes); }
    bool number_integer(number_integer_t /*value*/) override { return charge(kValueBytes); }
    bool number_unsigned(number_unsigned_t /*value*/) override { return charge(kValueBytes); }
    bool number_float(number_float_t /*value*/, const string_t& text) override
    {
        return charge(kValueBytes + text.size()); // endless digits take time
    }
    bool string(string_t& value) override
    {
        return charge(kValueBytes + kTextBytes + value.size());
    }
    bool binary(binary_t& value) override { return charge(kValueBytes + value.size()); }

    bool start_object(std::size_t /*elements*/) override
    {
        m_keys.emplace_back();
        return enter();
    }
    bool end_object() override
    {
        m_keys.pop_back();
        --m_depth;
        return true;
    }
    bool start_array(std::size_t /*elements*/) override { return enter(); }
    bool end_array() override
    {
        --m_depth;
        return true;
    }
    bool key(string_t& name) override
    {
        if (!charge(kKeyBytes + name.size())) return false;
        if (m_keys.back().size() >= m_limits.maxKeys) {
            m_fault = "an object has more than " + std::to_string(m_limits.maxKeys) + " entries";
            return false;
        }
        if (m_keys.back().insert(name).second) return true;
        m_fault = "the key '" + printable(name) + "' occurs twice in one object";
        return false;
    }
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& error) override
    {
        // "[json...] parse error at line 1, column 2: syntax error while parsing value - ...; last
        // read: '...'"
        std::string text = error.what();
        const std::size_t begin = text.find(": ");
        if (begin != std::string::npos) text.erase(0, begin + 2);
        const std::size_t quoted = text.find("; last read");
        if (quoted != std::string::npos) text.erase(quoted);
        m_fault = printable(text, 200);
        m_syntaxPosition = position;
        return false;
    }

private:
    // What the library's values take, from above: one in a vector that doubles, the heap's share of
    // a text or a container, a node of a map.
    static constexpr std::uint64_t kValueBytes = 40;
    static constexpr std::uint64_t kTextBytes = 48;
    static constexpr std::uint64_t kContainerBytes = 64;
    static constexpr std::uint64_t kKeyBytes = 96;

    bool enter()
    {
        if (++m_depth <= m_limits.maxDepth) return charge(kValueBytes + kContainerBytes);
        m_fault = "arrays and objects lie more than " + std::to_string(m_limits.maxDepth) +
                  " deep inside one another";
        return false;
    }

    bool charge(std::uint64_t bytes)
    {
        m_memory += bytes;
        if (m_memory <= m_limits.maxMemory) return true;
        m_fault = "what comes before would take more than " + std::to_string(m_limits.maxMemory) +
                  " bytes of memory, which no real file of this kind does";
        return false;
    }

    const JsonLimits& m_limits;
    std::uint64_t m_memory = 0;
    std::size_t m_depth = 0;
    std::vector<std::unordered_set<std::string>> m_keys; // of the objects that are open
    std::string m_fault;
    std::size_t m_syntaxPosition = 0;
};

/// Length of the UTF-8 sequence that begins here, 0 if there is none.
std::size_t sequenceLength(std::string_view text)
{
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byteAt(0);
    std::size_t length = 1;
    if (first >= 0x80) length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byteAt(i) & 0xC0U) != 0x80) return 0;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    const unsigned second = length > 1 ? byteAt(1) : 0;
    const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return bad ? 0 : length;
}

} // namespace

std::optional<std::size_t> longRun(std::string_view text, std::size_t most)
{
    std::size_t begin = 0;
    bool inText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            begin = i;
            inText = !inText;
        } else if (inText && text[i] == '\\') {
            ++i;
        }
        if (i - begin > most) return begin;
    }
    return std::nullopt;
}

Result<nlohmann::json> parseJson(std::string_view text, const std::string& what,
                                 const JsonLimits& limits)
{
    if (text.size() > limits.maxBytes)
        return Error{ErrorCode::Format, what + ": is " + std::to_string(text.size()) +
                                            " bytes of JSON, at most " +
                                            std::to_string(limits.maxBytes) + " are read"};
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos)
        return Error{ErrorCode::Format,
                     what + ": is not JSON: NUL byte at byte " + std::to_string(nul)};
    if (const auto run = longRun(text, limits.maxRun))
        return Error{ErrorCode::Format,
                     what + ": is not JSON that can be used, at byte " + std::to_string(*run) +
                         " of " + std::to_string(text.size()) + ": a run of more than " +
                         std::to_string(limits.maxRun) + " bytes without a text's begin or end"};
    Guard guard(limits);
    const char* reached = text.data();
    try {
        const char* const end = text.data() + text.size();
        if (Json::sax_parse(TrackingIterator(text.data(), &reached),
                            TrackingIterator(end, &reached), &guard))
            return Json::parse(text.begin(), text.end());
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::Memory, what + ": not enough memory for " +
                                            std::to_string(text.size()) + " bytes of JSON"};
    } catch (const std::exception& error) { // not expected: what the guard lets through parses
        return Error{ErrorCode::Format,
                     what + ": cannot be read as JSON: " + printable(error.what())};
    }
    const std::size_t position = guard.syntaxPosition() > 0
                                     ? guard.syntaxPosition() - 1
                                     : static_cast<std::size_t>(reached - text.data());
    return Error{ErrorCode::Format, what + ": is not JSON that can be used, at byte " +
                                        std::to_string(position) + " of " +
                                        std::to_string(text.size()) + ": " + guard.fault()};
}

std::string printable(std::string_view text, std::size_t maxBytes)
{
    std::string shown;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (shown.size() + std::max<std::size_t>(length, 1) > maxBytes) return shown + "...";
        const bool good = length > 1 || (length == 1 && text[0] >= 0x20 && text[0] != 0x7F);
        shown += good ? text.substr(0, length) : std::string_view("?");
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

void appendJsonString(std::string& to, std::string_view text)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    to += '"';
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text[0]);
        const std::size_t length = first < 0x80 ? 1 : sequenceLength(text);
        if (first == '"' || first == '\\') to += '\\';
        if (first < 0x20) {
            to += "\\u00";
            to += kHex[first >> 4];
            to += kHex[first & 15];
        } else if (length == 0) {
            to += "\xEF\xBF\xBD";
        } else {
            to += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    to += '"';
}

} // namespace bs
