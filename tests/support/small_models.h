#pragma once

#include "tests/support/gguf_builder.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

// Models of one layer, eight wide, with twelve tokens, in every form that is opened, so that a test
// can break a piece of one. All weights are zero.

namespace bs::test {

/// Bytes by file name.
using Files = std::map<std::string, std::string>;

/// A safetensors file with the header as it stands, whatever it says.
std::string safetensorsOf(const std::string& header, std::size_t dataBytes = 0);

/// A Hugging Face folder: config.json, model.safetensors, tokenizer.json, tokenizer_config.json.
/// `change` gets the config.
Files smallFolder(const std::function<void(nlohmann::json&)>& change = {});
/// The same with the tensors in two files and an index, which `change` gets.
Files smallShards(const std::function<void(nlohmann::json&)>& change = {});
/// A tokenizer.json of twelve tokens, `a` to `h`, "ab", "abc" and two special ones.
nlohmann::json smallTokenizer();

/// A GGUF file with the same tensors and vocabulary. `change` may add to it before it is put
/// together; `vocabulary` gets "model", "tokens", "types", "merges", "eos" (or null) and "rows",
/// those of the embedding.
std::string smallGguf(const std::function<void(GgufBuilder&)>& change = {},
                      const std::function<void(nlohmann::json&)>& vocabulary = {});

/// A checkpoint folder of the BitStack authors: two blocks of rank 2 for each matrix, loaded one
/// after another. `change` gets the steps of compression_config.json. With `shards` > 1 the tensors
/// are dealt to so many files with an index.
Files smallAuthors(const std::function<void(nlohmann::json&)>& change = {}, std::size_t shards = 1);
/// The same without a tensor, or with a tensor of other shape and dtype in its place.
Files smallAuthorsWith(const std::string& tensor, const std::string& dtype,
                       const std::vector<std::uint64_t>& shape);

} // namespace bs::test
