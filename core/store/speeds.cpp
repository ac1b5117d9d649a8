#include "core/store/store.h"

namespace bs {

namespace {

/// Answers at one size alone, and long enough that their speed is no accident.
constexpr const char* kSpeedQuery =
    "SELECT 1, a.model_path, a.file_bytes, a.tokens_per_second, a.tokens, m.created "
    "FROM answers a JOIN messages m ON m.id = a.message "
    "JOIN conversations c ON c.id = m.conversation "
    "WHERE a.tokens >= 8 AND a.tokens_per_second > 0 AND a.file_bytes > 0 AND c.removed IS NULL "
    "AND (?1 = '' OR c.model_hash = ?1) "
    "AND (SELECT count(*) FROM answer_sizes s WHERE s.message = a.message) <= 1 "
    "UNION ALL "
    "SELECT 0, ar.path, b.file_bytes, b.value, coalesce(b.n, 0), r.started "
    "FROM measurements b JOIN runs r ON r.id = b.run JOIN artifacts ar ON ar.id = b.artifact "
    "JOIN models mo ON mo.id = ar.model "
    "WHERE b.metric = 'generate_tokens_per_second' AND b.value > 0 AND r.removed IS NULL "
    "AND (?1 = '' OR mo.hash = ?1) "
    "ORDER BY 3, 6";

} // namespace

Result<std::vector<SpeedRecord>> Store::speeds(const std::string& modelHash)
{
    std::vector<SpeedRecord> found;
    BS_CHECK(m_database.query(kSpeedQuery, {modelHash}, [&](const SqlRow& row) {
        found.push_back({row.integer(0) != 0, row.text(1), row.size(2), row.number(3), row.size(4),
                         row.text(5)});
    }));
    return found;
}

} // namespace bs
