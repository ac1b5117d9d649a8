#include "core/tokenizer/bpe.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/byte_alphabet.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>
#include <limits>

namespace bs {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::size_t slotOf(std::int32_t left, std::int32_t right, std::size_t mask)
{
    const auto key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
                     static_cast<std::uint32_t>(right);
    // Fibonacci hashing: the upper bits of the product depend on all of the key.
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 32) & mask;
}

std::int32_t find(const TokenIndex& index, std::string_view token)
{
    const auto found = index.find(token);
    return found == index.end() ? -1 : found->second;
}

Error missingToken(std::size_t rank, std::string_view merge, std::string_view token)
{
    return Error{ErrorCode::Format, "merge " + std::to_string(rank) + " (\"" + printable(merge) +
                                        "\") needs the token \"" + printable(token) +
                                        "\", which is not in the vocabulary"};
}

} // namespace

TokenIndex indexTokens(std::span<const std::string> tokens)
{
    TokenIndex index;
    index.reserve(tokens.size());
    for (std::size_t id = 0; id < tokens.size(); ++id)
        index[tokens[id]] = static_cast<std::int32_t>(id);
    return index;
}

std::pair<std::string_view, std::string_view> mergeSides(std::string_view merge)
{
    const std::size_t space = merge.find(' ', 1);
    if (space == std::string_view::npos || space + 1 == merge.size()) return {};
    return {merge.substr(0, space), merge.substr(space + 1)};
}

int byteOfHex(std::string_view spelling)
{
    unsigned byte = 0;
    if (spelling.size() != 6 || !spelling.starts_with("<0x") || spelling[5] != '>') return -1;
    const char* end = spelling.data() + 5;
    if (std::from_chars(spelling.data() + 3, end, byte, 16).ptr != end) return -1;
    return static_cast<int>(byte);
}

std::array<std::int32_t, 256> byteTokens(const TokenizerSpec& spec)
{
    std::array<std::int32_t, 256> ids{};
    ids.fill(-1);
    for (std::size_t id = 0; id < spec.tokens.size(); ++id) {
        const int byte = spec.kinds[id] == TokenKind::Byte ? byteOfHex(spec.tokens[id]) : -1;
        if (byte >= 0) ids[static_cast<std::size_t>(byte)] = static_cast<std::int32_t>(id);
    }
    return ids;
}

Result<Bpe> Bpe::create(const TokenizerSpec& spec)
{
    Bpe bpe(spec);
    const TokenIndex index = indexTokens(spec.tokens);
    const bool bytes = spec.model == "bpe";
    if (!bytes) bpe.m_byteIds = byteTokens(spec);
    for (unsigned byte = 0; bytes && byte < 256; ++byte)
        bpe.m_byteIds[byte] = find(index, byteSpelling(static_cast<std::uint8_t>(byte)));
    for (std::size_t id = 0; id < spec.tokens.size(); ++id) {
        const std::string& token = spec.tokens[id];
        const bool normal = spec.kinds[id] == TokenKind::Normal;
        if ((!normal && spec.kinds[id] != TokenKind::UserDefined) || token.empty()) continue;
        if (!bytes && utf8CharLength(token) == token.size())
            bpe.m_characters[token] = static_cast<std::int32_t>(id);
        if (normal && spec.ignoreMerges)
            bpe.m_whole[bytes ? bytesOfSpelling(token) : token] = static_cast<std::int32_t>(id);
    }
    const std::vector<std::string>& merges = spec.merges;
    bpe.m_slots.assign(std::bit_ceil(2 * merges.size() + 1), kNone);
    bpe.m_merges.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const auto [left, right] = mergeSides(merges[rank]);
        if (left.empty())
            return Error{ErrorCode::Format, "merge " + std::to_string(rank) + " (\"" +
                                                printable(merges[rank]) +
                                                "\") is not two tokens and a space"};
        const std::string joined = std::string(left) + std::string(right);
        const Merge merge{find(index, left), find(index, right), find(index, joined)};
        if (merge.left < 0 || merge.right < 0 || merge.joined < 0)
            return missingToken(rank, merges[rank],
                                merge.left < 0    ? left
                                : merge.right < 0 ? right
                                                  : joined);
        bpe.m_merges.push_back(merge);
        bpe.insert(static_cast<std::uint32_t>(rank));
    }
    return bpe;
}

void Bpe::insert(std::uint32_t rank)
{
    const Merge& merge = m_merges[rank];
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = slotOf(merge.left, merge.right, mask);
    while (m_slots[slot] != kNone) {
        const Merge& other = m_merges[m_slots[slot]];
        if (other.left == merge.left && other.right == merge.right)
            return; // said twice: the earlier rank counts
        slot = (slot + 1) & mask;
    }
    m_slots[slot] = rank;
}

std::uint32_t Bpe::rankOf(std::int32_t left, std::int32_t right) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = slotOf(left, right, mask);
    while (m_slots[slot] != kNone) {
        const Merge& merge = m_merges[m_slots[slot]];
        if (merge.left == left && merge.right == right) return m_slots[slot];
        slot = (slot + 1) & mask;
    }
    return kNone;
}

void Bpe::queuePair(Scratch& scratch, std::uint32_t at) const
{
    const Scratch::Symbol& symbol = scratch.symbols[at];
    if (symbol.next == kNone) return;
    const std::uint32_t rank = rankOf(symbol.id, scratch.symbols[symbol.next].id);
    if (rank == kNone) return;
    scratch.queue.push_back((static_cast<std::uint64_t>(rank) << 32) | at);
    std::ranges::push_heap(scratch.queue, std::greater{});
}

void Bpe::mergeAll(Scratch& scratch) const
{
    auto& symbols = scratch.symbols;
    while (!scratch.queue.empty()) {
        std::ranges::pop_heap(scratch.queue, std::greater{});
        const std::uint64_t entry = scratch.queue.back();
        scratch.queue.pop_back();
        const auto at = static_cast<std::uint32_t>(entry);
        const Merge& merge = m_merges[entry >> 32];
        Scratch::Symbol& left = symbols[at];
        // An entry whose symbols have been joined with others since says nothing.
        if (left.id != merge.left || left.next == kNone || symbols[left.next].id != merge.right)
            continue;
        scratch.merged = true;
        scratch.lastRank = static_cast<std::uint32_t>(entry >> 32);
        Scratch::Symbol& right = symbols[left.next];
        left.id = merge.joined;
        left.next = right.next;
        right.id = -1;
        if (left.next != kNone) symbols[left.next].previous = at;
        queuePair(scratch, at);
        if (left.previous != kNone) queuePair(scratch, left.previous);
    }
}

void Bpe::addBytes(std::string_view piece, Scratch& scratch) const
{
    for (const char byte : piece)
        scratch.symbols.push_back({m_byteIds[static_cast<unsigned char>(byte)], 0, 0});
}

void Bpe::addCharacters(std::string_view piece, Scratch& scratch) const
{
    auto& symbols = scratch.symbols;
    bool afterUnknown = false;
    for (std::size_t at = 0; at < piece.size();) {
        const std::size_t length = std::max<std::size_t>(1, utf8CharLength(piece.substr(at)));
        const std::string_view character = piece.substr(at, length);
        at += length;
        const std::int32_t id = find(m_characters, character);
        const bool bytes =
            id < 0 && m_spec->byteFallback && std::ranges::all_of(character, [this](char byte) {
                return m_byteIds[static_cast<unsigned char>(byte)] >= 0;
            });
        const bool unknown = id < 0 && !bytes;
        if (bytes)
            addBytes(character, scratch);
        else if (!unknown)
            symbols.push_back({id, 0, 0});
        else if (m_spec->unknown >= 0 && !(afterUnknown && m_spec->fuseUnknown))
            symbols.push_back({m_spec->unknown, 0, 0});
        afterUnknown = unknown;
    }
}

void Bpe::encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const
{
    if (!m_whole.empty()) {
        const auto whole = m_whole.find(std::string(piece));
        if (whole != m_whole.end()) {
            ids.push_back(whole->second);
            return;
        }
    }
    auto& symbols = scratch.symbols;
    symbols.clear();
    scratch.queue.clear();
    scratch.merged = false;
    if (m_spec->model == "bpe")
        addBytes(piece, scratch);
    else
        addCharacters(piece, scratch);
    const auto count = static_cast<std::uint32_t>(symbols.size());
    for (std::uint32_t at = 0; at < count; ++at) {
        symbols[at].previous = at == 0 ? kNone : at - 1;
        symbols[at].next = at + 1 == count ? kNone : at + 1;
    }
    for (std::uint32_t at = 0; at < count; ++at)
        queuePair(scratch, at);
    mergeAll(scratch);
    for (std::uint32_t at = 0; at < count && at != kNone; at = symbols[at].next)
        if (symbols[at].id >= 0) ids.push_back(symbols[at].id);
}

} // namespace bs
