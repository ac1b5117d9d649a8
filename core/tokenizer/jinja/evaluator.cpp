#include "core/tokenizer/jinja/evaluator.h"

#include "core/base/json_guard.h"

#include <utility>

namespace bs::jinja {

/// The innermost line is named, the one that is wrong; those of macros around it are not.
Error withLine(Error error, const Node& node)
{
    if (error.message.starts_with("line ")) return error;
    return std::move(error).in("line " + std::to_string(node.line));
}

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

Result<void> Evaluator::enter()
{
    if (++m_depth <= Limits::deepestRun) return {};
    return failure("it runs more than " + std::to_string(Limits::deepestRun) +
                   " levels deep; does a macro call itself?");
}

Result<Evaluator::Flow> Evaluator::execute(const Node& node)
{
    auto entered = enter();
    if (!entered) return withLine(std::move(entered).error(), node);
    BS_TRY(const Flow flow, executeInner(node));
    --m_depth;
    return flow;
}

Result<Evaluator::Flow> Evaluator::executeInner(const Node& node)
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
    case NodeKind::Scope:
        return executeScope(node.child(0));
    case NodeKind::Macro:
        return executeMacro(node);
    case NodeKind::FilterBlock:
        return executeFilterBlock(node);
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
    if (const std::string* text = value.text()) {
        BS_CHECK(m_work.chargeOutput(text->size()));
        m_output += *text;
        return {};
    }
    BS_TRY(const std::string text, toText(value, m_work));
    BS_CHECK(m_work.chargeOutput(text.size()));
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
    BS_TRY(Value text, capture(node.child(0)));
    m_scopes.back()[node.text] = std::move(text);
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeScope(const Node& block)
{
    m_scopes.emplace_back();
    BS_TRY(const Flow flow, execute(block));
    m_scopes.pop_back();
    return flow;
}

Result<Value> Evaluator::capture(const Node& block)
{
    std::string outside = std::exchange(m_output, {});
    BS_CHECK(executeScope(block));
    return m_work.text(std::exchange(m_output, std::move(outside)));
}

/// A macro sees the variables of the template, as they are when it is called, and its own.
Result<Evaluator::Flow> Evaluator::executeMacro(const Node& node)
{
    if (m_scopes.size() > 1)
        return withLine(failure("the macro \"" + printable(node.text) +
                                "\" inside a loop, block or macro is not supported"),
                        node);
    m_scopes.back()[node.text] = Value(Macro{&node});
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeFilterBlock(const Node& node)
{
    BS_TRY(Value inside, capture(node.child(1)));
    m_scopes.emplace_back();
    m_scopes.back()[""] = std::move(inside);
    BS_TRY(const Value filtered, evaluateAt(node.child(0)));
    m_scopes.pop_back();
    BS_CHECK(print(filtered));
    return Flow::On;
}

} // namespace bs::jinja
