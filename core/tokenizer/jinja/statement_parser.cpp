#include "core/tokenizer/jinja/parser.h"

#include <utility>

namespace bs::jinja {

Result<NodePtr> Parser::ifStatement()
{
    NodePtr node = make(NodeKind::If);
    next();
    while (true) {
        BS_TRY(NodePtr condition, expression());
        BS_CHECK(add(*node, std::move(condition)));
        BS_CHECK(expect(TokenType::BlockEnd, "%}"));
        BS_TRY(NodePtr body, block({"elif", "else", "endif"}));
        BS_CHECK(add(*node, std::move(body)));
        if (ahead(1).text != "elif") break;
        next();
        next();
    }
    if (ahead(1).text == "else") {
        BS_CHECK(endTag("else"));
        BS_TRY(NodePtr otherwise, block({"endif"}));
        BS_CHECK(add(*node, std::move(otherwise)));
    }
    BS_CHECK(endTag("endif"));
    return node;
}

Result<NodePtr> Parser::forStatement()
{
    NodePtr node = make(NodeKind::For);
    next();
    do {
        BS_TRY(std::string name, expectName());
        node->names.push_back(std::move(name));
    } while (skipOperator(","));
    if (!skipName("in")) return wrong("for without in");
    BS_TRY(NodePtr list, withoutConditional());
    BS_CHECK(add(*node, std::move(list)));
    NodePtr condition = make(NodeKind::Absent);
    if (skipName("if")) {
        BS_TRY(condition, expression());
    }
    BS_CHECK(add(*node, std::move(condition)));
    if (isName("recursive")) return wrong("for ... recursive is not supported");
    BS_CHECK(expect(TokenType::BlockEnd, "%}"));
    ++m_loops;
    BS_TRY(NodePtr body, block({"else", "endfor"}));
    --m_loops;
    BS_CHECK(add(*node, std::move(body)));
    NodePtr otherwise = make(NodeKind::Block);
    if (ahead(1).text == "else") {
        BS_CHECK(endTag("else"));
        BS_TRY(otherwise, block({"endfor"}));
    }
    BS_CHECK(add(*node, std::move(otherwise)));
    BS_CHECK(endTag("endfor"));
    return node;
}

Result<NodePtr> Parser::setStatement()
{
    NodePtr node = make(NodeKind::Set);
    next();
    BS_TRY(node->text, expectName());
    if (skipOperator(".")) {
        BS_TRY(std::string attributeName, expectName());
        node->names.push_back(std::move(attributeName));
    }
    if (skipOperator("=")) {
        BS_TRY(NodePtr value, expression());
        BS_CHECK(add(*node, std::move(value)));
        BS_CHECK(expect(TokenType::BlockEnd, "%}"));
        return node;
    }
    if (!node->names.empty()) return wrong("set without =");
    node->kind = NodeKind::SetBlock;
    BS_CHECK(expect(TokenType::BlockEnd, "= or %}"));
    BS_TRY(NodePtr body, block({"endset"}));
    BS_CHECK(add(*node, std::move(body)));
    BS_CHECK(endTag("endset"));
    return node;
}

/// {% generation %} marks the model's own words for training; here it is just its content.
Result<NodePtr> Parser::generationStatement()
{
    NodePtr node = make(NodeKind::Scope);
    next();
    BS_CHECK(expect(TokenType::BlockEnd, "%}"));
    BS_TRY(NodePtr body, block({"endgeneration"}));
    BS_CHECK(add(*node, std::move(body)));
    BS_CHECK(endTag("endgeneration"));
    return node;
}

Result<NodePtr> Parser::macroStatement()
{
    NodePtr node = make(NodeKind::Macro);
    next();
    BS_TRY(node->text, expectName());
    BS_CHECK(expectOperator("("));
    std::vector<NodePtr> defaults;
    while (!skipOperator(")")) {
        BS_TRY(std::string name, expectName());
        node->names.push_back(std::move(name));
        if (skipOperator("=")) {
            BS_TRY(NodePtr value, expression());
            defaults.push_back(std::move(value));
        } else if (!defaults.empty()) {
            return wrong("a parameter without a default after one with a default");
        }
        if (!isOperator(")")) BS_CHECK(expectOperator(","));
    }
    BS_CHECK(expect(TokenType::BlockEnd, "%}"));
    const int loops = std::exchange(m_loops, 0);
    BS_TRY(NodePtr body, block({"endmacro"}));
    m_loops = loops;
    BS_CHECK(add(*node, std::move(body)));
    for (NodePtr& value : defaults)
        BS_CHECK(add(*node, std::move(value)));
    BS_CHECK(endTag("endmacro"));
    return node;
}

/// {% filter name(...)|... %}: the filters' input is the variable without a name.
Result<NodePtr> Parser::filterStatement()
{
    NodePtr node = make(NodeKind::FilterBlock);
    next();
    BS_TRY(NodePtr filters, filter(make(NodeKind::Name)));
    while (skipOperator("|")) {
        BS_TRY(filters, filter(std::move(filters)));
    }
    BS_CHECK(add(*node, std::move(filters)));
    BS_CHECK(expect(TokenType::BlockEnd, "%}"));
    BS_TRY(NodePtr body, block({"endfilter"}));
    BS_CHECK(add(*node, std::move(body)));
    BS_CHECK(endTag("endfilter"));
    return node;
}

} // namespace bs::jinja
