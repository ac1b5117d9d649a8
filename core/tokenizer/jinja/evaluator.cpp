#include "core/tokenizer/jinja/evaluator.h"

#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/operators.h"

#include <optional>
#include <utility>

namespace bs::jinja {

namespace {

Error withLine(Error error, const Node& node)
{
    return std::move(error).in("line " + std::to_string(node.line));
}

/// What the name `loop` stands for.
Result<Value> loopVariable(const std::vector<Value>& items, std::size_t at, Work& work)
{
    const auto count = static_cast<std::int64_t>(items.size());
    const auto index = static_cast<std::int64_t>(at);
    std::vector<std::pair<std::string, Value>> fields = {
        {"index", Value(index + 1)},        {"index0", Value(index)},
        {"revindex", Value(count - index)}, {"revindex0", Value(count - index - 1)},
        {"first", Value(at == 0)},          {"last", Value(index + 1 == count)},
        {"length", Value(count)},
    };
    if (at > 0 && !items[at - 1].is<std::shared_ptr<Namespace>>())
        fields.emplace_back("previtem", items[at - 1]);
    if (index + 1 < count && !items[at + 1].is<std::shared_ptr<Namespace>>())
        fields.emplace_back("nextitem", items[at + 1]);
    return work.dict(std::move(fields));
}

} // namespace

Evaluator::Evaluator(Variables variables, Work& work)
    : m_work(work)
{
    m_scopes.push_back(std::move(variables));
}

Result<std::string> Evaluator::run(const Node& root)
{
    BS_CHECK(execute(root));
    return std::move(m_output);
}

Result<Evaluator::Flow> Evaluator::execute(const Node& node)
{
    switch (node.kind) {
    case NodeKind::Block:
        return executeBlock(node);
    case NodeKind::If:
        return executeIf(node);
    case NodeKind::For:
        return executeFor(node);
    case NodeKind::Set:
        return executeSet(node);
    case NodeKind::SetBlock:
        return executeSetBlock(node);
    case NodeKind::Break:
        return Flow::Break;
    case NodeKind::Continue:
        return Flow::Continue;
    case NodeKind::Data:
        BS_CHECK(print(node.value));
        return Flow::On;
    default:
        break;
    }
    BS_TRY(const Value value, evaluateAt(node.child(0)));
    auto printed = print(value);
    if (!printed) return withLine(std::move(printed).error(), node);
    return Flow::On;
}

Result<void> Evaluator::print(const Value& value)
{
    BS_TRY(const std::string text, toText(value, m_work));
    m_output += text;
    return {};
}

Result<Evaluator::Flow> Evaluator::executeBlock(const Node& node)
{
    for (const NodePtr& part : node.children) {
        BS_TRY(const Flow flow, execute(*part));
        if (flow != Flow::On) return flow;
    }
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeIf(const Node& node)
{
    std::size_t at = 0;
    for (; at + 1 < node.children.size(); at += 2) {
        BS_TRY(const Value condition, evaluateAt(node.child(at)));
        if (condition.isTrue()) return execute(node.child(at + 1));
    }
    return at < node.children.size() ? execute(node.child(at)) : Result<Flow>(Flow::On);
}

Result<void> Evaluator::bindLoopNames(const Node& node, const Value& item)
{
    Variables& scope = m_scopes.back();
    if (node.names.size() == 1) {
        scope[node.names[0]] = item;
        return {};
    }
    BS_TRY(const std::vector<Value> parts, itemsOf(item, m_work));
    if (parts.size() != node.names.size())
        return failure("line " + std::to_string(node.line) + ": " +
                       std::to_string(node.names.size()) + " loop variables for " +
                       std::to_string(parts.size()) + " values");
    for (std::size_t at = 0; at < parts.size(); ++at)
        scope[node.names[at]] = parts[at];
    return {};
}

/// What the loop goes over, its condition looked at already.
Result<std::vector<Value>> Evaluator::loopItems(const Node& node)
{
    BS_TRY(const Value list, evaluateAt(node.child(0)));
    auto all = itemsOf(list, m_work);
    if (!all) return withLine(std::move(all).error(), node);
    if (node.child(1).kind == NodeKind::Absent) return all;
    std::vector<Value> kept;
    for (const Value& item : all.value()) {
        m_scopes.emplace_back();
        BS_CHECK(bindLoopNames(node, item));
        BS_TRY(const Value condition, evaluateAt(node.child(1)));
        m_scopes.pop_back();
        if (condition.isTrue()) kept.push_back(item);
    }
    return kept;
}

Result<Evaluator::Flow> Evaluator::executeFor(const Node& node)
{
    BS_TRY(const std::vector<Value> items, loopItems(node));
    if (items.empty()) return execute(node.child(3));
    for (std::size_t at = 0; at < items.size(); ++at) {
        m_scopes.emplace_back();
        BS_TRY(const Flow flow, executeRound(node, items, at));
        m_scopes.pop_back();
        if (flow == Flow::Break) break;
    }
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeRound(const Node& node, const std::vector<Value>& items,
                                                std::size_t at)
{
    BS_CHECK(m_work.charge(4));
    BS_TRY(m_scopes.back()["loop"], loopVariable(items, at, m_work));
    BS_CHECK(bindLoopNames(node, items[at]));
    return execute(node.child(2));
}

Result<Evaluator::Flow> Evaluator::executeSet(const Node& node)
{
    BS_TRY(Value value, evaluateAt(node.child(0)));
    if (node.names.empty()) {
        m_scopes.back()[node.text] = std::move(value);
        return Flow::On;
    }
    Node name;
    name.text = node.text;
    BS_TRY(const Value object, evaluateName(name));
    const auto* space = object.as<std::shared_ptr<Namespace>>();
    if (space == nullptr || value.is<std::shared_ptr<Namespace>>())
        return withLine(failure("set " + printable(node.text) + "." + printable(node.names[0]) +
                                ": only a plain value can be put into a namespace"),
                        node);
    for (auto& [key, old] : (*space)->items) {
        BS_CHECK(m_work.charge(1));
        if (key == node.names[0]) {
            old = std::move(value);
            return Flow::On;
        }
    }
    (*space)->items.emplace_back(node.names[0], std::move(value));
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeSetBlock(const Node& node)
{
    std::string outside = std::exchange(m_output, {});
    BS_TRY(const Flow flow, execute(node.child(0)));
    BS_TRY(Value text, m_work.text(std::exchange(m_output, std::move(outside))));
    m_scopes.back()[node.text] = std::move(text);
    return flow;
}

Result<Value> Evaluator::evaluateAt(const Node& node)
{
    auto value = evaluate(node);
    if (!value) return withLine(std::move(value).error(), node);
    return value;
}

Result<Value> Evaluator::evaluate(const Node& node)
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
    case NodeKind::Absent:
        return Value();
    default:
        return evaluateOperation(node);
    }
}

Result<Value> Evaluator::evaluateName(const Node& node)
{
    BS_CHECK(m_work.charge(m_scopes.size()));
    for (auto scope = m_scopes.rbegin(); scope != m_scopes.rend(); ++scope) {
        const auto found = scope->find(node.text);
        if (found != scope->end()) return found->second;
    }
    return Value();
}

Result<Value> Evaluator::evaluateList(const Node& node)
{
    std::vector<Value> items;
    for (const NodePtr& child : node.children) {
        BS_TRY(Value item, evaluate(*child));
        items.push_back(std::move(item));
    }
    return m_work.list(std::move(items));
}

Result<Value> Evaluator::evaluateDict(const Node& node)
{
    std::vector<std::pair<std::string, Value>> items;
    for (std::size_t at = 0; at + 1 < node.children.size(); at += 2) {
        BS_TRY(const Value key, evaluate(node.child(at)));
        BS_TRY(Value value, evaluate(node.child(at + 1)));
        if (key.text() == nullptr)
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
    if (callee.kind != NodeKind::Name) return failure("a call of something that is no function");
    BS_TRY(const Arguments arguments, evaluateArguments(node, false));
    return callFunction(callee.text, arguments, m_work);
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
        return m_work.text(before + after);
    }
    if (node.kind == NodeKind::Binary) return binary(node.text, left, right, m_work);
    BS_TRY(const bool answer, compare(node.text, left, right, m_work));
    return Value(answer);
}

} // namespace bs::jinja
