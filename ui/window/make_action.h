#pragma once

#include <QAction>
#include <QKeySequence>
#include <QString>

namespace bs::ui {

/// A command of the window; its tooltip names the key, as people look for it there.
QAction* makeAction(QWidget* parent, const char* name, const QString& text, const QString& tip,
                    const QKeySequence& key = {}, const char* icon = nullptr);

} // namespace bs::ui
