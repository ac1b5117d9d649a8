#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bs {

/// Cuts text into the pieces that merges never cross. Immutable and thread-safe.
class PreTokenizer
{
public:
    /// "gpt2" or "smollm" (every digit is cut out first). Errors: Unsupported (names `name`).
    static Result<PreTokenizer> create(std::string_view name);
    PreTokenizer(PreTokenizer&&) noexcept;
    PreTokenizer& operator=(PreTokenizer&&) noexcept;
    PreTokenizer(const PreTokenizer&) = delete;
    PreTokenizer& operator=(const PreTokenizer&) = delete;
    ~PreTokenizer();

    /// The end of every piece; the pieces cover the text. Invalid UTF-8 counts as symbols, byte by
    /// byte. Time grows with the text's length.
    std::vector<std::size_t> pieceEnds(std::string_view text) const;

private:
    struct Patterns;
    explicit PreTokenizer(std::unique_ptr<const Patterns> patterns);
    std::unique_ptr<const Patterns> m_patterns;
};

} // namespace bs
