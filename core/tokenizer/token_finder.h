#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace bs {

/// Finds tokens that are spelled out in a text. Immutable and thread-safe.
class TokenFinder
{
public:
    struct Found
    {
        std::size_t begin = 0;
        std::size_t size = 0; ///< 0: there is none
        std::int32_t id = -1;
    };

    TokenFinder() = default;
    /// Spellings that are empty are left out. The views must outlive the finder.
    explicit TokenFinder(std::vector<std::pair<std::string_view, std::int32_t>> tokens);

    /// The first place at or after `from` where a token is spelled; of several, the longest.
    Found next(std::string_view text, std::size_t from) const;

    /// Calls `visit(Found)` for every token spelled at `at`, the shortest first. Of tokens spelled
    /// alike all are visited.
    template <class Visit>
    void prefixesAt(std::string_view text, std::size_t at, Visit visit) const
    {
        const auto first = static_cast<unsigned char>(text[at]);
        auto low = m_tokens.begin() + static_cast<std::ptrdiff_t>(m_begin[first]);
        auto high = m_tokens.begin() + static_cast<std::ptrdiff_t>(m_begin[first + 1]);
        // [low, high) are the tokens that share their first `depth` bytes with the text; a token
        // that is exactly these bytes comes first.
        for (std::size_t depth = 1; low != high; ++depth) {
            for (; low != high && low->first.size() == depth; ++low)
                visit(Found{at, depth, low->second});
            if (at + depth == text.size()) break;
            const auto want = static_cast<unsigned char>(text[at + depth]);
            const auto byte = [depth](const auto& token) {
                return static_cast<unsigned char>(token.first[depth]);
            };
            low = std::ranges::lower_bound(low, high, want, {}, byte);
            high = std::ranges::upper_bound(low, high, want, {}, byte);
        }
    }

private:
    Found longestAt(std::string_view text, std::size_t at) const;

    std::vector<std::pair<std::string_view, std::int32_t>> m_tokens; // sorted by spelling
    std::array<std::size_t, 257> m_begin{}; // of those that begin with a byte
};

} // namespace bs
