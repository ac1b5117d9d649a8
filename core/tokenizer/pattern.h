#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bs {

/// A regular expression as tokenizer files write them (Oniguruma's syntax, Unicode throughout),
/// compiled. Immutable and thread-safe; each Search belongs to one thread.
class Pattern
{
public:
    struct Code;
    struct Range
    {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool found = false;
    };

    /// Errors: Unsupported (the pattern, and what of it is not known).
    static Result<Pattern> create(std::string_view source);
    /// Matches `text` and nothing else.
    static std::string quoted(std::string_view text);

    /// Room for matches, and whether the pattern has run out of its limits before.
    class Search
    {
    public:
        explicit Search(const Pattern& pattern);
        Search(Search&&) noexcept;
        Search& operator=(Search&&) = delete;
        Search(const Search&) = delete;
        Search& operator=(const Search&) = delete;
        ~Search();
        /// The first match of `text` (well-formed UTF-8) at or after `from` that is not empty. A
        /// pattern that needs more than its limits of steps matches nothing any more.
        Range next(std::string_view text, std::size_t from);

    private:
        struct State;
        std::unique_ptr<State> m_state;
    };

private:
    explicit Pattern(std::shared_ptr<const Code> code);
    std::shared_ptr<const Code> m_code;
};

/// The text with every byte that is not part of a character replaced by U+0001: one byte as well,
/// and a symbol to every pattern. Empty if there is nothing to replace.
std::string withoutInvalidBytes(std::string_view text);

} // namespace bs
