#include "core/base/thread_pool.h"

#include <algorithm>
#include <utility>

#include <sched.h>

namespace bs {

namespace {

thread_local bool insideLoop = false;

// A decode step is a few hundred short loops; sleeping between them would cost more than the loops.
// About 50 us of spinning on current processors, then the thread sleeps.
constexpr int kSpins = 4000;

// The parts of ThreadPool::m_loop: who is inside, whether one may still join, and the loop's number.
constexpr std::uint64_t kJoinedMask = 0xFFFF;
constexpr std::uint64_t kOpen = 1U << 16;
constexpr std::uint64_t kOneLoop = 1U << 17;

void cpuRelax()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

} // namespace

int availableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return std::max(1, CPU_COUNT(&set));
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadPool::ThreadPool(int threads)
{
    const int wanted = std::min(threads > 0 ? threads : availableCores(), static_cast<int>(kJoinedMask));
    m_workers.reserve(static_cast<std::size_t>(wanted - 1));
    for (int i = 1; i < wanted; ++i)
        m_workers.emplace_back([this] { workerLoop(); });
}

ThreadPool::~ThreadPool()
{
    m_quit = true;
    m_loop.fetch_add(kOneLoop);
    m_loop.notify_all();
    for (std::thread& worker : m_workers)
        worker.join();
}

void ThreadPool::runShare()
{
    insideLoop = true;
    try {
        for (std::size_t i = m_next.fetch_add(1); i < m_count; i = m_next.fetch_add(1))
            (*m_body)(i);
    } catch (...) {
        m_next = m_count;
        const std::lock_guard lock(m_thrownMutex);
        if (!m_thrown)
            m_thrown = std::current_exception();
    }
    insideLoop = false;
}

/// Waits until m_loop is no longer `seen`: awake for a while, then asleep.
std::uint64_t ThreadPool::awaitChange(std::uint64_t seen) const
{
    for (int spin = 0; spin < kSpins; ++spin, cpuRelax())
        if (const std::uint64_t now = m_loop.load(std::memory_order_acquire); now != seen)
            return now;
    m_loop.wait(seen, std::memory_order_acquire);
    return m_loop.load(std::memory_order_acquire);
}

void ThreadPool::workerLoop()
{
    std::uint64_t now = m_loop.load();
    std::uint64_t done = ~std::uint64_t{0}; // number of the loop that this thread has taken part in last
    while (!m_quit) {
        if ((now & kOpen) == 0 || now / kOneLoop == done) {
            now = awaitChange(now);
            continue;
        }
        if (!m_loop.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel))
            continue;
        done = now / kOneLoop;
        runShare();
        now = m_loop.fetch_sub(1, std::memory_order_acq_rel) - 1;
        if ((now & (kJoinedMask | kOpen)) == 0)
            m_loop.notify_all(); // the caller may be asleep
    }
}

// Only workers that have joined are waited for: one that the system wakes late (a busy machine) finds the
// loop closed and goes back to sleep, instead of holding up a loop whose work is done.
void ThreadPool::parallelFor(std::size_t count, const std::function<void(std::size_t)>& body)
{
    if (insideLoop || m_workers.empty() || count <= 1) {
        for (std::size_t i = 0; i < count; ++i)
            body(i);
        return;
    }
    const std::lock_guard call(m_callMutex);
    m_body = &body;
    m_count = count;
    m_next = 0;
    m_loop.fetch_add(kOneLoop | kOpen, std::memory_order_acq_rel); // nobody is inside, and it is closed
    m_loop.notify_all();
    runShare();
    std::uint64_t now = m_loop.fetch_sub(kOpen, std::memory_order_acq_rel) - kOpen;
    while ((now & kJoinedMask) != 0)
        now = awaitChange(now);
    if (m_thrown)
        std::rethrow_exception(std::exchange(m_thrown, nullptr));
}

void ThreadPool::parallelRanges(std::size_t count, std::size_t grain,
                                const std::function<void(std::size_t, std::size_t)>& body)
{
    // Each piece is a part of what is left, so that threads end together whatever their speed (guided self-scheduling, Polychronopoulos and
    // Kuck, 1987).
    const std::size_t parts = 2 * static_cast<std::size_t>(size());
    const std::size_t step = std::max<std::size_t>(1, grain);
    const std::size_t units = (count + step - 1) / step;
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < units;) {
        at += (units - at + parts - 1) / parts;
        ends.push_back(std::min(count, at * step));
    }
    parallelFor(ends.size(), [&](std::size_t piece) { body(piece > 0 ? ends[piece - 1] : 0, ends[piece]); });
}

} // namespace bs
