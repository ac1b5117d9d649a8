#include "tests/fuzz/parts.h"
#include "tests/fuzz/tokenizer_checks.h"

/// A tokenizer.json, a zero byte, a tokenizer_config.json, a zero byte, a text to cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    const std::vector<std::string> parts = bs::test::partsOf(data, size, 3);
    const auto spec = bs::tokenizerSpecFromHuggingFace(parts[0], parts[1]);
    if (spec)
        bs::test::useTokenizer(spec.value(), parts[2]);
    return 0;
}
