#include "core/base/hash.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <xxhash.h>

namespace bs {

std::uint64_t xxh3(std::span<const std::byte> bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

Xxh3::Xxh3()
    : m_state(XXH3_createState())
{
    XXH3_64bits_reset(static_cast<XXH3_state_t*>(m_state));
}

Xxh3::~Xxh3()
{
    XXH3_freeState(static_cast<XXH3_state_t*>(m_state));
}

void Xxh3::update(std::span<const std::byte> bytes)
{
    if (!bytes.empty())
        XXH3_64bits_update(static_cast<XXH3_state_t*>(m_state), bytes.data(), bytes.size());
}

std::uint64_t Xxh3::digest() const
{
    return XXH3_64bits_digest(static_cast<const XXH3_state_t*>(m_state));
}

std::string hexOf(std::uint64_t hash)
{
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
    return text.data();
}

Result<std::string> hashFile(const std::string& path)
{
    BS_TRY(const File file, File::open(path));
    Xxh3 hash;
    std::vector<std::byte> buffer(1 << 20);
    for (std::uint64_t offset = 0; offset < file.size(); offset += buffer.size()) {
        const std::span piece(buffer.data(), std::min<std::uint64_t>(buffer.size(), file.size() - offset));
        BS_CHECK(file.readAt(offset, piece));
        hash.update(piece);
    }
    return hexOf(hash.digest());
}

} // namespace bs
