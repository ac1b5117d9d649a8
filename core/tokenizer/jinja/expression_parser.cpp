#include "core/tokenizer/jinja/parser.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bs::jinja {

namespace {

constexpr int kDeepestExpression = 100;
constexpr std::array<std::string_view, 6> kComparisons = {"==", "!=", "<", "<=", ">", ">="};

} // namespace

Result<NodePtr> Parser::expression()
{
    BS_TRY(NodePtr value, withoutConditional());
    while (isName("if")) {
        NodePtr node = make(NodeKind::Conditional);
        next();
        BS_TRY(NodePtr condition, orExpression());
        BS_CHECK(add(*node, std::move(value)));
        BS_CHECK(add(*node, std::move(condition)));
        NodePtr otherwise = make(NodeKind::Absent);
        if (skipName("else")) {
            if (++m_nesting > kDeepestExpression) return wrong("an expression too deep");
            BS_TRY(otherwise, expression());
            --m_nesting;
        }
        BS_CHECK(add(*node, std::move(otherwise)));
        value = std::move(node);
    }
    return value;
}

/// The list of a for statement: an `if` after it is the loop's.
Result<NodePtr> Parser::withoutConditional()
{
    if (++m_nesting > kDeepestExpression) return wrong("an expression too deep");
    BS_TRY(NodePtr value, orExpression());
    --m_nesting;
    return value;
}

Result<NodePtr> Parser::orExpression()
{
    BS_TRY(NodePtr left, andExpression());
    while (skipName("or")) {
        BS_TRY(NodePtr right, andExpression());
        BS_TRY(left, pair(NodeKind::Or, {}, std::move(left), std::move(right)));
    }
    return left;
}

Result<NodePtr> Parser::andExpression()
{
    BS_TRY(NodePtr left, notExpression());
    while (skipName("and")) {
        BS_TRY(NodePtr right, notExpression());
        BS_TRY(left, pair(NodeKind::And, {}, std::move(left), std::move(right)));
    }
    return left;
}

Result<NodePtr> Parser::notExpression()
{
    int count = 0;
    while (skipName("not"))
        ++count;
    BS_TRY(NodePtr value, comparison());
    for (; count > 0; --count) {
        NodePtr node = make(NodeKind::Not);
        BS_CHECK(add(*node, std::move(value)));
        value = std::move(node);
    }
    return value;
}

Result<NodePtr> Parser::comparison()
{
    NodePtr node = make(NodeKind::Compare);
    BS_TRY(NodePtr first, sum());
    BS_CHECK(add(*node, std::move(first)));
    while (true) {
        if (now().type == TokenType::Operator &&
            std::ranges::find(kComparisons, now().text) != kComparisons.end())
            node->names.push_back(now().text);
        else if (isName("in"))
            node->names.emplace_back("in");
        else if (isName("not") && ahead(1).type == TokenType::Name && ahead(1).text == "in")
            node->names.emplace_back("not in");
        else
            break;
        next();
        if (node->names.back() == "not in") next();
        BS_TRY(NodePtr right, sum());
        BS_CHECK(add(*node, std::move(right)));
    }
    return node->names.empty() ? std::move(node->children[0]) : std::move(node);
}

Result<NodePtr> Parser::sum()
{
    BS_TRY(NodePtr left, concatenation());
    while (isOperator("+") || isOperator("-")) {
        std::string symbol = now().text;
        next();
        BS_TRY(NodePtr right, concatenation());
        BS_TRY(left, pair(NodeKind::Binary, std::move(symbol), std::move(left), std::move(right)));
    }
    return left;
}

Result<NodePtr> Parser::concatenation()
{
    BS_TRY(NodePtr left, product());
    while (skipOperator("~")) {
        BS_TRY(NodePtr right, product());
        BS_TRY(left, pair(NodeKind::Concat, {}, std::move(left), std::move(right)));
    }
    return left;
}

Result<NodePtr> Parser::product()
{
    BS_TRY(NodePtr left, unary());
    while (isOperator("*") || isOperator("/") || isOperator("//") || isOperator("%")) {
        std::string symbol = now().text;
        next();
        BS_TRY(NodePtr right, unary());
        BS_TRY(left, pair(NodeKind::Binary, std::move(symbol), std::move(left), std::move(right)));
    }
    return left;
}

/// A sign binds tighter than filters: -1|abs is (-1)|abs.
Result<NodePtr> Parser::unary(bool withFilters)
{
    NodePtr value;
    if (isOperator("-") || isOperator("+")) {
        const bool negative = isOperator("-");
        next();
        if (++m_nesting > kDeepestExpression) return wrong("an expression too deep");
        BS_TRY(value, unary(false));
        --m_nesting;
        if (negative) {
            NodePtr node = make(NodeKind::Negate);
            BS_CHECK(add(*node, std::move(value)));
            value = std::move(node);
        }
    } else {
        BS_TRY(value, primary());
        BS_TRY(value, postfix(std::move(value)));
    }
    if (!withFilters) return value;
    return filtersAndTests(std::move(value));
}

} // namespace bs::jinja
