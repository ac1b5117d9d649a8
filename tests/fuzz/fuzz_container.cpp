#include "core/base/arena.h"
#include "core/formats/container.h"
#include "tests/fuzz/memory_file.h"

/// Opens a container, asks for plans and sizes, and loads every block as an engine would.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    static bs::test::MemoryFile file;
    file.fill(data, size);
    const auto result = bs::openContainer(file.path());
    if (!result)
        return 0;
    const bs::Container& container = result.value();
    const std::uint64_t smallest = bs::fileBytesOf(container, bs::smallestPlan(container));
    const std::uint64_t largest = bs::fileBytesOf(container, bs::largestPlan(container));
    if (smallest > largest || bs::planForBudget(container, largest).value() != bs::largestPlan(container))
        std::abort();
    const auto plan = bs::planForBudget(container, smallest + (largest - smallest) / 2);
    if (!plan || !bs::checkPlan(container.stack, plan.value()))
        std::abort();
    auto arena = bs::Arena::reserve(container.file->size());
    if (!arena)
        std::abort();
    for (const auto& blocks : container.blocks)
        for (const bs::ContainerBlock& block : blocks) {
            for (const bs::ByteRange& range : block.ranges)
                if (!arena.value().load(*container.file, range.offset, range.bytes))
                    std::abort();
            static_cast<void>(bs::checksumOf(block, arena.value().data()));
            for (const bs::ByteRange& range : block.ranges)
                arena.value().drop(range.offset, range.bytes);
        }
    if (arena.value().residentBytes() != 0)
        std::abort();
    return 0;
}
