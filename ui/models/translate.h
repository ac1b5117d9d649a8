#pragma once

#include <QCoreApplication>

namespace bs::ui {

/// The text in the person's language, for functions outside classes. lupdate files those under the
/// namespace they stand in, so that is the context.
inline QString tr(const char* text, const char* about = nullptr, int count = -1)
{
    return QCoreApplication::translate("bs::ui", text, about, count);
}

} // namespace bs::ui
