#pragma once

#include "ui/jobs/library.h"

#include <QDateTime>

#include <functional>
#include <unordered_map>

namespace bs::ui {

/// How long a removed conversation or run can be brought back at the most: the offer to do so ends
/// with the window, but another window may still show it.
inline constexpr int kKeepRemovedDays = 1;

struct Library::Shared
{
    std::string path;
    std::optional<Store> store;
    std::optional<Error> openError;            ///< said once
    std::unordered_map<Key, std::int64_t> ids; ///< of keys below 0
    /// What is not stored yet, because the database was held by another program, say: tried again
    /// with the next thing that follows from it.
    using Maker = std::function<Result<std::int64_t>(Shared&)>;
    std::unordered_map<Key, Maker> unstored;

    /// The id of what a key names, stored now if it was not. Errors: as Store.
    Result<std::int64_t> make(Key key)
    {
        if (const auto id = idOf(key)) return *id;
        const auto found = unstored.find(key);
        if (found == unstored.end())
            return Error{ErrorCode::Io, path + ": what this belongs to could not be stored"};
        const Maker maker = found->second;
        BS_TRY(const std::int64_t id, maker(*this));
        unstored.erase(key);
        return ids[key] = id;
    }

    Result<void> open()
    {
        if (store) return {};
        BS_TRY(Store opened, Store::open(path));
        store.emplace(std::move(opened));
        const QDateTime limit = QDateTime::currentDateTimeUtc().addDays(-kKeepRemovedDays);
        const std::string before = limit.toString(Qt::ISODate).toStdString();
        BS_TRY([[maybe_unused]] const std::int64_t talks, store->purgeConversations(before));
        BS_TRY([[maybe_unused]] const std::int64_t runs, store->purgeRuns(before));
        return {};
    }

    std::optional<std::int64_t> idOf(Key key) const
    {
        if (key >= 0) return key;
        const auto known = ids.find(key);
        return known == ids.end() ? std::nullopt : std::optional(known->second);
    }
};

} // namespace bs::ui
