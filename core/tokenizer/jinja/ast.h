#pragma once

#include "core/tokenizer/jinja/value.h"

#include <memory>
#include <string>
#include <vector>

namespace bs::jinja {

enum class NodeKind {
    // Expressions; children in brackets, `text` after a colon.
    Literal,     ///< value
    Name,        ///< : variable
    ListLiteral, ///< [items] : "tuple" or nothing
    DictLiteral, ///< [key, value, key, value, ...]
    Attribute,   ///< [object] : name
    Index,       ///< [object, index]
    Slice,       ///< [object, start, stop, step], Absent where left out
    Absent,
    Call,        ///< [callee, arguments...], names of the last ones in `names`
    Filter,      ///< [input, arguments...] : filter
    Test,        ///< [input, arguments...] : test
    Not,         ///< [operand]
    Negate,      ///< [operand]
    And,         ///< [left, right]
    Or,          ///< [left, right]
    Binary,      ///< [left, right] : + - * / // %
    Concat,      ///< [left, right]
    Compare,     ///< [first, second, ...], between them `names`: == != < <= > >= in, not in
    Conditional, ///< [then, condition, otherwise or Absent]
    // Statements.
    Block,       ///< [statements]
    Data,        ///< value: text
    Output,      ///< [expression]
    If,          ///< [condition, block, condition, block, ..., else block]
    For,         ///< [list, condition or Absent, body, else block], loop variables in `names`
    Set,         ///< [value] : variable, names[0] the attribute of a namespace
    SetBlock,    ///< [block] : variable
    Scope,       ///< [block], whose variables stay inside
    Macro,       ///< [block, defaults of the last parameters...] : macro, parameters in `names`
    FilterBlock, ///< [filters over the variable without a name, block]
    Break,
    Continue,
};

/// A part of a template. `depth` is bounded (Parser), so that walks may recurse.
struct Node
{
    NodeKind kind = NodeKind::Absent;
    int line = 0;
    int depth = 1;
    std::string text;
    Value value;
    std::vector<std::string> names;
    std::vector<std::unique_ptr<Node>> children;

    const Node& child(std::size_t index) const { return *children[index]; }
};

using NodePtr = std::unique_ptr<Node>;

} // namespace bs::jinja
