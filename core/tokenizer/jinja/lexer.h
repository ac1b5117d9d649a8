#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bs::jinja {

enum class TokenType {
    Data,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End
};

struct Token
{
    TokenType type = TokenType::End;
    std::string text; ///< data, name, operator; of a string what it stands for
    int line = 1;
};

/// Cuts a template into tokens. White space around tags goes as with trim_blocks and lstrip_blocks,
/// which is how chat templates are meant; one newline at the very end goes too. Comments vanish.
/// Errors: Format ("line N: ...").
Result<std::vector<Token>> tokenize(std::string_view source);

} // namespace bs::jinja
