#pragma once

#include <QLoggingCategory>

namespace bs::ui {

/// What happens in the window and its workers, for the log file: qCInfo(log). Silent until a log
/// file is kept (see LogFile).
Q_DECLARE_LOGGING_CATEGORY(log)

} // namespace bs::ui
