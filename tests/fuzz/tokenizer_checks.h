#pragma once

#include "core/tokenizer/tokenizer.h"

#include <cstdlib>
#include <string>

namespace bs::test {

/// What must hold of every spec that a parser accepted, for the first 300 bytes of a text: its stored form reads back as
/// itself, all ids lie in the vocabulary, and a stream of them gives the text that they decode to.
inline void useTokenizer(const TokenizerSpec& spec, const std::string& text)
{
    const std::string stored = toJson(spec);
    const auto again = tokenizerSpecFromJson(stored);
    if (again && toJson(again.value()) != stored)
        std::abort();
    const auto made = Tokenizer::create(spec);
    if (!made)
        return;
    if (!again)
        std::abort(); // a container could not hold it
    for (const bool parseControl : {false, true}) {
        const std::vector<std::int32_t> ids = made.value()->encode(text.substr(0, 300), parseControl);
        StreamDecoder stream(made.value());
        for (const std::int32_t id : ids) {
            if (id < 0 || static_cast<std::size_t>(id) >= spec.tokens.size())
                std::abort();
            static_cast<void>(stream.push(id));
        }
        static_cast<void>(stream.finish());
        static_cast<void>(made.value()->decode(ids, true));
    }
}

} // namespace bs::test
