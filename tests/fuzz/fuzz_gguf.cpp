#include "core/formats/gguf.h"

#include "core/tensor/block_formats.h"
#include "tests/fuzz/memory_file.h"

#include <vector>

/// Reads the header; dequantises the start of every tensor of a file that was accepted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    static bs::test::MemoryFile file;
    file.fill(data, size);
    const auto result = bs::readGguf(file.path());
    if (!result)
        return 0;
    for (const bs::TensorDesc& tensor : result.value().tensors) {
        const bs::DTypeInfo& info = bs::infoOf(tensor.dtype);
        if (!bs::isWeightType(tensor.dtype) || tensor.bytes < info.blockBytes)
            continue;
        std::vector<std::byte> block(info.blockBytes);
        std::vector<float> values(info.blockElements);
        if (!result.value().file->readAt(tensor.offset, block))
            std::abort(); // what was accepted lies inside the file
        bs::toFloat(tensor.dtype, block.data(), info.blockElements, values.data());
    }
    return 0;
}
