#include "core/tokenizer/jinja/list_filters.h"

#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/jinja/text.h"

#include <algorithm>

namespace bs::jinja {

namespace {

/// An item beside what it is sorted by.
struct Keyed
{
    Value key;
    Value item;
};

/// Strings compare in lower case.
Result<Value> sortKey(const Value& value, bool caseSensitive, Work& work)
{
    if (caseSensitive || value.text() == nullptr) return value;
    return work.text(recased(*value.text(), "lower"));
}

/// Stable; the first two items that cannot be compared are the error.
Result<void> sortByKey(std::vector<Keyed>& items, bool reverse, Work& work)
{
    Result<void> outcome;
    std::ranges::stable_sort(items, [&](const Keyed& left, const Keyed& right) {
        if (!outcome) return false;
        const auto less = compare(reverse ? ">" : "<", left.key, right.key, work);
        if (!less) outcome = less.error();
        return less && less.value();
    });
    return outcome;
}

/// select, reject and map take anything that is false for nothing, as jinja2's do.
Result<List> itemsIfAny(const Value& value, Work& work)
{
    return itemsOf(value.isTrue() ? value : Value(), work);
}

Result<Value> itemsWithoutKeys(std::vector<Keyed> items, Work& work)
{
    std::vector<Value> result;
    for (Keyed& entry : items)
        result.push_back(std::move(entry.item));
    return work.list(std::move(result));
}

} // namespace

Result<Value> selectFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const List items, itemsIfAny(arguments.positional[0], work));
    const bool byAttribute = name.ends_with("attr");
    const std::size_t testAt = byAttribute ? 2 : 1;
    std::string attribute;
    if (byAttribute) {
        BS_TRY(attribute, arguments.text(1, name));
    }
    std::string test;
    if (arguments.positional.size() > testAt) {
        BS_TRY(test, arguments.text(testAt, name));
    }
    std::vector<Value> kept;
    for (const Value& item : items->items) {
        Value value = item;
        if (byAttribute) {
            BS_TRY(value, attributeOf(item, attribute, work));
        }
        bool passes = value.isTrue();
        if (!test.empty()) {
            Arguments tested{{value}, {}};
            for (std::size_t at = testAt + 1; at < arguments.positional.size(); ++at)
                tested.positional.push_back(arguments.positional[at]);
            BS_TRY(passes, applyTest(test, tested, work));
        }
        if (passes == name.starts_with("select")) kept.push_back(item);
    }
    return work.list(std::move(kept));
}

Result<Value> mapFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const List items, itemsIfAny(arguments.positional[0], work));
    const Value attribute = arguments.get(arguments.positional.size(), "attribute");
    const Value otherwise = arguments.get(arguments.positional.size(), "default");
    std::string filter;
    if (attribute.text() == nullptr) {
        BS_TRY(filter, arguments.text(1, name));
    }
    if (filter == "map") return failure("map of map is not supported");
    Arguments filtered{arguments.positional, {}};
    if (filtered.positional.size() > 1) filtered.positional.erase(filtered.positional.begin());
    std::vector<Value> mapped;
    for (const Value& item : items->items) {
        filtered.positional[0] = item;
        BS_TRY(Value value, attribute.text() != nullptr ? attributeOf(item, *attribute.text(), work)
                                                        : applyFilter(filter, filtered, work));
        mapped.push_back(value.is<Undefined>() ? otherwise : std::move(value));
    }
    return work.list(std::move(mapped));
}

Result<Value> sortFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const List items, itemsOf(arguments.positional[0], work));
    const bool caseSensitive = arguments.get(2, "case_sensitive").isTrue();
    const Value attribute = arguments.get(3, "attribute");
    std::vector<Keyed> keyed;
    for (const Value& item : items->items) {
        Value by = item;
        if (attribute.text() != nullptr) {
            BS_TRY(by, attributeOf(item, *attribute.text(), work));
        }
        BS_TRY(Value key, sortKey(by, caseSensitive, work));
        keyed.push_back({std::move(key), item});
    }
    BS_CHECK(sortByKey(keyed, arguments.get(1, "reverse").isTrue(), work));
    return itemsWithoutKeys(std::move(keyed), work);
}

Result<Value> dictSortFilter(const std::string&, const Arguments& arguments, Work& work)
{
    const Dict* dict = arguments.positional[0].as<Dict>();
    if (dict == nullptr)
        return failure(std::string("dictsort of ") + arguments.positional[0].typeName());
    const bool caseSensitive = arguments.get(1, "case_sensitive").isTrue();
    const Value by = arguments.get(2, "by");
    const bool byValue = by.text() != nullptr && *by.text() == "value";
    std::vector<Keyed> keyed;
    for (const auto& [name, value] : (*dict)->items) {
        BS_TRY(Value key, work.text(name));
        BS_TRY(Value pair, work.list({key, value}, true));
        BS_TRY(Value order, sortKey(byValue ? value : key, caseSensitive, work));
        keyed.push_back({std::move(order), std::move(pair)});
    }
    BS_CHECK(sortByKey(keyed, arguments.get(3, "reverse").isTrue(), work));
    return itemsWithoutKeys(std::move(keyed), work);
}

Result<Value> uniqueFilter(const std::string&, const Arguments& arguments, Work& work)
{
    BS_TRY(const List items, itemsOf(arguments.positional[0], work));
    std::vector<Value> seen;
    std::vector<Value> kept;
    for (const Value& item : items->items) {
        BS_TRY(Value key, sortKey(item, arguments.get(1, "case_sensitive").isTrue(), work));
        bool isNew = true;
        for (std::size_t at = 0; isNew && at < seen.size(); ++at) {
            BS_TRY(const bool same, isEqual(seen[at], key, work));
            isNew = !same;
        }
        if (!isNew) continue;
        seen.push_back(std::move(key));
        kept.push_back(item);
    }
    return work.list(std::move(kept));
}

Result<Value> extremeFilter(const std::string& name, const Arguments& arguments, Work& work)
{
    BS_TRY(const List items, itemsOf(arguments.positional[0], work));
    Keyed best;
    for (const Value& item : items->items) {
        BS_TRY(Value key, sortKey(item, false, work));
        bool better = best.key.is<Undefined>();
        if (!better) {
            BS_TRY(better, compare(name == "min" ? "<" : ">", key, best.key, work));
        }
        if (better) best = {std::move(key), item};
    }
    return best.item;
}

} // namespace bs::jinja
