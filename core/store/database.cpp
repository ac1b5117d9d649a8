#include "core/store/database.h"

#include "core/store/folded_text.h"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace bs {

namespace {

constexpr int kBusyMs = 5000;

struct FinalizeStatement
{
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

int bindValue(sqlite3_stmt* statement, int index, const SqlValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, index, *integer);
    if (const auto* number = std::get_if<double>(&value))
        return sqlite3_bind_double(statement, index, *number);
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    return sqlite3_bind_null(statement, index);
}

std::string_view textOf(sqlite3_value* value)
{
    const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text == nullptr
               ? std::string_view()
               : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

/// SQL: holds(text, folded search). LIKE knows upper and lower case of ASCII only, and FTS5, whose
/// index would know more, is not in every SQLite: a file that has such an index could not be
/// written without it.
void holds(sqlite3_context* context, int /*count*/, sqlite3_value** values)
{
    sqlite3_result_int(context, holdsFolded(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

} // namespace

SqlValue sqlValue(std::uint64_t number)
{
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(number, kLargest));
}

SqlValue sqlValue(const std::optional<std::uint64_t>& number)
{
    return number ? sqlValue(*number) : SqlValue{};
}

SqlValue sqlValue(const std::optional<double>& number)
{
    return number ? SqlValue{*number} : SqlValue{};
}

bool SqlRow::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t SqlRow::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::uint64_t SqlRow::size(int column) const
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer(column)));
}

double SqlRow::number(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string SqlRow::text(int column) const
{
    const auto* const text =
        reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return text == nullptr
               ? std::string()
               : std::string(text,
                             static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

std::optional<std::uint64_t> SqlRow::optionalSize(int column) const
{
    return isNull(column) ? std::nullopt : std::optional<std::uint64_t>(size(column));
}

std::optional<double> SqlRow::optionalNumber(int column) const
{
    return isNull(column) ? std::nullopt : std::optional<double>(number(column));
}

Error Database::failure(int code, std::string_view doing) const
{
    const std::string reason =
        m_handle != nullptr ? sqlite3_errmsg(m_handle) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        return Error{ErrorCode::Format,
                     m_path + ": this is not a workbench database (" + reason + ")"};
    case SQLITE_CORRUPT:
        return Error{ErrorCode::Format, m_path + ": the database is damaged (" + reason + ")"};
    case SQLITE_NOMEM:
        return Error{ErrorCode::Memory, m_path + ": not enough memory for the database"};
    case SQLITE_CONSTRAINT:
        return Error{ErrorCode::Usage, m_path + ": " + std::string(doing) + ": " + reason};
    default:
        return Error{ErrorCode::Io, m_path + ": " + std::string(doing) + ": " + reason};
    }
}

Result<Database> Database::open(const std::string& path)
{
    Database database;
    database.m_path = path;
    const int code = sqlite3_open_v2(
        path.c_str(), &database.m_handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
    if (code != SQLITE_OK) return database.failure(code, "cannot open the database");
    BS_CHECK(database.configure());
    return database;
}

Result<void> Database::configure()
{
    sqlite3_extended_result_codes(m_handle, 1);
    sqlite3_busy_timeout(m_handle, kBusyMs);
    BS_CHECK(execute("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"));
    // The write-ahead log of SQLite 3.40 can lose data when it is reset; our writes are few.
    BS_CHECK(execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"));
    const int code = sqlite3_create_function(
        m_handle, "holds", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, holds, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, "cannot prepare the search");
    std::string verdict;
    BS_CHECK(query("PRAGMA quick_check(1)", {}, [&](const SqlRow& row) { verdict = row.text(0); }));
    if (verdict != "ok")
        return Error{ErrorCode::Format, m_path + ": the database is damaged (" + verdict + ")"};
    return {};
}

Database::Database(Database&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
    , m_path(std::move(other.m_path))
{
}

Database& Database::operator=(Database&& other) noexcept
{
    std::swap(m_handle, other.m_handle);
    std::swap(m_path, other.m_path);
    return *this;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Result<void> Database::execute(const std::string& statements)
{
    const int code = sqlite3_exec(m_handle, statements.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, "cannot change the database");
    return {};
}

Result<void> Database::run(std::string_view statement, const std::vector<SqlValue>& values)
{
    return query(statement, values, [](const SqlRow&) {});
}

Result<void> Database::query(std::string_view statement, const std::vector<SqlValue>& values,
                             const std::function<void(const SqlRow&)>& onRow)
{
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v2(m_handle, statement.data(), static_cast<int>(statement.size()),
                                  &raw, nullptr);
    const Statement prepared(raw);
    if (code != SQLITE_OK) return failure(code, "cannot ask the database");
    for (std::size_t i = 0; i < values.size(); ++i) {
        code = bindValue(raw, static_cast<int>(i) + 1, values[i]);
        if (code != SQLITE_OK) return failure(code, "cannot hand a value to the database");
    }
    while ((code = sqlite3_step(raw)) == SQLITE_ROW)
        onRow(SqlRow(raw));
    if (code != SQLITE_DONE) return failure(code, "cannot read or write the database");
    return {};
}

Result<std::int64_t> Database::integer(std::string_view statement,
                                       const std::vector<SqlValue>& values)
{
    std::int64_t found = 0;
    bool first = true;
    BS_CHECK(query(statement, values, [&](const SqlRow& row) {
        if (std::exchange(first, false)) found = row.integer(0);
    }));
    return found;
}

std::int64_t Database::lastId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

Result<void> Database::transaction(const std::function<Result<void>()>& body)
{
    BS_CHECK(execute("BEGIN IMMEDIATE"));
    Result<void> done = body();
    if (done) done = execute("COMMIT");
    if (!done && sqlite3_get_autocommit(m_handle) == 0)
        sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
    return done;
}

Result<void> Database::backupTo(const std::string& path)
{
    sqlite3* target = nullptr;
    int code =
        sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_backup* const backup = sqlite3_backup_init(target, "main", m_handle, "main");
        if (backup != nullptr) sqlite3_backup_step(backup, -1);
        code = backup != nullptr ? sqlite3_backup_finish(backup) : sqlite3_errcode(target);
    }
    const std::string reason = sqlite3_errstr(code);
    sqlite3_close_v2(target);
    if (code != SQLITE_OK)
        return Error{ErrorCode::Io,
                     path + ": cannot write a copy of the database before changing it: " + reason};
    return {};
}

} // namespace bs
