#include "core/tokenizer/unigram.h"

#include "core/tokenizer/spm.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <limits>

namespace bs {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// How much worse than the worst token an unknown character is.
constexpr double kUnknownPenalty = 10.0;

} // namespace

Unigram::Unigram(const TokenizerSpec& spec)
    : m_spec(&spec)
    , m_byteIds(byteTokens(spec))
    , m_scores(spec.scores)
{
    // SentencePiece takes the bounds over its normal tokens, the upper one at least the smallest
    // positive float; Hugging Face takes the lower one over all.
    double lowest = std::numeric_limits<float>::max();
    double highest = std::numeric_limits<float>::min();
    std::vector<std::pair<std::string_view, std::int32_t>> tokens;
    for (std::size_t id = 0; id < spec.tokens.size(); ++id) {
        const TokenKind kind = spec.kinds[id];
        if (kind == TokenKind::Normal || spec.doubleSums)
            lowest = std::min(lowest, spec.scores[id]);
        if (kind == TokenKind::Normal) highest = std::max(highest, spec.scores[id]);
        if (kind == TokenKind::Normal || kind == TokenKind::UserDefined ||
            (spec.doubleSums && kind != TokenKind::Unused))
            tokens.emplace_back(spec.tokens[id], static_cast<std::int32_t>(id));
    }
    m_finder = TokenFinder(std::move(tokens));
    m_unknownScore = lowest - kUnknownPenalty;
    if (!spec.doubleSums) m_unknownScore = static_cast<float>(m_unknownScore);
    for (std::size_t id = 0; id < spec.tokens.size(); ++id)
        if (spec.kinds[id] == TokenKind::UserDefined && !spec.doubleSums)
            m_scores[id] = static_cast<double>(spec.tokens[id].size()) * highest - 0.1;
}

void Unigram::reach(std::string_view piece, std::size_t at, Scratch& scratch) const
{
    auto& steps = scratch.steps;
    const double here = steps[at].score;
    const auto offer = [&](std::size_t end, double score, std::int32_t id) {
        Scratch::Step& step = steps[end];
        if (step.begin != kNone && !(score > step.score)) return;
        step.score = m_spec->doubleSums ? score : static_cast<float>(score);
        step.begin = static_cast<std::uint32_t>(at);
        step.id = id;
    };
    const std::size_t length = std::max<std::size_t>(1, utf8CharLength(piece.substr(at)));
    bool whole = false; // whether a token is just this character
    m_finder.prefixesAt(piece, at, [&](const TokenFinder::Found& found) {
        offer(at + found.size, here + m_scores[static_cast<std::size_t>(found.id)], found.id);
        whole = whole || found.size == length;
    });
    if (whole) return;
    const double score = here + m_unknownScore;
    offer(at + length, m_spec->doubleSums ? score : static_cast<float>(score), -1);
}

void Unigram::encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const
{
    if (piece.empty()) return;
    scratch.steps.assign(piece.size() + 1, {0, kNone, -1});
    for (std::size_t at = 0; at < piece.size();) {
        reach(piece, at, scratch);
        at += std::max<std::size_t>(1, utf8CharLength(piece.substr(at)));
    }
    scratch.ends.clear();
    for (auto end = static_cast<std::uint32_t>(piece.size()); end > 0;
         end = scratch.steps[end].begin)
        scratch.ends.push_back(end);
    std::reverse(scratch.ends.begin(), scratch.ends.end());
    bool afterUnknown = false;
    for (const std::uint32_t end : scratch.ends) {
        const Scratch::Step& step = scratch.steps[end];
        if (step.id < 0 || step.id == m_spec->unknown) {
            appendUnknown(*m_spec, m_byteIds, piece.substr(step.begin, end - step.begin),
                          afterUnknown, ids);
        } else {
            ids.push_back(step.id);
            afterUnknown = false;
        }
    }
}

} // namespace bs
