#include "gpu/emulation/block.h"

#include <ucontext.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define BS_FIBERS_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif

namespace bs::gpu::emulation {

namespace {

constexpr unsigned kWarp = 32;
constexpr unsigned kMostThreads = 1024;
constexpr std::size_t kMostShared = 99 * 1024;  // of sm_86 and sm_89
constexpr std::size_t kStackBytes = 256 * 1024; // sanitizers' frames are large

enum class State { Ready, AtWarp, AtBlock, Ended };

/// What __builtin_setjmp keeps.
using Jump = std::array<void*, 5>;

/// Made once and used by one block after another. A context to begin with; from then on jumps:
/// swapcontext asks the system for the signal mask each time (ten times as long), and what the
/// address sanitizer puts before the library's longjmp asks it for the signal stack.
struct Fiber
{
    ucontext_t context{};
    Jump jump{};
    std::unique_ptr<std::byte[]> stack;
    void* sanitizer = nullptr; ///< what the address sanitizer keeps of the fiber's stack
    bool begun = false;        ///< it has a jump to be gone on from
    ThreadPlace place;
    State state = State::Ended;
    const char* kind = nullptr; ///< of what it waits for
};

/// Lanes' words are taken over when the last one arrives; those of the exchange before stay until
/// all have read them.
struct Warp
{
    WarpWords words{};
    std::array<WarpWords, 2> taken{};
    std::array<std::uint32_t, 2> lanes{};
    unsigned exchanges = 0;
    unsigned arrived = 0;
    unsigned live = 0;
};

Order order = Order::Forward;
std::mt19937 shuffle; // NOLINT(cert-msc51-cpp): tests set the seed

/// The block that runs. One for the whole process: kernels of several threads take turns.
struct Block
{
    std::deque<Fiber> fibers; ///< a context must stay where it was made
    std::vector<Warp> warps;
    ucontext_t scheduler{};
    Jump schedulerJump{};
    void* sanitizer = nullptr;
    const void* schedulerStack = nullptr;
    std::size_t schedulerStackBytes = 0;
    const std::function<void()>* kernel = nullptr;
    unsigned current = 0;
    unsigned threads = 0;
    unsigned live = 0;
    unsigned atBarrier = 0;
    std::uint64_t moves = 0; ///< of fibers: none in a round is a deadlock

    Fiber& fiber() { return fibers[current]; }
    Warp& warp() { return warps[current / kWarp]; }
};
Block block;

// What the address sanitizer must know of a switch; nothing without it.
void leaveForScheduler()
{
#ifdef BS_FIBERS_ASAN
    __sanitizer_start_switch_fiber(&block.fiber().sanitizer, block.schedulerStack,
                                   block.schedulerStackBytes);
#endif
}
void arriveAtFiber(void* known)
{
#ifdef BS_FIBERS_ASAN
    __sanitizer_finish_switch_fiber(known, &block.schedulerStack, &block.schedulerStackBytes);
#else
    static_cast<void>(known);
#endif
}
void leaveForFiber()
{
#ifdef BS_FIBERS_ASAN
    __sanitizer_start_switch_fiber(&block.sanitizer, block.fiber().stack.get(), kStackBytes);
#endif
}
void arriveAtScheduler()
{
#ifdef BS_FIBERS_ASAN
    __sanitizer_finish_switch_fiber(block.sanitizer, nullptr, nullptr);
#endif
}

// None of these is instrumented: what the sanitizer has before a jump is what costs.

/// A function of its own, as __builtin_longjmp must not stand beside the __builtin_setjmp it goes
/// to.
[[gnu::noinline, gnu::no_sanitize_address]] void jumpTo(Jump& jump)
{
    __builtin_longjmp(jump.data(), 1);
}

[[gnu::noinline, gnu::no_sanitize_address]] void toScheduler()
{
    leaveForScheduler();
    if (__builtin_setjmp(block.fiber().jump.data()) == 0) jumpTo(block.schedulerJump);
    arriveAtFiber(block.fiber().sanitizer);
}

[[gnu::noinline, gnu::no_sanitize_address]] void toFiber(unsigned thread)
{
    block.current = thread;
    ++block.moves;
    leaveForFiber();
    if (__builtin_setjmp(block.schedulerJump.data()) == 0) {
        if (!std::exchange(block.fiber().begun, true))
            swapcontext(&block.scheduler, &block.fiber().context);
        jumpTo(block.fiber().jump);
    }
    arriveAtScheduler();
}

void releaseBarrier()
{
    if (block.atBarrier == 0 || block.atBarrier < block.live) return;
    block.atBarrier = 0;
    for (unsigned i = 0; i < block.threads; ++i)
        if (block.fibers[i].state == State::AtBlock) block.fibers[i].state = State::Ready;
}

/// Lets a warp's lanes go on if all that have not ended wait for the same.
void releaseWarp(unsigned warpIndex)
{
    Warp& warp = block.warps[warpIndex];
    if (warp.arrived == 0 || warp.arrived < warp.live) return;
    const unsigned first = warpIndex * kWarp;
    const unsigned last = std::min(first + kWarp, block.threads);
    const char* kind = nullptr;
    std::uint32_t lanes = 0;
    for (unsigned i = first; i < last; ++i) {
        const Fiber& fiber = block.fibers[i];
        if (fiber.state != State::AtWarp) continue;
        if (kind != nullptr && std::strcmp(kind, fiber.kind) != 0)
            return; // lanes wait for different things: a deadlock
        kind = fiber.kind;
        lanes |= 1U << (i - first);
    }
    warp.taken[warp.exchanges % 2] = warp.words;
    warp.lanes[warp.exchanges % 2] = lanes;
    warp.words = {};
    ++warp.exchanges;
    warp.arrived = 0;
    for (unsigned i = first; i < last; ++i)
        if (block.fibers[i].state == State::AtWarp) block.fibers[i].state = State::Ready;
}

/// Of a fiber: kernel after kernel.
void body()
{
    arriveAtFiber(nullptr);
    for (;;) {
        (*block.kernel)();
        block.fiber().state = State::Ended;
        --block.live;
        --block.warp().live;
        releaseBarrier();
        releaseWarp(block.current / kWarp);
        toScheduler();
    }
}

Error deadlock(Index blockIdx)
{
    std::string waiting;
    unsigned named = 0;
    for (unsigned i = 0; i < block.threads; ++i) {
        const Fiber& fiber = block.fibers[i];
        if (fiber.state == State::Ended || named == 4) continue;
        waiting += (named++ > 0 ? ", " : "") + std::string("thread ") + std::to_string(i) + " at " +
                   fiber.kind;
    }
    return Error{ErrorCode::Internal,
                 "block (" + std::to_string(blockIdx.x) + ", " + std::to_string(blockIdx.y) + ", " +
                     std::to_string(blockIdx.z) + "): threads wait for others that never come: " +
                     waiting + (block.live > named ? ", .." : "")};
}

void make(Fiber& fiber)
{
    fiber.stack = std::make_unique<std::byte[]>(kStackBytes);
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = kStackBytes;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, body, 0);
}

/// Sets up so many threads' fibers. One that was left waiting for what never came, in a kernel that
/// failed, is made anew.
void prepare(Index threads, Index blocks, Index blockIdx, void* shared)
{
    if (block.fibers.size() < block.threads) block.fibers.resize(block.threads);
    block.warps.assign((block.threads + kWarp - 1) / kWarp, Warp{});
    block.live = block.threads;
    block.atBarrier = 0;
    for (unsigned i = 0; i < block.threads; ++i) {
        Fiber& fiber = block.fibers[i];
        if (!fiber.stack || fiber.state != State::Ended) {
            fiber = Fiber{};
            make(fiber);
        }
        fiber.state = State::Ready;
        fiber.place = {{i % threads.x, i / threads.x % threads.y, i / (threads.x * threads.y)},
                       blockIdx,
                       threads,
                       blocks,
                       i % kWarp,
                       shared};
        ++block.warps[i / kWarp].live;
    }
}

Result<void> runBlock(Index blockIdx, std::vector<unsigned>& turns)
{
    while (block.live > 0) {
        if (order == Order::Shuffled) std::shuffle(turns.begin(), turns.end(), shuffle);
        const std::uint64_t before = block.moves;
        for (const unsigned thread : turns)
            while (block.fibers[thread].state == State::Ready)
                toFiber(thread);
        if (block.moves == before) return deadlock(blockIdx);
    }
    return {};
}

} // namespace

const ThreadPlace& place()
{
    return block.fiber().place;
}

void setOrder(Order wanted, unsigned seed)
{
    order = wanted;
    shuffle.seed(seed);
}

void blockBarrier()
{
    Fiber& fiber = block.fiber();
    fiber.state = State::AtBlock;
    fiber.kind = "__syncthreads";
    ++block.atBarrier;
    releaseBarrier();
    if (fiber.state != State::Ready) toScheduler();
}

const WarpWords& exchange(const char* kind, const Words& words)
{
    Fiber& fiber = block.fiber();
    Warp& warp = block.warp();
    fiber.state = State::AtWarp;
    fiber.kind = kind;
    warp.words[fiber.place.lane] = words;
    ++warp.arrived;
    const unsigned turn = warp.exchanges % 2;
    releaseWarp(block.current / kWarp);
    if (fiber.state != State::Ready) toScheduler();
    return warp.taken[turn];
}

std::uint32_t lanesOfExchange()
{
    const Warp& warp = block.warp();
    return warp.lanes[(warp.exchanges - 1) % 2];
}

Result<void> run(Index blocks, Index threads, std::size_t sharedBytes,
                 const std::function<void()>& kernel)
{
    static std::mutex turn;
    const std::lock_guard lock(turn);
    block.threads = threads.x * threads.y * threads.z;
    if (block.threads == 0 || block.threads > kMostThreads)
        return Error{ErrorCode::Usage, "a block of " + std::to_string(block.threads) +
                                           " threads; 1 to " + std::to_string(kMostThreads) +
                                           " are possible"};
    if (sharedBytes > kMostShared)
        return Error{ErrorCode::Usage, "a block wants " + std::to_string(sharedBytes) +
                                           " bytes of shared memory; the smallest cards have " +
                                           std::to_string(kMostShared)};
    block.kernel = &kernel;
    std::vector<unsigned> turns(block.threads);
    std::iota(turns.begin(), turns.end(), 0U);
    if (order == Order::Reverse) std::reverse(turns.begin(), turns.end());
    for (unsigned z = 0; z < blocks.z; ++z)
        for (unsigned y = 0; y < blocks.y; ++y)
            for (unsigned x = 0; x < blocks.x; ++x) {
                // malloc aligns to 16, and the sanitizer knows where exactly it ends
                const std::unique_ptr<void, decltype(&std::free)> shared(
                    std::malloc(std::max<std::size_t>(sharedBytes, 1)), &std::free);
                std::memset(shared.get(), 0xFF, sharedBytes);
                prepare(threads, blocks, {x, y, z}, shared.get());
                BS_CHECK(runBlock({x, y, z}, turns));
            }
    return {};
}

} // namespace bs::gpu::emulation
