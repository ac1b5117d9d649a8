#pragma once

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

private:
    Found longestAt(std::string_view text, std::size_t at) const;

    std::vector<std::pair<std::string_view, std::int32_t>> m_tokens; // sorted by spelling
    std::array<std::size_t, 257> m_begin{}; // of those that begin with a byte
};

} // namespace bs
