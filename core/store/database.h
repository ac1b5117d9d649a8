#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace bs {

/// A value bound to a `?` of a statement; text never becomes part of the statement itself.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// NULL for an empty optional, the number otherwise.
SqlValue sqlValue(const std::optional<std::uint64_t>& number);
SqlValue sqlValue(const std::optional<double>& number);
SqlValue sqlValue(std::uint64_t number);

/// The row a query stands on; columns are counted from 0. Valid inside the callback only.
class SqlRow
{
public:
    explicit SqlRow(sqlite3_stmt* statement)
        : m_statement(statement)
    {
    }
    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    std::uint64_t size(int column) const; ///< a negative number counts as 0
    double number(int column) const;
    std::string text(int column) const;
    std::optional<std::uint64_t> optionalSize(int column) const;
    std::optional<double> optionalNumber(int column) const;

private:
    sqlite3_stmt* m_statement;
};

/// A connection to one SQLite file: foreign keys on, rollback journal, full sync, five seconds of
/// patience with other writers. One thread at a time; several connections may share a file.
class Database
{
public:
    /// Opens the file or makes an empty one. Errors: Io (folder missing, no permission), Format
    /// (not a database, or a damaged one; the path is named).
    static Result<Database> open(const std::string& path);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    const std::string& path() const { return m_path; }

    /// Runs statements that bind nothing, separated by `;`.
    Result<void> execute(const std::string& statements);
    /// Runs one statement with its values in the order of its `?`.
    Result<void> run(std::string_view statement, const std::vector<SqlValue>& values);
    /// Runs one statement and calls `onRow` for every row of its answer.
    Result<void> query(std::string_view statement, const std::vector<SqlValue>& values,
                       const std::function<void(const SqlRow&)>& onRow);
    /// The first column of the first row; 0 without a row.
    Result<std::int64_t> integer(std::string_view statement,
                                 const std::vector<SqlValue>& values = {});
    /// Id of the row inserted last.
    std::int64_t lastId() const;

    /// Runs `body` between BEGIN IMMEDIATE and COMMIT; an error of it rolls everything back.
    Result<void> transaction(const std::function<Result<void>()>& body);

    /// Copies the whole database to another file, replacing what is there. Errors: Io.
    Result<void> backupTo(const std::string& path);

private:
    Database() = default;
    Error failure(int code, std::string_view doing) const;
    Result<void> configure();
    sqlite3* m_handle = nullptr;
    std::string m_path;
};

/// Brings a database to version steps.size(): step i leads from version i to i + 1. A database that
/// holds something is copied to `<path>.v<version>.bak` first; all steps run in one transaction.
/// Errors: Format (a newer version: both numbers; the file is not touched; or another program's),
/// Io.
Result<void> migrate(Database& database, std::span<const std::string_view> steps);

} // namespace bs
