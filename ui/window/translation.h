#pragma once

#include <QString>

namespace bs::ui {

/// Shows texts and figures in a language from now on: ours, and Qt's own where they are installed. Empty: the
/// system's. What there is no translation for stays English.
void installLanguage(const QString& code);

} // namespace bs::ui
