#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

/// Reproducible normal values for tests: the same on every machine and library.
class RandomValues
{
public:
    explicit RandomValues(std::uint64_t seed)
        : m_state(seed * 0x9E3779B97F4A7C15ULL + 1)
    {
    }

    std::uint64_t next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return (m_state * 0x2545F4914F6CDD1DULL) >> 32;
    }
    float gaussian()
    {
        double sum = -6; // twelve uniform values: variance 1
        for (int i = 0; i < 12; ++i)
            sum += static_cast<double>(next()) * 0x1p-32;
        return static_cast<float>(sum);
    }

private:
    std::uint64_t m_state;
};

inline std::vector<float> randomValues(std::size_t n, std::uint64_t seed)
{
    RandomValues random(seed);
    std::vector<float> values(n);
    for (float& value : values)
        value = random.gaussian();
    return values;
}
