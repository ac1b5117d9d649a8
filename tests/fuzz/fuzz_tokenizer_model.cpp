#include "tests/fuzz/tokenizer_checks.h"

#include <algorithm>

/// The length of a text (1 byte), the text, a SentencePiece tokenizer.model.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    if (size == 0)
        return 0;
    const std::size_t length = std::min<std::size_t>(data[0], size - 1);
    const std::string text(data + 1, data + 1 + length);
    const std::string model(data + 1 + length, data + size);
    const auto spec = bs::tokenizerSpecFromSentencePiece(model, "");
    if (spec)
        bs::test::useTokenizer(spec.value(), text);
    return 0;
}
