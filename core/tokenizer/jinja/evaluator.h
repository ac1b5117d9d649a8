#pragma once

#include "core/tokenizer/jinja/ast.h"
#include "core/tokenizer/jinja/builtins.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace bs::jinja {

using Variables = std::unordered_map<std::string, Value>;

/// Runs a template's tree. Used once.
class Evaluator
{
public:
    Evaluator(Variables variables, Work& work);
    /// The text the template makes. Errors: Format ("line N: ...").
    Result<std::string> run(const Node& root);

private:
    enum class Flow { On, Break, Continue };

    Result<Flow> execute(const Node& node);
    Result<Flow> executeBlock(const Node& node);
    Result<Flow> executeIf(const Node& node);
    Result<Flow> executeFor(const Node& node);
    Result<Flow> executeRound(const Node& node, const std::vector<Value>& items, std::size_t at);
    Result<Flow> executeSet(const Node& node);
    Result<Flow> executeSetBlock(const Node& node);
    Result<std::vector<Value>> loopItems(const Node& node);
    Result<void> bindLoopNames(const Node& node, const Value& item);
    Result<void> print(const Value& value);

    /// evaluate() with the line put before the error; for statements.
    Result<Value> evaluateAt(const Node& node);
    Result<Value> evaluate(const Node& node);
    Result<Value> evaluateName(const Node& node);
    Result<Value> evaluateList(const Node& node);
    Result<Value> evaluateDict(const Node& node);
    Result<Value> evaluateAccess(const Node& node);
    Result<Value> evaluateSlice(const Node& node);
    Result<Value> evaluateCall(const Node& node);
    Result<Value> evaluateLogic(const Node& node);
    Result<Value> evaluateOperation(const Node& node);
    Result<Arguments> evaluateArguments(const Node& node, bool withFirst);

    std::vector<Variables> m_scopes; // innermost last
    Work& m_work;
    std::string m_output;
};

} // namespace bs::jinja
