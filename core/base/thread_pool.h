#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bs {

/// A fixed set of threads for data-parallel loops. The calling thread takes part.
/// One loop at a time: parallelFor from two threads at once is serialised; a nested call runs inline.
class ThreadPool
{
public:
    /// `threads` <= 0: one per core that this process may use.
    explicit ThreadPool(int threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const { return static_cast<int>(m_workers.size()) + 1; }

    /// Calls body(i) for every i in [0, count), in any order, and returns when all are done. What a call throws
    /// (out of memory) is thrown here when those that have begun are done; the others are left out.
    void parallelFor(std::size_t count, const std::function<void(std::size_t)>& body);

    /// Calls body(begin, end) for ranges that cover [0, count); each but the last is a multiple of
    /// `grain` long. The split depends on count, grain and size() only.
    void parallelRanges(std::size_t count, std::size_t grain,
                        const std::function<void(std::size_t, std::size_t)>& body);

private:
    void workerLoop();
    std::uint64_t awaitChange(std::uint64_t seen) const;
    void runShare();

    std::mutex m_callMutex; // one loop at a time
    const std::function<void(std::size_t)>* m_body = nullptr; // of the loop that runs now
    std::size_t m_count = 0;
    std::atomic<std::size_t> m_next{0};
    std::mutex m_thrownMutex;
    std::exception_ptr m_thrown; // the first one of the loop
    /// Number of the newest loop, a bit while workers may join it, how many are inside.
    std::atomic<std::uint64_t> m_loop{0};
    std::atomic<bool> m_quit{false};
    std::vector<std::thread> m_workers;
};

/// Cores this process may run on.
int availableCores();

} // namespace bs
