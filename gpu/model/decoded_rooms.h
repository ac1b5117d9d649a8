#pragma once

#include "gpu/device/runtime.h"
#include "gpu/kernels/cuda.h"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace bs::gpu {

/// Two rooms for decoded matrices: one is filled, on a stream of its own, while the product with the
/// other runs. Decoding keeps a card's memory and arithmetic units busy, a product of many tokens its
/// matrix units. All products are of one stream.
class DecodedRooms
{
public:
    /// Errors: as Stream::create.
    static Result<DecodedRooms> create()
    {
        DecodedRooms rooms;
        BS_TRY(Stream stream, Stream::create());
        rooms.m_stream.emplace(std::move(stream));
        for (Room& room : rooms.m_rooms) {
            BS_TRY(Event filled, Event::create());
            BS_TRY(Event used, Event::create());
            room.filled.emplace(std::move(filled));
            room.used.emplace(std::move(used));
        }
        return Result<DecodedRooms>(std::move(rooms));
    }

    /// Makes both large enough for so many weights. Errors: Memory.
    Result<void> reserve(std::size_t numbers, const Stream& products)
    {
        for (Room& room : m_rooms) {
            if (room.memory.bytes() >= numbers * sizeof(Half)) continue;
            BS_CHECK(room.memory.reserve(numbers * sizeof(Half), products));
            BS_CHECK(room.used->record(products)); // the memory is there behind this
        }
        return {};
    }

    /// The next room after `decode(room, stream)`: what `products` does from here on finds it filled.
    template <class Decode>
    Result<const Half*> fill(const Decode& decode, const Stream& products)
    {
        m_last = 1 - m_last;
        Room& room = m_rooms[m_last];
        BS_CHECK(room.used->holdBack(*m_stream));
        BS_CHECK(decode(room.memory.as<Half>(), *m_stream));
        BS_CHECK(room.filled->record(*m_stream));
        BS_CHECK(room.filled->holdBack(products));
        return static_cast<const Half*>(room.memory.as<Half>());
    }
    /// Everything that reads it has been queued.
    Result<void> release(const Stream& products) { return m_rooms[m_last].used->record(products); }

private:
    struct Room
    {
        Buffer memory;
        std::optional<Event> filled, used;
    };
    std::optional<Stream> m_stream;
    std::array<Room, 2> m_rooms;
    std::size_t m_last = 0;
};

} // namespace bs::gpu
