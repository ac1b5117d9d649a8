#include "core/tokenizer/jinja/evaluator.h"
#include "core/tokenizer/jinja/operators.h"

#include <utility>

namespace bs::jinja {

namespace {

/// What the name `loop` stands for.
Result<Value> loopVariable(const ListBox& list, std::size_t at, Work& work)
{
    const std::vector<Value>& items = list.items;
    const auto count = static_cast<std::int64_t>(items.size());
    const auto index = static_cast<std::int64_t>(at);
    std::vector<std::pair<std::string, Value>> fields = {
        {"index", Value(index + 1)},        {"index0", Value(index)},
        {"revindex", Value(count - index)}, {"revindex0", Value(count - index - 1)},
        {"first", Value(at == 0)},          {"last", Value(index + 1 == count)},
        {"length", Value(count)},           {"depth", Value(std::int64_t{1})},
        {"depth0", Value(std::int64_t{0})},
    };
    if (at > 0 && !items[at - 1].is<std::shared_ptr<Namespace>>())
        fields.emplace_back("previtem", items[at - 1]);
    if (index + 1 < count && !items[at + 1].is<std::shared_ptr<Namespace>>())
        fields.emplace_back("nextitem", items[at + 1]);
    return work.dict(std::move(fields));
}

} // namespace

Result<void> Evaluator::bindLoopNames(const Node& node, const Value& item)
{
    Variables& scope = m_scopes.back();
    if (node.names.size() == 1) {
        scope[node.names[0]] = item;
        return {};
    }
    auto list = itemsOf(item, m_work);
    if (!list) return withLine(std::move(list).error(), node);
    const std::vector<Value>& parts = list.value()->items;
    if (parts.size() != node.names.size())
        return failure("line " + std::to_string(node.line) + ": " +
                       std::to_string(node.names.size()) + " loop variables for " +
                       std::to_string(parts.size()) + " values");
    for (std::size_t at = 0; at < parts.size(); ++at)
        scope[node.names[at]] = parts[at];
    return {};
}

/// What the loop goes over, its condition looked at already.
Result<List> Evaluator::loopItems(const Node& node)
{
    BS_TRY(const Value list, evaluateAt(node.child(0)));
    auto all = itemsOf(list, m_work);
    if (!all) return withLine(std::move(all).error(), node);
    if (node.child(1).kind == NodeKind::Absent) return all;
    std::vector<Value> kept;
    for (const Value& item : all.value()->items) {
        m_scopes.emplace_back();
        BS_CHECK(bindLoopNames(node, item));
        BS_TRY(const Value condition, evaluateAt(node.child(1)));
        m_scopes.pop_back();
        if (condition.isTrue()) kept.push_back(item);
    }
    BS_TRY(const Value result, m_work.list(std::move(kept)));
    return *result.as<List>();
}

Result<Evaluator::Flow> Evaluator::executeFor(const Node& node)
{
    BS_TRY(const List items, loopItems(node));
    if (items->items.empty()) return executeScope(node.child(3));
    for (std::size_t at = 0; at < items->items.size(); ++at) {
        m_scopes.emplace_back();
        BS_TRY(const Flow flow, executeRound(node, *items, at));
        m_scopes.pop_back();
        if (flow == Flow::Break) break;
    }
    return Flow::On;
}

Result<Evaluator::Flow> Evaluator::executeRound(const Node& node, const ListBox& items,
                                                std::size_t at)
{
    BS_CHECK(m_work.charge(4));
    BS_TRY(m_scopes.back()["loop"], loopVariable(items, at, m_work));
    BS_CHECK(bindLoopNames(node, items.items[at]));
    return execute(node.child(2));
}

} // namespace bs::jinja
