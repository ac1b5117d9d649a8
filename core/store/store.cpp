#include "core/store/store.h"

#include "core/store/clock.h"
#include "core/store/schema.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace bs {

const char* nameOf(RunState state)
{
    constexpr std::array<const char*, 4> kNames{"running", "done", "failed", "canceled"};
    return kNames.at(static_cast<std::size_t>(state));
}

std::string utcNow()
{
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() %
        1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(ms));
    return text.data();
}

Result<std::string> defaultDatabasePath()
{
    const char* const data = std::getenv("XDG_DATA_HOME");
    const char* const home = std::getenv("HOME");
    std::filesystem::path folder;
    if (data != nullptr && data[0] == '/') // the specification wants relative ones ignored
        folder = data;
    else if (home != nullptr && home[0] != '\0')
        folder = std::filesystem::path(home) / ".local" / "share";
    else
        return Error{ErrorCode::Io, "neither XDG_DATA_HOME nor HOME is set: name a database file"};
    folder /= "bitstack";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::Io,
                     folder.string() +
                         ": cannot make the folder for the database: " + failed.message()};
    return (folder / "workbench.sqlite").string();
}

Result<Store> Store::open(const std::string& path)
{
    BS_TRY(Database database, Database::open(path));
    BS_CHECK(migrate(database, schemaSteps()));
    return Store(std::move(database));
}

Result<void> Store::mustExist(std::string_view countQuery, std::int64_t id, std::string_view what)
{
    BS_TRY(const std::int64_t found, m_database.integer(countQuery, {id}));
    if (found == 0)
        return Error{ErrorCode::Usage,
                     path() + ": there is no " + std::string(what) + " " + std::to_string(id)};
    return {};
}

Result<std::int64_t> Store::addModel(const ModelRecord& model)
{
    std::int64_t id = 0;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(m_database.run(
            "INSERT INTO models (hash, path, architecture, parameters) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (hash) DO UPDATE SET path = excluded.path, "
            "architecture = excluded.architecture, parameters = excluded.parameters",
            {model.hash, model.path, model.architecture, sqlValue(model.parameters)}));
        BS_TRY(id, m_database.integer("SELECT id FROM models WHERE hash = ?", {model.hash}));
        return {};
    });
    if (!stored) return stored.error();
    return id;
}

Result<std::int64_t> Store::addArtifact(const ArtifactRecord& artifact)
{
    std::int64_t id = 0;
    const Result<void> stored = m_database.transaction([&]() -> Result<void> {
        BS_CHECK(mustExist("SELECT count(*) FROM models WHERE id = ?", artifact.model, "model"));
        BS_CHECK(m_database.run(
            "INSERT INTO artifacts (hash, model, method, settings, path, bytes) VALUES (?, ?, ?, "
            "?, ?, ?) "
            "ON CONFLICT (hash) DO UPDATE SET model = excluded.model, method = excluded.method, "
            "settings = excluded.settings, path = excluded.path, bytes = excluded.bytes",
            {artifact.hash, artifact.model, artifact.method, artifact.settings, artifact.path,
             sqlValue(artifact.bytes)}));
        BS_TRY(id, m_database.integer("SELECT id FROM artifacts WHERE hash = ?", {artifact.hash}));
        return {};
    });
    if (!stored) return stored.error();
    return id;
}

} // namespace bs
