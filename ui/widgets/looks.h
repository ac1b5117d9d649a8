#pragma once

#include <QColor>

class QLabel;
class QPalette;
class QWidget;

namespace bs::ui {

/// Text that stands back: between the palette's text and its background.
QColor quietText(const QPalette& palette);
/// The palette's accent, as text that can be read on its base.
QColor accentText(const QPalette& palette);
/// A background a little apart from the palette's base.
QColor tintedBase(const QPalette& palette);
/// Sets a label's text back, and keeps it so when the palette changes.
void makeQuiet(QLabel* label);
/// Sets a label in the colour of errors.
void makeWarning(QLabel* label);
/// The colour of errors on this palette's backgrounds.
QColor errorText(const QPalette& palette);
/// A larger or smaller font than the surroundings'.
void scaleFont(QWidget* widget, double factor, bool bold = false);

} // namespace bs::ui
