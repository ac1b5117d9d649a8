#include "core/base/arena.h"

#include <sys/mman.h>

namespace bs {

namespace {
constexpr std::uint64_t kPage = 4096;
}

Result<Arena> Arena::reserve(std::uint64_t bytes)
{
    Arena arena;
    arena.m_size = (bytes + kPage - 1) / kPage * kPage;
    if (arena.m_size == 0)
        return arena;
    void* base = ::mmap(nullptr, arena.m_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return Error{ErrorCode::Memory, "cannot reserve " + std::to_string(bytes) + " bytes of address space"};
    // Huge pages would keep up to 2 MiB alive for one block that stays.
    ::madvise(base, arena.m_size, MADV_NOHUGEPAGE);
    arena.m_base = static_cast<std::byte*>(base);
    arena.m_users.resize(arena.m_size / kPage);
    return arena;
}

Arena::Arena(Arena&& other) noexcept
{
    *this = std::move(other);
}

Arena& Arena::operator=(Arena&& other) noexcept
{
    std::swap(m_base, other.m_base);
    std::swap(m_size, other.m_size);
    std::swap(m_residentPages, other.m_residentPages);
    std::swap(m_users, other.m_users);
    std::swap(m_mutex, other.m_mutex);
    return *this;
}

Arena::~Arena()
{
    if (m_base != nullptr)
        ::munmap(m_base, m_size);
}

Result<void> Arena::load(const File& file, std::uint64_t offset, std::uint64_t bytes)
{
    return load(file, offset, bytes, offset);
}

Result<void> Arena::load(const File& file, std::uint64_t offset, std::uint64_t bytes,
                         std::uint64_t place)
{
    BS_ASSERT(place <= m_size && bytes <= m_size - place);
    if (bytes == 0)
        return {};
    {
        const std::lock_guard lock(*m_mutex);
        for (std::uint64_t page = place / kPage; page <= (place + bytes - 1) / kPage; ++page)
            if (m_users[page]++ == 0)
                ++m_residentPages;
    }
    // Pages made all at once cost half of what faults on each of them do; a system that cannot does without.
    const std::uint64_t firstPage = place / kPage * kPage;
    ::madvise(m_base + firstPage, place + bytes - firstPage, MADV_POPULATE_WRITE);
    auto read = file.readAt(offset, std::span(m_base + place, bytes));
    if (!read)
        drop(place, bytes);
    return read;
}

void Arena::drop(std::uint64_t place, std::uint64_t bytes)
{
    if (bytes == 0)
        return;
    const std::lock_guard lock(*m_mutex);
    const std::uint64_t last = (place + bytes - 1) / kPage;
    std::uint64_t runBegin = 0;
    std::uint64_t runPages = 0;
    auto flush = [&] {
        if (runPages > 0)
            ::madvise(m_base + runBegin * kPage, runPages * kPage, MADV_DONTNEED);
        runPages = 0;
    };
    for (std::uint64_t page = place / kPage; page <= last; ++page) {
        BS_ASSERT(m_users[page] > 0);
        if (--m_users[page] != 0) {
            flush();
            continue;
        }
        if (runPages == 0)
            runBegin = page;
        ++runPages;
        --m_residentPages;
    }
    flush();
}

std::uint64_t Arena::residentBytes() const
{
    const std::lock_guard lock(*m_mutex);
    return m_residentPages * kPage;
}

} // namespace bs
