#include "core/base/json_guard.h"
#include "core/tokenizer/jinja/operators.h"
#include "core/tokenizer/utf8.h"

#include <algorithm>

namespace bs::jinja {

namespace {

/// A character as a value of its own takes about as much memory as 100 bytes of text.
constexpr std::uint64_t kUnitsPerCharacter = 8;

/// Python's rule for a bound of a slice; absent and far away become the ends.
std::int64_t bound(std::optional<std::int64_t> wanted, std::int64_t absent, std::int64_t size,
                   std::int64_t lowest, std::int64_t highest)
{
    if (!wanted) return absent;
    const std::int64_t from = *wanted < 0 ? std::max(*wanted, -size - 1) + size : *wanted;
    return std::clamp(from, lowest, highest);
}

/// Characters from, from + stride, ... before `to`.
Result<Value> sliceText(std::string_view text, std::int64_t from, std::int64_t to,
                        std::int64_t stride, Work& work)
{
    std::vector<std::uint32_t> starts; // of the characters, and the end
    const std::size_t size = text.size();
    starts.reserve(size + 1);
    for (std::string_view rest = text; !rest.empty(); takeCharacter(rest))
        starts.push_back(static_cast<std::uint32_t>(size - rest.size()));
    starts.push_back(static_cast<std::uint32_t>(size));
    std::string picked;
    for (std::int64_t at = from; stride > 0 ? at < to : at > to; at += stride) {
        const std::size_t begin = starts[static_cast<std::size_t>(at)];
        picked += text.substr(begin, starts[static_cast<std::size_t>(at) + 1] - begin);
    }
    return work.text(std::move(picked));
}

} // namespace

Result<Value> attributeOf(const Value& object, const std::string& name, Work& work)
{
    if (object.is<Undefined>())
        return failure("\"" + printable(name) + "\" of a value that is undefined");
    const Value* found = nullptr;
    if (const Dict* dict = object.as<Dict>()) {
        BS_CHECK(work.charge((*dict)->items.size()));
        found = (*dict)->find(name);
    }
    if (const auto* space = object.as<std::shared_ptr<Namespace>>()) {
        BS_CHECK(work.charge((*space)->items.size()));
        for (const auto& [key, value] : (*space)->items)
            if (key == name) found = &value;
    }
    return found != nullptr ? *found : Value();
}

Result<Value> itemOf(const Value& object, const Value& key, Work& work)
{
    if (const std::string* name = key.text()) return attributeOf(object, *name, work);
    const auto index = wholeOf(key);
    if (object.is<Undefined>()) return failure("an item of a value that is undefined");
    if (!index || (!object.is<List>() && object.text() == nullptr)) return Value();
    BS_TRY(const std::int64_t size, lengthOf(object, work));
    const std::int64_t at = *index < 0 ? *index + size : *index;
    if (at < 0 || at >= size) return Value();
    if (const List* list = object.as<List>()) return (*list)->items[static_cast<std::size_t>(at)];
    BS_CHECK(work.charge(1 + object.text()->size() / 8));
    std::string_view rest = *object.text();
    for (std::int64_t skipped = 0; skipped < at; ++skipped)
        takeCharacter(rest);
    return work.text(std::string(takeCharacter(rest)));
}

Result<Value> slice(const Value& object, std::optional<std::int64_t> start,
                    std::optional<std::int64_t> stop, std::int64_t step, Work& work)
{
    if (step == 0) return failure("a slice of step 0");
    if (!object.is<List>() && object.text() == nullptr)
        return failure(std::string("a slice of ") + object.typeName());
    BS_TRY(const std::int64_t size, lengthOf(object, work));
    const std::int64_t low = step > 0 ? 0 : -1;
    const std::int64_t high = step > 0 ? size : size - 1;
    const std::int64_t from = bound(start, step > 0 ? low : high, size, low, high);
    const std::int64_t to = bound(stop, step > 0 ? high : low, size, low, high);
    // A step beyond the ends is as good as any other, and cannot overflow.
    const std::int64_t stride = std::clamp(step, -size - 1, size + 1);
    if (object.text() != nullptr) return sliceText(*object.text(), from, to, stride, work);
    const ListBox& list = **object.as<List>();
    std::vector<Value> picked;
    BS_CHECK(work.charge(static_cast<std::uint64_t>(size)));
    for (std::int64_t at = from; stride > 0 ? at < to : at > to; at += stride)
        picked.push_back(list.items[static_cast<std::size_t>(at)]);
    return work.list(std::move(picked), list.isTuple);
}

std::string_view takeCharacter(std::string_view& text)
{
    const std::string_view character =
        text.substr(0, std::max<std::size_t>(utf8CharLength(text), 1));
    text.remove_prefix(character.size());
    return character;
}

Result<List> itemsOf(const Value& value, Work& work)
{
    BS_CHECK(work.charge(1));
    if (const List* list = value.as<List>()) return *list;
    std::vector<Value> items;
    if (const Dict* dict = value.as<Dict>()) {
        for (const auto& entry : (*dict)->items) {
            BS_TRY(Value name, work.text(entry.first));
            items.push_back(std::move(name));
        }
    } else if (value.text() != nullptr) {
        BS_CHECK(work.charge(value.text()->size() * kUnitsPerCharacter));
        for (std::string_view rest = *value.text(); !rest.empty();) {
            BS_TRY(Value one, work.text(std::string(takeCharacter(rest))));
            items.push_back(std::move(one));
        }
    } else if (!value.is<Undefined>()) {
        return failure(std::string(value.typeName()) + " has no items");
    }
    BS_TRY(const Value list, work.list(std::move(items)));
    return *list.as<List>();
}

Result<std::int64_t> lengthOf(const Value& value, Work& work)
{
    if (const std::string* text = value.text()) {
        BS_CHECK(work.charge(1 + text->size() / 8));
        std::int64_t count = 0;
        for (std::size_t at = 0; at < text->size(); ++count)
            at += std::max<std::size_t>(utf8CharLength(std::string_view(*text).substr(at)), 1);
        return count;
    }
    if (const List* list = value.as<List>())
        return static_cast<std::int64_t>((*list)->items.size());
    if (const Dict* dict = value.as<Dict>())
        return static_cast<std::int64_t>((*dict)->items.size());
    if (value.is<Undefined>()) return 0;
    return failure(std::string(value.typeName()) + " has no length");
}

} // namespace bs::jinja
