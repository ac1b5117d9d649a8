#pragma once

#include <cstddef>
#include <cstdint>

namespace bs::jinja {

/// What one rendering may do, so that a hostile template ends with an error after a bounded time
/// and memory. A conversation that fills a context of 128 thousand tokens has about 500 kB.
struct Limits
{
    std::uint64_t steps = 16'000'000;       ///< about a second; a conversation needs thousands
    std::size_t textBytes = 4 << 20;        ///< of one string
    std::size_t valueBytes = 12 << 20;      ///< of all values at a time
    std::size_t outputBytes = 8 << 20;      ///< printed, blocks and macros included
    static constexpr int deepestValue = 32; ///< lists and dicts inside one another
    static constexpr int deepestTree = 200; ///< parts of a template inside one another
    static constexpr int deepestRun = 400;  ///< the same while it runs, macros unfolded
    static constexpr std::size_t templateBytes = 128 << 10;
    static constexpr std::int64_t rangeItems = 100'000; ///< jinja2's own bound
};

} // namespace bs::jinja
