#include "ui/window/make_action.h"

#include "ui/widgets/themed_icon.h"

#include <QWidget>

namespace bs::ui {

QAction* makeAction(QWidget* parent, const char* name, const QString& text, const QString& tip,
                    const QKeySequence& key, const char* icon)
{
    auto* const action = new QAction(text, parent);
    action->setObjectName(QLatin1String(name));
    if (icon != nullptr) action->setIcon(themedIcon(QLatin1String(icon)));
    action->setShortcut(key);
    action->setToolTip(key.isEmpty()
                           ? tip
                           : tip + QStringLiteral(" (") + key.toString(QKeySequence::NativeText) +
                                 QLatin1Char(')'));
    action->setStatusTip(tip);
    return action;
}

} // namespace bs::ui
