#include "core/tokenizer/tokenizer.h"

#include "core/tokenizer/bpe.h"
#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/normalizer.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/spec_check.h"
#include "core/tokenizer/spm.h"
#include "core/tokenizer/token_finder.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/unigram.h"

#include <algorithm>
#include <utility>
#include <variant>

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
        if ((spec.kinds[id] == TokenKind::UserDefined ||
             (withControl && isHidden(spec.kinds[id]))) &&
            std::ranges::find(spec.added.normalized, static_cast<std::int32_t>(id)) ==
                spec.added.normalized.end())
            tokens.emplace_back(spec.tokens[id], static_cast<std::int32_t>(id));
    return TokenFinder(std::move(tokens));
}

bool contains(const std::vector<std::int32_t>& ids, std::int32_t id)
{
    return std::ranges::find(ids, id) != ids.end();
}

/// Text, then tokens found in it, then pieces of what lies between, then the model.
class PipelineTokenizer final : public Tokenizer
{
public:
    using Model = std::variant<Bpe, Spm, Unigram>;

    /// The spec does not move any more, all parts look into it.
    PipelineTokenizer(std::unique_ptr<const TokenizerSpec> spec, Normalizer normalizer,
                      PreTokenizer preTokenizer, Model model)
        : m_spec(std::move(spec))
        , m_normalizer(std::move(normalizer))
        , m_preTokenizer(std::move(preTokenizer))
        , m_model(std::move(model))
        , m_userTokens(finderOf(*m_spec, false))
        , m_allTokens(finderOf(*m_spec, true))
    {
        std::vector<std::pair<std::string_view, std::int32_t>> late;
        // Unigrams of SentencePiece have their user-defined tokens among the others.
        if (m_spec->model == "unigram" && !m_spec->doubleSums) return;
        for (const std::int32_t id : m_spec->added.normalized) {
            const std::string& token = m_spec->tokens[static_cast<std::size_t>(id)];
            m_normalized.push_back(std::make_unique<std::string>(
                usesSentencePiece() ? token : m_normalizer.apply(token, true)));
            late.emplace_back(*m_normalized.back(), id);
        }
        m_lateTokens = TokenFinder(std::move(late));
    }

    const TokenizerSpec& spec() const override { return *m_spec; }

    std::vector<std::int32_t> encode(std::string_view text, bool parseControl) const override
    {
        std::vector<std::int32_t> ids;
        sections(text, parseControl ? m_allTokens : m_userTokens, true, ids,
                 [&](std::string_view part, bool first) { encodeRaw(part, first, ids); });
        return ids;
    }

    std::string piece(std::int32_t id, bool showControl) const override
    {
        if (id < 0 || static_cast<std::size_t>(id) >= m_spec->tokens.size()) return {};
        const auto at = static_cast<std::size_t>(id);
        const std::string& spelling = m_spec->tokens[at];
        switch (m_spec->kinds[at]) {
        case TokenKind::Normal:
            return m_spec->model == "bpe" ? bytesOfSpelling(spelling) : withSpaces(spelling);
        case TokenKind::UserDefined:
            return m_spec->model == "bpe" ? spelling : withSpaces(spelling);
        case TokenKind::Control:
        case TokenKind::Unknown:
            return showControl ? spelling : std::string();
        case TokenKind::Byte:
            return byteOfHex(spelling) < 0 ? std::string()
                                           : std::string(1, static_cast<char>(byteOfHex(spelling)));
        case TokenKind::Unused:
            break;
        }
        return {};
    }

private:
    bool usesSentencePiece() const
    {
        return !m_spec->normalizer.empty() && m_spec->normalizer[0].type == "sentencepiece";
    }

    std::string withSpaces(const std::string& spelling) const
    {
        const std::string& mark = m_spec->spaceMark;
        if (mark.empty()) return spelling;
        std::string result;
        for (std::size_t at = 0; at < spelling.size();) {
            const bool space = spelling.compare(at, mark.size(), mark) == 0;
            result += space ? ' ' : spelling[at];
            at += space ? mark.size() : 1;
        }
        return result;
    }

    /// Whether a token may stand where its spelling was found.
    bool fits(std::string_view text, const TokenFinder::Found& found) const
    {
        return !contains(m_spec->added.singleWord, found.id) ||
               (!endsWithWord(text.substr(0, found.begin)) &&
                !beginsWithWord(text.substr(found.begin + found.size)));
    }

    /// Tokens found in the text go to `ids`, what lies between to `between(part, first)`.
    template <class Between>
    void sections(std::string_view text, const TokenFinder& finder, bool first,
                  std::vector<std::int32_t>& ids, Between between) const
    {
        for (std::size_t at = 0; at < text.size();) {
            TokenFinder::Found found = finder.next(text, at);
            while (found.size > 0 && !fits(text, found))
                found = finder.next(text, found.begin + found.size);
            const bool any = found.size > 0;
            std::size_t end = any ? found.begin : text.size();
            std::size_t next = end + found.size;
            if (any && contains(m_spec->added.stripLeft, found.id))
                end -= trailingSpace(text.substr(at, end - at));
            if (any && contains(m_spec->added.stripRight, found.id))
                next += leadingSpace(text.substr(next));
            if (end > at) between(text.substr(at, end - at), first && at == 0);
            if (any) ids.push_back(found.id);
            at = next;
        }
    }

    void encodeRaw(std::string_view text, bool first, std::vector<std::int32_t>& ids) const
    {
        const std::string changed =
            m_normalizer.empty() ? std::string() : m_normalizer.apply(text, first);
        if (!m_normalizer.empty()) text = changed;
        sections(text, m_lateTokens, first, ids,
                 [&](std::string_view part, bool) { encodeText(part, ids); });
    }

    void encodeText(std::string_view text, std::vector<std::int32_t>& ids) const
    {
        const auto pieces = m_preTokenizer.pieces(text);
        std::visit(
            [&](const auto& model) {
                typename std::decay_t<decltype(model)>::Scratch scratch;
                for (const auto& [begin, end] : pieces)
                    for (std::size_t at = begin; at < end; at += kLongestPiece)
                        model.encode(text.substr(at, std::min(end - at, kLongestPiece)), scratch,
                                     ids);
            },
            m_model);
    }

    std::unique_ptr<const TokenizerSpec> m_spec;
    Normalizer m_normalizer;
    PreTokenizer m_preTokenizer;
    Model m_model;
    TokenFinder m_userTokens;
    TokenFinder m_allTokens;
    std::vector<std::unique_ptr<std::string>> m_normalized; // spellings of the late tokens
    TokenFinder m_lateTokens;
};

Result<PipelineTokenizer::Model> modelOf(const TokenizerSpec& spec)
{
    if (spec.model == "spm") return PipelineTokenizer::Model(Spm(spec));
    if (spec.model == "unigram") return PipelineTokenizer::Model(Unigram(spec));
    BS_TRY(Bpe bpe, Bpe::create(spec));
    return PipelineTokenizer::Model(std::move(bpe));
}

} // namespace

Result<std::shared_ptr<const Tokenizer>> Tokenizer::create(TokenizerSpec spec)
{
    BS_CHECK(checkSpec(spec));
    auto kept = std::make_unique<const TokenizerSpec>(std::move(spec));
    BS_TRY(PreTokenizer preTokenizer, kept->preTokenizer == "steps"
                                          ? PreTokenizer::create(kept->splits)
                                          : PreTokenizer::create(kept->preTokenizer));
    std::vector<std::pair<std::string_view, std::int32_t>> user;
    for (std::size_t id = 0; id < kept->tokens.size(); ++id)
        if (kept->kinds[id] == TokenKind::UserDefined)
            user.emplace_back(kept->tokens[id], static_cast<std::int32_t>(id));
    BS_TRY(Normalizer normalizer, Normalizer::create(*kept, TokenFinder(std::move(user))));
    BS_TRY(PipelineTokenizer::Model model, modelOf(*kept));
    return std::shared_ptr<const Tokenizer>(std::make_shared<PipelineTokenizer>(
        std::move(kept), std::move(normalizer), std::move(preTokenizer), std::move(model)));
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids, bool showControl) const
{
    std::string text;
    bool drops = spec().dropsSpace;
    for (const std::int32_t id : ids) {
        const std::string one = piece(id, showControl);
        text += drops && one.starts_with(' ') ? std::string_view(one).substr(1) : one;
        drops = drops && one.empty();
    }
    return text;
}

bool Tokenizer::endsAnswer(std::int32_t id) const
{
    const auto& ends = spec().endOfTurn;
    return id >= 0 && (id == spec().eos || std::ranges::find(ends, id) != ends.end());
}

} // namespace bs
