#pragma once

#include "core/tokenizer/jinja/ast.h"
#include "core/tokenizer/jinja/lexer.h"

#include <initializer_list>
#include <string_view>

namespace bs::jinja {

/// Makes the tree of a template. Understands for (with else and if), if, set (also as a block),
/// break, continue, macro, filter, generation, and expressions. Not: call, include, import,
/// extends, block, raw, with. Errors: Format ("line N: ...").
class Parser
{
public:
    explicit Parser(std::vector<Token> tokens)
        : m_tokens(std::move(tokens))
    {
    }
    Result<NodePtr> parse();

private:
    using Names = std::initializer_list<std::string_view>;

    // blocks and what is in them (parser.cpp)
    Result<NodePtr> block(Names endings);
    Result<NodePtr> statement();
    Result<NodePtr> output();
    Result<void> endTag(std::string_view name);
    Result<void> expect(TokenType type, std::string_view what);

    // statements (statement_parser.cpp)
    Result<NodePtr> ifStatement();
    Result<NodePtr> forStatement();
    Result<NodePtr> setStatement();
    Result<NodePtr> generationStatement();
    Result<NodePtr> macroStatement();
    Result<NodePtr> filterStatement();

    // expressions, loosest first (expression_parser.cpp)
    Result<NodePtr> expression();
    Result<NodePtr> withoutConditional();
    Result<NodePtr> orExpression();
    Result<NodePtr> andExpression();
    Result<NodePtr> notExpression();
    Result<NodePtr> comparison();
    Result<NodePtr> sum();
    Result<NodePtr> concatenation();
    Result<NodePtr> product();
    Result<NodePtr> unary(bool withFilters = true);

    // their smallest parts (primary_parser.cpp)
    Result<NodePtr> primary();
    Result<NodePtr> literal();
    Result<NodePtr> stringLiteral();
    Result<NodePtr> numberLiteral();
    Result<NodePtr> listLiteral(std::string_view closing);
    Result<NodePtr> parenthesized();
    Result<NodePtr> dictLiteral();
    Result<NodePtr> postfix(NodePtr object);
    Result<NodePtr> attribute(NodePtr object);
    Result<NodePtr> subscript(NodePtr object);
    Result<NodePtr> call(NodePtr callee);
    Result<void> arguments(Node& node);
    Result<NodePtr> filtersAndTests(NodePtr input);
    Result<NodePtr> filter(NodePtr input);
    Result<NodePtr> test(NodePtr input);

    const Token& now() const { return m_tokens[m_at]; }
    const Token& ahead(std::size_t count) const;
    void next();
    bool isOperator(std::string_view symbol) const;
    bool isName(std::string_view name) const;
    bool skipOperator(std::string_view symbol);
    bool skipName(std::string_view name);
    Result<void> expectOperator(std::string_view symbol);
    Result<std::string> expectName();
    Error wrong(const std::string& what) const;
    NodePtr make(NodeKind kind, std::string text = {}) const;
    /// Adds a child. Errors: Format (deeper than a sensible template).
    Result<void> add(Node& parent, NodePtr child) const;
    Result<NodePtr> pair(NodeKind kind, std::string text, NodePtr left, NodePtr right) const;

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    int m_nesting = 0; // calls of expression() and block() inside one another
    int m_loops = 0;
};

} // namespace bs::jinja
