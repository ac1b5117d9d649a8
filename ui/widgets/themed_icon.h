#pragma once

#include <QIcon>

namespace bs::ui {

/// One of our line icons (":/icons/NAME.svg"), drawn in the palette's text colour at the moment it
/// is painted, so that it follows a change between light and dark.
QIcon themedIcon(const QString& name);
/// The program's own, in its own colours.
QIcon applicationIcon();

} // namespace bs::ui
