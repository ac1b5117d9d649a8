#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/base/thread_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using namespace bs;

TEST_CASE("every index is visited exactly once")
{
    for (const int threads : {1, 2, 5}) {
        ThreadPool pool(threads);
        CHECK(pool.size() == threads);
        for (const std::size_t count : {0, 1, 2, 7, 1000}) {
            CAPTURE(threads);
            CAPTURE(count);
            std::vector<std::atomic<int>> visits(count);
            pool.parallelFor(count, [&](std::size_t i) { ++visits[i]; });
            CHECK(std::all_of(visits.begin(), visits.end(), [](const auto& v) { return v == 1; }));
        }
    }
    CHECK(ThreadPool().size() == availableCores());
}

TEST_CASE("many short loops one after another")
{
    ThreadPool pool(4);
    std::atomic<std::size_t> sum{0};
    for (std::size_t round = 0; round < 5000; ++round)
        pool.parallelFor(8, [&](std::size_t i) { sum += i; });
    CHECK(sum == 5000 * 28);
}

TEST_CASE("what a call throws arrives where the loop was begun, and the pool goes on")
{
    ThreadPool pool(4);
    for (const std::size_t culprit : {0, 37, 999}) {
        std::atomic<std::size_t> calls{0};
        CHECK_THROWS_AS(pool.parallelFor(1000,
                                         [&](std::size_t i) {
                                             ++calls;
                                             if (i == culprit) throw std::bad_alloc();
                                         }),
                        std::bad_alloc);
        CHECK(calls <= 1000);
    }
    CHECK_THROWS_AS(pool.parallelFor(8, [](std::size_t) { throw std::bad_alloc(); }),
                    std::bad_alloc);
    std::atomic<std::size_t> sum{0};
    pool.parallelFor(8, [&](std::size_t i) { sum += i; });
    CHECK(sum == 28);
}

TEST_CASE("ranges cover everything, in multiples of the grain, and depend on nothing else")
{
    ThreadPool pool(3);
    for (const std::size_t count : {0, 1, 15, 16, 17, 100, 4096}) {
        std::set<std::pair<std::size_t, std::size_t>> first;
        for (int round = 0; round < 5; ++round) {
            std::mutex mutex;
            std::set<std::pair<std::size_t, std::size_t>> ranges;
            pool.parallelRanges(count, 16, [&](std::size_t begin, std::size_t end) {
                const std::lock_guard lock(mutex);
                ranges.emplace(begin, end);
            });
            std::size_t end = 0;
            for (const auto& range : ranges) {
                CHECK(range.first == end);
                CHECK((range.second == count || (range.second - range.first) % 16 == 0));
                end = range.second;
            }
            CHECK(end == count);
            if (round == 0) first = ranges;
            CHECK(ranges == first);
        }
    }
}

TEST_CASE("a loop inside a loop, and loops from two threads")
{
    ThreadPool pool(3);
    std::atomic<int> inner{0};
    pool.parallelFor(6, [&](std::size_t) { pool.parallelFor(5, [&](std::size_t) { ++inner; }); });
    CHECK(inner == 30);
    std::atomic<int> total{0};
    const auto work = [&] {
        for (int i = 0; i < 500; ++i)
            pool.parallelFor(4, [&](std::size_t) { ++total; });
    };
    std::thread other(work);
    work();
    other.join();
    CHECK(total == 4000);
}
