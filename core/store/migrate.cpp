#include "core/store/database.h"

#include <utility>

namespace bs {

namespace {

/// "BSWB": marks a file as ours (PRAGMA application_id). Frozen.
constexpr std::int64_t kApplicationId = 0x42535742;

/// Version of the database after checking that it may be touched at all.
Result<std::int64_t> checkedVersion(Database& database, std::int64_t newest)
{
    BS_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
    BS_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
    BS_TRY(const std::int64_t objects, database.integer("SELECT count(*) FROM sqlite_master"));
    if (objects > 0 && application != kApplicationId)
        return Error{ErrorCode::Format,
                     database.path() +
                         ": this is a database of another program, not of the workbench"};
    if (version > newest)
        return Error{ErrorCode::Format, database.path() + ": the database has version " +
                                            std::to_string(version) +
                                            ", this program knows versions up to " +
                                            std::to_string(newest) + "; a newer program wrote it"};
    if (version < 0 || (objects > 0 && version == 0))
        return Error{ErrorCode::Format, database.path() + ": the database has version " +
                                            std::to_string(version) + ", the oldest there is is 1"};
    return version;
}

/// The same in one view of the file: between two questions another program may finish making it,
/// and the answers would not fit together.
Result<std::int64_t> checkedVersionAtOnce(Database& database, std::int64_t newest)
{
    BS_CHECK(database.execute("BEGIN"));
    Result<std::int64_t> version = checkedVersion(database, newest);
    Result<void> ended = database.execute("ROLLBACK");
    if (version && !ended) return std::move(ended).error();
    return version;
}

} // namespace

Result<void> migrate(Database& database, std::span<const std::string_view> steps)
{
    const auto newest = static_cast<std::int64_t>(steps.size());
    BS_TRY(const std::int64_t before, checkedVersionAtOnce(database, newest));
    if (before == newest) return {};
    if (before > 0)
        BS_CHECK(database.backupTo(database.path() + ".v" + std::to_string(before) + ".bak"));
    return database.transaction([&]() -> Result<void> {
        // Another program may have been faster since.
        BS_TRY(const std::int64_t version, checkedVersion(database, newest));
        for (std::int64_t step = version; step < newest; ++step)
            BS_CHECK(database.execute(std::string(steps[static_cast<std::size_t>(step)])));
        BS_CHECK(database.execute("PRAGMA application_id=" + std::to_string(kApplicationId)));
        return database.execute("PRAGMA user_version=" + std::to_string(newest));
    });
}

} // namespace bs
