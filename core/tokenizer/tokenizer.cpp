#include "core/tokenizer/tokenizer.h"

#include "core/tokenizer/bpe.h"
#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/spec_check.h"
#include "core/tokenizer/token_finder.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace bs {

namespace {

/// Merging counts positions in 32 bits; no sensible text has a longer piece.
constexpr std::size_t kLongestPiece = 1ULL << 30;

/// Tokens of these kinds stand for a meaning, not for text.
bool isHidden(TokenKind kind)
{
    return kind == TokenKind::Control || kind == TokenKind::Unknown;
}

TokenFinder finderOf(const TokenizerSpec& spec, bool withControl)
{
    std::vector<std::pair<std::string_view, std::int32_t>> tokens;
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (spec.kinds[id] == TokenKind::UserDefined || (withControl && isHidden(spec.kinds[id])))
            tokens.emplace_back(spec.tokens[id], static_cast<std::int32_t>(id));
    return TokenFinder(std::move(tokens));
}

/// The byte of a token spelled "<0x0A>".
std::string byteOfHex(const std::string& spelling)
{
    unsigned byte = 0;
    if (spelling.size() != 6 || !spelling.starts_with("<0x") || spelling[5] != '>') return {};
    const char* end = spelling.data() + 5;
    if (std::from_chars(spelling.data() + 3, end, byte, 16).ptr != end) return {};
    return std::string(1, static_cast<char>(byte));
}

class BpeTokenizer final : public Tokenizer
{
public:
    /// The spec does not move any more, the finders and the index look into it.
    BpeTokenizer(std::unique_ptr<const TokenizerSpec> spec, PreTokenizer preTokenizer, Bpe bpe)
        : m_spec(std::move(spec))
        , m_preTokenizer(std::move(preTokenizer))
        , m_bpe(std::move(bpe))
        , m_userTokens(finderOf(*m_spec, false))
        , m_allTokens(finderOf(*m_spec, true))
    {
    }

    const TokenizerSpec& spec() const override { return *m_spec; }

    std::vector<std::int32_t> encode(std::string_view text, bool parseControl) const override
    {
        const TokenFinder& finder = parseControl ? m_allTokens : m_userTokens;
        std::vector<std::int32_t> ids;
        Bpe::Scratch scratch;
        for (std::size_t at = 0; at < text.size();) {
            const TokenFinder::Found found = finder.next(text, at);
            const std::size_t end = found.size > 0 ? found.begin : text.size();
            encodeText(text.substr(at, end - at), scratch, ids);
            if (found.size > 0) ids.push_back(found.id);
            at = end + found.size;
        }
        return ids;
    }

    std::string piece(std::int32_t id, bool showControl) const override
    {
        if (id < 0 || static_cast<std::size_t>(id) >= m_spec->tokens.size()) return {};
        const auto at = static_cast<std::size_t>(id);
        const std::string& spelling = m_spec->tokens[at];
        switch (m_spec->kinds[at]) {
        case TokenKind::Normal:
            return bytesOfSpelling(spelling);
        case TokenKind::UserDefined:
            return spelling;
        case TokenKind::Control:
        case TokenKind::Unknown:
            return showControl ? spelling : std::string();
        case TokenKind::Byte:
            return byteOfHex(spelling);
        case TokenKind::Unused:
            break;
        }
        return {};
    }

private:
    void encodeText(std::string_view text, Bpe::Scratch& scratch,
                    std::vector<std::int32_t>& ids) const
    {
        std::size_t begin = 0;
        for (const std::size_t end : m_preTokenizer.pieceEnds(text))
            for (; begin < end; begin = std::min(end, begin + kLongestPiece))
                m_bpe.encode(text.substr(begin, std::min(end - begin, kLongestPiece)), scratch,
                             ids);
    }

    std::unique_ptr<const TokenizerSpec> m_spec;
    PreTokenizer m_preTokenizer;
    Bpe m_bpe;
    TokenFinder m_userTokens;
    TokenFinder m_allTokens;
};

} // namespace

Result<std::shared_ptr<const Tokenizer>> Tokenizer::create(TokenizerSpec spec)
{
    BS_CHECK(checkSpec(spec));
    BS_TRY(PreTokenizer preTokenizer, PreTokenizer::create(spec.preTokenizer));
    auto kept = std::make_unique<const TokenizerSpec>(std::move(spec));
    BS_TRY(Bpe bpe, Bpe::create(indexTokens(kept->tokens), kept->merges));
    return std::shared_ptr<const Tokenizer>(
        std::make_shared<BpeTokenizer>(std::move(kept), std::move(preTokenizer), std::move(bpe)));
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids, bool showControl) const
{
    std::string text;
    for (const std::int32_t id : ids)
        text += piece(id, showControl);
    return text;
}

bool Tokenizer::endsAnswer(std::int32_t id) const
{
    const auto& ends = spec().endOfTurn;
    return id >= 0 && (id == spec().eos || std::ranges::find(ends, id) != ends.end());
}

} // namespace bs
