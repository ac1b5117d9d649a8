#include "core/tokenizer/spm.h"

#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <limits>

namespace bs {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

bool comesLater(const Spm::Scratch::Pair& one, const Spm::Scratch::Pair& other)
{
    return one.score != other.score ? one.score < other.score : one.left > other.left;
}

} // namespace

void appendUnknown(const TokenizerSpec& spec, const std::array<std::int32_t, 256>& byteIds,
                   std::string_view text, bool& afterUnknown, std::vector<std::int32_t>& ids)
{
    const auto idOf = [&byteIds](char byte) { return byteIds[static_cast<unsigned char>(byte)]; };
    if (spec.byteFallback &&
        std::ranges::all_of(text, [&](char byte) { return idOf(byte) >= 0; })) {
        for (const char byte : text)
            ids.push_back(idOf(byte));
        afterUnknown = false;
        return;
    }
    if (spec.unknown >= 0 && !(afterUnknown && spec.fuseUnknown)) ids.push_back(spec.unknown);
    afterUnknown = true;
}

Spm::Spm(const TokenizerSpec& spec)
    : m_spec(&spec)
    , m_byteIds(byteTokens(spec))
{
    for (std::size_t id = 0; id < spec.tokens.size(); ++id) {
        const TokenKind kind = spec.kinds[id];
        if (kind != TokenKind::Normal && kind != TokenKind::UserDefined &&
            kind != TokenKind::Unused)
            continue;
        m_index[spec.tokens[id]] = static_cast<std::int32_t>(id);
        m_longest = std::max(m_longest, spec.tokens[id].size());
    }
}

void Spm::queuePair(std::string_view piece, Scratch& scratch, std::uint32_t left) const
{
    const Scratch::Symbol& one = scratch.symbols[left];
    if (one.next == kNone) return;
    const std::uint32_t size = one.size + scratch.symbols[one.next].size;
    if (size > m_longest) return;
    const auto found = m_index.find(piece.substr(one.begin, size));
    if (found == m_index.end()) return;
    const auto id = static_cast<std::size_t>(found->second);
    if (m_spec->kinds[id] == TokenKind::Unused)
        scratch.cuts[piece.substr(one.begin, size)] = one.size;
    scratch.queue.push_back({m_spec->scores[id], left, size});
    std::ranges::push_heap(scratch.queue, comesLater);
}

void Spm::joinAll(std::string_view piece, Scratch& scratch) const
{
    auto& symbols = scratch.symbols;
    while (!scratch.queue.empty()) {
        std::ranges::pop_heap(scratch.queue, comesLater);
        const Scratch::Pair pair = scratch.queue.back();
        scratch.queue.pop_back();
        Scratch::Symbol& left = symbols[pair.left];
        if (left.size == 0 || left.next == kNone ||
            left.size + symbols[left.next].size != pair.size)
            continue;
        Scratch::Symbol& right = symbols[left.next];
        left.size = pair.size;
        left.next = right.next;
        right.size = 0;
        if (left.next != kNone) symbols[left.next].previous = pair.left;
        if (left.previous != kNone) queuePair(piece, scratch, left.previous);
        queuePair(piece, scratch, pair.left);
    }
}

void Spm::encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const
{
    auto& symbols = scratch.symbols;
    symbols.clear();
    scratch.queue.clear();
    scratch.cuts.clear();
    for (std::size_t at = 0; at < piece.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8CharLength(piece.substr(at)));
        const auto index = static_cast<std::uint32_t>(symbols.size());
        symbols.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length),
                           index == 0 ? kNone : index - 1, index + 1});
        at += length;
    }
    if (symbols.empty()) return;
    symbols.back().next = kNone;
    for (std::uint32_t at = 0; at < symbols.size(); ++at)
        queuePair(piece, scratch, at);
    joinAll(piece, scratch);
    bool afterUnknown = false;
    std::vector<std::string_view> pending; // the next part on top
    for (std::uint32_t at = 0; at != kNone; at = symbols[at].next) {
        pending.push_back(piece.substr(symbols[at].begin, symbols[at].size));
        while (!pending.empty()) {
            const std::string_view text = pending.back();
            pending.pop_back();
            const auto found = m_index.find(text);
            const auto cut = scratch.cuts.find(text);
            if (found == m_index.end()) {
                appendUnknown(*m_spec, m_byteIds, text, afterUnknown, ids);
            } else if (cut != scratch.cuts.end()) {
                pending.push_back(text.substr(cut->second));
                pending.push_back(text.substr(0, cut->second));
            } else {
                ids.push_back(found->second);
                afterUnknown = false;
            }
        }
    }
}

} // namespace bs
