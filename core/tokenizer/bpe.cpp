#include "core/tokenizer/bpe.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/byte_alphabet.h"

#include <algorithm>
#include <bit>
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

Result<Bpe> Bpe::create(const TokenIndex& index, std::span<const std::string> merges)
{
    Bpe bpe;
    for (unsigned byte = 0; byte < 256; ++byte)
        bpe.m_byteIds[byte] = find(index, byteSpelling(static_cast<std::uint8_t>(byte)));
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
        Scratch::Symbol& right = symbols[left.next];
        left.id = merge.joined;
        left.next = right.next;
        right.id = -1;
        if (left.next != kNone) symbols[left.next].previous = at;
        queuePair(scratch, at);
        if (left.previous != kNone) queuePair(scratch, left.previous);
    }
}

void Bpe::encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const
{
    auto& symbols = scratch.symbols;
    symbols.clear();
    scratch.queue.clear();
    const auto count = static_cast<std::uint32_t>(piece.size());
    for (std::uint32_t at = 0; at < count; ++at) {
        const std::int32_t id = m_byteIds[static_cast<unsigned char>(piece[at])];
        symbols.push_back({id, at == 0 ? kNone : at - 1, at + 1 == count ? kNone : at + 1});
    }
    for (std::uint32_t at = 0; at < count; ++at)
        queuePair(scratch, at);
    mergeAll(scratch);
    for (std::uint32_t at = 0; at < count && at != kNone; at = symbols[at].next)
        if (symbols[at].id >= 0) ids.push_back(symbols[at].id);
}

} // namespace bs
