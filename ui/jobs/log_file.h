#pragma once

#include <QString>

namespace bs::ui {

/// Keeps what Qt and the window log in a file: time, level, words; warnings go to standard error
/// too. When the file is full it becomes `workbench.1.log`, that one `workbench.2.log`; older ones
/// are deleted. One of them at a time.
class LogFile
{
public:
    static constexpr int kBytes = 1 << 20; ///< of one file
    static constexpr int kFiles = 3;

    /// In `folder`, which is made. Without one that can be written nothing is kept, and the first
    /// line on standard error says so.
    explicit LogFile(const QString& folder);
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    /// $XDG_STATE_HOME/bitstack, or below ~/.local/state.
    static QString defaultFolder();
    /// The file that is written now; empty if none is.
    static QString path();
    /// The end of it.
    static QString tail(qint64 mostBytes);
};

} // namespace bs::ui
