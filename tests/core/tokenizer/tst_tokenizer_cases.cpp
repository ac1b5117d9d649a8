#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "small_tokenizers.h"

// 1,000 random texts for each of eleven small tokenizers that tests/data/make_tokenizer_cases.py
// made, as PyPI's tokenizers and sentencepiece turn them into ids.

using namespace bs;
using namespace bs::test;
using nlohmann::json;

namespace {

/// "count:hash", as the script writes it.
std::string packed(const std::vector<std::int32_t>& ids)
{
    std::uint32_t hash = 0x811C9DC5U;
    for (const std::int32_t id : ids)
        for (unsigned byte = 0; byte < 4; ++byte)
            hash = (hash ^ ((static_cast<std::uint32_t>(id) >> (8 * byte)) & 0xFFU)) * 0x01000193U;
    std::ostringstream text;
    text << ids.size() << ':' << std::hex;
    text.width(8);
    text.fill('0');
    text << hash;
    return text.str();
}

struct Case
{
    std::shared_ptr<const Tokenizer> tokenizer;
    bool parseControl = false; ///< tokenizers finds special tokens in texts, sentencepiece does not
};

Case open(const std::string& name)
{
    // as it travels in a container
    auto stored = tokenizerSpecFromJson(toJson(smallTokenizer(name)));
    REQUIRE_MESSAGE(stored, (stored ? std::string() : stored.error().message));
    auto made = Tokenizer::create(std::move(stored).value());
    REQUIRE_MESSAGE(made, (made ? std::string() : made.error().message));
    return {made.value(), isHuggingFace(name)};
}

} // namespace

TEST_CASE("random texts have the ids that tokenizers and sentencepiece give them")
{
    const json texts = json::parse(contents(kTokenizers / "texts.json"));
    const json wanted = json::parse(contents(kTokenizers / "ids.json"));
    CHECK(texts.size() == 1000);
    CHECK(wanted.size() == 11);
    for (const auto& [name, list] : wanted.items()) {
        const Case of = open(name);
        std::istringstream words(list.get<std::string>());
        std::size_t wrong = 0;
        for (const json& text : texts) {
            std::string word;
            words >> word;
            const std::vector<std::int32_t> ids =
                of.tokenizer->encode(text.get<std::string>(), of.parseControl);
            if (packed(ids) == word) continue;
            if (++wrong > 3) // the first ones tell enough
                continue;
            std::string found;
            for (const std::int32_t id : ids)
                found += std::to_string(id) + " (" + of.tokenizer->piece(id, true) + ") ";
            MESSAGE(name << ": " << text.dump() << " gives " << found << ", not " << word);
        }
        INFO(name);
        CHECK(wrong == 0);
    }
}
