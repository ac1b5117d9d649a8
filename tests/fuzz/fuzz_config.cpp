#include "core/model/config.h"

#include <cstdlib>
#include <string>

/// Reads a config.json; what was accepted holds together, and read again as we write it is the same model.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    const std::string json(data, data + size);
    const auto config = bs::parseHuggingFaceConfig(json);
    if (!config)
        return 0;
    if (!bs::checkConfig(config.value()))
        std::abort();
    const std::string written = bs::huggingFaceConfigText(config.value());
    const auto again = bs::parseHuggingFaceConfig(written);
    if (!again || bs::huggingFaceConfigText(again.value()) != written)
        std::abort();
    return 0;
}
