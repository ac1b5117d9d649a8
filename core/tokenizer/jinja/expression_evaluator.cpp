#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/evaluator.h"
#include "core/tokenizer/jinja/operators.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace bs::jinja {

Result<Value> Evaluator::evaluateAt(const Node& node)
{
    auto value = evaluate(node);
    if (!value) return withLine(std::move(value).error(), node);
    return value;
}

Result<Value> Evaluator::evaluate(const Node& node)
{
    BS_CHECK(enter());
    BS_TRY(Value value, evaluateInner(node));
    --m_depth;
    return value;
}

Result<Value> Evaluator::evaluateInner(const Node& node)
{
    BS_CHECK(m_work.charge(1));
    switch (node.kind) {
    case NodeKind::Literal:
        return node.value;
    case NodeKind::Name:
        return evaluateName(node);
    case NodeKind::ListLiteral:
        return evaluateList(node);
    case NodeKind::DictLiteral:
        return evaluateDict(node);
    case NodeKind::Attribute:
    case NodeKind::Index:
        return evaluateAccess(node);
    case NodeKind::Slice:
        return evaluateSlice(node);
    case NodeKind::Call:
        return evaluateCall(node);
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Not:
    case NodeKind::Conditional:
        return evaluateLogic(node);
    case NodeKind::Compare:
        return evaluateCompare(node);
    case NodeKind::Absent:
        return Value();
    default:
        return evaluateOperation(node);
    }
}

Result<Value> Evaluator::evaluateName(const Node& node)
{
    BS_CHECK(m_work.charge(m_scopes.size()));
    for (std::size_t at = m_scopes.size(); at-- > 0;) {
        if (at > 0 && at < m_frame) continue;
        const auto found = m_scopes[at].find(node.text);
        if (found != m_scopes[at].end()) return found->second;
    }
    return functionOf(node.text);
}

Result<Value> Evaluator::evaluateList(const Node& node)
{
    std::vector<Value> items;
    for (const NodePtr& child : node.children) {
        BS_TRY(Value item, evaluate(*child));
        items.push_back(std::move(item));
    }
    return m_work.list(std::move(items), node.text == "tuple");
}

Result<Value> Evaluator::evaluateDict(const Node& node)
{
    std::vector<std::pair<std::string, Value>> items;
    for (std::size_t at = 0; at + 1 < node.children.size(); at += 2) {
        BS_TRY(const Value key, evaluate(node.child(at)));
        BS_TRY(Value value, evaluate(node.child(at + 1)));
        if (key.text() == nullptr) // numbers as keys: no template was seen to use them
            return failure(std::string("a key of a dict is ") + key.typeName() + ", not a string");
        BS_CHECK(m_work.charge(items.size()));
        bool known = false;
        for (auto& item : items)
            if (item.first == *key.text()) {
                item.second = value;
                known = true;
            }
        if (!known) items.emplace_back(*key.text(), std::move(value));
    }
    return m_work.dict(std::move(items));
}

Result<Value> Evaluator::evaluateAccess(const Node& node)
{
    BS_TRY(const Value object, evaluate(node.child(0)));
    if (object.is<Undefined>() && node.child(0).kind == NodeKind::Name)
        return failure("\"" + printable(node.child(0).text) + "\" is undefined");
    if (node.kind == NodeKind::Attribute) return attributeOf(object, node.text, m_work);
    BS_TRY(const Value key, evaluate(node.child(1)));
    return itemOf(object, key, m_work);
}

Result<Value> Evaluator::evaluateSlice(const Node& node)
{
    BS_TRY(const Value object, evaluate(node.child(0)));
    std::optional<std::int64_t> bounds[3];
    for (std::size_t at = 0; at < 3; ++at) {
        BS_TRY(const Value value, evaluate(node.child(at + 1)));
        if (value.is<Undefined>() || value.is<None>()) continue;
        const auto* whole = value.as<std::int64_t>();
        if (whole == nullptr)
            return failure(std::string("a bound of a slice is ") + value.typeName());
        bounds[at] = *whole;
    }
    return slice(object, bounds[0], bounds[1], bounds[2].value_or(1), m_work);
}

/// The arguments of a call, or with what stands before the filter or test as the first.
Result<Arguments> Evaluator::evaluateArguments(const Node& node, bool withFirst)
{
    Arguments arguments;
    const std::size_t firstNamed = node.children.size() - node.names.size();
    for (std::size_t at = withFirst ? 0 : 1; at < node.children.size(); ++at) {
        BS_TRY(Value value, evaluate(node.child(at)));
        if (at < firstNamed)
            arguments.positional.push_back(std::move(value));
        else
            arguments.named.emplace_back(node.names[at - firstNamed], std::move(value));
    }
    return arguments;
}

Result<Value> Evaluator::evaluateCall(const Node& node)
{
    const Node& callee = node.child(0);
    if (callee.kind == NodeKind::Attribute) {
        BS_TRY(const Value object, evaluate(callee.child(0)));
        BS_TRY(const Arguments arguments, evaluateArguments(node, false));
        return callMethod(object, callee.text, arguments, m_work);
    }
    BS_TRY(const Value function, evaluate(callee));
    BS_TRY(const Arguments arguments, evaluateArguments(node, false));
    if (const auto* macro = function.as<Macro>()) return callMacro(*macro->node, arguments);
    if (const auto* known = function.as<Function>())
        return callFunction(std::string(known->name), arguments, m_work);
    if (callee.kind == NodeKind::Name && function.is<Undefined>())
        return failure("the function \"" + printable(callee.text) + "\" is not supported");
    return failure(std::string("a call of ") + function.typeName() + ", which is no function");
}

Result<void> Evaluator::bindParameters(const Node& macro, const Arguments& arguments)
{
    const std::size_t count = macro.names.size();
    if (arguments.positional.size() > count)
        return failure("the macro \"" + printable(macro.text) + "\" takes " +
                       std::to_string(count) + " arguments, not " +
                       std::to_string(arguments.positional.size()));
    for (const auto& entry : arguments.named)
        if (std::ranges::find(macro.names, entry.first) == macro.names.end())
            return failure("the macro \"" + printable(macro.text) + "\" has no parameter \"" +
                           printable(entry.first) + "\"");
    const std::size_t firstDefault = count - (macro.children.size() - 1);
    for (std::size_t at = 0; at < count; ++at) {
        Value value = arguments.get(at, macro.names[at]);
        if (value.is<Undefined>() && at >= firstDefault) {
            BS_TRY(value, evaluate(macro.child(1 + at - firstDefault)));
        }
        m_scopes.back()[macro.names[at]] = std::move(value);
    }
    return {};
}

Result<Value> Evaluator::callMacro(const Node& macro, const Arguments& arguments)
{
    const std::size_t frame = std::exchange(m_frame, m_scopes.size());
    m_scopes.emplace_back();
    BS_CHECK(bindParameters(macro, arguments));
    BS_TRY(Value text, capture(macro.child(0)));
    m_scopes.pop_back();
    m_frame = frame;
    return text;
}

/// a < b < c is a < b and b < c.
Result<Value> Evaluator::evaluateCompare(const Node& node)
{
    BS_TRY(Value left, evaluate(node.child(0)));
    for (std::size_t at = 0; at < node.names.size(); ++at) {
        BS_TRY(Value right, evaluate(node.child(at + 1)));
        BS_TRY(const bool holds, compare(node.names[at], left, right, m_work));
        if (!holds) return Value(false);
        left = std::move(right);
    }
    return Value(true);
}

Result<Value> Evaluator::evaluateLogic(const Node& node)
{
    if (node.kind == NodeKind::Conditional) {
        BS_TRY(const Value condition, evaluate(node.child(1)));
        return evaluate(node.child(condition.isTrue() ? 0 : 2));
    }
    BS_TRY(Value left, evaluate(node.child(0)));
    if (node.kind == NodeKind::Not) return Value(!left.isTrue());
    if (left.isTrue() == (node.kind == NodeKind::Or)) return left;
    return evaluate(node.child(1));
}

Result<Value> Evaluator::evaluateOperation(const Node& node)
{
    if (node.kind == NodeKind::Filter || node.kind == NodeKind::Test) {
        BS_TRY(const Arguments arguments, evaluateArguments(node, true));
        if (node.kind == NodeKind::Filter) return applyFilter(node.text, arguments, m_work);
        BS_TRY(const bool answer, applyTest(node.text, arguments, m_work));
        return Value(answer);
    }
    BS_TRY(const Value left, evaluate(node.child(0)));
    if (node.kind == NodeKind::Negate) return binary("-", Value(std::int64_t{0}), left, m_work);
    BS_TRY(const Value right, evaluate(node.child(1)));
    if (node.kind == NodeKind::Concat) {
        BS_TRY(const std::string before, toText(left, m_work));
        BS_TRY(const std::string after, toText(right, m_work));
        BS_CHECK(m_work.checkText(before.size() + after.size()));
        return m_work.text(before + after);
    }
    return binary(node.text, left, right, m_work);
}

} // namespace bs::jinja
