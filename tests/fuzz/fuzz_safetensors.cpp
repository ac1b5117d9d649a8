#include "core/formats/safetensors.h"

#include "tests/fuzz/memory_file.h"

/// Reads the header, whole and as that of a cut file, and writes what was accepted again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    static bs::test::MemoryFile file;
    file.fill(data, size);
    const auto cut = bs::readSafetensors(file.path(), {.allowTruncated = true});
    const auto whole = bs::readSafetensors(file.path());
    if (whole && (!cut || cut.value().truncated))
        std::abort();
    if (!whole)
        return 0;
    for (const bs::TensorDesc& tensor : whole.value().tensors)
        if (tensor.offset > size || tensor.bytes > size - tensor.offset)
            std::abort();
    const std::string header = bs::safetensorsHeader(whole.value().tensors, whole.value().metadata, 64);
    const std::string again = header + std::string(size - whole.value().dataOffset, 'x');
    file.fill(reinterpret_cast<const std::uint8_t*>(again.data()), again.size());
    const auto reread = bs::readSafetensors(file.path());
    if (!reread || reread.value().tensors.size() != whole.value().tensors.size() ||
        reread.value().metadata != whole.value().metadata)
        std::abort();
    return 0;
}
