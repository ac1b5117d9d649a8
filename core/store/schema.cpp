#include "core/store/schema.h"

#include <array>

namespace bs {

namespace {

constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    path TEXT NOT NULL,
    architecture TEXT NOT NULL,
    parameters INTEGER NOT NULL
);
CREATE TABLE artifacts (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    model INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    method TEXT NOT NULL,
    settings TEXT NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    model INTEGER REFERENCES models (id) ON DELETE SET NULL,
    artifact INTEGER REFERENCES artifacts (id) ON DELETE SET NULL,
    model_path TEXT NOT NULL,
    settings TEXT NOT NULL,
    version TEXT NOT NULL,
    machine TEXT NOT NULL,
    device TEXT NOT NULL,
    seed INTEGER,
    started TEXT NOT NULL,
    finished TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'canceled')),
    error TEXT NOT NULL DEFAULT ''
);
CREATE TABLE measurements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    artifact INTEGER REFERENCES artifacts (id) ON DELETE CASCADE,
    budget_bytes INTEGER,
    depth INTEGER,
    file_bytes INTEGER NOT NULL,
    weight_bytes INTEGER NOT NULL,
    metric TEXT NOT NULL,
    value REAL NOT NULL,
    error REAL,
    n INTEGER,
    data_hash TEXT NOT NULL,
    context INTEGER,
    scored TEXT NOT NULL
);
CREATE INDEX measurements_by_run ON measurements (run);
CREATE INDEX measurements_by_artifact ON measurements (artifact, metric);
CREATE TABLE plans (
    id INTEGER PRIMARY KEY,
    artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    depths TEXT NOT NULL,
    file_bytes INTEGER NOT NULL,
    created TEXT NOT NULL,
    UNIQUE (artifact, name)
);
CREATE TABLE pins (
    id INTEGER PRIMARY KEY,
    artifact INTEGER NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    budget_bytes INTEGER NOT NULL,
    label TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    model INTEGER REFERENCES models (id) ON DELETE CASCADE,
    artifact INTEGER REFERENCES artifacts (id) ON DELETE CASCADE,
    run INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    model_path TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    details TEXT NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    UNIQUE (conversation, position, version)
);
)sql";

/// Messages become a tree: versions of a message share their parent, and what was dropped before an
/// answer was made again stays beside it. What is current follows what was current; the parent of
/// anything else is the newest message of the position before it at that time.
constexpr std::string_view kVersion2 = R"sql(
ALTER TABLE conversations ADD COLUMN model_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN system TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN chat_template TEXT;
ALTER TABLE conversations ADD COLUMN leaf INTEGER;
ALTER TABLE conversations ADD COLUMN removed TEXT;
ALTER TABLE messages RENAME TO messages_1;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    partial INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL
);
CREATE INDEX messages_by_conversation ON messages (conversation);
CREATE INDEX messages_by_parent ON messages (parent);
CREATE TABLE answers (
    message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    model_path TEXT NOT NULL,
    file_bytes INTEGER NOT NULL,
    weight_bytes INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    tokens_per_second REAL NOT NULL,
    context_used INTEGER NOT NULL,
    context INTEGER NOT NULL,
    stop_reason TEXT NOT NULL,
    mixed INTEGER NOT NULL,
    dropped_messages INTEGER NOT NULL,
    notice TEXT NOT NULL,
    error TEXT NOT NULL,
    max_tokens INTEGER NOT NULL,
    temperature REAL NOT NULL,
    top_k INTEGER NOT NULL,
    top_p REAL NOT NULL,
    min_p REAL NOT NULL,
    repeat_penalty REAL NOT NULL,
    seed INTEGER
);
CREATE TABLE answer_sizes (
    message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    token INTEGER NOT NULL,
    file_bytes INTEGER NOT NULL
);
CREATE INDEX answer_sizes_by_message ON answer_sizes (message);
WITH current AS (
    SELECT * FROM messages_1 m WHERE dropped = 0 AND version =
        (SELECT max(version) FROM messages_1
         WHERE conversation = m.conversation AND position = m.position))
INSERT INTO messages (id, conversation, parent, role, content, created)
SELECT m.id, m.conversation,
    CASE WHEN m.id IN (SELECT id FROM current)
        THEN (SELECT c.id FROM current c
              WHERE c.conversation = m.conversation AND c.position = m.position - 1)
        ELSE (SELECT max(b.id) FROM messages_1 b WHERE b.conversation = m.conversation
              AND b.position = m.position - 1 AND b.id < m.id) END,
    m.role, m.content, m.created
FROM messages_1 m ORDER BY m.id;
UPDATE conversations SET leaf =
    (SELECT id FROM messages_1 m WHERE conversation = conversations.id AND dropped = 0
     AND version = (SELECT max(version) FROM messages_1
                    WHERE conversation = m.conversation AND position = m.position)
     ORDER BY position DESC LIMIT 1);
INSERT INTO answers
SELECT id, '', coalesce(json_extract(details, '$.file_bytes'), 0),
    coalesce(json_extract(details, '$.weight_bytes'), 0),
    coalesce(json_extract(details, '$.tokens'), 0),
    coalesce(json_extract(details, '$.tokens_per_second'), 0), 0, 0,
    coalesce(json_extract(details, '$.stop_reason'), ''),
    coalesce(json_extract(details, '$.mixed'), 0), 0,
    coalesce(json_extract(details, '$.notice'), ''),
    coalesce(json_extract(details, '$.error'), ''), 0, 0, 0, 0, 0, 0, NULL
FROM messages_1 WHERE role = 'assistant' AND json_valid(details);
DROP TABLE messages_1;
)sql";

/// Runs are removed as conversations are: they come back until they are purged.
constexpr std::string_view kVersion3 = R"sql(
ALTER TABLE runs ADD COLUMN removed TEXT;
CREATE INDEX runs_removed ON runs (removed) WHERE removed IS NOT NULL;
CREATE INDEX notes_by_run ON notes (run);
)sql";

constexpr std::array<std::string_view, 3> kSteps{kVersion1, kVersion2, kVersion3};

} // namespace

std::span<const std::string_view> schemaSteps()
{
    return kSteps;
}

} // namespace bs
