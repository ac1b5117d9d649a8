#pragma once

#include "core/base/file.h"

#include <cstdint>
#include <span>
#include <string>

namespace bs {

/// XXH3-64 of the bytes, seed 0.
std::uint64_t xxh3(std::span<const std::byte> bytes);

/// XXH3-64 of bytes that come in pieces.
class Xxh3
{
public:
    Xxh3();
    ~Xxh3();
    Xxh3(const Xxh3&) = delete;
    Xxh3& operator=(const Xxh3&) = delete;

    void update(std::span<const std::byte> bytes);
    /// Of everything so far.
    std::uint64_t digest() const;

private:
    void* m_state; // XXH3_state_t
};

/// 16 lower-case hexadecimal digits, most significant first.
std::string hexOf(std::uint64_t hash);

/// hexOf(xxh3) of a whole file, read in pieces. Errors as File.
Result<std::string> hashFile(const std::string& path);

} // namespace bs
