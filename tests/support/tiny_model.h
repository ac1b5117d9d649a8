#pragma once

#include <string>

namespace bs::test {

/// Copies the tiny Llama of the reference folder ("tiny-gqa", "tiny-mha") into `folder`/`name` and
/// puts a tokenizer beside it that knows every byte and three control tokens; the folder's path.
std::string makeTinyModel(const std::string& folder, const std::string& name = "tiny",
                          const std::string& reference = "tiny-gqa");

/// English-like text of that many bytes, the same every time; a byte is a token of the tiny
/// tokenizer.
std::string tinyText(std::size_t bytes);

} // namespace bs::test
