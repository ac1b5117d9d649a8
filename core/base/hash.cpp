#include "core/base/hash.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include <xxhash.h>

namespace bs {

std::uint64_t xxh3(std::span<const std::byte> bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
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
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(), XXH3_freeState);
    XXH3_64bits_reset(state.get());
    std::vector<std::byte> buffer(1 << 20);
    for (std::uint64_t offset = 0; offset < file.size(); offset += buffer.size()) {
        const std::span piece(buffer.data(), std::min<std::uint64_t>(buffer.size(), file.size() - offset));
        BS_CHECK(file.readAt(offset, piece));
        XXH3_64bits_update(state.get(), piece.data(), piece.size());
    }
    return hexOf(XXH3_64bits_digest(state.get()));
}

} // namespace bs
