#include "core/tokenizer/merges.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/spm.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <span>
#include <unordered_set>

namespace bs {

namespace {

/// Of so many the texts of four can be looked at.
constexpr std::size_t kMostTiedParts = 20;

std::string named(const TokenizerSpec& spec, std::size_t id)
{
    return "token " + std::to_string(id) + " (\"" + printable(spec.tokens[id]) + "\")";
}

/// Kinds that SentencePiece joins neighbours to.
bool isJoined(TokenKind kind)
{
    return kind == TokenKind::Normal || kind == TokenKind::UserDefined || kind == TokenKind::Unused;
}

bool isCharacter(std::string_view token)
{
    return utf8CharLength(token) == token.size();
}

/// Tokens of several characters, in the order of ids.
template <class Visit>
Result<void> eachLongToken(const TokenizerSpec& spec, Visit visit)
{
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (!spec.tokens[id].empty() && !isCharacter(spec.tokens[id])) BS_CHECK(visit(id));
    return {};
}

/// Whether scores and merges join the same in every text, if they do in every token by itself: both
/// take the best pair there is, so that within the span of a pair they do what they do to its text
/// alone; the first pair of a text that only one of them joins is therefore one that only it joins
/// in the text of that pair's token.
Result<void> checkSameJoins(const TokenizerSpec& scores, const TokenizerSpec& merges)
{
    const Spm spm(scores);
    BS_TRY(const Bpe bpe, Bpe::create(merges));
    Spm::Scratch spmScratch;
    Bpe::Scratch bpeScratch;
    return eachLongToken(scores, [&](std::size_t id) -> Result<void> {
        std::vector<std::int32_t> ids;
        std::vector<std::int32_t> others;
        spm.encode(scores.tokens[id], spmScratch, ids);
        bpe.encode(scores.tokens[id], bpeScratch, others);
        if (ids == others) return {};
        return Error{ErrorCode::Unsupported, "tokenizer: " + named(scores, id) +
                                                 " is joined otherwise by scores than by merges"};
    });
}

/// A way to part a token in two.
struct Parting
{
    double score;
    std::int32_t token;
    std::size_t cut; // bytes of the left side
    std::int32_t left;
    std::int32_t right;
};

/// Of all tokens, the first to be joined first.
std::vector<Parting> partingsOf(const TokenizerSpec& spec)
{
    TokenIndex index;
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (isJoined(spec.kinds[id])) index[spec.tokens[id]] = static_cast<std::int32_t>(id);
    std::vector<Parting> partings;
    for (const auto& [token, id] : index) {
        if (token.empty()) continue;
        for (std::size_t cut = utf8CharLength(token); cut < token.size();
             cut += utf8CharLength(token.substr(cut))) {
            const auto left = index.find(token.substr(0, cut));
            const auto right = index.find(token.substr(cut));
            if (left != index.end() && right != index.end())
                partings.push_back({spec.scores[static_cast<std::size_t>(id)], id, cut,
                                    left->second, right->second});
        }
    }
    std::ranges::sort(partings, [](const Parting& a, const Parting& b) {
        if (a.score != b.score) return a.score > b.score;
        // Where there are several of one score, SentencePiece's way, from left to right, lets what
        // is on the left grow.
        return a.cut != b.cut ? a.cut > b.cut : a.token < b.token;
    });
    return partings;
}

/// Appends to `texts` what up to four of the parts in a row spell.
void addTexts(const std::vector<std::string>& parts, std::unordered_set<std::string>& texts)
{
    std::unordered_set<std::string> longer(parts.begin(), parts.end());
    for (int count = 1;; ++count) {
        texts.insert(longer.begin(), longer.end());
        if (count == 4) return;
        std::unordered_set<std::string> next;
        for (const std::string& text : longer)
            for (const std::string& part : parts)
                next.insert(text + part);
        longer = std::move(next);
    }
}

/// The parts of tokens of one score; empty if there is one token alone.
std::vector<std::string> partsOf(const TokenizerSpec& spec, std::span<const Parting> tied)
{
    std::unordered_set<std::string> parts;
    bool several = false;
    for (const Parting& parting : tied) {
        several = several || parting.token != tied[0].token;
        for (const std::int32_t id : {parting.left, parting.right})
            parts.insert(spec.tokens[static_cast<std::size_t>(id)]);
        if (parts.size() > kMostTiedParts) break; // told apart below
    }
    if (!several && parts.size() <= kMostTiedParts) return {};
    return {parts.begin(), parts.end()};
}

/// Of pairs of one score SentencePiece joins the leftmost, merges the one of lower rank. Where that
/// makes a difference shows in texts of a few of their parts: two pairs share one, or are
/// neighbours. Llama 2's runs of 2 to 16 spaces are such tokens, and are joined alike.
Result<void> checkTies(const TokenizerSpec& spec, const TokenizerSpec& merged,
                       std::span<const Parting> partings)
{
    const Spm spm(spec);
    BS_TRY(const Bpe bpe, Bpe::create(merged));
    Spm::Scratch spmScratch;
    Bpe::Scratch bpeScratch;
    for (std::size_t begin = 0, end = 0; begin < partings.size(); begin = end) {
        while (end < partings.size() && partings[end].score == partings[begin].score)
            ++end;
        const auto tied = partings.subspan(begin, end - begin);
        const std::vector<std::string> parts = partsOf(spec, tied);
        if (parts.size() > kMostTiedParts)
            return Error{ErrorCode::Unsupported,
                         "tokenizer: " + named(spec, static_cast<std::size_t>(tied[0].token)) +
                             " and too many others have the same score"};
        std::unordered_set<std::string> texts;
        if (!parts.empty()) addTexts(parts, texts);
        for (const std::string& text : texts) {
            std::vector<std::int32_t> ids;
            std::vector<std::int32_t> others;
            spm.encode(text, spmScratch, ids);
            bpe.encode(text, bpeScratch, others);
            if (ids != others)
                return Error{
                    ErrorCode::Unsupported,
                    "tokenizer: " + named(spec, static_cast<std::size_t>(tied[0].token)) +
                        " and others have the same score, and no order of merges joins \"" +
                        printable(text) + "\" as scores do"};
        }
    }
    return {};
}

} // namespace

Result<std::vector<std::string>> mergesOfScores(const TokenizerSpec& spec)
{
    const std::vector<Parting> partings = partingsOf(spec);
    TokenizerSpec merged = spec;
    merged.model = "bpe_chars";
    merged.merges.clear();
    for (const Parting& parting : partings) {
        const auto id = static_cast<std::size_t>(parting.token);
        const std::string& token = spec.tokens[id];
        if (spec.kinds[id] == TokenKind::Unused)
            return Error{ErrorCode::Unsupported,
                         "tokenizer: " + named(spec, id) +
                             " is not used, but scores join to it; merges cannot say so"};
        if (token.find(' ') != std::string::npos)
            return Error{ErrorCode::Unsupported,
                         "tokenizer: " + named(spec, id) + " has a space, which parts merges"};
        merged.merges.push_back(token.substr(0, parting.cut) + " " + token.substr(parting.cut));
    }
    BS_CHECK(checkSameJoins(spec, merged));
    BS_CHECK(checkTies(spec, merged, partings));
    return std::move(merged.merges);
}

Result<std::vector<double>> scoresOfMerges(const TokenizerSpec& spec)
{
    TokenizerSpec merged = spec;
    merged.ignoreMerges = false;
    TokenizerSpec scored = spec;
    scored.model = "spm";
    // characters and tokens that nothing makes come last
    scored.scores.assign(spec.tokens.size(), -static_cast<double>(spec.merges.size()));
    BS_TRY(const Bpe bpe, Bpe::create(merged));
    Bpe::Scratch scratch;
    BS_CHECK(eachLongToken(spec, [&](std::size_t id) -> Result<void> {
        std::vector<std::int32_t> ids;
        bpe.encode(spec.tokens[id], scratch, ids);
        if (ids.size() == 1 && scratch.merged)
            scored.scores[id] = -static_cast<double>(scratch.lastRank);
        else if (spec.ignoreMerges && spec.kinds[id] == TokenKind::Normal)
            return Error{ErrorCode::Unsupported,
                         "tokenizer: " + named(spec, id) +
                             " is made by no merges, only as a whole piece of text"};
        return {};
    }));
    BS_CHECK(checkSameJoins(scored, merged));
    return std::move(scored.scores);
}

} // namespace bs
