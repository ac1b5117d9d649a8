#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bs::jinja {

Result<NodePtr> Parser::primary()
{
    if (now().type == TokenType::String) return stringLiteral();
    if (now().type == TokenType::Integer || now().type == TokenType::Float) return numberLiteral();
    if (now().type == TokenType::Name) return literal();
    if (skipOperator("[")) return listLiteral("]");
    if (skipOperator("(")) return parenthesized();
    if (skipOperator("{")) return dictLiteral();
    return wrong(now().text.empty() ? "an expression is missing"
                                    : "unexpected \"" + printable(now().text) + "\"");
}

/// A variable, or one of the constants.
Result<NodePtr> Parser::literal()
{
    NodePtr node = make(NodeKind::Literal, now().text);
    next();
    if (node->text == "true" || node->text == "True")
        node->value = Value(true);
    else if (node->text == "false" || node->text == "False")
        node->value = Value(false);
    else if (node->text == "none" || node->text == "None")
        node->value = Value(None{});
    else
        node->kind = NodeKind::Name;
    return node;
}

Result<NodePtr> Parser::stringLiteral()
{
    NodePtr node = make(NodeKind::Literal);
    std::string text;
    for (; now().type == TokenType::String; next())
        text += now().text;
    node->value = Value(std::make_shared<const std::string>(std::move(text)));
    return node;
}

Result<NodePtr> Parser::numberLiteral()
{
    NodePtr node = make(NodeKind::Literal);
    const std::string& text = now().text;
    const char* end = text.data() + text.size();
    std::int64_t whole = 0;
    double number = 0;
    if (now().type == TokenType::Integer &&
        std::from_chars(text.data(), end, whole).ec == std::errc())
        node->value = Value(whole);
    else if (now().type == TokenType::Float &&
             std::from_chars(text.data(), end, number).ec == std::errc())
        node->value = Value(number);
    else
        return wrong("the number " + printable(text) + " is too large");
    next();
    return node;
}

/// The items after the opening bracket.
Result<NodePtr> Parser::listLiteral(std::string_view closing)
{
    NodePtr node = make(NodeKind::ListLiteral);
    while (!skipOperator(closing)) {
        BS_TRY(NodePtr item, expression());
        BS_CHECK(add(*node, std::move(item)));
        if (!isOperator(closing)) BS_CHECK(expectOperator(","));
    }
    return node;
}

Result<NodePtr> Parser::parenthesized()
{
    if (isOperator(")")) {
        BS_TRY(NodePtr none, listLiteral(")"));
        none->text = "tuple";
        return none;
    }
    BS_TRY(NodePtr value, expression());
    if (skipOperator(")")) return value;
    BS_CHECK(expectOperator(","));
    BS_TRY(NodePtr others, listLiteral(")"));
    NodePtr node = make(NodeKind::ListLiteral, "tuple");
    BS_CHECK(add(*node, std::move(value)));
    for (NodePtr& other : others->children)
        BS_CHECK(add(*node, std::move(other)));
    return node;
}

Result<NodePtr> Parser::dictLiteral()
{
    NodePtr node = make(NodeKind::DictLiteral);
    while (!skipOperator("}")) {
        BS_TRY(NodePtr key, expression());
        BS_CHECK(add(*node, std::move(key)));
        BS_CHECK(expectOperator(":"));
        BS_TRY(NodePtr value, expression());
        BS_CHECK(add(*node, std::move(value)));
        if (!isOperator("}")) BS_CHECK(expectOperator(","));
    }
    return node;
}

Result<NodePtr> Parser::postfix(NodePtr object)
{
    while (true) {
        if (skipOperator(".")) {
            BS_TRY(object, attribute(std::move(object)));
        } else if (skipOperator("[")) {
            BS_TRY(object, subscript(std::move(object)));
        } else if (skipOperator("(")) {
            BS_TRY(object, call(std::move(object)));
        } else {
            return object;
        }
    }
}

Result<NodePtr> Parser::attribute(NodePtr object)
{
    if (now().type == TokenType::Integer) {
        BS_TRY(NodePtr index, numberLiteral());
        return pair(NodeKind::Index, {}, std::move(object), std::move(index));
    }
    NodePtr node = make(NodeKind::Attribute);
    BS_TRY(node->text, expectName());
    BS_CHECK(add(*node, std::move(object)));
    return node;
}

Result<NodePtr> Parser::subscript(NodePtr object)
{
    NodePtr node = make(NodeKind::Index);
    BS_CHECK(add(*node, std::move(object)));
    const auto part = [this, &node]() -> Result<void> {
        NodePtr value = make(NodeKind::Absent);
        if (!isOperator(":") && !isOperator("]")) {
            BS_TRY(value, expression());
        }
        return add(*node, std::move(value));
    };
    BS_CHECK(part());
    if (isOperator("]") && node->children.back()->kind == NodeKind::Absent)
        return wrong("an index is missing");
    for (int colons = 0; colons < 2 && skipOperator(":"); ++colons) {
        node->kind = NodeKind::Slice;
        BS_CHECK(part());
    }
    while (node->kind == NodeKind::Slice && node->children.size() < 4)
        BS_CHECK(add(*node, make(NodeKind::Absent)));
    BS_CHECK(expectOperator("]"));
    return node;
}

Result<NodePtr> Parser::call(NodePtr callee)
{
    NodePtr node = make(NodeKind::Call);
    BS_CHECK(add(*node, std::move(callee)));
    BS_CHECK(arguments(*node));
    return node;
}

/// What follows the opening bracket of a call.
Result<void> Parser::arguments(Node& node)
{
    while (!skipOperator(")")) {
        const Token& following = ahead(1);
        const bool named = now().type == TokenType::Name && following.type == TokenType::Operator &&
                           following.text == "=";
        if (named) {
            node.names.push_back(now().text);
            next();
            next();
        } else if (!node.names.empty()) {
            return wrong("an argument without a name after one with a name");
        }
        BS_TRY(NodePtr value, expression());
        BS_CHECK(add(node, std::move(value)));
        if (!isOperator(")")) BS_CHECK(expectOperator(","));
    }
    return {};
}

Result<NodePtr> Parser::filtersAndTests(NodePtr input)
{
    while (true) {
        if (skipOperator("|")) {
            BS_TRY(input, filter(std::move(input)));
        } else if (skipName("is")) {
            BS_TRY(input, test(std::move(input)));
        } else if (skipOperator("(")) {
            BS_TRY(input, call(std::move(input)));
        } else {
            return input;
        }
    }
}

/// What follows `|`.
Result<NodePtr> Parser::filter(NodePtr input)
{
    NodePtr node = make(NodeKind::Filter);
    BS_TRY(node->text, expectName());
    BS_CHECK(add(*node, std::move(input)));
    if (skipOperator("(")) BS_CHECK(arguments(*node));
    return node;
}

/// What follows `is`. An argument without brackets may be a constant, a list or a variable.
Result<NodePtr> Parser::test(NodePtr input)
{
    const bool negated = skipName("not");
    NodePtr node = make(NodeKind::Test);
    BS_TRY(node->text, expectName());
    BS_CHECK(add(*node, std::move(input)));
    constexpr std::array<std::string_view, 5> notArguments = {"else", "or", "and", "is", "if"};
    const bool startsValue = now().type == TokenType::String || now().type == TokenType::Integer ||
                             now().type == TokenType::Float || isOperator("[") ||
                             (now().type == TokenType::Name &&
                              std::ranges::find(notArguments, now().text) == notArguments.end() &&
                              !isName("not") && !isName("in"));
    if (skipOperator("(")) {
        BS_CHECK(arguments(*node));
    } else if (startsValue) {
        BS_TRY(NodePtr value, primary());
        BS_TRY(value, postfix(std::move(value)));
        BS_CHECK(add(*node, std::move(value)));
    }
    if (!negated) return node;
    NodePtr inverse = make(NodeKind::Not);
    BS_CHECK(add(*inverse, std::move(node)));
    return inverse;
}

} // namespace bs::jinja
