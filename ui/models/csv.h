#pragma once

#include <QModelIndexList>
#include <QString>

class QAbstractItemModel;

namespace bs::ui {

/// A table as CSV (RFC 4180, with line feeds): headers first, a column for row names where the
/// model has any. Numbers are those of Qt::EditRole, with a point; headers too.
QString csvOf(const QAbstractItemModel& model);

/// Chosen cells as people see them, tabs between columns: what Copy puts on the clipboard. `cells`
/// may have any order; what lies between them stays empty.
QString copyTextOf(const QModelIndexList& cells);

/// Writes a text as UTF-8, whole or not at all. False: not written, and why.
bool writeTextFile(const QString& path, const QString& text, QString* problem);

} // namespace bs::ui
