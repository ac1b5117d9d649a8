#pragma once

class QAction;
class QToolButton;
class QWidget;

namespace bs::ui {

/// A flat button of a panel for a command, on Tab's way and named for screen readers: its icon, or
/// without one its short text.
QToolButton* actionButton(QAction* action, QWidget* parent);

} // namespace bs::ui
