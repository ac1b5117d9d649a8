#include "core/base/thread_pool.h"

#include <algorithm>

#include <sched.h>

namespace bs {

namespace {

thread_local bool insideLoop = false;

// A decode step is a few hundred short loops; sleeping between them would cost more than the loops.
// About 20 us of spinning on current processors, then the thread sleeps.
constexpr int kSpins = 4000;

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
    const int wanted = threads > 0 ? threads : availableCores();
    m_workers.reserve(static_cast<std::size_t>(wanted - 1));
    for (int i = 1; i < wanted; ++i)
        m_workers.emplace_back([this] { workerLoop(); });
}

ThreadPool::~ThreadPool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_quit = true;
        ++m_generation;
    }
    m_wake.notify_all();
    for (std::thread& worker : m_workers)
        worker.join();
}

void ThreadPool::runShare()
{
    insideLoop = true;
    for (std::size_t i = m_next.fetch_add(1); i < m_count; i = m_next.fetch_add(1))
        (*m_body)(i);
    insideLoop = false;
}

bool ThreadPool::join(std::uint64_t& seen)
{
    const std::lock_guard lock(m_mutex);
    seen = m_generation.load(std::memory_order_relaxed);
    if (!m_open)
        return false;
    m_joined.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void ThreadPool::workerLoop()
{
    std::uint64_t seen = 0;
    while (true) {
        for (int spin = 0; spin < kSpins && m_generation.load(std::memory_order_acquire) == seen; ++spin)
            cpuRelax();
        if (m_generation.load(std::memory_order_acquire) == seen) {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [&] { return m_generation.load() != seen; });
        }
        const bool joined = join(seen);
        if (m_quit) // looked at after join, which may have taken the last number there will be
            return;
        if (!joined)
            continue;
        runShare();
        if (m_joined.fetch_sub(1) == 1) {
            const std::lock_guard lock(m_mutex);
            m_done.notify_one();
        }
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
    {
        const std::lock_guard lock(m_mutex);
        m_body = &body;
        m_count = count;
        m_next = 0;
        m_open = true;
        ++m_generation;
    }
    m_wake.notify_all();
    runShare();
    {
        const std::lock_guard lock(m_mutex);
        m_open = false;
    }
    for (int spin = 0; spin < kSpins && m_joined.load(std::memory_order_acquire) > 0; ++spin)
        cpuRelax();
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [&] { return m_joined.load() == 0; });
}

void ThreadPool::parallelRanges(std::size_t count, std::size_t grain,
                                const std::function<void(std::size_t, std::size_t)>& body)
{
    // Four pieces a thread even out cores of different speed.
    const std::size_t pieces = static_cast<std::size_t>(size()) * 4;
    const std::size_t step = std::max<std::size_t>(1, grain);
    const std::size_t units = (count + step - 1) / step;
    const std::size_t length = step * std::max<std::size_t>(1, (units + pieces - 1) / pieces);
    parallelFor((count + length - 1) / length, [&](std::size_t piece) {
        body(piece * length, std::min(count, (piece + 1) * length));
    });
}

} // namespace bs
