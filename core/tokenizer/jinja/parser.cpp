#include "core/tokenizer/jinja/parser.h"

#include "core/base/json_guard.h"

#include <algorithm>

namespace bs::jinja {

namespace {

constexpr int kDeepestTree = Limits::deepestTree;

} // namespace

Error Parser::wrong(const std::string& what) const
{
    return failure("line " + std::to_string(now().line) + ": " + what);
}

NodePtr Parser::make(NodeKind kind, std::string text) const
{
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->line = now().line;
    node->text = std::move(text);
    return node;
}

Result<void> Parser::add(Node& parent, NodePtr child) const
{
    parent.depth = std::max(parent.depth, child->depth + 1);
    parent.children.push_back(std::move(child));
    if (parent.depth > kDeepestTree)
        return wrong("more than " + std::to_string(kDeepestTree) + " levels inside one another");
    return {};
}

Result<NodePtr> Parser::pair(NodeKind kind, std::string text, NodePtr left, NodePtr right) const
{
    NodePtr node = make(kind, std::move(text));
    node->line = left->line;
    BS_CHECK(add(*node, std::move(left)));
    BS_CHECK(add(*node, std::move(right)));
    return node;
}

const Token& Parser::ahead(std::size_t count) const
{
    return m_tokens[std::min(m_at + count, m_tokens.size() - 1)];
}

void Parser::next()
{
    m_at = std::min(m_at + 1, m_tokens.size() - 1);
}

bool Parser::isOperator(std::string_view symbol) const
{
    return now().type == TokenType::Operator && now().text == symbol;
}

bool Parser::isName(std::string_view name) const
{
    return now().type == TokenType::Name && now().text == name;
}

bool Parser::skipOperator(std::string_view symbol)
{
    const bool found = isOperator(symbol);
    if (found) next();
    return found;
}

bool Parser::skipName(std::string_view name)
{
    const bool found = isName(name);
    if (found) next();
    return found;
}

Result<void> Parser::expectOperator(std::string_view symbol)
{
    if (!skipOperator(symbol))
        return wrong("expected \"" + std::string(symbol) + "\", found \"" + printable(now().text) +
                     "\"");
    return {};
}

Result<std::string> Parser::expectName()
{
    if (now().type != TokenType::Name)
        return wrong("expected a name, found \"" + printable(now().text) + "\"");
    std::string name = now().text;
    next();
    return name;
}

Result<void> Parser::expect(TokenType type, std::string_view what)
{
    if (now().type != type)
        return wrong("expected " + std::string(what) + ", found \"" + printable(now().text) + "\"");
    next();
    return {};
}

Result<NodePtr> Parser::parse()
{
    BS_TRY(NodePtr root, block({}));
    if (now().type != TokenType::End)
        return wrong("unexpected {% " + printable(ahead(1).text) + " %}");
    return root;
}

/// Statements up to {% one of the endings, of which nothing is consumed, or to the end.
Result<NodePtr> Parser::block(Names endings)
{
    if (++m_nesting > kDeepestTree)
        return wrong("more than " + std::to_string(kDeepestTree) + " levels inside one another");
    NodePtr node = make(NodeKind::Block);
    while (now().type != TokenType::End) {
        const bool tag = now().type == TokenType::BlockBegin;
        if (tag && std::ranges::find(endings, ahead(1).text) != endings.end()) break;
        if (tag && ahead(1).text.starts_with("end"))
            return wrong("unexpected {% " + printable(ahead(1).text) + " %}");
        BS_TRY(NodePtr part, statement());
        BS_CHECK(add(*node, std::move(part)));
    }
    --m_nesting;
    return node;
}

Result<NodePtr> Parser::statement()
{
    if (now().type == TokenType::Data) {
        NodePtr node = make(NodeKind::Data);
        node->value = Value(std::make_shared<const std::string>(now().text));
        next();
        return node;
    }
    if (now().type == TokenType::OutputBegin) return output();
    BS_CHECK(expect(TokenType::BlockBegin, "{%"));
    if (isName("if")) return ifStatement();
    if (isName("for")) return forStatement();
    if (isName("set")) return setStatement();
    if (isName("generation")) return generationStatement();
    if (isName("macro")) return macroStatement();
    if (isName("filter")) return filterStatement();
    if ((isName("break") || isName("continue")) && m_loops > 0) {
        NodePtr node = make(isName("break") ? NodeKind::Break : NodeKind::Continue);
        next();
        BS_CHECK(expect(TokenType::BlockEnd, "%}"));
        return node;
    }
    return wrong("{% " + printable(now().text) + " %} is not supported");
}

Result<NodePtr> Parser::output()
{
    NodePtr node = make(NodeKind::Output);
    next();
    BS_TRY(NodePtr value, expression());
    BS_CHECK(add(*node, std::move(value)));
    BS_CHECK(expect(TokenType::OutputEnd, "}}"));
    return node;
}

/// {% name %}, which block() has found to be there unless the template ended.
Result<void> Parser::endTag(std::string_view name)
{
    if (now().type == TokenType::End) return wrong("{% " + std::string(name) + " %} is missing");
    next();
    if (!skipName(name)) return wrong("expected {% " + std::string(name) + " %}");
    return expect(TokenType::BlockEnd, "%}");
}

} // namespace bs::jinja
