#pragma once

#include "core/tokenizer/jinja/ast.h"
#include "core/tokenizer/jinja/builtins.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace bs::jinja {

using Variables = std::unordered_map<std::string, Value>;

/// The error with the node's line before it, unless it has one.
Error withLine(Error error, const Node& node);

/// Runs a template's tree, which must outlive it. Used once.
class Evaluator
{
public:
    Evaluator(Variables variables, Work& work);
    /// The text the template makes. Errors: Format ("line N: ...").
    Result<std::string> run(const Node& root);

private:
    enum class Flow { On, Break, Continue };

    Result<Flow> execute(const Node& node);
    Result<Flow> executeInner(const Node& node);
    Result<Flow> executeBlock(const Node& node);
    Result<Flow> executeIf(const Node& node);
    Result<Flow> executeFor(const Node& node);
    Result<Flow> executeRound(const Node& node, const ListBox& items, std::size_t at);
    Result<Flow> executeSet(const Node& node);
    Result<Flow> executeSetBlock(const Node& node);
    Result<Flow> executeScope(const Node& block);
    Result<Flow> executeMacro(const Node& node);
    Result<Flow> executeFilterBlock(const Node& node);
    /// What the block prints, as a text; its variables stay inside.
    Result<Value> capture(const Node& block);
    Result<List> loopItems(const Node& node);
    Result<void> bindLoopNames(const Node& node, const Value& item);
    Result<void> print(const Value& value);

    /// evaluate() with the line put before the error; for statements.
    Result<Value> evaluateAt(const Node& node);
    Result<Value> evaluate(const Node& node);
    Result<Value> evaluateInner(const Node& node);
    Result<Value> evaluateName(const Node& node);
    Result<Value> evaluateList(const Node& node);
    Result<Value> evaluateDict(const Node& node);
    Result<Value> evaluateAccess(const Node& node);
    Result<Value> evaluateSlice(const Node& node);
    Result<Value> evaluateCall(const Node& node);
    Result<Value> callMacro(const Node& macro, const Arguments& arguments);
    Result<void> bindParameters(const Node& macro, const Arguments& arguments);
    Result<Value> evaluateCompare(const Node& node);
    Result<Value> evaluateLogic(const Node& node);
    Result<Value> evaluateOperation(const Node& node);
    Result<Arguments> evaluateArguments(const Node& node, bool withFirst);

    Result<void> enter();

    std::vector<Variables> m_scopes; // innermost last
    std::size_t m_frame = 1; // first scope of the running macro; the outermost is always seen
    int m_depth = 0;
    Work& m_work;
    std::string m_output;
};

} // namespace bs::jinja
