#pragma once

#include "core/base/file.h"
#include "core/tokenizer/tokenizer.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace bs::test {

/// The small tokenizers that tests/data/make_tokenizer_cases.py made, with texts and their ids.
inline const std::filesystem::path kTokenizers =
    std::filesystem::path(BS_TEST_DATA_DIR) / "tokenizers";

inline std::string contents(const std::filesystem::path& path)
{
    auto text = readTextFile(path.string());
    REQUIRE_MESSAGE(text, (text ? std::string() : text.error().message));
    return std::move(text).value();
}

/// Whether it is a tokenizer.json; the others are tokenizer.model.
inline bool isHuggingFace(const std::string& name)
{
    return std::filesystem::exists(kTokenizers / name / "tokenizer.json");
}

inline TokenizerSpec smallTokenizer(const std::string& name)
{
    const std::filesystem::path folder = kTokenizers / name;
    auto spec = isHuggingFace(name)
                    ? tokenizerSpecFromHuggingFace(contents(folder / "tokenizer.json"), "")
                    : tokenizerSpecFromSentencePiece(contents(folder / "tokenizer.model"), "");
    REQUIRE_MESSAGE(spec, (spec ? std::string() : spec.error().message));
    return std::move(spec).value();
}

} // namespace bs::test
