#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gpu/emulation/device_memory.h"
#include "gpu/kernels/launch.h"
#include "gpu/kernels/mma.h"
#include "tests/support/got.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

using namespace bs;
using namespace bs::gpu;

namespace {

Result<void> run(dim3 blocks, dim3 threads, std::size_t sharedBytes,
                 const std::function<void()>& kernel)
{
    return emulation::run(blocks, threads, sharedBytes, kernel);
}

/// What the kernel leaves in `out` under threads in order, in reverse and in eight shuffled orders:
/// all the same, or it has a race.
bool sameInAllOrders(dim3 threads, std::size_t count, const std::function<void(int*)>& kernel)
{
    std::vector<std::vector<int>> results;
    const auto once = [&](emulation::Order order, unsigned seed) {
        emulation::setOrder(order, seed);
        std::vector<int> out(count, -1);
        const auto ran = run(1, threads, 4096, [&] { kernel(out.data()); });
        REQUIRE(ran);
        results.push_back(out);
    };
    once(emulation::Order::Forward, 0);
    once(emulation::Order::Reverse, 0);
    for (unsigned seed = 0; seed < 8; ++seed)
        once(emulation::Order::Shuffled, seed);
    emulation::setOrder(emulation::Order::Forward);
    return std::all_of(results.begin(), results.end(),
                       [&](const auto& result) { return result == results.front(); });
}

std::uint32_t randomWord(std::mt19937& random)
{
    return static_cast<std::uint32_t>(random());
}

} // namespace

TEST_CASE("every thread of every block runs once, with its own place")
{
    std::vector<int> seen(3 * 2 * 70, 0);
    REQUIRE(run(dim3(3, 2), dim3(7, 10), 0, [&] {
        const unsigned thread = threadIdx.x + 7 * threadIdx.y;
        CHECK(blockDim.x == 7);
        CHECK(gridDim.y == 2);
        ++seen[(blockIdx.y * 3 + blockIdx.x) * 70 + thread];
    }));
    for (const int times : seen)
        CHECK(times == 1);
}

TEST_CASE("a block of more threads than cards have, or of none, is refused")
{
    for (const unsigned threads : {0U, 1025U}) {
        const auto refused = run(1, threads, 0, [] {});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::Usage);
    }
}

TEST_CASE(
    "a barrier orders what comes before and behind it; without it the orders of threads differ")
{
    const auto turned = [](bool barrier) {
        return [barrier](int* out) {
            int* shared = sharedRoom<int>();
            shared[threadIdx.x] = static_cast<int>(threadIdx.x) * 3;
            if (barrier) __syncthreads();
            out[threadIdx.x] = shared[blockDim.x - 1 - threadIdx.x];
        };
    };
    CHECK(sameInAllOrders(100, 100, turned(true)));
    CHECK_FALSE(sameInAllOrders(100, 100, turned(false))); // a planted missing barrier
}

TEST_CASE("a race at a barrier shows: the next round is written while others still read")
{
    const auto sums = [](bool second) {
        return [second](int* out) {
            int* shared = sharedRoom<int>();
            int sum = 0;
            for (int round = 0; round < 3; ++round) {
                shared[threadIdx.x] = static_cast<int>(threadIdx.x) + round * 1000;
                __syncthreads();
                sum += shared[(threadIdx.x + 33) % blockDim.x];
                if (second) __syncthreads();
            }
            out[threadIdx.x] = sum;
        };
    };
    CHECK(sameInAllOrders(96, 96, sums(true)));
    CHECK_FALSE(sameInAllOrders(96, 96, sums(false)));
}

TEST_CASE("threads that have ended count as arrived; a barrier that some never reach is named")
{
    REQUIRE(run(1, 64, 0, [] {
        if (threadIdx.x >= 40) return;
        __syncthreads();
    }));
    const auto stuck = run(dim3(2, 1), 64, 0, [] {
        if (threadIdx.x < 32)
            __syncthreads();
        else
            __syncwarp();
        if (threadIdx.x == 50) __syncthreads(); // no other thread comes: they wait for the warp
        if (threadIdx.x != 50) __syncwarp();
    });
    REQUIRE_FALSE(stuck);
    CHECK(stuck.error().code == ErrorCode::Internal);
    INFO(stuck.error().message);
    CHECK(stuck.error().message.find("block (0, 0, 0)") != std::string::npos);
    CHECK(stuck.error().message.find("at __sync") != std::string::npos);
}

TEST_CASE("a shuffle that only part of a warp reaches while the rest does another is named")
{
    const auto stuck = run(1, 32, 0, [] {
        if (threadIdx.x < 16)
            __shfl_sync(~0U, 1, 0);
        else
            __ballot_sync(~0U, true);
    });
    REQUIRE_FALSE(stuck);
    CHECK(stuck.error().message.find("__shfl_sync") != std::string::npos);
}

TEST_CASE("shuffles and votes of two warps side by side")
{
    REQUIRE(run(1, 64, 0, [] {
        const auto lane = static_cast<int>(threadIdx.x % 32);
        const int base = static_cast<int>(threadIdx.x) - lane;
        const auto value = static_cast<int>(threadIdx.x);
        CHECK(__shfl_sync(~0U, value, 5) == base + 5);
        CHECK(__shfl_xor_sync(~0U, value, 12) == base + (lane ^ 12));
        CHECK(__shfl_down_sync(~0U, value, 8) == (lane < 24 ? value + 8 : value));
        CHECK(__shfl_sync(~0U, 0.5 * value, 31) == 0.5 * (base + 31));
        CHECK(__ballot_sync(~0U, lane % 3 == 0) == 0x49249249U);
    }));
}

TEST_CASE("bytes are picked as the instruction does")
{
    CHECK(__byte_perm(0x33221100U, 0x77665544U, 0x7610) == 0x77661100U);
    CHECK(__byte_perm(0x33221100U, 0x77665544U, 0x0123) == 0x00112233U);
}

TEST_CASE("matrix instructions agree with plain loops over the fragments' documentation")
{
    std::mt19937 random(3);
    constexpr int kWords = 6;
    std::array<std::array<std::uint32_t, kWords>, 32> words{};
    for (auto& lane : words)
        for (auto& word : lane)
            word = randomWord(random);
    // [row][byte] of a and [column][byte] of b, as they lie in the lanes
    std::array<std::array<std::uint8_t, 32>, 16> a{};
    std::array<std::array<std::uint8_t, 32>, 8> b{};
    for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned byte = 0; byte < 4; ++byte) {
            const unsigned g = lane / 4;
            const unsigned col = lane % 4 * 4 + byte;
            const auto of = [&](int word) {
                return static_cast<std::uint8_t>(words[lane][static_cast<std::size_t>(word)] >>
                                                 (8 * byte));
            };
            a[g][col] = of(0);
            a[g + 8][col] = of(1);
            a[g][16 + col] = of(2);
            a[g + 8][16 + col] = of(3);
            b[g][col] = of(4);
            b[g][16 + col] = of(5);
        }
    std::array<std::array<int, 4>, 32> numbers{};
    std::array<std::array<int, 4>, 32> bits{};
    REQUIRE(run(1, 32, 0, [&] {
        const auto& w = words[threadIdx.x];
        for (int times = 0; times < 2; ++times) { // they add
            mmaU8S8(numbers[threadIdx.x].data(), w[0], w[1], w[2], w[3], w[4], w[5]);
            mmaBits(bits[threadIdx.x].data(), w[0], w[1], w[2], w[3], w[4], w[5]);
        }
    }));
    for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned i = 0; i < 4; ++i) {
            const unsigned row = lane / 4 + i / 2 * 8;
            const unsigned column = lane % 4 * 2 + i % 2;
            int product = 0;
            int common = 0;
            for (unsigned k = 0; k < 32; ++k) {
                product += int{a[row][k]} * static_cast<std::int8_t>(b[column][k]);
                common += std::popcount(static_cast<unsigned>(a[row][k] & b[column][k]));
            }
            CHECK(numbers[lane][i] == 2 * product);
            CHECK(bits[lane][i] == 2 * common);
        }
}

TEST_CASE("the matrix instruction of halves")
{
    std::array<std::array<float, 4>, 32> sums{};
    // a[row][k] = row + 1 for k = row, else 0; b[k][column] = 8 k + column: the product is a row of
    // b times row + 1
    REQUIRE(run(1, 32, 0, [&] {
        const unsigned g = threadIdx.x / 4;
        const unsigned t = threadIdx.x % 4;
        const auto pair = [](float low, float high) {
            return toHalf(low).bits | std::uint32_t{toHalf(high).bits} << 16;
        };
        const auto ofA = [&](unsigned row, unsigned k) {
            return row == k ? static_cast<float>(row + 1) : 0.0F;
        };
        const auto ofB = [&](unsigned k) { return static_cast<float>(8 * k + g); };
        const auto wordA = [&](unsigned row, unsigned k) {
            return pair(ofA(row, k), ofA(row, k + 1));
        };
        mmaF16(sums[threadIdx.x].data(), wordA(g, 2 * t), wordA(g + 8, 2 * t), wordA(g, 8 + 2 * t),
               wordA(g + 8, 8 + 2 * t), pair(ofB(2 * t), ofB(2 * t + 1)),
               pair(ofB(8 + 2 * t), ofB(9 + 2 * t)));
    }));
    for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned i = 0; i < 4; ++i) {
            const unsigned row = lane / 4 + i / 2 * 8;
            CHECK(sums[lane][i] ==
                  static_cast<float>((row + 1) * (8 * row + lane % 4 * 2 + i % 2)));
        }
}

TEST_CASE("atomics count, and a counter goes round")
{
    int sum = 0;
    unsigned turns = 0;
    REQUIRE(run(3, 50, 0, [&] {
        atomicAdd(&sum, 2);
        atomicInc(&turns, 99);
    }));
    CHECK(sum == 300);
    CHECK(turns == 50);
}

TEST_CASE("a full device says how much it wanted and has, and gets back what is given up")
{
    const auto stream = Stream::create();
    REQUIRE(stream);
    emulation::setDeviceMemory(1000);
    {
        const auto first = Buffer::create(600, stream.value());
        REQUIRE(first);
        const auto second = Buffer::create(500, stream.value());
        REQUIRE_FALSE(second);
        CHECK(second.error().code == ErrorCode::Memory);
        CHECK(second.error().message.find("500 bytes: 400 of 1000") != std::string::npos);
    }
    CHECK(emulation::usedDeviceMemory() == 0);
    CHECK(Buffer::create(1000, stream.value()));
    emulation::setDeviceMemory(std::uint64_t{1} << 40);
}

TEST_CASE("a graph does its work at each launch")
{
    const auto stream = Stream::create();
    REQUIRE(stream);
    int times = 0;
    const auto graph = Graph::record(stream.value(), [&times]() -> Result<void> {
        ++times;
        return {};
    });
    REQUIRE(graph);
    CHECK(times == 0);
    REQUIRE(graph.value().launch(stream.value()));
    REQUIRE(graph.value().launch(stream.value()));
    CHECK(times == 2);
}

#ifdef __SANITIZE_ADDRESS__
namespace {

/// Whether the program is ended by a report when it does that.
bool diesOf(const std::function<void()>& work)
{
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

} // namespace

TEST_CASE("reading behind shared and behind device memory ends the program")
{
    volatile int sink = 0;
    const auto reads = [&](unsigned at) {
        return [&sink, at] {
            static_cast<void>(run(1, 32, 32 * sizeof(int),
                                  [&sink, at] { sink = sharedRoom<int>()[threadIdx.x + at]; }));
        };
    };
    CHECK_FALSE(diesOf(reads(0)));
    CHECK(diesOf(reads(1)));
    const auto stream = Stream::create();
    REQUIRE(stream);
    const auto buffer = Buffer::create(100, stream.value());
    REQUIRE(buffer);
    const auto readsDevice = [&](std::size_t at) {
        return [&sink, &buffer, at] {
            static_cast<void>(run(1, 1, 0, [&] { sink = buffer.value().as<char>()[at]; }));
        };
    };
    CHECK_FALSE(diesOf(readsDevice(99)));
    CHECK(diesOf(readsDevice(100)));
}
#endif

// What events hold back. A card would show a mistake in them now and then; the paces show it always.

namespace {

/// What a stream reads that another one writes to: 1 before, 2 after it. `holds`: the reader waits
/// for the writer.
int readBehindWriter(emulation::Pace pace, bool holds)
{
    emulation::setPace(pace);
    int read = 0;
    {
        const Stream writer = bs::test::got(Stream::create());
        const Stream reader = bs::test::got(Stream::create());
        Event written = bs::test::got(Event::create());
        const Buffer from = bs::test::got(Buffer::create(sizeof(int), writer));
        CHECK(fillBytes(from.as<void>(), 1, sizeof(int), writer));
        CHECK(writer.wait());
        CHECK(fillBytes(from.as<void>(), 2, sizeof(int), writer));
        CHECK(written.record(writer));
        if (holds) CHECK(written.holdBack(reader));
        CHECK(copyToHost(&read, from.as<void>(), sizeof(int), reader));
        CHECK(reader.wait());
        CHECK(writer.wait());
    }
    emulation::setPace(emulation::Pace::AtOnce);
    return read & 0xFF;
}

/// The same where the writer must not come before the reader has read.
int readBeforeWriter(emulation::Pace pace, bool holds)
{
    emulation::setPace(pace);
    int read = 0;
    {
        const Stream writer = bs::test::got(Stream::create());
        const Stream reader = bs::test::got(Stream::create());
        Event done = bs::test::got(Event::create());
        const Buffer from = bs::test::got(Buffer::create(sizeof(int), reader));
        CHECK(fillBytes(from.as<void>(), 1, sizeof(int), reader));
        CHECK(reader.wait());
        CHECK(copyToHost(&read, from.as<void>(), sizeof(int), reader));
        CHECK(done.record(reader));
        if (holds) CHECK(done.holdBack(writer));
        CHECK(fillBytes(from.as<void>(), 2, sizeof(int), writer));
        CHECK(reader.wait());
        CHECK(writer.wait());
    }
    emulation::setPace(emulation::Pace::AtOnce);
    return read & 0xFF;
}

} // namespace

TEST_CASE("a stream that does not wait for another one reads what was there before")
{
    using emulation::Pace;
    for (const Pace pace : {Pace::AtOnce, Pace::Late, Pace::OthersFirst})
        CHECK(readBehindWriter(pace, true) == 2);
    CHECK(readBehindWriter(Pace::Late, false) == 1);
}

TEST_CASE("a stream that is not held back writes over what another one is about to read")
{
    using emulation::Pace;
    for (const Pace pace : {Pace::AtOnce, Pace::Late, Pace::OthersFirst})
        CHECK(readBeforeWriter(pace, true) == 1);
    CHECK(readBeforeWriter(Pace::OthersFirst, false) != 1);
}

TEST_CASE("pinned memory that is written before its copy is done spoils it, other memory does not")
{
    emulation::setPace(emulation::Pace::Late);
    {
        const Stream stream = bs::test::got(Stream::create());
        const Buffer to = bs::test::got(Buffer::create(2 * sizeof(int), stream));
        const PinnedMemory pinned = bs::test::got(PinnedMemory::create(sizeof(int)));
        int plain = 1;
        *pinned.as<int>() = 1;
        CHECK(copyToDevice(to.as<int>(), &plain, sizeof(int), stream));
        CHECK(copyToDevice(to.as<int>() + 1, pinned.as<int>(), sizeof(int), stream));
        plain = *pinned.as<int>() = 2;
        std::array<int, 2> arrived{};
        CHECK(copyToHost(arrived.data(), to.as<int>(), 2 * sizeof(int), stream));
        CHECK(stream.wait());
        CHECK(arrived == std::array<int, 2>{1, 2});
    }
    emulation::setPace(emulation::Pace::AtOnce);
}

TEST_CASE("work that fails says so when its stream is waited for, and what was behind it is left out")
{
    emulation::setPace(emulation::Pace::Late);
    {
        const Stream stream = bs::test::got(Stream::create());
        int done = 0;
        CHECK(emulation::queue(stream.handle(), [&]() -> Result<void> {
            ++done;
            return Error{ErrorCode::Internal, "planted"};
        }));
        CHECK(emulation::queue(stream.handle(), [&]() -> Result<void> {
            ++done;
            return {};
        }));
        CHECK(done == 0);
        const auto waited = stream.wait();
        REQUIRE(!waited);
        CHECK(waited.error().message == "planted");
        CHECK(done == 1);
    }
    emulation::setPace(emulation::Pace::AtOnce);
}
