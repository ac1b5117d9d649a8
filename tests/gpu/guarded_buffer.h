#pragma once

#include "gpu/device/runtime.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bs::gpu::test {

using bs::test::check;
using bs::test::got;

/// Numbers on the device with bytes before and behind them that nobody may change. All begin as
/// 0xFF bytes: NaN, so what is not written, or read though it should not be, shows.
template <class T>
class Guarded
{
public:
    /// `shift`: numbers that the first one is moved from a place aligned to 256 bytes.
    explicit Guarded(std::size_t count, std::size_t shift = 0)
        : m_count(count)
        , m_before(kGuard + shift * sizeof(T))
        , m_buffer(got(Buffer::create(m_before + count * sizeof(T) + kGuard, m_stream)))
    {
        check(fillBytes(m_buffer.as<void>(), 0xFF, m_buffer.bytes(), m_stream));
        check(m_stream.wait());
    }
    explicit Guarded(const std::vector<T>& values, std::size_t shift = 0)
        : Guarded(values.size(), shift)
    {
        set(values);
    }

    T* at() const { return reinterpret_cast<T*>(m_buffer.as<std::byte>() + m_before); }

    void set(const std::vector<T>& values)
    {
        REQUIRE(values.size() == m_count);
        if (values.empty()) return;
        check(copyToDevice(at(), values.data(), m_count * sizeof(T), m_stream));
        check(m_stream.wait());
    }
    /// The numbers, after a look at the guards. What was queued elsewhere must have been waited
    /// for.
    std::vector<T> get() const
    {
        std::vector<std::byte> bytes(m_buffer.bytes());
        check(copyToHost(bytes.data(), m_buffer.as<void>(), bytes.size(), m_stream));
        check(m_stream.wait());
        const auto isGuard = [](std::byte byte) { return byte == std::byte{0xFF}; };
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(m_before);
        const auto end = begin + static_cast<std::ptrdiff_t>(m_count * sizeof(T));
        CHECK(std::all_of(bytes.begin(), begin, isGuard));
        CHECK(std::all_of(end, bytes.end(), isGuard));
        std::vector<T> values(m_count);
        std::copy(begin, end, reinterpret_cast<std::byte*>(values.data()));
        return values;
    }

private:
    static constexpr std::size_t kGuard = 256;
    std::size_t m_count, m_before;
    Stream m_stream = got(Stream::create());
    Buffer m_buffer;
};

} // namespace bs::gpu::test
