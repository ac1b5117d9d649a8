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

constexpr std::array<std::string_view, 1> kSteps{kVersion1};

} // namespace

std::span<const std::string_view> schemaSteps()
{
    return kSteps;
}

} // namespace bs
